package web

import (
	"context"
	"time"

	"sapa/ticketing"
	"sapa/web/wire"
)

type holdInput struct {
	ByID
	Body struct {
		Echo        string     `json:"echo" minLength:"1" maxLength:"64"`
		Text        string     `json:"text" maxLength:"20000"`
		Attachments []string   `json:"attachments,omitempty" maxItems:"10" nullable:"false"`
		SeenSeq     *int64     `json:"seen_seq,omitempty" minimum:"0"`
		At          *time.Time `json:"at,omitempty" doc:"When to send it; without, it waits to be taken back"`
	}
}

// hold keeps a reply back until an hour, or for as long as its author may undo it.
func (s *Server) hold(ctx context.Context, in *holdInput) (*wire.Conversation, error) {
	reply := ticketing.Reply{Echo: in.Body.Echo, Text: in.Body.Text, Attachments: in.Body.Attachments, SeenSeq: in.Body.SeenSeq}
	if err := s.usable(ctx, in.conversation(), reply.Attachments); err != nil {
		return nil, err
	}
	if in.Body.At == nil {
		return s.after(ctx, &in.ByID, s.options.Desk.HoldToUndo(ctx, actor(ctx), in.conversation(), reply))
	}
	return s.after(ctx, &in.ByID, s.options.Desk.Schedule(ctx, actor(ctx), in.conversation(), reply, *in.Body.At))
}

// ByHeld is the place of a held reply in an address.
type ByHeld struct {
	ByID
	Held string `path:"held" format:"uuid"`
}

func (in ByHeld) held() ticketing.HeldID { return ticketing.HeldID(in.Held) }

func (s *Server) takeReplyBack(ctx context.Context, in *ByHeld) (*wire.Conversation, error) {
	return s.after(ctx, &in.ByID, s.options.Desk.TakeBack(ctx, actor(ctx), in.conversation(), in.held()))
}

type sendHeldInput struct {
	ByHeld
	Body struct {
		SeenSeq int64 `json:"seen_seq" minimum:"0"`
	}
}

func (s *Server) sendHeld(ctx context.Context, in *sendHeldInput) (*wire.Conversation, error) {
	return s.after(ctx, &in.ByID, s.options.Desk.SendHeld(ctx, actor(ctx), in.conversation(), in.held(), in.Body.SeenSeq))
}

type rescheduleInput struct {
	ByHeld
	Body struct {
		At      time.Time `json:"at"`
		SeenSeq int64     `json:"seen_seq" minimum:"0"`
	}
}

func (s *Server) reschedule(ctx context.Context, in *rescheduleInput) (*wire.Conversation, error) {
	return s.after(ctx, &in.ByID, s.options.Desk.Reschedule(ctx, actor(ctx), in.conversation(), in.held(), in.Body.At, in.Body.SeenSeq))
}
