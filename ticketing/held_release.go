package ticketing

import (
	"context"
	"errors"
	"fmt"

	"sapa/channels"
	"sapa/program/access"
	"sapa/ticketing/team"
)

// Why a held reply did not go out at its time, beside the reasons of the channel's
// gate: keys of this room's catalogue.
const (
	heldCitizenWrote = "held.reason.citizen_wrote"
	heldEnded        = "held.reason.ended"
	heldPassedOn     = "held.reason.passed_on"
)

// HeldDue sends the replies of a conversation whose time has come, the one named
// among them, or stops them where that would be wrong by now. Running it twice does
// nothing the second time.
func (d *Desk) HeldDue(ctx context.Context, id HeldID) error {
	var conversation ConversationID
	err := d.db.NewRaw("SELECT conversation_id FROM held_replies WHERE id = ? AND state = 'held'", id).Scan(ctx, &conversation)
	if noRows(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look at held reply %s: %w", id, err)
	}
	return d.do(ctx, access.Timer(), func(ctx context.Context, w *work) error {
		c, err := w.lock(ctx, conversation)
		if err != nil {
			return err
		}
		due, err := w.heldDue(ctx, c)
		if err != nil || len(due) == 0 {
			return err
		}
		for _, h := range due {
			if err := w.releaseHeld(ctx, c, h); err != nil {
				return err
			}
		}
		return w.save(ctx, c)
	})
}

// heldDue lists what is due in a conversation, in the order it was written.
func (w *work) heldDue(ctx context.Context, c *Conversation) ([]HeldReply, error) {
	var due []HeldReply
	err := w.NewSelect().Model(&due).Where("h.conversation_id = ? AND h.state = 'held' AND h.due_at <= ?", c.ID, w.at).
		Order("h.created_at", "h.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("find due replies: %w", err)
	}
	return due, nil
}

// releaseHeld says a reply whose time has come, or stops it with the reason.
func (w *work) releaseHeld(ctx context.Context, c *Conversation, h HeldReply) error {
	reason, err := w.stopReason(ctx, c, h)
	if err != nil {
		return err
	}
	if reason == "" {
		err = w.sayHeld(ctx, c, h)
	}
	if blocked := (*channels.Blocked)(nil); errors.As(err, &blocked) {
		reason, err = blocked.Key(), nil
	}
	if err != nil || reason == "" {
		return err
	}
	return w.stopHeld(ctx, c, h, reason)
}

// stopReason says why nothing may go out now: a reply for a later hour was written
// against a thread that has moved on, or its author no longer answers for it. What
// was held to be undone was sent when it was written, as far as the thread goes.
func (w *work) stopReason(ctx context.Context, c *Conversation, h HeldReply) (string, error) {
	switch {
	case !c.State.Open():
		return heldEnded, nil
	case c.Assignee != h.Staff:
		return heldPassedOn, nil
	case !h.Undo && c.CitizenSeq > h.SeenSeq:
		return heldCitizenWrote, nil
	}
	author, err := team.ByID(ctx, w, h.Staff)
	if err != nil {
		return "", err
	}
	if author.Status != team.StatusActive || !author.Actor().May(access.ConversationReply) {
		return heldPassedOn, nil
	}
	return "", nil
}

// stopHeld keeps a reply back for its author, and brings a conversation that was put
// aside for it to somebody.
func (w *work) stopHeld(ctx context.Context, c *Conversation, h HeldReply, reason string) error {
	if err := w.settleHeld(ctx, h, HeldStopped, reason); err != nil {
		return err
	}
	if err := w.tell(ctx, c, "line.held.stopped", nil); err != nil {
		return err
	}
	if err := w.event(ctx, c, "reply_stopped", map[string]string{"reason": reason}); err != nil {
		return err
	}
	if c.State != StateSnoozed {
		return nil
	}
	return w.wake(ctx, c, wokeByHeld)
}

// sayHeld makes a held reply a line of the thread. One that stands there already,
// sent by the console on another road, is only ticked off.
func (w *work) sayHeld(ctx context.Context, c *Conversation, h HeldReply) error {
	said, err := w.byEcho(ctx, c, FromAgent, string(h.Staff), h.Echo)
	if err != nil {
		return err
	}
	if said == nil {
		if err := w.sayNow(ctx, c, h); err != nil {
			return err
		}
	}
	return w.settleHeld(ctx, h, HeldSent, "")
}

func (w *work) sayNow(ctx context.Context, c *Conversation, h HeldReply) error {
	author, err := team.ByID(ctx, w, h.Staff)
	if err != nil {
		return err
	}
	sent, err := w.send(ctx, c, h.message(c, author.Name), channels.PurposeReply)
	if err != nil {
		return err
	}
	// What goes out by the clock leaves the conversation aside until the citizen
	// answers: nobody may be there to have it in hand.
	if h.Undo || w.actor.Kind == access.Staff {
		if err := w.takeUp(ctx, c); err != nil {
			return err
		}
	}
	return w.answered(ctx, c, sent)
}

// flushHeld sends at once what its author can still undo, before the conversation
// is ended, put aside or passed on: whoever goes on has not changed their mind.
// Error: *channels.Blocked, and the conversation stays as it is.
func (w *work) flushHeld(ctx context.Context, c *Conversation) error {
	var held []HeldReply
	err := w.NewSelect().Model(&held).Where("h.conversation_id = ? AND h.state = 'held' AND h.undo", c.ID).
		Order("h.created_at", "h.id").Scan(ctx)
	if err != nil {
		return fmt.Errorf("find replies that can be undone: %w", err)
	}
	for _, h := range held {
		if err := w.sayHeld(ctx, c, h); err != nil {
			return err
		}
	}
	return nil
}

// noneScheduled refuses to end a conversation that a reply is still to go out in.
func (w *work) noneScheduled(ctx context.Context, c *Conversation) error {
	waiting, err := w.NewSelect().Model((*HeldReply)(nil)).
		Where("h.conversation_id = ? AND h.state = 'held' AND NOT h.undo", c.ID).Exists(ctx)
	if err != nil {
		return fmt.Errorf("look for scheduled replies: %w", err)
	}
	if waiting {
		return &Invalid{Field: "outcome", Rule: "scheduled"}
	}
	return nil
}

// sweepHeld sends what is due and lost its task.
func (d *Desk) sweepHeld(ctx context.Context) error {
	var ids []HeldID
	err := d.db.NewRaw("SELECT id FROM held_replies WHERE state = 'held' AND due_at <= ? ORDER BY due_at LIMIT ?", d.now(), sweepBatch).Scan(ctx, &ids)
	if err != nil {
		return fmt.Errorf("find due replies: %w", err)
	}
	var faults []error
	for _, id := range ids {
		faults = append(faults, d.HeldDue(ctx, id))
	}
	return errors.Join(faults...)
}
