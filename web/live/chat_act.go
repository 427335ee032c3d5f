package live

import (
	"context"
	"errors"

	"sapa/channels"
	"sapa/ticketing"
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
	if c.paces.messages.Wait(v.session) > 0 {
		return c.reject(v, f.Echo, "slow_down"), nil
	}
	if err := c.seen(ctx, v); err != nil { // a socket may stay open for days
		return nil, err
	}
	stored, err := c.o.Desk.VisitorMessage(ctx, v.inbox, v.point, ticketing.VisitorMessage{
		Echo: f.Echo, Text: f.Text, Button: f.Button, Attachments: f.Attachments, Language: v.language,
		Network: v.network,
	})
	var invalid *ticketing.Invalid
	if errors.As(err, &invalid) {
		return c.reject(v, f.Echo, invalid.Field+"_"+invalid.Rule), nil
	}
	if blocked := (*channels.Blocked)(nil); errors.As(err, &blocked) {
		return c.reject(v, f.Echo, string(blocked.Reason)), nil
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
