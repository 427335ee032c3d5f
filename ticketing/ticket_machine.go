package ticketing

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"sapa/program/access"
	"sapa/program/calendar"
	"sapa/ticketing/sla"
)

// What [TicketMachine.Apply] refuses for, beside [Invalid] and [ErrStale].
var (
	// ErrTransition: the act is not possible in the state the ticket is in.
	ErrTransition = errors.New("ticketing: not possible in this state")
	// ErrRole: the act is possible, but not for this actor.
	ErrRole = errors.New("ticketing: not for this role")
)

// Limits of the machine that are no timers.
const (
	maxHops       = 3  // transfers before a supervisor must decide the owner
	minReminders  = 2  // before a silent reporter's ticket is closed
	maxHoldDays   = 14 // working days a third party may be waited for
	minReopenDays = 3  // working days left at least after a reopening
	appealDays    = 30 // calendar days in which a decision can be appealed
	maxExtension  = 14 // working days by which a promise is put off, as long as a complaint's own. Ours
	seniorReopens = 2  // reopenings from which on somebody senior is told
)

// TicketMachine is the ticket's state machine: what may happen to a ticket, by
// whom, under which conditions, and what follows. It is pure: it reads no clock
// and no row, and may be shared.
type TicketMachine struct {
	targets   sla.Targets
	calendars sla.Calendars
}

// NewTicketMachine builds a machine that promises the given targets, counted in
// the given days. It is cheap: build a new one when holidays change.
func NewTicketMachine(targets sla.Targets, days *calendar.Calendar) *TicketMachine {
	return &TicketMachine{targets: targets, calendars: sla.Calendars{Days: days}}
}

// TicketCommand asks for an act.
type TicketCommand struct {
	ID      TicketEventID // of the event it is to become
	Ticket  TicketID      // to be registered; else ignored
	Act     TicketAct
	Actor   access.Actor
	At      time.Time
	Version int64 // of the ticket the actor saw; 0 to register
	Facts   TicketFacts
}

// TicketResult is what an act leads to. Event and Effects are to be stored and
// done in the transaction that stores the ticket.
type TicketResult struct {
	Ticket  Ticket
	Event   TicketEvent
	Effects []TicketEffect
}

// Apply does one act to a ticket, the zero Ticket when registering, or says why
// not: [ErrStale], [ErrTransition], [ErrRole] or [*Invalid]. t is not changed.
func (m *TicketMachine) Apply(t Ticket, c TicketCommand) (TicketResult, error) {
	result, err := m.apply(t, c)
	if err != nil {
		return TicketResult{}, fmt.Errorf("%s ticket %s: %w", c.Act, t.ID, err)
	}
	return result, nil
}

func (m *TicketMachine) apply(t Ticket, c TicketCommand) (TicketResult, error) {
	if c.Version != t.Version {
		return TicketResult{}, ErrStale
	}
	row, ok := ticketRowFor(c.Act, t.State)
	if !ok {
		return TicketResult{}, fmt.Errorf("state %q: %w", t.State, ErrTransition)
	}
	step := ticketStep{m: m, t: t, c: c, f: c.Facts, row: row, role: t.part(c.Actor, c.Facts, row.roles)}
	// Clocks of several machines differ by moments; a ticket's time never
	// runs backwards.
	step.at = stored(c.At)
	if step.at.Before(t.UpdatedAt) {
		step.at = t.UpdatedAt
	}
	if err := step.check(); err != nil {
		return TicketResult{}, err
	}
	step.complete()
	event := step.event()
	after := t.after(event)
	return TicketResult{Ticket: after, Event: event, Effects: step.effects(after)}, nil
}

// TicketOffer is an act that an actor can try now, with the facts to fill in.
type TicketOffer struct {
	Act      TicketAct
	Needs    []string // fields of [TicketFacts] that must be filled in
	Optional []string
}

// Offers lists the acts an actor can try on a ticket at an instant, in the order
// of the table. f holds what is known beforehand: the part the actor plays, and
// whether the actor is active and skilled. An act is left out when no filling in
// could make it possible.
func (m *TicketMachine) Offers(t Ticket, actor access.Actor, f TicketFacts, now time.Time) []TicketOffer {
	var offers []TicketOffer
	for _, row := range ticketTable {
		c := TicketCommand{ID: "offer", Act: row.act, Actor: actor, At: now}
		step := ticketStep{m: m, t: t, c: c, f: f, row: row, role: t.part(actor, f, row.roles), at: now}
		if row.act == ActRegister || !slices.Contains(row.from, t.State) || !step.fillable(step.check()) || !step.possible() {
			continue
		}
		offers = append(offers, TicketOffer{
			Act: row.act, Needs: slices.Clone(row.needs), Optional: slices.Clone(row.optional),
		})
	}
	return offers
}

// fillable reports whether a refusal is about a fact that the actor fills in.
func (s ticketStep) fillable(err error) bool {
	var invalid *Invalid
	if !errors.As(err, &invalid) {
		return err == nil
	}
	return slices.Contains(s.row.needs, invalid.Field) || slices.Contains(s.row.optional, invalid.Field)
}

// possible reports whether the guard refuses for nothing that filling in mends:
// what is asked first may hide it.
func (s ticketStep) possible() bool { return s.row.guard == nil || s.fillable(s.row.guard(s)) }

// ticketStep is one act being judged.
type ticketStep struct {
	m    *TicketMachine
	t    Ticket
	c    TicketCommand
	f    TicketFacts
	row  ticketRow
	role TicketRole
	at   time.Time
}

// check refuses an act that is not for this actor, lacks a fact, or breaks the
// guard of its row.
func (s ticketStep) check() error {
	if s.role == "" {
		return ErrRole
	}
	if s.c.ID == "" {
		return &Invalid{Field: "id", Rule: "required"}
	}
	if s.c.At.IsZero() {
		return &Invalid{Field: "at", Rule: "required"}
	}
	if s.role == RoleReporter && s.row.act != ActRegister && !s.f.IsReporter {
		return ErrRole
	}
	if err := s.f.check(); err != nil {
		return err
	}
	for _, field := range s.row.needs {
		if !s.f.has(field) {
			return &Invalid{Field: field, Rule: "required"}
		}
	}
	if s.row.guard == nil {
		return nil
	}
	return s.row.guard(s)
}

// complete adds to the facts what follows from the ticket and the settings, so
// that a replay need not know the settings of the day.
func (s *ticketStep) complete() {
	switch s.row.act {
	case ActRegister, ActVerify, ActReclassify:
		s.f.Target = s.target()
	case ActAccept:
		s.f.Owner = s.c.Actor.ID
	case ActHold:
		expected := stored(*s.f.ExpectedAt)
		s.f.ExpectedAt = &expected
	case ActEscalate:
		s.f.Level = s.level()
	}
}

// stored is an instant as the database keeps it, so that a ticket from its row
// equals the one from its events.
func stored(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// event is the line of history that the act becomes.
func (s ticketStep) event() TicketEvent {
	to := s.row.to
	switch to {
	case sameTicketState:
		to = s.t.State
	case priorTicketState:
		to = s.t.PendingFrom
	}
	reason := s.row.closed
	if to == TicketClosed && s.t.State == TicketClosed {
		reason = s.t.ClosedReason
	}
	id := s.t.ID
	if s.row.act == ActRegister {
		id = s.c.Ticket
	}
	return TicketEvent{
		ID: s.c.ID, Ticket: id, Version: s.t.Version + 1, Act: s.row.act,
		ActorKind: s.c.Actor.Kind, ActorID: s.c.Actor.ID, ActorName: s.c.Actor.Name, Role: s.role,
		FromState: s.t.State, ToState: to, ClosedReason: reason, Facts: s.f, At: s.at,
	}
}

// ContestUntil is until when the reporter may reopen a decided ticket; ok is
// false when it is not decided, or days off of a year are missing.
func (m *TicketMachine) ContestUntil(t Ticket) (until time.Time, ok bool) {
	if !t.State.Decided() || t.DecidedAt == nil {
		return time.Time{}, false
	}
	until, err := m.calendars.Due(*t.DecidedAt, m.targets.Contest)
	return until, err == nil
}

// AppealUntil is until when the reporter may appeal against the decision of a
// ticket; ok is false when it cannot be appealed against, or was before.
func (m *TicketMachine) AppealUntil(t Ticket) (until time.Time, ok bool) {
	if t.DecidedAt == nil || t.AppealedAt != nil || t.ErasedAt != nil || !t.State.Decided() && !appealable(t.ClosedReason) {
		return time.Time{}, false
	}
	until, err := calendar.AddCalendarDays(*t.DecidedAt, appealDays)
	return until, err == nil
}
