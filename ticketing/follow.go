package ticketing

import (
	"context"
	"fmt"

	"sapa/channels"
	"sapa/channels/bus"
	"sapa/program"
	"sapa/program/access"
	"sapa/program/record"
)

// followBatch is how many events of the programme one transaction follows.
const followBatch = 100

// FollowProgram reads what happened in the programme since the last time and
// brings it to the cases it concerns. The cursor moves in the transaction of the
// effects, so each event has them once. Two at once wait for each other.
func (d *Desk) FollowProgram(ctx context.Context) error {
	if err := d.expireApprovals(ctx); err != nil {
		return err
	}
	for {
		more := false
		err := d.do(ctx, access.Timer(), func(ctx context.Context, w *work) error {
			var err error
			more, err = w.followProgram(ctx)
			return err
		})
		if err != nil || !more {
			return err
		}
	}
}

func (d *Desk) expireApprovals(ctx context.Context) error {
	return d.do(ctx, access.Timer(), func(ctx context.Context, w *work) error {
		_, err := d.program.ExpireApprovals(ctx, w)
		return err
	})
}

func (w *work) followProgram(ctx context.Context) (more bool, err error) {
	_, err = w.NewRaw("INSERT INTO reading_cursors (name, position) VALUES ('program', '') ON CONFLICT DO NOTHING").Exec(ctx)
	if err != nil {
		return false, fmt.Errorf("cursor: %w", err)
	}
	var cursor program.Cursor
	if err := w.NewRaw("SELECT position FROM reading_cursors WHERE name = 'program' FOR UPDATE").Scan(ctx, &cursor); err != nil {
		return false, fmt.Errorf("cursor: %w", err)
	}
	events, next, err := w.desk.program.Events(ctx, w, cursor, followBatch)
	if err != nil {
		return false, err
	}
	for _, event := range events {
		if err := w.followEvent(ctx, event); err != nil {
			return false, fmt.Errorf("follow %s: %w", event.Kind, err)
		}
	}
	if next == cursor {
		return false, nil
	}
	_, err = w.NewRaw("UPDATE reading_cursors SET position = ? WHERE name = 'program'", next).Exec(ctx)
	return len(events) == followBatch, err
}

// followEvent marks what screens must read again and, for a decided approval,
// tells the case and the citizen.
func (w *work) followEvent(ctx context.Context, e program.Event) error {
	if e.ParticipantID != "" {
		w.signal(bus.Record, string(e.ParticipantID), 0)
	}
	switch e.Kind {
	case record.EventApprovalOpened:
		w.signal(bus.Approval, e.ObjectID, 0)
	case record.EventApprovalApproved, record.EventApprovalRefused, record.EventApprovalExpired:
		w.signal(bus.Approval, e.ObjectID, 0)
		return w.approvalDecided(ctx, e)
	}
	return nil
}

func (w *work) approvalDecided(ctx context.Context, e program.Event) error {
	conversation, ticket := text(e.Data["conversation"]), text(e.Data["ticket"])
	if ticket != "" {
		w.signal(bus.Ticket, ticket, 0)
		if err := w.noteNotice(ctx, TicketID(ticket), TicketNotice(e.Kind), ToOwner, nil); err != nil {
			return err
		}
	}
	if conversation == "" {
		return nil
	}
	c, err := w.reporterThread(ctx, conversation)
	if err != nil || c == nil {
		return err
	}
	act, note := text(e.Data["act"]), text(e.Data["note"])
	line, params := "line."+e.Kind, map[string]any{"What": w.desk.what("ind", act)}
	if e.Kind == record.EventApprovalRefused {
		params["Reason"] = note
	}
	if err := w.tell(ctx, c, line, params); err != nil {
		return err
	}
	if err := w.event(ctx, c, e.Kind, map[string]string{"id": e.ObjectID, "act": act}); err != nil {
		return err
	}
	if err := w.tellDecision(ctx, c, e.Kind, act, note); err != nil {
		return err
	}
	return w.save(ctx, c)
}

// tellDecision tells the citizen what was decided; that a request went stale is
// the desk's affair.
func (w *work) tellDecision(ctx context.Context, c *Conversation, kind, act, note string) error {
	params := map[string]any{"What": w.desk.what(c.Language, act)}
	switch kind {
	case record.EventApprovalApproved:
		return w.notify(ctx, c, channels.PurposeSystem, Notice{Key: "notice.remedy.approved", Params: params})
	case record.EventApprovalRefused:
		params["Reason"] = note
		return w.notify(ctx, c, channels.PurposeSystem, Notice{Key: "notice.remedy.refused", Params: params})
	}
	return nil
}

func text(value any) string {
	s, _ := value.(string)
	return s
}
