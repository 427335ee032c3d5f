// Package sms carries text messages over Twilio.
package sms

import (
	"context"
	"net/http"
	"strings"

	"sapa/channels"
	"sapa/channels/twilio"
)

// What SMS over Twilio carries: bodies of 1,600 characters in joined parts
// (Twilio 21617), no files in Indonesia, ten messages a second and sender.
const (
	textRunes = 1600
	perSecond = 10
)

// Adapter implements channels.Adapter, channels.Reconciler and channels.Checker.
type Adapter struct{ twilio *twilio.Gateway }

// New panics without a gateway.
func New(gateway *twilio.Gateway) *Adapter {
	if gateway == nil {
		panic("sms: New needs a gateway")
	}
	return &Adapter{twilio: gateway}
}

// Parse implements channels.Adapter.
func (a *Adapter) Parse(_ context.Context, inbox channels.Inbox, r channels.Request) ([]channels.Event, error) {
	return a.twilio.Parse(inbox, r)
}

// Check implements channels.Checker.
func (a *Adapter) Check(ctx context.Context, inbox channels.Inbox) error {
	return a.twilio.Check(ctx, inbox)
}

// Ack implements channels.Adapter.
func (a *Adapter) Ack(w http.ResponseWriter) { a.twilio.Ack(w) }

// Limits implements channels.Adapter.
func (a *Adapter) Limits() channels.Limits {
	return channels.Limits{TextRunes: textRunes, PerSecond: perSecond}
}

// Send implements channels.Adapter.
func (a *Adapter) Send(ctx context.Context, inbox channels.Inbox, out channels.Outgoing) (channels.Sent, error) {
	return a.twilio.Create(ctx, inbox, twilio.Message{
		ID: out.ID, To: out.To, From: inbox.Address, Body: channels.WithChoices(out.Text, out.Buttons),
	})
}

// Reconcile implements channels.Reconciler.
func (a *Adapter) Reconcile(ctx context.Context, inbox channels.Inbox, out channels.Outgoing) (*channels.Sent, error) {
	var texts []string
	if out.Text != "" {
		texts = []string{strings.TrimSpace(channels.WithChoices(out.Text, out.Buttons))}
	}
	return a.twilio.Find(ctx, inbox, out.To, texts, out)
}
