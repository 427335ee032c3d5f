package ticketing

import (
	"context"
	"fmt"

	"sapa/channels/bus"
	"sapa/program"
	"sapa/program/access"
)

// RunRemedy corrects the record from inside a case and writes both histories in
// one transaction. A conversation must be about that participant; a ticket that
// is not named is the conversation's only open one. Errors: those of package
// program, ErrNoSubject, ErrForbidden.
func (d *Desk) RunRemedy(ctx context.Context, actor access.Actor, q program.RemedyRequest) (program.Outcome, error) {
	var outcome program.Outcome
	err := d.do(ctx, actor, func(ctx context.Context, w *work) error {
		c, err := w.caseOf(ctx, &q)
		if err != nil {
			return err
		}
		if outcome, err = d.program.RunRemedy(ctx, w, actor, q); err != nil {
			return err
		}
		w.signal(bus.Record, string(q.ParticipantID), 0)
		if outcome.ApprovalID != "" {
			w.signal(bus.Approval, outcome.ApprovalID, 0)
		}
		if q.Case.TicketID != "" {
			w.signal(bus.Ticket, q.Case.TicketID, 0)
		}
		if c == nil {
			return nil
		}
		return w.noteRemedy(ctx, c, q, outcome)
	})
	return outcome, err
}

// caseOf checks the case that a remedy is run for, and completes its ticket.
func (w *work) caseOf(ctx context.Context, q *program.RemedyRequest) (*Conversation, error) {
	if q.Case.TicketID != "" {
		t, err := w.lockCase(ctx, TicketID(q.Case.TicketID))
		if err != nil {
			return nil, err
		}
		if !maySeeTicket(w.actor, t) {
			return nil, ErrNotFound
		}
		q.Case.ConversationID = orElse(q.Case.ConversationID, t.Conversation)
	}
	if q.Case.ConversationID == "" {
		return nil, nil
	}
	c, err := w.lock(ctx, ConversationID(q.Case.ConversationID))
	if err != nil {
		return nil, err
	}
	if err := w.maySee(ctx, c); err != nil {
		return nil, err
	}
	if c.Participant != string(q.ParticipantID) {
		return nil, ErrNoSubject
	}
	if q.Case.TicketID != "" {
		return c, nil
	}
	var ids []string
	err = w.NewRaw(`SELECT t.id FROM ticket_conversations l JOIN tickets t ON t.id = l.ticket_id
		WHERE l.conversation_id = ? AND t.state NOT IN ('closed','resolved','rejected')`, c.ID).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("tickets of %s: %w", c.ID, err)
	}
	if len(ids) == 1 {
		q.Case.TicketID = ids[0]
	}
	return c, nil
}

// noteRemedy writes the correction into the talk, once per key.
func (w *work) noteRemedy(ctx context.Context, c *Conversation, q program.RemedyRequest, outcome program.Outcome) error {
	id := orElse(outcome.ChangeID, outcome.ApprovalID)
	var noted bool
	err := w.NewRaw("SELECT EXISTS (SELECT FROM conversation_events WHERE conversation_id = ? AND event = 'remedy' AND data->>'id' = ?)", c.ID, id).Scan(ctx, &noted)
	if err != nil || noted {
		return err
	}
	line := "line.remedy.applied"
	if outcome.Status == program.AwaitingApproval {
		line = "line.remedy.awaiting"
	}
	if err := w.tell(ctx, c, line, map[string]any{"What": w.desk.what("ind", q.Code)}); err != nil {
		return err
	}
	err = w.event(ctx, c, "remedy", map[string]string{"id": id, "remedy": q.Code, "status": outcome.Status, "ticket": q.Case.TicketID, "reason": q.Reason})
	if err != nil {
		return err
	}
	return w.save(ctx, c)
}

// Decide approves or refuses an act that waits for a second person and tells
// everybody concerned. Errors: those of package program.
func (d *Desk) Decide(ctx context.Context, actor access.Actor, id string, approve bool, note string) (program.Approval, error) {
	var decided program.Approval
	err := d.do(ctx, actor, func(ctx context.Context, w *work) error {
		var err error
		decided, err = d.program.Decide(ctx, w, actor, id, approve, note)
		if err != nil {
			return err
		}
		w.signal(bus.Approval, id, 0)
		w.signal(bus.Record, string(decided.ParticipantID), 0)
		return nil
	})
	if err != nil {
		return program.Approval{}, err
	}
	if err := d.FollowProgram(ctx); err != nil {
		d.log.WarnContext(ctx, "programme events not followed, the sweeper will", "error", err)
	}
	return decided, nil
}

// Record reads the record of whom a conversation is about, leaving an access row.
// Errors: ErrNoSubject, ErrNotFound, those of package program.
func (d *Desk) Record(ctx context.Context, actor access.Actor, id ConversationID) (program.Record, error) {
	var record program.Record
	err := d.do(ctx, actor, func(ctx context.Context, w *work) error {
		c, err := conversationByID(ctx, w, id)
		if err != nil {
			return err
		}
		if err := w.maySee(ctx, c); err != nil {
			return err
		}
		if c.Participant == "" {
			return ErrNoSubject
		}
		record, err = d.program.Record(ctx, w, actor, program.ParticipantID(c.Participant), program.Why{Reason: "conversation", CaseID: string(id)})
		return err
	})
	return record, err
}

// recognise links a new conversation from a phone to the one participant who gave
// that number. It is a hint for the agent: the bot still asks for a one-time
// password.
func (w *work) recognise(ctx context.Context, c *Conversation, point Point) error {
	if c.Participant != "" || point.Kind != "phone" {
		return nil
	}
	found, err := w.desk.program.ByPhone(ctx, w, point.Value)
	if err != nil {
		return err
	}
	if len(found) == 1 { // households share phones: of several we know nothing
		c.Participant, c.SubjectBy, c.SubjectConfidence = string(found[0].ID), "phone", point.Confidence
	}
	return nil
}

// knowMoney: corrections of this ticket that a second person approved make that
// person its co-signer; one that still waits keeps the ticket from being resolved.
func (w *work) knowMoney(ctx context.Context, t Ticket, f *TicketFacts) error {
	var open bool
	err := w.NewRaw("SELECT EXISTS (SELECT FROM approvals WHERE ticket_id = ? AND state = 'open')", string(t.ID)).Scan(ctx, &open)
	if err != nil {
		return fmt.Errorf("approvals of ticket %s: %w", t.ID, err)
	}
	if open {
		return &Invalid{Field: "approval", Rule: "open"}
	}
	changes, err := w.desk.program.Changes(ctx, w, program.ChangeFilter{TicketID: string(t.ID)})
	if err != nil {
		return err
	}
	for _, change := range changes {
		if change.Approver != nil && change.ApprovalID != "" {
			f.MoneyCorrection, f.CoSigner = true, change.Approver.ID
		}
	}
	return nil
}
