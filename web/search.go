package web

import (
	"context"

	"sapa/web/wire"
)

type findInput struct {
	Body struct {
		Q     string   `json:"q" maxLength:"200"`
		Kinds []string `json:"kinds,omitempty" maxItems:"4" enum:"tickets,people,conversations,tags"`
	}
}

// search finds tickets, people and conversations. What was typed comes in the
// body for the reason that findPeople gives.
func (s *Server) search(ctx context.Context, in *findInput) (wire.Found, error) {
	found, err := s.options.Desk.Search(ctx, actor(ctx), in.Body.Q, in.Body.Kinds...)
	return s.speak(ctx).Found(found), err
}
