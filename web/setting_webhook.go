package web

import (
	"context"

	"github.com/uptrace/bun"

	"sapa/program/access"
	"sapa/ticketing/webhook"
	"sapa/web/wire"
)

// webhooks are the endpoints there are, and the events they may choose from.
type webhooks struct {
	Items  []wire.Webhook `json:"items" nullable:"false"`
	Events []string       `json:"events" nullable:"false"`
}

func (s *Server) listWebhooks(ctx context.Context, _ *struct{}) (webhooks, error) {
	list, err := webhook.Endpoints(ctx, s.options.DB)
	return webhooks{Items: wire.Each(list, wire.WebhookOf), Events: webhook.Kinds()}, err
}

// onWebhook changes an endpoint and leaves its audit row: what differs, or, where
// nothing that is shown does, that it was done.
func (s *Server) onWebhook(ctx context.Context, id, action string, change func(context.Context, bun.Tx) error) error {
	err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		before, err := webhook.ByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := change(ctx, tx); err != nil {
			return err
		}
		after, err := webhook.ByID(ctx, tx, id)
		if err != nil {
			return err
		}
		entry := access.AuditEntry{Actor: actor(ctx), Action: action, Object: webhook.Object, ObjectID: id, At: s.options.Now()}
		if action != webhookChanged {
			return access.Audit(ctx, tx, entry)
		}
		return access.AuditChange(ctx, tx, entry, before, after)
	})
	if err == nil {
		s.settingChanged(ctx, webhook.Object)
	}
	return err
}

const webhookChanged = "webhook.change"

type createWebhookInput struct{ Body wire.WebhookDraft }

// webhookSecret is the secret with which an endpoint's deliveries are signed. It is
// shown this once.
type webhookSecret struct {
	ID     string `json:"id"`
	Secret string `json:"secret"`
}

func (s *Server) createWebhook(ctx context.Context, in *createWebhookInput) (webhookSecret, error) {
	var made webhookSecret
	err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		endpoint, secret, err := s.options.Webhooks.Create(ctx, tx, in.Body.Endpoint())
		if err != nil {
			return err
		}
		made = webhookSecret{ID: endpoint.ID, Secret: secret}
		entry := access.AuditEntry{Actor: actor(ctx), Action: "webhook.create", Object: webhook.Object, ObjectID: endpoint.ID, At: s.options.Now()}
		return access.AuditChange(ctx, tx, entry, nil, endpoint)
	})
	if err == nil {
		s.settingChanged(ctx, webhook.Object)
	}
	return made, err
}

type saveWebhookInput struct {
	ByID
	Body struct {
		Version int64  `json:"version"`
		State   string `json:"state" enum:"active,paused,closed"`
		wire.WebhookDraft
	}
}

func (s *Server) saveWebhook(ctx context.Context, in *saveWebhookInput) (webhooks, error) {
	endpoint := in.Body.Endpoint()
	endpoint.ID, endpoint.Version, endpoint.State = in.ID, in.Body.Version, in.Body.State
	err := s.onWebhook(ctx, in.ID, webhookChanged, func(ctx context.Context, tx bun.Tx) error { return s.options.Webhooks.Save(ctx, tx, endpoint) })
	if err != nil {
		return webhooks{}, err
	}
	return s.listWebhooks(ctx, nil)
}

func (s *Server) rotateWebhook(ctx context.Context, in *versionedInput) (webhookSecret, error) {
	made := webhookSecret{ID: in.ID}
	err := s.onWebhook(ctx, in.ID, "webhook.secret", func(ctx context.Context, tx bun.Tx) (err error) {
		made.Secret, err = s.options.Webhooks.Rotate(ctx, tx, in.ID, in.Body.Version)
		return err
	})
	return made, err
}

func (s *Server) testWebhook(ctx context.Context, in *ByID) (none, error) {
	return none{}, s.onWebhook(ctx, in.ID, "webhook.test", func(ctx context.Context, tx bun.Tx) error {
		return webhook.SendTest(ctx, tx, in.ID, s.options.Now().UTC())
	})
}

type deliveriesInput struct {
	ByID
	State  string `query:"state" enum:"pending,delivered,dead"`
	Before int64  `query:"before" minimum:"0"`
}

func (s *Server) listDeliveries(ctx context.Context, in *deliveriesInput) (wire.Items[wire.WebhookDelivery], error) {
	list, err := webhook.Log(ctx, s.options.DB, in.ID, in.State, in.Before)
	return wire.ItemsOf(list, wire.WebhookDeliveryOf), err
}

type replayInput struct {
	ByID
	Body struct {
		From int64 `json:"from" minimum:"1" doc:"Number of the first delivery"`
		To   int64 `json:"to" minimum:"1" doc:"Number of the last; the same for one"`
	}
}

// replayed is how many deliveries are on their way again.
type replayed struct {
	Count int64 `json:"count"`
}

func (s *Server) replayWebhook(ctx context.Context, in *replayInput) (replayed, error) {
	var n replayed
	err := s.onWebhook(ctx, in.ID, "webhook.replay", func(ctx context.Context, tx bun.Tx) (err error) {
		n.Count, err = s.options.Webhooks.Replay(ctx, tx, in.ID, in.Body.From, in.Body.To)
		return err
	})
	return n, err
}
