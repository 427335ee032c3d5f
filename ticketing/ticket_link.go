package ticketing

import (
	"context"
	"fmt"
	"strings"

	"sapa/program/access"
	"sapa/program/intent"
	"sapa/ticketing/category"
	"sapa/ticketing/sla"
)

// ticketFromComplaint makes a ticket of a hand-over that is a complaint, unless
// the conversation has one (decision 1).
func (w *work) ticketFromComplaint(ctx context.Context, c *Conversation) error {
	if !strings.HasPrefix(c.Intent, "complaint.") {
		return nil
	}
	return w.ticketOf(ctx, c, c.Intent)
}

// ticketFromUnsolved makes a ticket of a contact that ends unsolved.
func (w *work) ticketFromUnsolved(ctx context.Context, c *Conversation) error {
	return w.ticketOf(ctx, c, c.Intent)
}

func (w *work) ticketOf(ctx context.Context, c *Conversation, intentCode string) error {
	var has bool
	err := w.NewRaw("SELECT EXISTS (SELECT FROM ticket_conversations WHERE conversation_id = ?)", c.ID).Scan(ctx, &has)
	if err != nil || has {
		return err
	}
	leaf, err := category.ForIntent(ctx, w, intentCode)
	if err != nil {
		return err
	}
	text, err := w.words(ctx, c)
	if err != nil {
		return err
	}
	// The event's id says whose ticket it is: twice the same hand-over is one.
	return w.bySystemUnlessStaff(func() error {
		_, err := w.register(ctx, Registration{Key: "of:" + string(c.ID), Conversation: c.ID, Category: orElse(leaf.Code, string(intent.OutOfScope)), Text: text})
		return err
	})
}

// bySystemUnlessStaff keeps staff as the one who enters a ticket; the bot and
// timers enter it as themselves.
func (w *work) bySystemUnlessStaff(do func() error) error {
	if w.actor.Kind == access.Staff || w.actor.Kind == access.Bot {
		return do()
	}
	return w.bySystem(do)
}

// words is what the citizen wrote in the conversation: the text of its ticket
// when nobody wrote one.
func (w *work) words(ctx context.Context, c *Conversation) (string, error) {
	var lines []string
	err := w.NewRaw(`SELECT text FROM (SELECT seq, text FROM messages WHERE conversation_id = ? AND author = 'citizen' AND text <> ''
		ORDER BY seq DESC LIMIT 20) AS last ORDER BY seq`, c.ID).Scan(ctx, &lines)
	if err != nil {
		return "", fmt.Errorf("words of %s: %w", c.ID, err)
	}
	return orElse(strings.Join(lines, "\n"), orElse(c.Summary, "-")), nil
}

// movesTicket is the condition for a conversation c whose messages may do something
// to a ticket: one that waits for its reporter, or one that they can contest or
// were lately told about (reporterWrote, contestIn).
const movesTicket = `EXISTS (SELECT FROM tickets t WHERE (t.contact_id = c.contact_id OR t.participant_id = c.participant_id)
	AND (t.state IN ('pending','resolved','rejected') OR t.reopen_count > 0 AND t.state <> 'closed'))`

// reporterWrote is what a citizen's message does to their tickets: those that
// wait for them go on, whatever channel it came by.
func (w *work) reporterWrote(ctx context.Context, point Point, c *Conversation) error {
	var ids []TicketID
	err := w.NewRaw("SELECT id FROM tickets WHERE contact_id = ? AND state = 'pending' ORDER BY id", point.Contact).Scan(ctx, &ids)
	if err != nil {
		return fmt.Errorf("pending tickets: %w", err)
	}
	for _, id := range ids {
		t, err := w.lockTicket(ctx, id)
		if err != nil {
			return err
		}
		if act, ok := InboundAct(t.State); ok && act == ActReporterReply {
			if err := w.act(ctx, &t, act, TicketFacts{IsReporter: true}); err != nil {
				return err
			}
		}
		if err := w.linkConversation(ctx, id, c.ID); err != nil {
			return err
		}
	}
	return w.keepOnTicket(ctx, point, c)
}

// ticketsAnswered stops the follow-up clock of the conversation's tickets: a
// person wrote to the reporter.
func (w *work) ticketsAnswered(ctx context.Context, c *Conversation) error {
	var ids []TicketID
	// The rows are held, since an act on the ticket marks the same clocks.
	err := w.NewRaw(`SELECT t.id FROM ticket_conversations l JOIN tickets t ON t.id = l.ticket_id
		WHERE l.conversation_id = ? AND t.state IN ('open','in_progress','on_hold') ORDER BY t.id FOR NO KEY UPDATE OF t`, c.ID).Scan(ctx, &ids)
	if err != nil {
		return fmt.Errorf("tickets of %s: %w", c.ID, err)
	}
	calendars, err := w.calendarsIf(ctx, len(ids) > 0)
	if err != nil {
		return err
	}
	for _, id := range ids {
		all, err := ticketClocks(ctx, w, id)
		if err != nil {
			return err
		}
		reading, err := all[sla.TimerFollowUp].Read(calendars, w.at)
		if err != nil || all[sla.TimerFollowUp].Timer == "" || reading.Phase != sla.Running {
			continue // not started, stopped before, or not computable: nothing to stop
		}
		if err := w.addMark(ctx, all, id, sla.TimerFollowUp, sla.Mark{Kind: sla.MarkStop, At: w.at, Cause: "reply"}); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) calendarsIf(ctx context.Context, needed bool) (sla.Calendars, error) {
	if !needed {
		return sla.Calendars{}, nil
	}
	return w.calendars(ctx)
}

// followUp makes the ticket that goes on where a closed one ended: the closed one
// is never edited. What its reporter wished about their name goes on too.
func (w *work) followUp(ctx context.Context, closed *Ticket, r Registration) (Registered, error) {
	if err := w.bySystem(func() error { return w.act(ctx, closed, ActInbound, TicketFacts{}) }); err != nil {
		return Registered{}, err
	}
	r.FollowUpOf, r.Category, r.Class = closed.ID, orElse(r.Category, closed.Category), closed.Class
	r.Anonymous, r.Confidential, r.Participant = closed.Anonymous, closed.Confidential, closed.Participant
	if r.Conversation == "" {
		r.Contact, r.Channel = ContactID(closed.Contact), closed.Channel
	}
	return w.register(ctx, r)
}
