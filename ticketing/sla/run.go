package sla

import (
	"time"

	"sapa/program/calendar"
)

// Phase is what a clock is doing.
type Phase string

// The phases.
const (
	Idle    Phase = "idle" // never started
	Running Phase = "running"
	Paused  Phase = "paused"
	Stopped Phase = "stopped"
)

// stretch is a time in which the phase did not change.
type stretch struct {
	from, to time.Time // to is open in the last stretch of a run
	phase    Phase
	cause    string
}

// run is what the marks of a clock amount to at one instant: the stretches
// since the clock last started, and how much time they may use.
type run struct {
	calendars Calendars
	number    int // of starts so far
	amount    Amount
	extension Amount
	allowed   time.Duration
	stretches []stretch
	warned    bool
	fired     bool
}

// fold plays the marks up to and at an instant.
func fold(calendars Calendars, c Clock, at time.Time) (*run, error) {
	r := &run{calendars: calendars}
	rule, _ := RuleOf(c.Timer)
	for _, m := range c.Marks {
		if m.At.After(at) {
			break
		}
		if err := r.play(m, rule.Kind); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// play changes the run as one mark says, or not at all when the clock is in no
// phase to obey it.
func (r *run) play(m Mark, kind Kind) error {
	phase := r.phase()
	switch m.Kind {
	case MarkStart:
		if phase == Idle || phase == Stopped && kind != Business {
			r.begin(m)
		}
	case MarkRestart:
		r.begin(m)
	case MarkPause:
		r.turn(m, Paused, phase == Running)
	case MarkResume:
		r.turn(m, Running, phase == Paused)
	case MarkStop:
		r.turn(m, Stopped, phase == Running || phase == Paused)
	case MarkReopen:
		return r.reopen(m)
	case MarkRetarget:
		r.retarget(m)
	case MarkGrant:
		return r.grant(m)
	case MarkExtend:
		r.extension = m.Amount
	case MarkWarned:
		r.warned = phase != Idle
	case MarkFired:
		r.fired = phase != Idle
	}
	return nil
}

// begin forgets the stretches so far and runs from the mark on.
func (r *run) begin(m Mark) {
	amount := r.amount
	if !m.Amount.IsZero() {
		amount = m.Amount
	}
	*r = run{
		calendars: r.calendars, number: r.number + 1,
		amount: amount, allowed: amount.length(),
		stretches: []stretch{{from: m.At, phase: Running, cause: m.Cause}},
	}
}

// turn ends the last stretch and begins one in another phase, if the clock is
// in a phase to do so.
func (r *run) turn(m Mark, to Phase, obeys bool) {
	if !obeys {
		return
	}
	r.stretches[len(r.stretches)-1].to = m.At
	r.stretches = append(r.stretches, stretch{from: m.At, phase: to, cause: m.Cause})
}

// reopen runs on after a stop with the time used so far, and at least the
// amount of the mark left.
func (r *run) reopen(m Mark) error {
	if r.phase() != Stopped {
		return nil
	}
	r.turn(m, Running, true)
	if m.Amount.IsZero() {
		return nil
	}
	least, err := r.until(m)
	if err != nil {
		return err
	}
	r.allowed = max(r.allowed, least)
	return nil
}

// retarget counts another amount from the start, which may move back.
func (r *run) retarget(m Mark) {
	if r.phase() == Idle {
		return
	}
	if !m.Amount.IsZero() {
		r.amount, r.allowed = m.Amount, m.Amount.length()
	}
	if first := &r.stretches[0]; !m.From.IsZero() && m.From.Before(first.from) {
		first.from = m.From
	}
}

// grant leaves exactly the amount of the mark.
func (r *run) grant(m Mark) error {
	if r.phase() == Idle {
		return nil
	}
	allowed, err := r.until(m)
	if err != nil {
		return err
	}
	r.allowed = allowed
	return nil
}

// until is the time the clock will have used if it runs from the mark to the
// day that the amount of the mark names. An amount in another unit than the
// clock's is converted by way of that day.
func (r *run) until(m Mark) (time.Duration, error) {
	ruler, err := r.ruler()
	if err != nil {
		return 0, err
	}
	used, err := r.used(m.At)
	if err != nil {
		return 0, err
	}
	due, err := r.calendars.Due(m.At, m.Amount)
	if err != nil {
		return 0, err
	}
	if m.Amount.inDays() {
		due = due.Add(time.Second) // the day is given whole
	}
	left, err := calendar.Elapsed(ruler, r.clamp(m.At), due)
	return used + left, err
}

func (r *run) phase() Phase {
	if len(r.stretches) == 0 {
		return Idle
	}
	return r.stretches[len(r.stretches)-1].phase
}

func (r *run) ruler() (calendar.Ruler, error) {
	if r.amount.IsZero() {
		return calendar.Continuous{}, nil
	}
	return r.calendars.ruler(r.amount.Unit)
}

// clamp moves an instant out of the day of start, which counts for nothing
// where the target is in days.
func (r *run) clamp(t time.Time) time.Time {
	if start := countingStart(r.stretches[0].from, r.amount.Unit); t.Before(start) {
		return start
	}
	return t
}

// asOf is the instant that the clock speaks for: now while it runs, else when
// it was paused or stopped.
func (r *run) asOf(at time.Time) time.Time {
	if last := r.stretches[len(r.stretches)-1]; last.phase != Running {
		return last.from
	}
	return at
}

// used is the time that counted up to an instant.
func (r *run) used(at time.Time) (time.Duration, error) {
	ruler, err := r.ruler()
	if err != nil {
		return 0, err
	}
	var sum time.Duration
	for _, s := range r.stretches {
		if s.phase != Running {
			continue
		}
		got, err := calendar.Elapsed(ruler, r.clamp(s.from), s.end(at))
		if err != nil {
			return 0, err
		}
		sum += got
	}
	return sum, nil
}

// end is where a stretch ends as seen at an instant.
func (s stretch) end(at time.Time) time.Time {
	if s.to.IsZero() || at.Before(s.to) {
		return at
	}
	return s.to
}

// runsOut is the instant at which the time used reaches the allowed time. A
// clock that is paused or stopped is taken to run on from where it stands.
func (r *run) runsOut(allowed time.Duration) (time.Time, error) {
	ruler, err := r.ruler()
	if err != nil {
		return time.Time{}, err
	}
	left := allowed
	var resume time.Time
	for _, s := range r.stretches {
		resume = r.clamp(s.from)
		if s.phase != Running || s.to.IsZero() {
			continue
		}
		got, err := calendar.Elapsed(ruler, resume, s.to)
		if err != nil {
			return time.Time{}, err
		}
		if got >= left {
			break
		}
		left -= got
	}
	return calendar.Advance(ruler, resume, left)
}
