package ticketing

import (
	"context"
	"fmt"
	"time"

	"sapa/program/calendar"
	"sapa/ticketing/sla"
	"sapa/ticketing/team"
)

// How a stay in a queue ended.
const (
	stayAnswered  = "answered"
	stayAbandoned = "abandoned"
	stayFlowOut   = "flow_out"
)

// enter records that a conversation is offered to a queue. A stay in the same
// queue goes on; one in another queue ends as flow-out.
func (w *work) enter(ctx context.Context, c *Conversation, queue team.QueueID) error {
	_, err := w.NewRaw(`UPDATE queue_stays SET left_at = ?, how = 'flow_out'
		WHERE conversation_id = ? AND left_at IS NULL AND queue_id <> ?`, w.at, c.ID, queue).Exec(ctx)
	if err != nil {
		return fmt.Errorf("leave queue: %w", err)
	}
	serving, err := team.QueueByID(ctx, w, queue)
	if err != nil {
		return err
	}
	due, err := sla.Calendars{Desk: calendar.ProgrammeDesk()}.Due(w.at, liveTarget(c, serving))
	if err != nil {
		return fmt.Errorf("live target: %w", err)
	}
	from := deskOpens(w.at)
	_, err = w.NewRaw(`INSERT INTO queue_stays (id, conversation_id, queue_id, kind, offered_at, counted_from, due_at)
		VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (conversation_id) WHERE left_at IS NULL DO NOTHING`,
		team.NewID(), c.ID, queue, c.Kind, w.at, from, due).Exec(ctx)
	if err != nil {
		return fmt.Errorf("enter queue: %w", err)
	}
	if c.SLADue == nil && c.AnsweredAt == nil { // the first human reply is promised once
		c.SLAFrom, c.SLADue = &from, &due
	}
	return nil
}

// liveTarget is the promised time to the first human reply, in desk hours; forms
// and mails are promised a working day, twelve desk hours here. A queue may promise
// something else.
func liveTarget(c *Conversation, queue team.Queue) sla.Amount {
	if queue.Target() > 0 {
		return sla.InDeskHours(queue.Target())
	}
	target, ok := sla.DefaultTargets().Live[sla.Channel(c.Kind)]
	if !ok || target.Unit != sla.DeskHours {
		return sla.InDeskHours(12 * time.Hour)
	}
	return target
}

// deskOpens is at, or the next opening of the desk when it is closed then: what
// comes at night starts its clock at 08:00.
func deskOpens(at time.Time) time.Time {
	open, err := calendar.ProgrammeDesk().NextOpen(at)
	if err != nil {
		return at // the programme's desk opens every day
	}
	return open.UTC()
}

// leave ends the stay of a conversation in its queue.
func (w *work) leave(ctx context.Context, c *Conversation, how string, staff team.StaffID) error {
	_, err := w.NewRaw(`UPDATE queue_stays SET left_at = ?, how = ?, staff_id = nullif(?, '')::uuid
		WHERE conversation_id = ? AND left_at IS NULL`, w.at, how, string(staff), c.ID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("leave queue: %w", err)
	}
	return nil
}

// begin opens the record of the time somebody spends on the contact.
func (w *work) begin(ctx context.Context, c *Conversation) error {
	_, err := w.NewRaw(`INSERT INTO handlings (id, conversation_id, staff_id, queue_id, kind, from_at)
		VALUES (?, ?, ?, nullif(?, '')::uuid, ?, ?)`, team.NewID(), c.ID, c.Assignee, string(c.Queue), c.Kind, w.at).Exec(ctx)
	if err != nil {
		return fmt.Errorf("start handling: %w", err)
	}
	return nil
}

// talked ends the talk of the contact; wrap says whether wrap-up follows.
func (w *work) talked(ctx context.Context, c *Conversation, wrap bool) error {
	_, err := w.NewRaw(`UPDATE handlings SET talk_to = ?0, wrap_to = CASE WHEN ?1 THEN NULL ELSE ?0::timestamptz END
		WHERE conversation_id = ?2 AND wrap_to IS NULL`, w.at, wrap, c.ID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("end talk: %w", err)
	}
	return nil
}

// wrapped ends the after-contact work.
func (w *work) wrapped(ctx context.Context, c *Conversation) error {
	_, err := w.NewRaw(`UPDATE handlings SET wrap_to = ? WHERE conversation_id = ? AND wrap_to IS NULL`, w.at, c.ID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("end wrap-up: %w", err)
	}
	return nil
}
