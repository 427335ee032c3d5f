package ticketing

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"sapa/channels/bus"
	"sapa/program/access"
	"sapa/program/calendar"
	"sapa/ticketing/team"
)

// snoozeMost is how far ahead a conversation may be put aside: a quarter, after
// which a ticket is the better memory. Ours.
const snoozeMost = 92 * 24 * time.Hour

// Why a conversation woke, said by the keys "line.woken."+cause.
const (
	wokeByTime  = "time"
	wokeByReply = "reply"
	wokeByStaff = "staff"
	wokeByHeld  = "held" // a reply that was to go out meanwhile did not
)

// SnoozeChoice is a moment that the console offers, by a code of its catalogue.
type SnoozeChoice struct {
	Code  string // hour, afternoon, tomorrow, working_day
	Until time.Time
}

// SnoozeChoices lists the moments to which a conversation is put aside most, as
// they are now; the next working day only where the calendar knows it and it is
// not tomorrow.
func (d *Desk) SnoozeChoices(ctx context.Context) ([]SnoozeChoice, error) {
	now := d.now().UTC()
	today := calendar.DateIn(now, calendar.WIB)
	list := []SnoozeChoice{{"hour", now.Add(time.Hour).Truncate(time.Minute)}}
	if afternoon := today.Start(calendar.WIB).Add(15 * time.Hour); afternoon.Sub(now) > time.Hour {
		list = append(list, SnoozeChoice{"afternoon", afternoon.UTC()})
	}
	tomorrow := today.AddDays(1)
	days, err := Calendar(ctx, d.db, now)
	if err != nil {
		return nil, err
	}
	hours, err := ServiceHours(ctx, d.db)
	if err != nil {
		return nil, err
	}
	if opens, open := opening(hours, tomorrow); open {
		list = append(list, SnoozeChoice{"tomorrow", opens})
	}
	for day := tomorrow; day.Before(tomorrow.AddDays(14)); day = day.AddDays(1) {
		working, err := days.WorkingDay(day)
		if err != nil {
			return list, nil // a year whose holidays are not loaded yet: no promise about it
		}
		opens, open := opening(hours, day)
		if working && open {
			if day != tomorrow {
				list = append(list, SnoozeChoice{"working_day", opens})
			}
			break
		}
	}
	return list, nil
}

// opening is when the desk opens first on a day, if it does.
func opening(hours *calendar.Desk, day calendar.Date) (opens time.Time, open bool) {
	periods, err := hours.PeriodsOn(day)
	if err != nil || len(periods) == 0 {
		return time.Time{}, false
	}
	first := slices.MinFunc(periods, func(a, b calendar.Period) int { return cmp.Compare(a.Open, b.Open) })
	return day.Start(calendar.WIB).Add(first.Open).UTC(), true
}

// Snooze puts a conversation aside until an instant, or with nil until the citizen
// writes again; the citizen's message wakes it in any case. It takes nobody's
// hands meanwhile and no silence is counted. Errors: Invalid, ErrNotYours,
// ErrEnded.
func (d *Desk) Snooze(ctx context.Context, actor access.Actor, id ConversationID, until *time.Time) error {
	if until != nil && (!until.After(d.now()) || until.After(d.now().Add(snoozeMost))) {
		return &Invalid{Field: "until", Rule: "range"}
	}
	return d.onConversation(ctx, actor, id, access.ConversationReply, func(ctx context.Context, w *work, c *Conversation) error {
		if c.State != StateAgent && c.State != StateSnoozed || !mayAct(actor, c) {
			return ErrNotYours
		}
		if err := w.flushHeld(ctx, c); err != nil {
			return err
		}
		return w.snooze(ctx, c, until)
	})
}

// mayAct: whoever has it, and who may take it out of their hands.
func mayAct(actor access.Actor, c *Conversation) bool {
	return c.Assignee != "" && c.Assignee == team.StaffID(actor.ID) || actor.May(access.ConversationTake)
}

func (w *work) snooze(ctx context.Context, c *Conversation, until *time.Time) error {
	if c.State == StateAgent {
		if err := w.talked(ctx, c, false); err != nil {
			return err
		}
		w.touch(c.Assignee)
		w.route = true
		w.signal(bus.Queue, string(c.Queue), 0)
	}
	c.State, c.SnoozedUntil, c.SilenceDue, c.WarnedAt = StateSnoozed, nil, nil, nil
	line, data := "line.snoozed.reply", map[string]string{}
	var params map[string]any
	if until != nil {
		at := until.UTC().Truncate(time.Microsecond)
		c.SnoozedUntil = &at
		line, params = "line.snoozed.time", map[string]any{"Until": hourWIB(at)}
		data["until"] = at.Format(time.RFC3339)
	}
	if err := w.tell(ctx, c, line, params); err != nil {
		return err
	}
	return w.event(ctx, c, "snoozed", data)
}

// Wake brings a conversation that was put aside back: into the hands of its
// holder who asks for it, else where it would wake by itself. Awake already is
// nothing. Errors: ErrNotYours, ErrEnded.
func (d *Desk) Wake(ctx context.Context, actor access.Actor, id ConversationID) error {
	return d.onConversation(ctx, actor, id, access.ConversationReply, func(ctx context.Context, w *work, c *Conversation) error {
		switch {
		case !mayAct(actor, c):
			return ErrNotYours
		case c.State != StateSnoozed:
			return nil
		case c.Assignee == team.StaffID(actor.ID):
			return w.resume(ctx, c, wokeByStaff)
		}
		return w.wake(ctx, c, wokeByStaff)
	})
}

// wake gives the conversation back to its holder, if they take work now, whatever
// else they have in hand; else it waits for anybody, in its old place.
func (w *work) wake(ctx context.Context, c *Conversation, cause string) error {
	taking, err := w.takesWork(ctx, c.Assignee)
	if err != nil {
		return err
	}
	if taking {
		w.agreeing = append(w.agreeing, c.Assignee)
		return w.resume(ctx, c, cause)
	}
	if err := w.toQueue(ctx, c, c.Queue); err != nil {
		return err
	}
	return w.woken(ctx, c, cause)
}

// resume puts it into its holder's hands again. No silence begins by it: after a
// time put aside it is the desk's turn.
func (w *work) resume(ctx context.Context, c *Conversation, cause string) error {
	if err := w.give(ctx, c, c.Assignee); err != nil {
		return err
	}
	c.SilenceDue = nil
	return w.woken(ctx, c, cause)
}

func (w *work) woken(ctx context.Context, c *Conversation, cause string) error {
	if err := w.tell(ctx, c, "line.woken."+cause, nil); err != nil {
		return err
	}
	return w.event(ctx, c, "woken", map[string]string{"cause": cause})
}

// takesWork tells whether somebody is on duty: available and heard of.
func (w *work) takesWork(ctx context.Context, staff team.StaffID) (bool, error) {
	var taking bool
	err := w.NewRaw("SELECT chosen = 'available' AND heartbeat_at >= ? FROM presence WHERE staff_id = ?",
		w.at.Add(-w.desk.pace.HeartbeatLost), staff).Scan(ctx, &taking)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, fmt.Errorf("read presence: %w", err)
	}
	return taking, nil
}
