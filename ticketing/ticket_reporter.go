package ticketing

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"sapa/channels"
	"sapa/program/access"
)

// reporterActs are what a reporter may do with their ticket by name. Messages go
// through WriteAsReporter, which knows what they amount to.
func reporterActs() []TicketAct { return []TicketAct{ActConfirm, ActReopen, ActAppeal, ActWithdraw} }

// maxReporterRunes is the longest message of a reporter: what the chat takes too.
const maxReporterRunes = maxVisitorRunes

// ReporterRequest is what the holder of a ticket's secret asks for. Key makes it
// one act however often it is sent; Text is the reason, the message or the answer.
type ReporterRequest struct {
	Ticket TicketID
	Key    string
	Act    TicketAct
	Text   string
}

// ActAsReporter confirms, reopens, appeals or withdraws for somebody whom Tracked
// has proved to be the reporter. Errors: ErrTransition, ErrRole, Invalid,
// ErrNotFound.
func (d *Desk) ActAsReporter(ctx context.Context, r ReporterRequest) (Ticket, error) {
	if !slices.Contains(reporterActs(), r.Act) {
		return Ticket{}, ErrRole
	}
	var t Ticket
	err := d.asReporter(ctx, r, func(ctx context.Context, w *work, known Ticket, text string) (err error) {
		t = known
		return w.actAs(ctx, &t, TicketCommand{ID: w.eventID(r.key()), Act: r.Act, Version: t.Version, Facts: TicketFacts{
			IsReporter: true, Reason: text, NewFacts: text != "",
		}})
	})
	return t, err
}

// WriteAsReporter adds a message of the reporter: it answers a question, stands
// in the history for the owner, or, on a closed ticket, begins the one that
// follows it, which is returned with its own code. Errors: Invalid, ErrNotFound.
func (d *Desk) WriteAsReporter(ctx context.Context, r ReporterRequest) (followUp *Registered, err error) {
	err = d.asReporter(ctx, r, func(ctx context.Context, w *work, t Ticket, text string) error {
		if text == "" {
			return &Invalid{Field: "text", Rule: "required"}
		}
		act, special := InboundAct(t.State)
		if act == ActInbound {
			made, err := w.followUp(ctx, &t, Registration{Key: r.key(), Text: text, Conversation: ConversationID(t.Conversation)})
			followUp = &made
			return err
		}
		if !special {
			act = ActWrite
		}
		err := w.actAs(ctx, &t, TicketCommand{ID: w.eventID(r.key()), Act: act, Version: t.Version, Facts: TicketFacts{IsReporter: true, Text: text}})
		if err != nil || t.Anonymous { // a thread names the person
			return err
		}
		return w.tellOfWriting(ctx, &t)
	})
	return followUp, err
}

func (r ReporterRequest) key() string { return string(r.Ticket) + ":" + r.Key }

// asReporter runs one act of a proved reporter on their ticket, or on the one it
// was merged into; the same key twice does nothing the second time.
func (d *Desk) asReporter(ctx context.Context, r ReporterRequest, use func(ctx context.Context, w *work, t Ticket, text string) error) error {
	text := channels.MaskIdentity(channels.CleanText(r.Text))
	switch {
	case r.Key == "":
		return &Invalid{Field: "key", Rule: "required"}
	case len([]rune(text)) > maxReporterRunes:
		return &Invalid{Field: "text", Rule: "too_long"}
	}
	return d.do(ctx, access.Actor{Kind: access.Reporter}, func(ctx context.Context, w *work) error {
		t, err := w.lockCase(ctx, r.Ticket)
		if err != nil {
			return err
		}
		if known, err := w.byKey(ctx, r.key()); known != nil || err != nil {
			return err
		}
		for t.MergedInto != "" {
			if t, err = w.lockCase(ctx, t.MergedInto); err != nil {
				return err
			}
		}
		return use(ctx, w, t, text)
	})
}

// tellOfWriting points whoever talks with the reporter now to what they wrote on
// the tracking page.
func (w *work) tellOfWriting(ctx context.Context, t *Ticket) error {
	c, err := w.reporterThread(ctx, t.Conversation)
	if err != nil || c == nil || !c.State.Open() {
		return err
	}
	if err := w.tell(ctx, c, "line.ticket_written", map[string]any{"Number": t.Number}); err != nil {
		return err
	}
	return w.save(ctx, c)
}

// RateTicket takes the reporter's rating of a decided ticket, asked for or not.
// Errors: Invalid, ErrTransition before the decision, ErrRated, ErrNotFound.
func (d *Desk) RateTicket(ctx context.Context, id TicketID, score int, comment string) error {
	if score < 1 || score > CSATScale {
		return &Invalid{Field: "score", Rule: "between_1_and_5"}
	}
	return d.do(ctx, access.Actor{Kind: access.Reporter}, func(ctx context.Context, w *work) error {
		t, err := w.lockCase(ctx, id)
		if err != nil {
			return err
		}
		if t.DecidedAt == nil {
			return ErrTransition
		}
		result, err := w.NewRaw(rateTicket, t.ID, w.at, score, channels.MaskIdentity(channels.CleanText(comment)), t.Contact, t.Participant, t.Channel,
			t.Conversation, t.Queue, t.Owner, NewTicketEventID()).Exec(ctx)
		if err != nil {
			return fmt.Errorf("rate ticket %s: %w", t.ID, err)
		}
		if n, _ := result.RowsAffected(); n == 0 {
			return ErrRated
		}
		w.signal("wallboard", "", 0)
		return nil
	})
}

// rateTicket answers the question about a ticket, or answers it unasked; the
// first answer counts.
const rateTicket = `INSERT INTO csat AS r (id, ticket_id, contact_id, participant_id, point_id, conversation_id, kind, queue_id, staff_id, asked_at, score, comment, rated_at)
	VALUES (?10, ?0, nullif(?4, '')::uuid, nullif(?5, '')::uuid, (SELECT point_id FROM conversations WHERE id = nullif(?7, '')::uuid), nullif(?7, '')::uuid, ?6,
		nullif(?8, '')::uuid, nullif(?9, '')::uuid, ?1, ?2, ?3, ?1)
	ON CONFLICT (ticket_id) WHERE ticket_id IS NOT NULL DO UPDATE SET score = EXCLUDED.score, comment = EXCLUDED.comment, rated_at = EXCLUDED.rated_at
	WHERE r.rated_at IS NULL`

// ForReporter tells whether an error is an answer to the reporter rather than a
// fault of ours.
func ForReporter(err error) bool {
	var invalid *Invalid
	return errors.As(err, &invalid) || errors.Is(err, ErrTransition) || errors.Is(err, ErrRole) || errors.Is(err, ErrRated) || errors.Is(err, ErrStale)
}
