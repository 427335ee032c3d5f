package live

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"sapa/channels"
	"sapa/ticketing"
)

// Limits of one chat's messages: a fast typist stays below, a script does not.
const (
	messagesAMinute = 30
	messageBurst    = 10
)

// act does what a frame of the visitor asks and returns the frame that answers
// it, nil for none. Only a fault of ours is an error.
func (c *Chat) act(ctx context.Context, v visitor, f visitorFrame) (any, error) {
	switch f.Type {
	case "message":
		return c.message(ctx, v, f)
	case "typing":
		chat, err := c.o.Desk.Chat(ctx, v.inbox.ID, v.point)
		if err == nil && chat.State != "closed" {
			c.o.Desk.VisitorTyping(ctx, chat.Conversation, f.On)
		}
		return nil, err
	case "read":
		return nil, c.o.Desk.VisitorRead(ctx, v.inbox.ID, v.point, f.Seq)
	case "csat":
		return c.rate(ctx, v, f)
	case "end":
		return nil, c.o.Desk.VisitorEnd(ctx, v.inbox.ID, v.point)
	case "ping":
		return map[string]string{"type": "pong"}, nil
	}
	return c.fault(v, "unknown_frame"), nil
}

func (c *Chat) message(ctx context.Context, v visitor, f visitorFrame) (any, error) {
	if !c.paces.allow(v.session) {
		return c.reject(v, f.Echo, "slow_down"), nil
	}
	if err := c.seen(ctx, v); err != nil { // a socket may stay open for days
		return nil, err
	}
	stored, err := c.o.Desk.VisitorMessage(ctx, v.inbox, v.point, ticketing.VisitorMessage{
		Echo: f.Echo, Text: f.Text, Button: f.Button, Attachments: f.Attachments, Language: v.language,
	})
	var invalid *ticketing.Invalid
	if errors.As(err, &invalid) {
		return c.reject(v, f.Echo, invalid.Field+"_"+invalid.Rule), nil
	}
	if err != nil {
		return nil, err
	}
	return ackFrame{"ack", f.Echo, stored.Seq, stored.At}, nil
}

func (c *Chat) rate(ctx context.Context, v visitor, f visitorFrame) (any, error) {
	chat, err := c.o.Desk.Chat(ctx, v.inbox.ID, v.point)
	if err != nil {
		return nil, err
	}
	err = c.o.Desk.Rate(ctx, chat.Conversation, f.Score, channels.MaskIdentity(f.Comment))
	var invalid *ticketing.Invalid
	switch {
	case errors.As(err, &invalid):
		return c.fault(v, "csat_"+invalid.Rule), nil
	case errors.Is(err, ticketing.ErrRated), errors.Is(err, ticketing.ErrNotFound):
		return nil, nil // given already, or never asked: nothing to tell
	}
	return nil, err
}

func (c *Chat) reject(v visitor, echo, code string) refusal {
	return refusal{Type: "reject", Echo: echo, Code: code, Text: c.reason(v, code)}
}

func (c *Chat) fault(v visitor, code string) refusal {
	return refusal{Type: "error", Code: code, Text: c.reason(v, code)}
}

// reason says a code in the visitor's language; one that has no sentence of its
// own says that it did not work and that nothing was lost.
func (c *Chat) reason(v visitor, code string) string {
	key := "chat.refused." + code
	if text := c.say(v, key); text != key {
		return text
	}
	return c.say(v, "chat.refused.other")
}

func (c *Chat) say(v visitor, key string) string { return c.o.Words.Say(v.language, key, nil) }

// paces keeps one limiter per session that has written lately.
type paces struct {
	mu    sync.Mutex
	known map[string]*pace
	swept time.Time
}

type pace struct {
	limiter *rate.Limiter
	used    time.Time
}

func newPaces() *paces { return &paces{known: map[string]*pace{}, swept: time.Now()} }

// paceRest is after how long an unused limiter is full again and may be
// forgotten.
const paceRest = messageBurst * time.Minute / messagesAMinute

func (p *paces) allow(session string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	p.sweep(now)
	one := p.known[session]
	if one == nil {
		one = &pace{limiter: rate.NewLimiter(rate.Every(time.Minute/messagesAMinute), messageBurst)}
		p.known[session] = one
	}
	one.used = now
	return one.limiter.AllowN(now, 1)
}

func (p *paces) sweep(now time.Time) {
	if now.Sub(p.swept) < paceRest {
		return
	}
	p.swept = now
	for session, one := range p.known {
		if now.Sub(one.used) > paceRest {
			delete(p.known, session)
		}
	}
}
