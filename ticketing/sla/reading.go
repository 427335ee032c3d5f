package sla

import (
	"time"

	"sapa/program/calendar"
)

// Status says how a clock stands against its target.
type Status string

// The statuses: at risk from 80 % of the target, breached above 100 %. A clock
// that runs is judged now, one that stopped when it stopped.
const (
	OnTrack  Status = "on_track"
	AtRisk   Status = "at_risk"
	Breached Status = "breached"
)

// Reading is a clock as it stood at one instant.
type Reading struct {
	// Run counts the starts so far, 0 before the first. Timer and run
	// together name an expiry, so that it is acted upon once.
	Run   int
	Phase Phase

	// Used and Allowed are counted time: a working day is 24 hours of it.
	// Used never shrinks within a run and stands still while paused.
	Used, Allowed time.Duration
	// Left is the counted time until Due, below zero after it.
	Left time.Duration

	// Due is the promised instant, zero without a target. While the clock
	// is paused it is the earliest one: it moves on with the pause.
	Due time.Time
	// Extended is the second promise a supervisor made, zero without one.
	// Due goes on to decide attainment.
	Extended time.Time

	Status        Status
	Warned, Fired bool
}

// Share is the part of the allowed time that is used: 0.8 is 80 %. It is 0
// without a target.
func (r Reading) Share() float64 {
	if r.Allowed == 0 {
		return 0
	}
	return float64(r.Used) / float64(r.Allowed)
}

// ShouldWarn reports whether the warning at 80 % is owed: once a run.
func (r Reading) ShouldWarn() bool {
	return r.Phase == Running && r.Status == AtRisk && !r.Warned
}

// ShouldFire reports whether the expiry is to be acted upon: once a run.
func (r Reading) ShouldFire() bool {
	return r.Phase == Running && r.Status == Breached && !r.Fired
}

// Read is the clock at an instant. It fails with [calendar.ErrYearMissing] or
// [ErrNoCalendar] when the due time cannot be computed; show none then.
func (c Clock) Read(calendars Calendars, at time.Time) (Reading, error) {
	r, err := fold(calendars, c, at)
	if err != nil {
		return Reading{}, err
	}
	reading := Reading{
		Run: r.number, Phase: r.phase(), Allowed: r.allowed, Status: OnTrack, Warned: r.warned, Fired: r.fired,
	}
	if reading.Phase == Idle {
		return reading, nil
	}
	asOf := r.asOf(at)
	if reading.Used, err = r.used(asOf); err != nil {
		return Reading{}, err
	}
	if r.amount.IsZero() && r.allowed == 0 {
		return reading, nil
	}
	return reading, r.measure(&reading, asOf)
}

// measure fills in what depends on the target.
func (r *run) measure(reading *Reading, asOf time.Time) error {
	out, err := r.runsOut(r.allowed)
	if err != nil {
		return err
	}
	reading.Due = dueAt(out, r.amount.Unit)
	if reading.Left, err = r.left(asOf, reading.Due); err != nil {
		return err
	}
	if !r.extension.IsZero() {
		if reading.Extended, err = r.calendars.Due(reading.Due, r.extension); err != nil {
			return err
		}
	}
	reading.Status = r.status(reading.Used, asOf, reading.Due)
	return nil
}

// status judges a clock. In days the last one is given whole: a clock that was
// paused within a day is breached at the end of the day, not in its middle.
func (r *run) status(used time.Duration, asOf, due time.Time) Status {
	switch {
	case asOf.After(due):
		return Breached
	case used*5 >= r.allowed*4:
		return AtRisk
	default:
		return OnTrack
	}
}

// left is the counted time from asOf to due, below zero when due is past.
func (r *run) left(asOf, due time.Time) (time.Duration, error) {
	ruler, err := r.ruler()
	if err != nil {
		return 0, err
	}
	if asOf.After(due) {
		over, err := calendar.Elapsed(ruler, due, asOf)
		return -over, err
	}
	return calendar.Elapsed(ruler, r.clamp(asOf), due)
}
