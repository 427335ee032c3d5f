package ticketing

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/program/access"
	"sapa/program/calendar"
	"sapa/ticketing/team"
)

// HeldID names a held reply.
type HeldID string

// HeldState is where a held reply stands.
type HeldState string

// The states of a held reply. A stopped one did not go out at its time and waits
// for its author to decide.
const (
	HeldWaiting HeldState = "held"
	HeldStopped HeldState = "stopped"
	HeldSent    HeldState = "sent"
	HeldDropped HeldState = "dropped"
)

// Bounds of what is held. Later than a month is a matter for a ticket; a minute is
// the finest the console lets one choose; ten are more than one thread needs.
const (
	heldMost     = 31 * 24 * time.Hour
	heldLeast    = time.Minute
	heldInThread = 10
)

// HeldReply is a reply that is written and not yet said: it becomes a line of the
// thread, and an outbox row, when it goes out. Until then the citizen's wait runs on.
type HeldReply struct {
	bun.BaseModel `bun:"table:held_replies,alias:h"`

	ID           HeldID         `bun:"id,pk,type:uuid"`
	Conversation ConversationID `bun:"conversation_id,type:uuid"`
	Staff        team.StaffID   `bun:"staff_id,type:uuid"`
	Echo         string         `bun:"echo"`
	Text         string         `bun:"text"`
	Attachments  []string       `bun:"attachments,array"`
	SeenSeq      int64          `bun:"seen_seq"`
	Undo         bool           `bun:"undo"`
	DueAt        time.Time      `bun:"due_at"`
	State        HeldState      `bun:"state"`
	Reason       string         `bun:"reason"`
	CreatedAt    time.Time      `bun:"created_at"`
	UpdatedAt    time.Time      `bun:"updated_at"`

	StaffName string `bun:"staff_name,scanonly"`
	// Stale is set while the citizen has written since: a scheduled reply does not
	// go out then.
	Stale bool `bun:"stale,scanonly"`
}

// HoldToUndo keeps a reply back for as long as its author wants to be able to take
// it back; a chat window of ours shows what is said at once, so there it is refused.
// Errors: as Reply has them, Invalid.
func (d *Desk) HoldToUndo(ctx context.Context, actor access.Actor, id ConversationID, r Reply) error {
	staff, err := team.ByID(ctx, d.db, team.StaffID(actor.ID))
	if err != nil {
		return err
	}
	// A task comes at a full second: the window is never shorter than promised.
	due := d.now().UTC().Add(time.Duration(staff.UndoSeconds)*time.Second + time.Second - 1).Truncate(time.Second)
	return d.hold(ctx, actor, id, r, due, true)
}

// Schedule keeps a reply back until an hour at which the desk is open, and puts the
// conversation aside meanwhile. Errors: as Reply has them, Invalid; also
// *channels.Blocked when the channel will not carry it then.
func (d *Desk) Schedule(ctx context.Context, actor access.Actor, id ConversationID, r Reply, at time.Time) error {
	at = at.UTC().Truncate(time.Microsecond)
	if err := d.mayFall(ctx, at); err != nil {
		return err
	}
	return d.hold(ctx, actor, id, r, at, false)
}

// mayFall refuses a time that is no time of the desk's.
func (d *Desk) mayFall(ctx context.Context, at time.Time) error {
	now := d.now()
	if at.Before(now.Add(heldLeast)) || at.After(now.Add(heldMost)) {
		return &Invalid{Field: "at", Rule: "range"}
	}
	hours, err := ServiceHours(ctx, d.db)
	if err != nil {
		return err
	}
	open, err := hours.IsOpen(at)
	if err == nil && !open {
		err = &Invalid{Field: "at", Rule: "desk_hours"}
	}
	return err
}

func (d *Desk) hold(ctx context.Context, actor access.Actor, id ConversationID, r Reply, due time.Time, undo bool) error {
	return d.onConversation(ctx, actor, id, access.ConversationReply, func(ctx context.Context, w *work, c *Conversation) error {
		known, err := w.heldByEcho(ctx, c, r.Echo)
		if known || err != nil {
			return err
		}
		if sent, err := w.byEcho(ctx, c, FromAgent, actor.ID, r.Echo); sent != nil || err != nil {
			return err
		}
		if err := w.mayReply(ctx, c, r); err != nil {
			return err
		}
		if err := w.apart(ctx, c.ID, DraftReply, r.Attachments); err != nil {
			return err
		}
		if err := w.bind(ctx, c, r.Attachments); err != nil {
			return err
		}
		h := HeldReply{
			ID: HeldID(team.NewID()), Conversation: c.ID, Staff: team.StaffID(actor.ID), Echo: r.Echo, Text: clean(r.Text),
			Attachments: slices.Clone(r.Attachments), SeenSeq: c.CitizenSeq, Undo: undo, DueAt: due, State: HeldWaiting,
			CreatedAt: w.at, UpdatedAt: w.at,
		}
		if err := w.carries(ctx, c, h); err != nil {
			return err
		}
		if err := w.keepHeld(ctx, h); err != nil {
			return err
		}
		if err := w.dropDraft(ctx, c.ID, DraftReply); err != nil {
			return err
		}
		return w.awaitHour(ctx, c, h)
	})
}

// carries asks the channel's gate whether the reply may go out at its time.
func (w *work) carries(ctx context.Context, c *Conversation, h HeldReply) error {
	draft, err := w.draft(ctx, c, h.message(c, ""), channels.PurposeReply)
	if err != nil {
		return err
	}
	draft.At = h.DueAt
	limits, err := w.desk.outbox.Check(ctx, w, draft)
	if err == nil && limits.Local && h.Undo {
		return &Invalid{Field: "undo", Rule: "unsupported"}
	}
	return err
}

// awaitHour puts the conversation aside for a scheduled reply: nobody's hands are
// bound by it, and no silence is counted against the citizen.
func (w *work) awaitHour(ctx context.Context, c *Conversation, h HeldReply) error {
	if h.Undo {
		return nil
	}
	if err := w.tell(ctx, c, "line.held.scheduled", map[string]any{"Name": w.actor.Name, "At": hourWIB(h.DueAt)}); err != nil {
		return err
	}
	if err := w.event(ctx, c, "reply_scheduled", map[string]string{"at": h.DueAt.Format(time.RFC3339)}); err != nil {
		return err
	}
	if c.State != StateAgent {
		return nil
	}
	return w.snooze(ctx, c, nil)
}

// hourWIB says an instant to staff.
func hourWIB(at time.Time) string {
	return at.In(calendar.WIB.Location()).Format("02.01.2006, 15.04") + " WIB"
}

// message is the line that the reply becomes.
func (h HeldReply) message(c *Conversation, name string) Message {
	return Message{
		Author: FromAgent, AuthorID: string(h.Staff), AuthorName: name, Text: h.Text, Language: c.Language,
		Attachments: h.Attachments, Echo: h.Echo,
	}
}

// TakeBack drops a reply that has not gone out, for its author to write on; who may take conversations out of others' hands may drop it too.
// Errors: ErrStale when it went out or is gone, ErrNotYours.
func (d *Desk) TakeBack(ctx context.Context, actor access.Actor, id ConversationID, held HeldID) error {
	return d.onHeld(ctx, actor, id, held, func(ctx context.Context, w *work, c *Conversation, h HeldReply) error {
		if err := w.settleHeld(ctx, h, HeldDropped, ""); err != nil {
			return err
		}
		if h.Undo {
			return nil
		}
		if err := w.tell(ctx, c, "line.held.dropped", map[string]any{"Name": w.actor.Name}); err != nil {
			return err
		}
		if c.State == StateSnoozed && c.SnoozedUntil == nil && c.Assignee == team.StaffID(w.actor.ID) {
			return w.resume(ctx, c, wokeByStaff)
		}
		return nil
	})
}

// Reschedule moves a scheduled or stopped reply to another hour; its author has
// seen the thread up to seen. Errors: *News when the citizen wrote after that,
// ErrStale, ErrNotYours, Invalid, *channels.Blocked.
func (d *Desk) Reschedule(ctx context.Context, actor access.Actor, id ConversationID, held HeldID, at time.Time, seen int64) error {
	at = at.UTC().Truncate(time.Microsecond)
	if err := d.mayFall(ctx, at); err != nil {
		return err
	}
	return d.onHeld(ctx, actor, id, held, func(ctx context.Context, w *work, c *Conversation, h HeldReply) error {
		if err := w.maySay(ctx, c, h, seen); err != nil {
			return err
		}
		h.DueAt, h.Undo, h.SeenSeq = at, false, c.CitizenSeq
		if err := w.carries(ctx, c, h); err != nil {
			return err
		}
		if err := w.postpone(ctx, h); err != nil {
			return err
		}
		return w.awaitHour(ctx, c, h)
	})
}

// SendHeld sends a held or stopped reply now; its author has seen the thread up to
// seen. Errors: as Reply has them, ErrStale.
func (d *Desk) SendHeld(ctx context.Context, actor access.Actor, id ConversationID, held HeldID, seen int64) error {
	return d.onHeld(ctx, actor, id, held, func(ctx context.Context, w *work, c *Conversation, h HeldReply) error {
		if err := w.maySay(ctx, c, h, seen); err != nil {
			return err
		}
		return w.sayHeld(ctx, c, h)
	})
}

// maySay: only who wrote a reply decides that it goes out.
func (w *work) maySay(ctx context.Context, c *Conversation, h HeldReply, seen int64) error {
	if h.Staff != team.StaffID(w.actor.ID) {
		return ErrNotYours
	}
	return w.mayReply(ctx, c, Reply{Text: h.Text, Attachments: h.Attachments, SeenSeq: &seen})
}

// onHeld runs an act on a reply that has not gone out.
func (d *Desk) onHeld(ctx context.Context, actor access.Actor, id ConversationID, held HeldID,
	use func(context.Context, *work, *Conversation, HeldReply) error,
) error {
	if !actor.May(access.ConversationReply) {
		return fmt.Errorf("held reply: %w", ErrForbidden)
	}
	return d.do(ctx, actor, func(ctx context.Context, w *work) error {
		c, err := w.lock(ctx, id)
		if err != nil {
			return err
		}
		if err := w.maySee(ctx, c); err != nil {
			return err
		}
		h, err := w.heldByID(ctx, c.ID, held)
		if err != nil {
			return err
		}
		if h.Staff != team.StaffID(actor.ID) && !actor.May(access.ConversationTake) {
			return ErrNotYours
		}
		if err := use(ctx, w, c, h); err != nil {
			return err
		}
		return w.save(ctx, c)
	})
}
