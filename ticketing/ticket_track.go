package ticketing

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sapa/program/access"
	"sapa/ticketing/sla"
)

// Tracking is a ticket as the holder of its secret sees it: nobody's name, and no
// word that staff wrote for each other.
type Tracking struct {
	Number       string
	State        TicketState
	ClosedReason ClosedReason
	Class        TicketClass
	Category     string
	Reopened     bool
	Erased       bool
	RegisteredAt time.Time
	// NextBy is the promised day of our answer, or the last day of the reporter's
	// while State is pending; nil when none can be named. Late says that it passed.
	NextBy *time.Time
	Late   bool
	// Party is whom we wait for, on hold.
	Party string
	// ContestUntil and AppealUntil bound what Acts offers.
	ContestUntil, AppealUntil *time.Time
	Acts                      []TicketAct
	Lines                     []TrackLine
	// MergedInto is the number and state of the ticket in which this one goes on.
	MergedInto  string
	MergedState TicketState
	FollowedBy  string
	MayRate     bool
	Score       int
}

// TrackLine is something that happened, with what was said in public.
type TrackLine struct {
	At   time.Time
	Act  TicketAct
	Mine bool // the reporter's own
	Text string
	Body string // outside body or party
}

// May tells whether the reporter may do an act now.
func (t Tracking) May(act TicketAct) bool {
	return slices.Contains(t.Acts, act)
}

// Tracking reads the page of a ticket for somebody whom Tracked has proved to
// hold its secret. Error: ErrNotFound.
func (d *Desk) Tracking(ctx context.Context, id TicketID) (Tracking, error) {
	var list []flatTicket
	if err := selectTickets(d.db, &list).Where("ticket.id = ?", id).Scan(ctx); err != nil {
		return Tracking{}, fmt.Errorf("track ticket %s: %w", id, err)
	}
	if len(list) == 0 {
		return Tracking{}, ErrNotFound
	}
	t := list[0].Ticket
	days, err := Calendar(ctx, d.db, d.now())
	if err != nil {
		return Tracking{}, err
	}
	events, err := ticketEvents(ctx, d.db, id)
	if err != nil {
		return Tracking{}, err
	}
	machine := NewTicketMachine(sla.DefaultTargets(), days)
	view := machine.track(t, d.now())
	for _, e := range events {
		if line, public := e.public(); public {
			view.Lines = append(view.Lines, line)
		}
	}
	return view, d.fillTracking(ctx, t, &view)
}

// track is what follows from the ticket itself.
func (m *TicketMachine) track(t Ticket, now time.Time) Tracking {
	view := Tracking{
		Number: t.Number, State: t.State, ClosedReason: t.ClosedReason, Class: t.Class, Category: t.Category, Reopened: t.ReopenCount > 0,
		Erased: t.ErasedAt != nil, RegisteredAt: t.RegisteredAt, NextBy: t.DueAt, Party: t.ThirdParty, MayRate: t.DecidedAt != nil && t.ErasedAt == nil,
	}
	switch t.State {
	case TicketPending:
		view.NextBy = m.dueAfter(t.AskedAt, m.targets.Reporter)
	case TicketAppealed:
		view.NextBy = m.dueAfter(t.AppealedAt, m.targets.Appeal)
	case TicketOnHold:
		view.NextBy = t.ExpectedAt
	case TicketResolved, TicketRejected, TicketClosed:
		view.NextBy = nil
	}
	view.Late = view.NextBy != nil && now.After(*view.NextBy)
	if until, ok := m.ContestUntil(t); ok {
		view.ContestUntil = &until
	}
	if until, ok := m.AppealUntil(t); ok {
		view.AppealUntil = &until
	}
	for _, offer := range m.Offers(t, access.Actor{Kind: access.Reporter}, TicketFacts{IsReporter: true}, now) {
		view.Acts = append(view.Acts, offer.Act)
	}
	return view
}

func (m *TicketMachine) dueAfter(from *time.Time, amount sla.Amount) *time.Time {
	if from == nil {
		return nil
	}
	at, err := m.calendars.Due(*from, amount)
	if err != nil {
		return nil // no day is better than a wrong one
	}
	return &at
}

// public is an event without what staff keep among themselves; ok is false for
// one that is no business of the reporter.
func (e TicketEvent) public() (line TrackLine, ok bool) {
	line = TrackLine{At: e.At, Act: e.Act, Mine: e.Role == RoleReporter}
	switch e.Act {
	case ActAskReporter:
		line.Text = e.Facts.Question
	case ActReporterReply, ActWrite:
		line.Text = e.Facts.Text
	case ActReject, ActResolve:
		line.Text = e.Facts.PublicAnswer
	case ActReopen, ActAppeal:
		if line.Mine {
			line.Text = e.Facts.Reason
		}
	case ActUphold:
		line.Text = e.Facts.Reason
	case ActReferOut:
		line.Body, line.Text = e.Facts.Body, e.Facts.Reference
	case ActHold:
		line.Body = e.Facts.ThirdParty
	case ActRegister, ActVerify, ActAccept, ActAssign, ActResume, ActConfirm, ActOverturn, ActWithdraw, ActMerge, ActReporterTimeout, ActContestTimeout:
	default:
		return TrackLine{}, false
	}
	return line, true
}

// fillTracking adds what other rows say.
func (d *Desk) fillTracking(ctx context.Context, t Ticket, view *Tracking) error {
	var more struct {
		MergedInto  string
		MergedState TicketState
		FollowedBy  string
		Score       int
	}
	err := d.db.NewRaw(`SELECT coalesce(m.number, '') AS merged_into, coalesce(m.state, '') AS merged_state,
			coalesce((SELECT number FROM tickets f WHERE f.follow_up_of_id = t.id ORDER BY f.registered_at DESC LIMIT 1), '') AS followed_by,
			coalesce((SELECT score FROM csat r WHERE r.ticket_id = t.id), 0) AS score
		FROM tickets t LEFT JOIN tickets m ON m.id = t.merged_into_id WHERE t.id = ?`, t.ID).Scan(ctx, &more)
	if err != nil {
		return fmt.Errorf("around ticket %s: %w", t.ID, err)
	}
	view.MergedInto, view.MergedState, view.FollowedBy, view.Score = more.MergedInto, more.MergedState, more.FollowedBy, more.Score
	return nil
}
