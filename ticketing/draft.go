package ticketing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"sapa/program/access"
	"sapa/ticketing/team"
)

// Draft is what somebody has begun to write in a conversation: one per person,
// kept on the server so that it outlives the tab.
type Draft struct {
	bun.BaseModel `bun:"table:drafts,alias:d"`

	Conversation ConversationID `bun:"conversation_id,pk,type:uuid"`
	Staff        team.StaffID   `bun:"staff_id,pk,type:uuid"`
	Kind         string         `bun:"kind"` // reply, note
	Text         string         `bun:"text"`
	Attachments  []string       `bun:"attachments,array"`
	At           time.Time      `bun:"at"`
}

// SaveDraft keeps the actor's draft; an empty one is dropped.
func (d *Desk) SaveDraft(ctx context.Context, actor access.Actor, draft Draft) error {
	if !actor.May(access.ConversationNote) {
		return ErrForbidden
	}
	if draft.Kind != "reply" && draft.Kind != "note" {
		return &Invalid{Field: "kind", Rule: "unknown"}
	}
	if draft.Text == "" && len(draft.Attachments) == 0 {
		return d.DropDraft(ctx, actor, draft.Conversation)
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
		_, err = w.NewInsert().Model(&draft).On("CONFLICT (conversation_id, staff_id) DO UPDATE").
			Set("kind = EXCLUDED.kind, text = EXCLUDED.text, attachments = EXCLUDED.attachments, at = EXCLUDED.at").Exec(ctx)
		if err != nil {
			return fmt.Errorf("save draft: %w", err)
		}
		return nil
	})
}

// DropDraft throws the actor's draft away; none is fine.
func (d *Desk) DropDraft(ctx context.Context, actor access.Actor, id ConversationID) error {
	return d.do(ctx, actor, func(ctx context.Context, w *work) error { return w.dropDraft(ctx, id, actor.ID) })
}

func (w *work) dropDraft(ctx context.Context, id ConversationID, staff string) error {
	_, err := w.NewRaw("DELETE FROM drafts WHERE conversation_id = ? AND staff_id::text = ?", id, staff).Exec(ctx)
	if err != nil {
		return fmt.Errorf("drop draft: %w", err)
	}
	return nil
}

// draftOf reads the draft of one person, nil for none.
func draftOf(ctx context.Context, db bun.IDB, id ConversationID, staff team.StaffID) (*Draft, error) {
	draft := new(Draft)
	err := db.NewSelect().Model(draft).Where("d.conversation_id = ? AND d.staff_id = ?", id, staff).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read draft: %w", err)
	}
	return draft, nil
}
