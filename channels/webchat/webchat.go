// Package webchat is the chat window of our own pages. It has no provider: a
// posted row is sent, the hub reads the message by its sequence and reports
// delivery through Outbox.MarkDelivered and MarkRead.
package webchat

import (
	"context"
	"net/http"

	"sapa/channels"
	"sapa/channels/bus"
)

// What a chat window carries: 4,000 characters (some two screens of a phone),
// ten quick replies, five files as one submission may hold.
const (
	textRunes  = 4000
	buttons    = 10
	labelRunes = 60
	mediaCount = 5
)

// Adapter implements channels.Adapter.
type Adapter struct{ bus *bus.Bus }

// New panics without a bus.
func New(b *bus.Bus) *Adapter {
	if b == nil {
		panic("webchat: New needs a bus")
	}
	return &Adapter{bus: b}
}

// Parse implements channels.Adapter. Visitors do not come by webhook: the hub
// proves them by their session, so every request here is forged.
func (a *Adapter) Parse(context.Context, channels.Inbox, channels.Request) ([]channels.Event, error) {
	return nil, channels.ErrForged
}

// Ack implements channels.Adapter.
func (a *Adapter) Ack(w http.ResponseWriter) { w.WriteHeader(http.StatusNoContent) }

// Limits implements channels.Adapter.
func (a *Adapter) Limits() channels.Limits {
	return channels.Limits{
		TextRunes: textRunes, Buttons: buttons, LabelRunes: labelRunes, MediaCount: mediaCount, Local: true,
	}
}

// Send implements channels.Adapter for rows planned for later; the others were
// sent when they were posted. A signal that is lost costs nothing: the visitor
// catches up by sequence.
func (a *Adapter) Send(ctx context.Context, _ channels.Inbox, out channels.Outgoing) (channels.Sent, error) {
	_ = a.bus.Publish(ctx, bus.Signal{Topic: bus.Chat, ID: out.ChatID, Seq: out.Seq})
	return channels.Sent{Status: channels.StateSent}, nil
}
