package web

import (
	"context"

	"github.com/uptrace/bun"

	"sapa/program"
	"sapa/ticketing"
	"sapa/web/wire"
)

type RemedyPlace struct {
	ByID
	Code string `path:"code" maxLength:"60" pattern:"^[a-z_]+$"`
}

type previewInput struct {
	RemedyPlace
	Body struct {
		Input map[string]string `json:"input"`
	}
}

// preview is what a remedy would do.
type preview struct {
	Before       []wire.LabelValue `json:"before" nullable:"false"`
	After        []wire.LabelValue `json:"after" nullable:"false"`
	Changed      []string          `json:"changed" nullable:"false"`
	Errors       []fieldMessage    `json:"errors" nullable:"false"`
	ApproverRole string            `json:"approver_role,omitempty"`
}

// fieldMessage is a fault of one field, in words.
type fieldMessage struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// previewRemedy shows before and after without doing anything.
func (s *Server) previewRemedy(ctx context.Context, in *previewInput) (preview, error) {
	var plan program.Preview
	err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		plan, err = s.options.Program.PreviewRemedy(ctx, tx, actor(ctx), program.ParticipantID(in.ID), in.Code, in.Body.Input)
		return err
	})
	if err != nil {
		return preview{}, err
	}
	voice := s.speak(ctx)
	faults := wire.Each(plan.Errors, func(f program.Invalid) fieldMessage {
		return fieldMessage{Field: f.Field, Message: voice.Texts.Rule(voice.Language, f.Rule)}
	})
	changed := wire.Each(plan.Changed, func(field string) string { return voice.Texts.FieldLabel(voice.Language, field) })
	return preview{Before: voice.Lines(plan.Before), After: voice.Lines(plan.After), Changed: changed, Errors: faults,
		ApproverRole: wire.ApproverRole(plan.Approval)}, nil
}

type remedyInput struct {
	RemedyPlace
	Body struct {
		Key            string            `json:"key" minLength:"8" maxLength:"100"`
		Input          map[string]string `json:"input"`
		Reason         string            `json:"reason" maxLength:"500"`
		Evidence       []string          `json:"evidence,omitempty" maxItems:"10" nullable:"false"`
		ConversationID string            `json:"conversation_id,omitempty" format:"uuid"`
		TicketID       string            `json:"ticket_id,omitempty" format:"uuid"`
	}
}

// remedyDone is what became of a remedy.
type remedyDone struct {
	Status     string `json:"status" enum:"applied,awaiting_approval"`
	ChangeID   string `json:"change_id,omitempty"`
	ApprovalID string `json:"approval_id,omitempty"`
}

// runRemedy corrects the record, or asks a second person for it.
func (s *Server) runRemedy(ctx context.Context, in *remedyInput) (remedyDone, error) {
	if err := s.usable(ctx, ticketing.ConversationID(in.Body.ConversationID), in.Body.Evidence); err != nil {
		return remedyDone{}, err
	}
	outcome, err := s.options.Desk.RunRemedy(ctx, actor(ctx), program.RemedyRequest{
		ParticipantID: program.ParticipantID(in.ID), Code: in.Code, Input: in.Body.Input, Reason: in.Body.Reason, Evidence: in.Body.Evidence,
		Case: program.CaseRef{ConversationID: in.Body.ConversationID, TicketID: in.Body.TicketID}, Key: in.Body.Key,
	})
	return remedyDone{Status: outcome.Status, ChangeID: outcome.ChangeID, ApprovalID: outcome.ApprovalID}, err
}
