package web

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/program/access"
	"sapa/web/wire"
)

func (s *Server) listInboxSettings(ctx context.Context, _ *struct{}) (wire.InboxSettings, error) {
	list, err := s.options.Inboxes.Listed(ctx, s.options.DB)
	public, voice := strings.TrimSuffix(s.options.PublicURL.String(), "/"), s.speak(ctx)
	shape := func(i channels.Inbox) wire.InboxSetting { return voice.Inbox(i, public) }
	return wire.InboxSettings{Items: wire.Each(list, shape), Bases: wire.Each(s.options.Inboxes.Bases(), strings.Clone)}, err
}

type createInboxInput struct {
	Body struct {
		Kind string `json:"kind" enum:"webchat,whatsapp,sms"`
		Slug string `json:"slug" maxLength:"40"`
		wire.InboxDraft
	}
}

func (s *Server) createInbox(ctx context.Context, in *createInboxInput) (wire.InboxSettings, error) {
	inbox := in.Body.Inbox()
	inbox.Kind, inbox.Slug = channels.Kind(in.Body.Kind), in.Body.Slug
	if err := s.options.Desk.CreateInbox(ctx, actor(ctx), inbox); err != nil {
		return wire.InboxSettings{}, err
	}
	return s.listInboxSettings(ctx, nil)
}

type saveInboxInput struct {
	ByID
	Body struct {
		Version int64  `json:"version"`
		Status  string `json:"status" enum:"active,paused,closed"`
		wire.InboxDraft
	}
}

func (s *Server) saveInbox(ctx context.Context, in *saveInboxInput) (wire.InboxSettings, error) {
	inbox := in.Body.Inbox()
	inbox.ID, inbox.Version, inbox.Status = channels.InboxID(in.ID), in.Body.Version, in.Body.Status
	if err := s.options.Desk.SaveInbox(ctx, actor(ctx), inbox); err != nil {
		return wire.InboxSettings{}, err
	}
	return s.listInboxSettings(ctx, nil)
}

// checked is what the provider says of an inbox's stored credentials, in words.
type checked struct {
	Good bool   `json:"good"`
	Text string `json:"text"`
}

// checkInbox asks the provider whether it takes the stored credentials. What was
// asked stands in the history; of the provider's answer only our own words go on.
func (s *Server) checkInbox(ctx context.Context, in *ByID) (checked, error) {
	inbox, err := s.options.Inboxes.Stored(ctx, s.options.DB, channels.InboxID(in.ID))
	if err != nil {
		return checked{}, err
	}
	found, err := s.options.Adapters.Check(ctx, inbox)
	if err != nil {
		return checked{}, err
	}
	err = s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		return access.Audit(ctx, tx, access.AuditEntry{Actor: actor(ctx), Action: "inbox.check", Object: channels.InboxObject, ObjectID: in.ID, At: s.options.Now()})
	})
	return checked{Good: found == channels.CheckGood, Text: s.speak(ctx).Say("inbox.check."+found, nil)}, err
}
