package wire

import (
	"time"

	"sapa/ticketing/webhook"
)

// WebhookDraft is what an administrator writes about an endpoint.
type WebhookDraft struct {
	Name     string   `json:"name" maxLength:"200"`
	URL      string   `json:"url" maxLength:"1000"`
	Events   []string `json:"events" nullable:"false" maxItems:"50"`
	WithText bool     `json:"with_text"`
}

// Endpoint is the draft as the desk knows it.
func (d WebhookDraft) Endpoint() webhook.Endpoint {
	return webhook.Endpoint{Name: d.Name, URL: d.URL, Events: d.Events, WithText: d.WithText}
}

// Webhook is an endpoint as administrators see it: never its secret.
type Webhook struct {
	ID           string     `json:"id"`
	Version      int64      `json:"version"`
	State        string     `json:"state" enum:"active,paused,closed"`
	PauseReason  string     `json:"pause_reason,omitempty" enum:"by_hand,failing,gone"`
	FailingSince *time.Time `json:"failing_since,omitempty"`
	Pending      int        `json:"pending"`
	Dead         int        `json:"dead"`
	WebhookDraft
}

// WebhookOf shapes an endpoint.
func WebhookOf(s webhook.Standing) Webhook {
	return Webhook{ID: s.ID, Version: s.Version, State: s.State, PauseReason: s.PauseReason, FailingSince: s.FailingSince, Pending: s.Pending, Dead: s.Dead,
		WebhookDraft: WebhookDraft{Name: s.Name, URL: s.URL, Events: texts(s.Events), WithText: s.WithText}}
}

// WebhookDelivery is one event on its way to an endpoint. status is 0 when nobody
// answered; fault says why.
type WebhookDelivery struct {
	ID        int64      `json:"id"`
	MessageID string     `json:"message_id"`
	Event     string     `json:"event"`
	ObjectID  string     `json:"object_id"`
	At        time.Time  `json:"at"`
	State     string     `json:"state" enum:"pending,delivered,dead"`
	Attempts  int        `json:"attempts"`
	DueAt     time.Time  `json:"due_at"`
	Status    int        `json:"status"`
	Fault     string     `json:"fault,omitempty" enum:"status,timeout,unreachable,not_public"`
	LatencyMS int        `json:"latency_ms"`
	Snippet   string     `json:"snippet"`
	TriedAt   *time.Time `json:"tried_at,omitempty"`
}

// WebhookDeliveryOf shapes a delivery.
func WebhookDeliveryOf(d webhook.Delivery) WebhookDelivery {
	return WebhookDelivery{ID: d.ID, MessageID: d.MessageID, Event: d.Event, ObjectID: d.Object, At: d.At.UTC(), State: d.State, Attempts: d.Attempts, DueAt: d.DueAt.UTC(),
		Status: d.Status, Fault: d.Fault, LatencyMS: d.LatencyMS, Snippet: d.Snippet, TriedAt: d.TriedAt}
}
