package ticketing

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"sapa/program/access"
	"sapa/ticketing/team"
)

// What a draft is to become.
const (
	DraftReply = "reply"
	DraftNote  = "note"
)

// Draft is what somebody has begun to write in a conversation: one reply and one
// note per person, kept on the server so that they outlive the tab.
type Draft struct {
	bun.BaseModel `bun:"table:drafts,alias:d"`

	Conversation ConversationID `bun:"conversation_id,pk,type:uuid"`
	Staff        team.StaffID   `bun:"staff_id,pk,type:uuid"`
	Kind         string         `bun:"kind,pk"` // DraftReply or DraftNote
	Text         string         `bun:"text"`
	Attachments  []string       `bun:"attachments,array"`
	At           time.Time      `bun:"at"`
}

// SaveDraft keeps the actor's draft of a kind; an empty one is dropped. A file of
// the actor's other draft is refused. Errors: Invalid, ErrForbidden, ErrNotFound.
func (d *Desk) SaveDraft(ctx context.Context, actor access.Actor, draft Draft) error {
	if !actor.May(access.ConversationNote) {
		return ErrForbidden
	}
	if draft.Text == "" && len(draft.Attachments) == 0 {
		return d.DropDraft(ctx, actor, draft.Conversation, draft.Kind)
	}
	if err := checkDraftKind(draft.Kind); err != nil {
		return err
	}
	draft.Staff, draft.At = team.StaffID(actor.ID), d.now().UTC()
	if draft.Attachments == nil {
		draft.Attachments = []string{}
	}
	return d.do(ctx, actor, func(ctx context.Context, w *work) error {
		c, err := conversationByID(ctx, w, draft.Conversation)
		if err != nil {
			return err
		}
		if err := w.maySee(ctx, c); err != nil {
			return err
		}
		if err := w.apart(ctx, draft.Conversation, draft.Kind, draft.Attachments); err != nil {
			return err
		}
		_, err = w.NewInsert().Model(&draft).On("CONFLICT (conversation_id, staff_id, kind) DO UPDATE").
			Set("text = EXCLUDED.text, attachments = EXCLUDED.attachments, at = EXCLUDED.at").Exec(ctx)
		if err != nil {
			return fmt.Errorf("save draft: %w", err)
		}
		return nil
	})
}

// DropDraft throws the actor's draft of a kind away; none is fine. Error: Invalid.
func (d *Desk) DropDraft(ctx context.Context, actor access.Actor, id ConversationID, kind string) error {
	if err := checkDraftKind(kind); err != nil {
		return err
	}
	return d.do(ctx, actor, func(ctx context.Context, w *work) error { return w.dropDraft(ctx, id, kind) })
}

func checkDraftKind(kind string) error {
	if !slices.Contains([]string{DraftReply, DraftNote}, kind) {
		return &Invalid{Field: "kind", Rule: "unknown"}
	}
	return nil
}

func (w *work) dropDraft(ctx context.Context, id ConversationID, kind string) error {
	_, err := w.NewRaw("DELETE FROM drafts WHERE conversation_id = ? AND staff_id::text = ? AND kind = ?", id, w.actor.ID, kind).Exec(ctx)
	if err != nil {
		return fmt.Errorf("drop draft: %w", err)
	}
	return nil
}

// apart refuses files that stand in the actor's draft of the other kind: what was
// attached for colleagues must not reach the citizen by a slip of the console.
func (w *work) apart(ctx context.Context, id ConversationID, kind string, attachments []string) error {
	if len(attachments) == 0 {
		return nil
	}
	var mixed bool
	err := w.NewRaw(`SELECT EXISTS (SELECT FROM drafts WHERE conversation_id = ? AND staff_id::text = ? AND kind <> ? AND attachments && ?::uuid[])`,
		id, w.actor.ID, kind, pgdialect.Array(attachments)).Scan(ctx, &mixed)
	if err != nil {
		return fmt.Errorf("look for the other draft: %w", err)
	}
	if mixed {
		return &Invalid{Field: "attachments", Rule: "other_draft"}
	}
	return nil
}

// draftsOf reads the drafts of one person, the one worked on last first.
func draftsOf(ctx context.Context, db bun.IDB, id ConversationID, staff team.StaffID) ([]Draft, error) {
	var drafts []Draft
	err := db.NewSelect().Model(&drafts).Where("d.conversation_id = ? AND d.staff_id = ?", id, staff).OrderExpr("d.at DESC, d.kind").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read drafts: %w", err)
	}
	return drafts, nil
}
