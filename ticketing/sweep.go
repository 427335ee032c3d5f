package ticketing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sapa/channels"
	"sapa/program/access"
	"sapa/ticketing/team"
)

// Due does what a conversation's timers have come to; nothing when none has.
func (d *Desk) Due(ctx context.Context, id ConversationID) error {
	err := d.do(ctx, access.Timer(), func(ctx context.Context, w *work) error {
		c, err := w.lock(ctx, id)
		if err != nil {
			return err
		}
		acted, err := w.due(ctx, c)
		if err != nil || !acted {
			return err
		}
		return w.save(ctx, c)
	})
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// due acts on the one timer that has run out; each resets its own column, so
// that it fires once per start.
func (w *work) due(ctx context.Context, c *Conversation) (bool, error) {
	switch {
	case c.BotDue != nil && !c.BotDue.After(w.at) && c.State == StateBot:
		return true, w.openToPeople(ctx, c, "line.bot_silent")
	case c.RingUntil != nil && !c.RingUntil.After(w.at) && c.State == StateRinging:
		return true, w.back(ctx, c, "missed")
	case c.WrapUntil != nil && !c.WrapUntil.After(w.at) && c.State == StateWrapUp:
		return true, w.finish(ctx, c)
	case c.SnoozedUntil != nil && !c.SnoozedUntil.After(w.at) && c.State == StateSnoozed:
		return true, w.wake(ctx, c, wokeByTime)
	case c.SilenceDue != nil && !c.SilenceDue.After(w.at) && c.State.Open():
		return true, w.silence(ctx, c)
	}
	return false, nil
}

// silence warns a citizen who does not answer, and ends the interaction when the
// warning was not heard (decision 2).
func (w *work) silence(ctx context.Context, c *Conversation) error {
	if c.WarnedAt == nil && !c.unheard() {
		at := w.at
		c.WarnedAt, c.SilenceDue = &at, later(w.at, w.desk.pace.SilenceEnd)
		return w.notify(ctx, c, channels.PurposeSystem, Notice{Key: "notice.silence.warning",
			Params: map[string]any{"Minutes": minutes(w.desk.pace.SilenceEnd)}})
	}
	return w.end(ctx, c, BySilence, EndNoReply)
}

// sweepBatch is how many rows one kind of sweep looks at in a round.
const sweepBatch = 200

// Sweep repairs what a lost task left behind and is due anyway: timers of
// conversations and tickets, agents who vanished, queues nobody drained. The
// worker runs it every few seconds; two at once do no harm.
func (d *Desk) Sweep(ctx context.Context) error {
	return errors.Join(d.sweepVanished(ctx), d.sweepDue(ctx), d.sweepHeld(ctx), d.sweepBot(ctx), d.sweepTickets(ctx), d.sweepRoute(ctx), d.FollowProgram(ctx), d.recordMinute(ctx))
}

func (d *Desk) sweepDue(ctx context.Context) error {
	var ids []ConversationID
	err := d.db.NewRaw(`(SELECT id FROM conversations WHERE least(bot_due, ring_until, wrap_until, silence_due) <= ?0
		ORDER BY least(bot_due, ring_until, wrap_until, silence_due) LIMIT ?1)
		UNION (SELECT id FROM conversations WHERE state = 'snoozed' AND snoozed_until <= ?0 ORDER BY snoozed_until LIMIT ?1)`,
		d.now(), sweepBatch).Scan(ctx, &ids)
	if err != nil {
		return fmt.Errorf("find due conversations: %w", err)
	}
	var faults []error
	for _, id := range ids {
		if err := d.Due(ctx, id); err != nil {
			faults = append(faults, fmt.Errorf("due %s: %w", id, err))
		}
	}
	return errors.Join(faults...)
}

// botNudge is after how long a message that no bot has taken up is put on the
// queue again: its task was lost with Redis.
const botNudge = 5 * time.Second

// sweepBot enqueues the bot's turns anew that nobody holds.
func (d *Desk) sweepBot(ctx context.Context) error {
	now := d.now()
	var ids []ConversationID
	err := d.db.NewRaw(`SELECT id FROM conversations WHERE bot_due <= ? AND state = 'bot' AND (bot_until IS NULL OR bot_until < ?) LIMIT ?`,
		now.Add(d.pace.BotPatience-botNudge), now, sweepBatch).Scan(ctx, &ids)
	if err != nil {
		return fmt.Errorf("find waiting for the bot: %w", err)
	}
	round := now.Truncate(botNudge) // one nudge a round, however many sweepers run
	tasks := make([]task, len(ids))
	for i, id := range ids {
		tasks[i] = task{name: TaskBotTurn, id: string(id), at: round}
	}
	d.enqueue(ctx, tasks)
	return nil
}

// sweepVanished waits for as long as a console may be silent after the process
// began: when it was the desk that was away, all consoles are unheard of.
func (d *Desk) sweepVanished(ctx context.Context) error {
	since := d.now().Add(-d.pace.HeartbeatLost)
	if since.Before(d.born) {
		return nil
	}
	ids, err := vanished(ctx, d.db, since)
	if err != nil {
		return err
	}
	var faults []error
	for _, id := range ids {
		faults = append(faults, d.vanish(ctx, id))
	}
	return errors.Join(append(faults, d.sweepLeft(ctx, since))...)
}

// left are the citizens who wait for somebody who is offline and whose console
// has not been heard of since an instant: who claims without signing on is never
// seen to vanish. Whoever took it later, or has been waited for less long, has
// the same grace.
const left = `FROM conversations c LEFT JOIN presence p ON p.staff_id = c.assignee_id
	WHERE c.state = 'agent' AND c.waiting_since IS NOT NULL AND coalesce(p.chosen, 'offline') = 'offline'
	AND greatest(c.waiting_since, c.assigned_at, p.heartbeat_at) < ?`

func (d *Desk) sweepLeft(ctx context.Context, since time.Time) error {
	var ids []ConversationID
	if err := d.db.NewRaw("SELECT c.id "+left+" ORDER BY c.waiting_since, c.id LIMIT ?", since, sweepBatch).Scan(ctx, &ids); err != nil {
		return fmt.Errorf("find conversations left alone: %w", err)
	}
	var faults []error
	for _, id := range ids {
		faults = append(faults, d.takeBack(ctx, id))
	}
	return errors.Join(faults...)
}

// takeBack gives a conversation that was left alone to the queue, unless its
// holder came back just now.
func (d *Desk) takeBack(ctx context.Context, id ConversationID) error {
	return d.do(ctx, access.Timer(), func(ctx context.Context, w *work) error {
		c, err := w.lock(ctx, id)
		if err != nil {
			return err
		}
		var still bool
		err = w.NewRaw("SELECT EXISTS (SELECT "+left+" AND c.id = ?)", w.at.Add(-d.pace.HeartbeatLost), id).Scan(ctx, &still)
		if err != nil {
			return fmt.Errorf("look at conversation %s: %w", id, err)
		}
		if !still {
			return nil
		}
		if err := w.back(ctx, c, "vanished"); err != nil {
			return err
		}
		return w.save(ctx, c)
	})
}

// vanish signs somebody off whose console is gone, unless it came back just now.
func (d *Desk) vanish(ctx context.Context, staff team.StaffID) error {
	err := d.do(ctx, access.Timer(), func(ctx context.Context, w *work) error {
		w.agreeing = append(w.agreeing, staff)
		if err := w.giveBackAll(ctx, staff, "vanished"); err != nil {
			return err
		}
		var gone bool
		err := w.NewRaw(`SELECT heartbeat_at < ? AND chosen <> 'offline' FROM presence WHERE staff_id = ? FOR UPDATE`,
			w.at.Add(-d.pace.HeartbeatLost), staff).Scan(ctx, &gone)
		if err != nil {
			return fmt.Errorf("look for %s: %w", staff, err)
		}
		if !gone {
			return errBack
		}
		_, err = w.NewRaw("UPDATE presence SET chosen = 'offline', reason = '' WHERE staff_id = ?", staff).Exec(ctx)
		if err != nil {
			return fmt.Errorf("sign off %s: %w", staff, err)
		}
		w.touch(staff)
		return nil
	})
	if errors.Is(err, errBack) {
		return nil
	}
	return err
}

// errBack rolls a sign-off back.
var errBack = errors.New("ticketing: console came back")

func (d *Desk) sweepRoute(ctx context.Context) error {
	var waiting bool
	err := d.db.NewRaw("SELECT EXISTS (SELECT FROM conversations WHERE state = 'queued')").Scan(ctx, &waiting)
	if err != nil || !waiting {
		return err
	}
	_, err = d.Route(ctx)
	return err
}
