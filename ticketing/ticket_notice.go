package ticketing

import (
	"context"
	"fmt"
	"time"

	"sapa/channels"
	"sapa/ticketing/sla"
	"sapa/ticketing/team"
)

// noticeReminder asks a silent reporter again.
const noticeReminder TicketNotice = "reminder"

// notice carries out one notice of an act: to the reporter in their channel, to
// staff as a line in the log of notices, which their lists show.
func (w *work) notice(ctx context.Context, t *Ticket, all clocks, effect TicketEffect) error {
	if effect.To != ToReporter {
		return w.noteNotice(ctx, t.ID, effect.Notice, effect.To, nil)
	}
	if effect.Notice == NoticeRate {
		return w.askAboutTicket(ctx, t)
	}
	if err := w.noticeReporter(ctx, t, effect.Notice); err != nil {
		return err
	}
	if effect.Notice != NoticeRegistered {
		return nil
	}
	return w.addMark(ctx, all, t.ID, sla.TimerAck, sla.Mark{Kind: sla.MarkStop, At: w.at, Cause: string(NoticeRegistered)})
}

// noticeReporter says one notice where the reporter wrote from. A ticket without
// a conversation is answered by its tracking page.
func (w *work) noticeReporter(ctx context.Context, t *Ticket, notice TicketNotice) error {
	if _, err := w.machine(ctx); err != nil {
		return err
	}
	sent, err := w.sayToReporter(ctx, t, notice, func(c *Conversation) Notice { return w.ticketText(t, notice, c) })
	if sent && notice == NoticeRegistered {
		w.secret = ""
	}
	return err
}

// ticketText is the catalogue's text for a notice about a ticket.
func (w *work) ticketText(t *Ticket, notice TicketNotice, c *Conversation) Notice {
	phrase := TicketWords{
		Machine: w.tickets, Site: w.desk.site,
		Date: func(at time.Time) string { return w.desk.Day(c.Language, at) },
		Class: func(class TicketClass) string {
			return w.desk.notices.Say(c.Language, "ticket.class."+string(class), nil)
		},
	}.Notice(*t, notice)
	text := Notice{Key: phrase.Key, Params: phrase.Params}
	switch notice {
	case NoticeRegistered:
		text.Secret = w.secret
	case NoticeResolved:
		text.Buttons = w.contestButtons(t, c)
	}
	return text
}

// sayToReporter sends a text in the newest conversation of the address from
// which the ticket came, and notes it. sent is false when there is no such
// conversation or the channel refused; staff see the latter in the thread.
func (w *work) sayToReporter(ctx context.Context, t *Ticket, name TicketNotice, text func(*Conversation) Notice) (sent bool, err error) {
	c, err := w.reporterThread(ctx, t.Conversation)
	if err != nil {
		return false, err
	}
	if c == nil {
		return false, w.noteNotice(ctx, t.ID, name, ToReporter, nil)
	}
	if sent, err = w.tryNotify(ctx, c, channels.PurposeSystem, text(c)); err != nil {
		return false, err
	}
	if err := w.linkConversation(ctx, t.ID, c.ID); err != nil {
		return sent, err
	}
	if err := w.noteNotice(ctx, t.ID, name, ToReporter, c); err != nil {
		return sent, err
	}
	return sent, w.save(ctx, c)
}

// reporterThread is the newest conversation of the address with which the given
// one was, held; nil for none.
func (w *work) reporterThread(ctx context.Context, conversation string) (*Conversation, error) {
	if conversation == "" {
		return nil, nil
	}
	var id ConversationID
	err := w.NewRaw(`SELECT n.id FROM conversations c JOIN conversations n ON n.point_id = c.point_id AND n.inbox_id = c.inbox_id
		WHERE c.id = ? ORDER BY n.opened_at DESC LIMIT 1`, conversation).Scan(ctx, &id)
	if noRows(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("thread of conversation %s: %w", conversation, err)
	}
	return w.lock(ctx, id)
}

// noteNotice logs that a text was owed to somebody and, for the reporter, by
// which line it went out.
func (w *work) noteNotice(ctx context.Context, t TicketID, notice TicketNotice, to TicketAudience, c *Conversation) error {
	var conversation any
	var seq any
	if c != nil {
		conversation, seq = c.ID, c.LastSeq
	}
	_, err := w.NewRaw("INSERT INTO ticket_notices (id, ticket_id, notice, audience, at, conversation_id, seq) VALUES (?, ?, ?, ?, ?, ?, ?)",
		team.NewID(), t, notice, to, w.at, conversation, seq).Exec(ctx)
	if err != nil {
		return fmt.Errorf("note notice of ticket %s: %w", t, err)
	}
	return nil
}

// askAboutTicket asks for the rating of a decided ticket, once and not within 24
// hours of another question.
func (w *work) askAboutTicket(ctx context.Context, t *Ticket) error {
	c, err := w.reporterThread(ctx, t.Conversation)
	if err != nil || c == nil || c.State.Open() {
		return err // the end of the conversation asks
	}
	var may bool
	err = w.NewRaw(`SELECT NOT EXISTS (SELECT FROM csat WHERE ticket_id = ?0) AND NOT EXISTS (SELECT FROM csat WHERE contact_id = ?1 AND asked_at > ?2)
		AND NOT EXISTS (SELECT FROM csat WHERE participant_id = nullif(?3, '')::uuid AND asked_at > ?2)`,
		t.ID, c.Contact, w.at.Add(-csatRest), t.Participant).Scan(ctx, &may)
	if err != nil {
		return fmt.Errorf("look for csat: %w", err)
	}
	if !may {
		return nil
	}
	question, off, err := w.csatQuestion(ctx, c)
	if err != nil || off {
		return err
	}
	row := CSAT{Conversation: c.ID, Ticket: t.ID, Contact: c.Contact, Participant: t.Participant, Point: c.Point, Kind: c.Kind,
		Queue: team.QueueID(t.Queue), Staff: team.StaffID(t.Owner)}
	if err := w.sendQuestion(ctx, c, row, question, w.contestAgain(t, c)...); err != nil {
		return err
	}
	return w.save(ctx, c)
}
