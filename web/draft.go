package web

import (
	"context"

	"sapa/ticketing"
)

type draftInput struct {
	ByID
	Body struct {
		Kind        string   `json:"kind" enum:"reply,note"`
		Text        string   `json:"text" maxLength:"20000"`
		Attachments []string `json:"attachments,omitempty" maxItems:"10" nullable:"false"`
	}
}

// saveDraft keeps what somebody has begun to write.
func (s *Server) saveDraft(ctx context.Context, in *draftInput) (none, error) {
	if err := s.usable(ctx, in.conversation(), in.Body.Attachments); err != nil {
		return none{}, err
	}
	return none{}, s.options.Desk.SaveDraft(ctx, actor(ctx), ticketing.Draft{
		Conversation: in.conversation(), Kind: in.Body.Kind, Text: in.Body.Text, Attachments: in.Body.Attachments})
}

type draftDrop struct {
	ByID
	Kind string `query:"kind" enum:"reply,note" required:"true"`
}

func (s *Server) dropDraft(ctx context.Context, in *draftDrop) (none, error) {
	return none{}, s.options.Desk.DropDraft(ctx, actor(ctx), in.conversation(), in.Kind)
}
