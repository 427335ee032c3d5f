package ticketing

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"
)

// heldReplies are what a thread shows under its last line, earliest first.
func heldReplies(ctx context.Context, db bun.IDB, id ConversationID) ([]HeldReply, error) {
	var list []HeldReply
	err := db.NewRaw(`SELECT h.*, s.name AS staff_name, NOT h.undo AND c.citizen_seq > h.seen_seq AS stale
		FROM held_replies h JOIN staff s ON s.id = h.staff_id JOIN conversations c ON c.id = h.conversation_id
		WHERE h.conversation_id = ? AND h.state IN ('held','stopped') ORDER BY h.due_at, h.id`, id).Scan(ctx, &list)
	if err != nil {
		return nil, fmt.Errorf("held replies of %s: %w", id, err)
	}
	return list, nil
}

// heldByID finds what has not gone out. Error: ErrStale for anything else.
func (w *work) heldByID(ctx context.Context, c ConversationID, id HeldID) (HeldReply, error) {
	var h HeldReply
	err := w.NewSelect().Model(&h).Where("h.id = ? AND h.conversation_id = ? AND h.state IN ('held','stopped')", id, c).Scan(ctx)
	if noRows(err) {
		return h, fmt.Errorf("held reply %s: %w", id, ErrStale)
	}
	if err != nil {
		return h, fmt.Errorf("find held reply %s: %w", id, err)
	}
	return h, nil
}

// heldByEcho tells whether the actor's reply with this echo was held already.
func (w *work) heldByEcho(ctx context.Context, c *Conversation, echo string) (bool, error) {
	known, err := w.NewSelect().Model((*HeldReply)(nil)).
		Where("h.conversation_id = ? AND h.staff_id = ? AND h.echo = ?", c.ID, w.actor.ID, echo).Exists(ctx)
	if err != nil {
		return false, fmt.Errorf("find held echo: %w", err)
	}
	return known, nil
}

// keepHeld stores a held reply and asks for its hour. Error: Invalid when the thread
// holds too many.
func (w *work) keepHeld(ctx context.Context, h HeldReply) error {
	if h.Attachments == nil {
		h.Attachments = []string{}
	}
	waiting, err := w.NewSelect().Model((*HeldReply)(nil)).
		Where("h.conversation_id = ? AND h.state IN ('held','stopped')", h.Conversation).Count(ctx)
	if err != nil {
		return fmt.Errorf("count held replies: %w", err)
	}
	if waiting >= heldInThread {
		return &Invalid{Field: "text", Rule: "too_many_held"}
	}
	if _, err := w.NewInsert().Model(&h).Exec(ctx); err != nil {
		return fmt.Errorf("hold reply: %w", err)
	}
	w.awaitHeld(h)
	return nil
}

func (w *work) awaitHeld(h HeldReply) {
	w.tasks = append(w.tasks, task{name: TaskHeldDue, id: string(h.ID), at: h.DueAt})
}

// settleHeld says what became of a reply that has not gone out. Error: ErrStale.
func (w *work) settleHeld(ctx context.Context, h HeldReply, state HeldState, reason string) error {
	return w.moveHeld(ctx, h.ID, "state = ?, reason = ?", state, reason)
}

// postpone gives a held or stopped reply another hour. Error: ErrStale.
func (w *work) postpone(ctx context.Context, h HeldReply) error {
	w.awaitHeld(h)
	return w.moveHeld(ctx, h.ID, "state = 'held', reason = '', undo = false, due_at = ?, seen_seq = ?", h.DueAt, h.SeenSeq)
}

func (w *work) moveHeld(ctx context.Context, id HeldID, set string, arguments ...any) error {
	result, err := w.NewRaw("UPDATE held_replies SET "+set+", updated_at = ? WHERE id = ? AND state IN ('held','stopped')",
		append(arguments, w.at, id)...).Exec(ctx)
	if err != nil {
		return fmt.Errorf("move held reply %s: %w", id, err)
	}
	if n, _ := result.RowsAffected(); n == 0 {
		return fmt.Errorf("held reply %s: %w", id, ErrStale)
	}
	return nil
}
