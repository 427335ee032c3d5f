package seed

import (
	"time"

	"github.com/uptrace/bun"

	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/sla"
)

// markRow is a row of ticket_marks.
type markRow struct {
	bun.BaseModel `bun:"table:ticket_marks"`

	Ticket     string       `bun:"ticket_id,pk,type:uuid"`
	Timer      sla.Timer    `bun:"timer,pk"`
	N          int          `bun:"n,pk"`
	Kind       sla.MarkKind `bun:"kind"`
	At         time.Time    `bun:"at"`
	Cause      string       `bun:"cause"`
	AmountUnit sla.Unit     `bun:"amount_unit"`
	AmountN    int64        `bun:"amount_n"`
	FromAt     *time.Time   `bun:"from_at"`
}

// mark appends to a clock, as the desk does: never earlier than its last mark.
func (l *life) mark(timer sla.Timer, mark sla.Mark) error {
	clock := l.clocks[timer]
	clock.Timer = timer
	if n := len(clock.Marks); n > 0 && mark.At.Before(clock.Marks[n-1].At) {
		mark.At = clock.Marks[n-1].At
	}
	clock, err := clock.Append(mark)
	if err != nil {
		return err
	}
	l.clocks[timer] = clock
	row := markRow{Ticket: string(l.ticket.ID), Timer: timer, N: len(clock.Marks), Kind: mark.Kind, At: mark.At, Cause: mark.Cause,
		AmountUnit: mark.Amount.Unit, AmountN: mark.Amount.N}
	if !mark.From.IsZero() {
		row.FromAt = &mark.From
	}
	l.rows = append(l.rows, &row)
	return nil
}

// replied keeps the promise of a first follow-up: a person wrote to the reporter.
func (l *life) replied(at time.Time) {
	switch l.ticket.State {
	case ticketing.TicketOpen, ticketing.TicketInProgress, ticketing.TicketOnHold:
	default:
		return
	}
	clock, started := l.clocks[sla.TimerFollowUp]
	r, err := clock.Read(l.g.desk.clocks, at)
	if !started || err != nil || r.Phase != sla.Running {
		return
	}
	l.err = l.mark(sla.TimerFollowUp, sla.Mark{Kind: sla.MarkStop, At: at, Cause: "reply"})
}

// advance lets the ticket's clocks run to an instant and does what the desk's
// timers would have done on the way: reminders, warnings, escalations, closing.
func (l *life) advance(until time.Time) error {
	for {
		at, act := l.next(until)
		if act == nil {
			l.at = latest(l.at, until)
			return nil
		}
		l.at = latest(l.at, at)
		if err := act(); err != nil {
			return err
		}
	}
}

// next is the earliest thing that a clock comes to up to an instant.
func (l *life) next(until time.Time) (first time.Time, act func() error) {
	consider := func(at time.Time, do func() error) {
		if !at.IsZero() && !at.After(until) && (act == nil || at.Before(first)) {
			first, act = at, do
		}
	}
	for _, rule := range sla.Rules() {
		clock, started := l.clocks[rule.Timer]
		if !started {
			continue
		}
		r, err := clock.Read(l.g.desk.clocks, l.at)
		if err != nil || r.Phase != sla.Running || r.Due.IsZero() {
			continue // not computable before the year is loaded: nothing happens
		}
		if rule.Timer == sla.TimerResolve && !r.Warned && r.Status != sla.Breached {
			consider(l.warnsAt(clock, r, until), func() error { return l.warn() })
		}
		if !r.Fired && l.refused[rule.Timer] < r.Run {
			consider(r.Due.Add(time.Second), func() error { return l.expire(rule, r.Run) })
		}
	}
	if t := l.ticket; t.State == ticketing.TicketPending && l.reminded < len(sla.DefaultTargets().ReporterReminders) {
		at, err := l.g.desk.clocks.Due(*t.AskedAt, sla.DefaultTargets().ReporterReminders[l.reminded])
		if err == nil {
			consider(at, l.remind)
		}
	} else if t.State == ticketing.TicketOnHold && t.ExpectedAt != nil {
		consider(t.ExpectedAt.Add(time.Second), func() error { return l.do(ticketing.ActResume, access.Timer(), ticketing.TicketFacts{}) })
	}
	return first, act
}

// warnsAt is when four fifths of the business target are used, found by halving;
// zero when that is later than until.
func (l *life) warnsAt(clock sla.Clock, r sla.Reading, until time.Time) time.Time {
	if r.Status == sla.AtRisk {
		return l.at.Add(time.Second)
	}
	low, high := l.at, until
	if r.Due.Before(high) {
		high = r.Due
	}
	risky := func(at time.Time) bool {
		r, err := clock.Read(l.g.desk.clocks, at)
		return err == nil && r.Status != sla.OnTrack
	}
	if !risky(high) {
		return time.Time{}
	}
	for high.Sub(low) > 5*time.Minute {
		if middle := low.Add(high.Sub(low) / 2); risky(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return high.Truncate(time.Second)
}

func (l *life) warn() error {
	l.noteNotice("at_risk", ticketing.ToOwner, nil)
	return l.mark(sla.TimerResolve, sla.Mark{Kind: sla.MarkWarned, At: l.at, Cause: "at_risk"})
}

func (l *life) remind() error {
	l.reminded++
	l.tellReporter("reminder")
	return nil
}

// expire does what the rule of a timer says, as Desk.TicketDue.
func (l *life) expire(rule sla.Rule, run int) error {
	switch rule.Expiry {
	case sla.ExpiryNoResponse:
		l.refused[rule.Timer] = run
		return l.try(ticketing.ActReporterTimeout, access.Timer(), ticketing.TicketFacts{Cause: string(rule.Timer), Reminders: l.reminded})
	case sla.ExpiryContestOver:
		l.refused[rule.Timer] = run
		return l.try(ticketing.ActContestTimeout, access.Timer(), ticketing.TicketFacts{Cause: string(rule.Timer)})
	}
	if err := l.mark(rule.Timer, sla.Mark{Kind: sla.MarkFired, At: l.at, Cause: string(rule.Expiry)}); err != nil {
		return err
	}
	level := 0
	switch rule.Expiry {
	case sla.ExpiryLevelOne:
		level = 1
	case sla.ExpiryLevelThree:
		level = sla.MaxLevel
	case sla.ExpiryLevelUp, sla.ExpiryBreach:
	default:
		return nil
	}
	if l.ticket.Level >= sla.MaxLevel || level != 0 && l.ticket.Level >= level {
		return nil
	}
	return l.try(ticketing.ActEscalate, access.Timer(), ticketing.TicketFacts{Cause: string(rule.Timer), Level: level})
}
