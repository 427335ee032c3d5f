package fix

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/ticketing"
)

// Citizen is somebody with a chat window.
type Citizen struct {
	World *World
	Point ticketing.PointID
	// Network is where the window is used; empty counts for no limit.
	Network string
	sent    int
}

// Citizen opens a chat.
func (w *World) Citizen() *Citizen {
	w.T.Helper()
	key := fmt.Sprintf("visitor-%d", w.next())
	point, err := w.Desk.OpenChat(context.Background(), ticketing.Visitor{Inbox: w.Chat, Key: key, Name: "Siti Contoh"})
	w.must(err)
	return &Citizen{World: w, Point: point}
}

// Writes sends a chat message and returns it as stored.
func (c *Citizen) Writes(text string) ticketing.Message {
	c.World.T.Helper()
	c.sent++
	m, err := c.World.Desk.VisitorMessage(context.Background(), c.World.Chat, c.Point, ticketing.VisitorMessage{
		Echo: fmt.Sprintf("e%d", c.sent), Text: text, Network: c.Network,
	})
	c.World.must(err)
	return m
}

// Waiting writes and is handed over to people: the conversation is queued, or
// with an agent if one is free.
func (c *Citizen) Waiting(change ...func(*ticketing.Handover)) ticketing.ConversationID {
	c.World.T.Helper()
	id := c.Writes("insentif saya belum cair").Conversation
	c.World.HandOver(id, change...)
	return id
}

// HandOver hands a conversation of the bot over, as the bot does.
func (w *World) HandOver(id ticketing.ConversationID, change ...func(*ticketing.Handover)) {
	w.T.Helper()
	ctx := context.Background()
	turn, err := w.Desk.TakeLease(ctx, id, "test", time.Minute)
	w.must(err)
	h := ticketing.Handover{Upto: turn.Conversation.CitizenSeq, Intent: "incentive.status", Language: "ind", Summary: "Insentif belum diterima."}
	for _, f := range change {
		f(&h)
	}
	w.must(w.Desk.HandOver(ctx, id, "test", h))
}

// Message is a WhatsApp message from a number, as an adapter parses it.
func (w *World) Message(from, providerID, text string) channels.Event {
	return channels.Event{
		Kind: channels.EventMessage, ProviderID: providerID, At: w.Clock.Now(), Text: text,
		From: channels.Address{Kind: channels.AddressPhone, Value: from, Name: "Budi Contoh", Verified: true},
	}
}

// Provider is a channel that takes everything it is given.
type Provider struct {
	mu   sync.Mutex
	sent []channels.Outgoing
}

// Parse implements channels.Adapter; tests hand events to the desk themselves.
func (p *Provider) Parse(context.Context, channels.Inbox, channels.Request) ([]channels.Event, error) {
	return nil, channels.ErrForged
}

// Send implements channels.Adapter.
func (p *Provider) Send(_ context.Context, _ channels.Inbox, out channels.Outgoing) (channels.Sent, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, out)
	return channels.Sent{ProviderID: "SM" + string(out.ID), Status: channels.StateSent}, nil
}

// Ack implements channels.Adapter.
func (p *Provider) Ack(w http.ResponseWriter) { w.WriteHeader(http.StatusNoContent) }

// Limits implements channels.Adapter with those of WhatsApp.
func (p *Provider) Limits() channels.Limits {
	return channels.Limits{TextRunes: 1600, Buttons: 3, LabelRunes: 20, MediaCount: 1, MediaBytes: 16 << 20, Window: 24 * time.Hour, PerSecond: 80}
}

// Sent lists what the provider was given.
func (p *Provider) Sent() []channels.Outgoing {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]channels.Outgoing(nil), p.sent...)
}

// local is the provider under the limits of a chat window.
type local struct{ *Provider }

func (local) Limits() channels.Limits {
	return channels.Limits{TextRunes: 4000, Buttons: 10, LabelRunes: 60, MediaCount: 5, Local: true}
}

// texting is the provider under the limits of SMS.
type texting struct{ *Provider }

func (texting) Limits() channels.Limits {
	return channels.Limits{TextRunes: 1600, PerSecond: 10}
}

// SendAll lets the provider be given everything that is due.
func (w *World) SendAll() {
	w.T.Helper()
	ctx := context.Background()
	sender := channels.NewSender(channels.SenderOptions{
		Outbox: w.Outbox, Throttle: channels.NewThrottle(w.Redis),
		Media: func(context.Context, bun.IDB, []channels.AttachmentID) ([]channels.OutgoingMedia, error) {
			return nil, nil
		},
	})
	var due []channels.OutboxID
	w.must(w.DB.NewRaw("SELECT id FROM outbox WHERE state = 'queued' ORDER BY created_at, message_seq").Scan(ctx, &due))
	for _, id := range due {
		w.must(sender.Send(ctx, id))
	}
}
