package ticketing

import (
	"context"
	"fmt"
	"time"

	"sapa/channels"
	"sapa/channels/bus"
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
	from, due, err := w.promise(ctx, w.at, liveTarget(c.Kind, serving))
	if err != nil {
		return err
	}
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

// promise is from when the wait of what comes in at an instant counts, and until
// when the first human reply is promised: what comes at night starts its clock when
// the desk opens.
func (w *work) promise(ctx context.Context, at time.Time, target sla.Amount) (from, due time.Time, err error) {
	hours, err := w.serviceHours(ctx)
	if err != nil {
		return from, due, err
	}
	if due, err = (sla.Calendars{Desk: hours}).Due(at, target); err != nil {
		return from, due, fmt.Errorf("live target: %w", err)
	}
	if from, err = hours.NextOpen(at); err != nil {
		return from, due, fmt.Errorf("live target: %w", err)
	}
	return from.UTC(), due.UTC(), nil
}

// promiseAnew counts the promises of those who wait by the hours as they are now.
// What has been answered keeps what it was promised.
func (w *work) promiseAnew(ctx context.Context) error {
	var stays []struct {
		Conversation ConversationID `bun:"conversation_id"`
		Queue        team.QueueID   `bun:"queue_id"`
		Kind         channels.Kind
		OfferedAt    time.Time
		CountedFrom  time.Time
		DueAt        time.Time
		LastSeq      int64
	}
	err := w.NewRaw(`SELECT y.conversation_id, y.queue_id, y.kind, y.offered_at, y.counted_from, y.due_at, c.last_seq
		FROM queue_stays y JOIN conversations c ON c.id = y.conversation_id WHERE y.left_at IS NULL ORDER BY y.conversation_id`).Scan(ctx, &stays)
	if err != nil {
		return fmt.Errorf("find who waits: %w", err)
	}
	queues, err := team.AllQueues(ctx, w)
	if err != nil {
		return err
	}
	serving := map[team.QueueID]team.Queue{}
	for _, queue := range queues {
		serving[queue.ID] = queue
	}
	for _, stay := range stays {
		from, due, err := w.promise(ctx, stay.OfferedAt, liveTarget(stay.Kind, serving[stay.Queue]))
		if err != nil {
			return err
		}
		if from.Equal(stay.CountedFrom) && due.Equal(stay.DueAt) {
			continue
		}
		_, err = w.NewRaw(`WITH told AS (UPDATE conversations SET sla_from = ?1, sla_due = ?2 WHERE id = ?0 AND answered_at IS NULL AND sla_due = ?3)
			UPDATE queue_stays SET counted_from = ?1, due_at = ?2 WHERE conversation_id = ?0 AND left_at IS NULL`,
			stay.Conversation, from, due, stay.DueAt).Exec(ctx)
		if err != nil {
			return fmt.Errorf("promise anew: %w", err)
		}
		w.signal(bus.Conversation, string(stay.Conversation), stay.LastSeq)
	}
	w.signal(bus.Wallboard, "", 0)
	return nil
}

// liveTarget is the promised time to the first human reply, in desk hours; forms
// and mails are promised a working day, twelve desk hours here. A queue may promise
// something else.
func liveTarget(kind channels.Kind, queue team.Queue) sla.Amount {
	if queue.Target() > 0 {
		return sla.InDeskHours(queue.Target())
	}
	target, ok := sla.DefaultTargets().Live[sla.Channel(kind)]
	if !ok || target.Unit != sla.DeskHours {
		return sla.InDeskHours(12 * time.Hour)
	}
	return target
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
