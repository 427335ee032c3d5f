package ticketing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sapa/channels/bus"
	"sapa/program/access"
	"sapa/program/calendar"
	"sapa/ticketing/sla"
)

// checkStep is the shortest time between two looks at a ticket that nears the
// warning; minute-exact warnings of promises in days would be false precision.
const checkStep = 5 * time.Minute

// read puts into the ticket what its business clock says now and books the next
// look at its clocks.
func (w *work) readClocks(ctx context.Context, t *Ticket, all clocks) error {
	calendars, err := w.calendars(ctx)
	if err != nil {
		return err
	}
	before := t.DueAt
	t.DueAt, t.ExtendedDueAt, t.DueUnknown, t.SLAStatus = nil, nil, false, sla.OnTrack
	business, err := all[sla.TimerResolve].Read(calendars, w.at)
	switch {
	case errors.Is(err, calendar.ErrYearMissing):
		t.DueUnknown = true // the administrator loads the year, and the next look finds the date
	case err != nil:
		return fmt.Errorf("business clock of ticket %s: %w", t.ID, err)
	default:
		t.SLAStatus = business.Status
		if !business.Due.IsZero() {
			due := business.Due.UTC()
			t.DueAt = &due
		}
		if !business.Extended.IsZero() {
			extended := business.Extended.UTC()
			t.ExtendedDueAt = &extended
		}
	}
	_, err = w.NewRaw("UPDATE tickets SET due_at = ?, extended_due_at = ?, due_unknown = ?, sla_status = ? WHERE id = ?",
		t.DueAt, t.ExtendedDueAt, t.DueUnknown, t.SLAStatus, t.ID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("due date of ticket %s: %w", t.ID, err)
	}
	if before != nil && t.DueAt != nil && !before.Equal(*t.DueAt) {
		w.desk.log.InfoContext(ctx, "deadline moved", "ticket", t.ID, "from", *before, "to", *t.DueAt)
	}
	return w.bookCheck(ctx, t, all, calendars)
}

// bookCheck stores when to look again: at the earliest warning or expiry.
func (w *work) bookCheck(ctx context.Context, t *Ticket, all clocks, calendars sla.Calendars) error {
	next := time.Time{}
	soonest := func(at time.Time) {
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	for timer, clock := range all {
		reading, err := clock.Read(calendars, w.at)
		if errors.Is(err, calendar.ErrYearMissing) {
			soonest(w.at.Add(time.Hour))
			continue
		}
		if err != nil {
			return fmt.Errorf("clock %s of ticket %s: %w", timer, t.ID, err)
		}
		soonest(w.nextLook(timer, reading))
	}
	if t.State == TicketPending && t.AskedAt != nil {
		soonest(w.nextReminder(*t.AskedAt, calendars))
	}
	if t.State == TicketOnHold && t.ExpectedAt != nil {
		soonest(maxTime(*t.ExpectedAt, w.at).Add(time.Second))
	}
	if next.IsZero() {
		_, err := w.NewRaw("DELETE FROM ticket_checks WHERE ticket_id = ?", t.ID).Exec(ctx)
		return err
	}
	w.tasks = append(w.tasks, task{name: TaskTicketDue, id: string(t.ID), at: next.Add(time.Second)})
	_, err := w.NewRaw(`INSERT INTO ticket_checks (ticket_id, at) VALUES (?, ?)
		ON CONFLICT (ticket_id) DO UPDATE SET at = EXCLUDED.at`, t.ID, next).Exec(ctx)
	if err != nil {
		return fmt.Errorf("book check of ticket %s: %w", t.ID, err)
	}
	return nil
}

// nextLook is when a clock may come to its warning or its expiry. The warning is
// estimated from the share used and looked at again when the estimate was early.
func (w *work) nextLook(timer sla.Timer, r sla.Reading) time.Time {
	if r.Phase != sla.Running || r.Due.IsZero() || r.Fired {
		return time.Time{}
	}
	if r.ShouldFire() {
		return w.at.Add(checkStep)
	}
	if timer != sla.TimerResolve || r.Warned || r.Status != sla.OnTrack {
		return r.Due.Add(time.Second)
	}
	wall, share := r.Due.Sub(w.at), r.Share()
	if share >= 1 {
		return w.at.Add(checkStep)
	}
	until := time.Duration(float64(wall) * (atRiskFrom - share) / (1 - share))
	return w.at.Add(max(until, checkStep))
}

func (w *work) nextReminder(asked time.Time, calendars sla.Calendars) time.Time {
	for _, amount := range sla.DefaultTargets().ReporterReminders {
		if at, err := calendars.Due(asked, amount); err == nil && at.After(w.at) {
			return at
		}
	}
	return time.Time{}
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// TicketDue looks at the clocks of a ticket and acts on those that have come to
// something: each warning and each expiry once.
func (d *Desk) TicketDue(ctx context.Context, id TicketID) error {
	err := d.do(ctx, access.Timer(), func(ctx context.Context, w *work) error {
		t, err := w.lockCase(ctx, id)
		if err != nil {
			return err
		}
		return w.checkTicket(ctx, &t)
	})
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

func (w *work) checkTicket(ctx context.Context, t *Ticket) error {
	if err := w.remind(ctx, t); err != nil {
		return err
	}
	if t.State == TicketOnHold && t.ExpectedAt != nil && !t.ExpectedAt.After(w.at) {
		return w.act(ctx, t, ActResume, TicketFacts{})
	}
	calendars, err := w.calendars(ctx)
	if err != nil {
		return err
	}
	all, err := ticketClocks(ctx, w, t.ID)
	if err != nil {
		return err
	}
	for _, rule := range sla.Rules() {
		reading, err := all[rule.Timer].Read(calendars, w.at)
		if err != nil || all[rule.Timer].Timer == "" {
			continue // not started, or not computable before the year is loaded
		}
		acted, err := w.checkClock(ctx, t, all, rule, reading)
		if err != nil {
			return err
		}
		if acted {
			return nil // the act has booked the next look
		}
	}
	w.signal(bus.Ticket, string(t.ID), t.Version)
	return w.readClocks(ctx, t, all)
}

// checkClock warns or acts on one clock; acted says that the ticket was changed.
func (w *work) checkClock(ctx context.Context, t *Ticket, all clocks, rule sla.Rule, reading sla.Reading) (acted bool, err error) {
	if rule.Timer == sla.TimerResolve && reading.ShouldWarn() {
		if err := w.addMark(ctx, all, t.ID, rule.Timer, sla.Mark{Kind: sla.MarkWarned, At: w.at, Cause: "at_risk"}); err != nil {
			return false, err
		}
		return false, w.noteNotice(ctx, t.ID, "at_risk", ToOwner, nil)
	}
	if !reading.ShouldFire() {
		return false, nil
	}
	if rule.Expiry == sla.ExpiryNoResponse || rule.Expiry == sla.ExpiryContestOver {
		return w.expire(ctx, t, rule) // closing stops the clock; refused, it is tried again
	}
	if err := w.addMark(ctx, all, t.ID, rule.Timer, sla.Mark{Kind: sla.MarkFired, At: w.at, Cause: string(rule.Expiry)}); err != nil {
		return false, err
	}
	return w.expire(ctx, t, rule)
}

// expire does what the rule of a timer says; an act that the state does not
// allow any more is let go.
func (w *work) expire(ctx context.Context, t *Ticket, rule sla.Rule) (acted bool, err error) {
	switch rule.Expiry {
	case sla.ExpiryAlarm:
		w.desk.log.ErrorContext(ctx, "ticket not acknowledged in time", "ticket", t.ID)
		return false, nil
	case sla.ExpiryNoResponse:
		return w.tryAct(ctx, t, ActReporterTimeout, TicketFacts{Cause: string(rule.Timer)})
	case sla.ExpiryContestOver:
		return w.tryAct(ctx, t, ActContestTimeout, TicketFacts{Cause: string(rule.Timer)})
	case sla.ExpiryLevelOne:
		if t.Level >= 1 {
			return false, nil
		}
		return w.tryAct(ctx, t, ActEscalate, TicketFacts{Cause: string(rule.Timer), Level: 1})
	case sla.ExpiryLevelThree:
		if t.Level >= sla.MaxLevel {
			return false, nil
		}
		return w.tryAct(ctx, t, ActEscalate, TicketFacts{Cause: string(rule.Timer), Level: sla.MaxLevel})
	case sla.ExpiryLevelUp, sla.ExpiryBreach:
		if t.Level >= sla.MaxLevel {
			return false, nil
		}
		return w.tryAct(ctx, t, ActEscalate, TicketFacts{Cause: string(rule.Timer)})
	}
	return false, nil
}

func (w *work) tryAct(ctx context.Context, t *Ticket, act TicketAct, facts TicketFacts) (bool, error) {
	err := w.act(ctx, t, act, facts)
	var invalid *Invalid
	if errors.Is(err, ErrTransition) || errors.As(err, &invalid) {
		return false, nil
	}
	return err == nil, err
}

// remind asks a silent reporter again, at the days that the targets name.
func (w *work) remind(ctx context.Context, t *Ticket) error {
	if t.State != TicketPending || t.AskedAt == nil {
		return nil
	}
	calendars, err := w.calendars(ctx)
	if err != nil {
		return err
	}
	sent, err := w.reminders(ctx, t)
	if err != nil {
		return err
	}
	owed := 0
	for _, amount := range sla.DefaultTargets().ReporterReminders {
		if at, err := calendars.Due(*t.AskedAt, amount); err == nil && !at.After(w.at) {
			owed++
		}
	}
	if owed <= sent {
		return nil
	}
	return w.noticeReporter(ctx, t, noticeReminder)
}

// reminders counts those sent since the question.
func (w *work) reminders(ctx context.Context, t *Ticket) (int, error) {
	var n int
	err := w.NewRaw("SELECT count(*) FROM ticket_notices WHERE ticket_id = ? AND notice = ? AND at >= ?", t.ID, noticeReminder, t.AskedAt).Scan(ctx, &n)
	if err != nil {
		return 0, fmt.Errorf("reminders of ticket %s: %w", t.ID, err)
	}
	return n, nil
}

func (d *Desk) sweepTickets(ctx context.Context) error {
	var ids []TicketID
	err := d.db.NewRaw("SELECT ticket_id FROM ticket_checks WHERE at <= ? ORDER BY at LIMIT ?", d.now(), sweepBatch).Scan(ctx, &ids)
	if err != nil {
		return fmt.Errorf("find due tickets: %w", err)
	}
	var faults []error
	for _, id := range ids {
		if err := d.TicketDue(ctx, id); err != nil {
			faults = append(faults, fmt.Errorf("due ticket %s: %w", id, err))
		}
	}
	return errors.Join(faults...)
}
