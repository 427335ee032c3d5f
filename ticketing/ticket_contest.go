package ticketing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"sapa/channels"
)

// Buttons with which a reporter answers our answer; the number follows.
const (
	PressReopen  = "ticket.reopen:"
	PressConfirm = "ticket.confirm:"
)

// reopenWords are whole messages that mean that it is not settled, as people
// write them without a button. They count only for an answered ticket.
func reopenWords() []string {
	return []string{
		"belum selesai", "belum beres", "belum tuntas", "blm selesai", "blm beres", "buka lagi", "buka kembali", "not solved", "not settled",
		"not resolved", "reopen", "dereng rampung", "durung rampung", "durung beres", "teu acan réngsé", "teu acan rengse", "can bérés", "can beres",
	}
}

// contestButtons stand under our answer where the channel has buttons of its own;
// elsewhere they would be numbers that the rating's numbers are mixed up with.
func (w *work) contestButtons(t *Ticket, c *Conversation) []channels.Button {
	if c.Kind != channels.Webchat && c.Kind != channels.WhatsApp {
		return nil
	}
	label := func(name string) string { return w.desk.notices.Say(c.Language, "notice.ticket.button."+name, nil) }
	return []channels.Button{
		{ID: PressReopen + t.Number, Label: label("reopen")}, {ID: PressConfirm + t.Number, Label: label("confirm")},
	}
}

// contestAgain repeats the first of them under the rating's question, which in a
// chat window hides those above it.
func (w *work) contestAgain(t *Ticket, c *Conversation) []channels.Button {
	if c.Kind != channels.Webchat || t.State != TicketResolved {
		return nil
	}
	return w.contestButtons(t, c)[:1]
}

// contestIn takes a citizen's message as their word on our answer: a
// pressed button, or words that say so while the ticket is the last one that
// their thread was told about. handled says that the message needs no
// conversation; nobody but the reporter is obeyed.
func (w *work) contestIn(ctx context.Context, open *Conversation, point Point, in inbound) (handled bool, m Message, err error) {
	id, act, err := w.contested(ctx, open, point, in)
	if id == "" || err != nil {
		return false, Message{}, err
	}
	thread, err := w.threadOfPoint(ctx, open, point)
	if err != nil || thread == nil {
		return false, Message{}, err
	}
	m, err = w.append(ctx, thread, Message{Author: FromCitizen, Kind: LineMessage, Text: in.text, Button: in.button, Echo: in.echo, ProviderID: in.providerID})
	if err != nil {
		return false, Message{}, err
	}
	if thread.CitizenSeq <= thread.BotSeq {
		thread.BotSeq = m.Seq // it is answered here
	}
	if err := w.contest(ctx, thread, id, act, in.text); err != nil {
		return false, Message{}, err
	}
	return true, m, w.save(ctx, thread)
}

// contested finds the ticket and the act that a message means, "" for none.
func (w *work) contested(ctx context.Context, open *Conversation, point Point, in inbound) (TicketID, TicketAct, error) {
	for prefix, act := range map[string]TicketAct{PressReopen: ActReopen, PressConfirm: ActConfirm} {
		number, pressed := strings.CutPrefix(in.button, prefix)
		if !pressed {
			continue
		}
		t, err := TicketByNumber(ctx, w, number)
		var invalid *Invalid
		if errors.Is(err, ErrNotFound) || errors.As(err, &invalid) || err == nil && !reports(t, open, point) {
			return "", "", nil
		}
		return t.ID, act, err
	}
	said := strings.ToLower(strings.Trim(strings.Join(strings.Fields(in.text), " "), ".,!?\"'“” "))
	if in.button != "" || !slices.Contains(reopenWords(), said) {
		return "", "", nil
	}
	t, err := spokenOf(ctx, w, point.ID, time.Time{})
	if err != nil || t == nil || t.State != TicketResolved || !reports(*t, open, point) {
		return "", "", err
	}
	return t.ID, ActReopen, nil
}

// reports tells whether whoever writes is the ticket's reporter: it came from
// the same contact, or the person was proved in this conversation.
func reports(t Ticket, c *Conversation, point Point) bool {
	if t.Contact != "" && t.Contact == string(point.Contact) {
		return true
	}
	return c != nil && c.Participant != "" && c.Participant == t.Participant && c.Assurance.Covers(AssuranceOTP) && !t.Anonymous
}

// spokenOf is the ticket that the threads of a point were last told about since
// an instant, nil for none.
func spokenOf(ctx context.Context, w *work, point PointID, since time.Time) (*Ticket, error) {
	t := new(Ticket)
	err := w.NewSelect().Model(t).Where(`id = (SELECT n.ticket_id FROM conversations c JOIN ticket_notices n ON n.conversation_id = c.id
		WHERE c.point_id = ? AND n.audience = 'reporter' AND n.at > ? ORDER BY n.at DESC, n.id DESC LIMIT 1)`, point, since).Scan(ctx)
	if noRows(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("ticket spoken of: %w", err)
	}
	return t, nil
}

// threadOfPoint is the open conversation, or the newest of the point, held.
func (w *work) threadOfPoint(ctx context.Context, open *Conversation, point Point) (*Conversation, error) {
	if open != nil {
		return open, nil
	}
	var id string
	err := w.NewRaw("SELECT id FROM conversations WHERE point_id = ? ORDER BY opened_at DESC LIMIT 1", point.ID).Scan(ctx, &id)
	if noRows(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("thread of point: %w", err)
	}
	return w.reporterThread(ctx, id)
}

// contest does the act and tells the reporter what came of it.
func (w *work) contest(ctx context.Context, c *Conversation, id TicketID, act TicketAct, text string) error {
	t, err := w.lockTicket(ctx, id)
	if err != nil {
		return err
	}
	err = w.act(ctx, &t, act, TicketFacts{IsReporter: true, Reason: text})
	var invalid *Invalid
	late := errors.Is(err, ErrTransition) || errors.As(err, &invalid)
	if err != nil && !late {
		return err
	}
	if err := w.linkConversation(ctx, id, c.ID); err != nil {
		return err
	}
	params := map[string]any{"Number": t.Number}
	switch {
	case late && (t.State == TicketInProgress || t.State == TicketOpen): // pressed twice
		return nil
	case late:
		params["Link"] = TrackLink(w.desk.site, t.Number)
		return w.notify(ctx, c, channels.PurposeSystem, Notice{Key: "notice.ticket.reopen_late", Params: params})
	case act == ActReopen:
		if err := w.notify(ctx, c, channels.PurposeSystem, Notice{Key: "notice.ticket.reopened", Params: params}); err != nil {
			return err
		}
		return w.noteNotice(ctx, id, NoticeReopened, ToReporter, c)
	}
	return nil
}

// spokenFor is how long after we told somebody about their ticket their next
// words are taken to be about it too.
const spokenFor = 24 * time.Hour

// keepOnTicket lets words after our answer, or after a reopening, not vanish: the
// conversation stands on the ticket, and its owner is told once.
func (w *work) keepOnTicket(ctx context.Context, point Point, c *Conversation) error {
	t, err := spokenOf(ctx, w, point.ID, w.at.Add(-spokenFor))
	if err != nil || t == nil || t.Anonymous || !(t.State.Decided() || t.ReopenCount > 0 && t.State != TicketClosed) || !reports(*t, c, point) {
		return err
	}
	result, err := w.NewRaw("INSERT INTO ticket_conversations (ticket_id, conversation_id) VALUES (?, ?) ON CONFLICT DO NOTHING", t.ID, c.ID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("link ticket: %w", err)
	}
	if n, _ := result.RowsAffected(); n == 0 {
		return nil
	}
	if err := w.noteNotice(ctx, t.ID, NoticeReporterReplied, ToOwner, nil); err != nil {
		return err
	}
	return w.tell(ctx, c, "line.ticket_spoken_of", map[string]any{"Number": t.Number})
}
