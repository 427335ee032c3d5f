package web

import (
	"context"

	"sapa/web/wire"
)

type presenceInput struct {
	Body struct {
		State  string `json:"state" enum:"available,break,offline"`
		Reason string `json:"reason,omitempty" maxLength:"40"`
	}
}

// setPresence stores what somebody chose to do.
func (s *Server) setPresence(ctx context.Context, in *presenceInput) (wire.Presence, error) {
	presence, err := s.options.Desk.SetPresence(ctx, actor(ctx), in.Body.State, in.Body.Reason)
	return wire.PresenceOf(presence), err
}

func (s *Server) breakReasons(ctx context.Context, _ *struct{}) (wire.Items[wire.Reason], error) {
	return wire.Items[wire.Reason]{Items: s.speak(ctx).BreakReasons()}, nil
}
