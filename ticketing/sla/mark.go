package sla

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// MarkKind is what a mark does to its clock.
type MarkKind string

// The marks. One that finds the clock in no state to obey (a pause of a clock
// that is stopped) changes nothing: the same mark twice is the mark once.
const (
	MarkStart    MarkKind = "start"    // run from now, if not running; Amount is the target
	MarkPause    MarkKind = "pause"    // stop counting until resumed
	MarkResume   MarkKind = "resume"   // count on after a pause
	MarkStop     MarkKind = "stop"     // the promise is kept, or fell away
	MarkReopen   MarkKind = "reopen"   // count on after a stop; Amount is the least that is left
	MarkRestart  MarkKind = "restart"  // begin anew from nothing; Amount replaces the target
	MarkRetarget MarkKind = "retarget" // Amount from the start on; From moves the start back
	MarkGrant    MarkKind = "grant"    // exactly Amount is left from now on
	MarkExtend   MarkKind = "extend"   // a second promise Amount later, which does not count
	MarkWarned   MarkKind = "warned"   // the warning before expiry went out
	MarkFired    MarkKind = "fired"    // the expiry was acted upon
)

// Mark is one line of a clock's list. Lists are append-only and ordered as they
// were appended, which is also the order of At.
type Mark struct {
	Kind   MarkKind
	At     time.Time
	Cause  string    // the event or state behind it, for the explanation
	Amount Amount    // see the kinds; zero where they name none
	From   time.Time // retarget only: the earlier start, if it moves
}

// Errors of [Clock.Append].
var (
	ErrMarkOrder  = errors.New("mark is earlier than the last one")
	ErrMarkKind   = errors.New("mark does not fit the clock")
	ErrMarkAmount = errors.New("mark needs another amount")
	ErrExtended   = errors.New("deadline was extended before")
)

// Clock is a timer with its list of marks. The zero list is a clock that has
// not started.
type Clock struct {
	Timer Timer
	Marks []Mark
}

// Append returns the clock with one more mark; c itself keeps its list. It
// fails with [ErrMarkKind] for what the timer's kind of clock never does, such
// as a restart of the business clock, [ErrMarkOrder], [ErrMarkAmount] or
// [ErrExtended].
func (c Clock) Append(m Mark) (Clock, error) {
	rule, ok := RuleOf(c.Timer)
	if !ok {
		return c, fmt.Errorf("clock %q: %w", c.Timer, ErrMarkKind)
	}
	if !obeys(rule.Kind, m.Kind) {
		return c, fmt.Errorf("%s on the %s clock %s: %w", m.Kind, rule.Kind, c.Timer, ErrMarkKind)
	}
	if n := len(c.Marks); n > 0 && m.At.Before(c.Marks[n-1].At) {
		return c, fmt.Errorf("%s on clock %s: %w", m.Kind, c.Timer, ErrMarkOrder)
	}
	if m.Kind == MarkExtend && slices.ContainsFunc(c.Marks, func(old Mark) bool { return old.Kind == MarkExtend }) {
		return c, fmt.Errorf("clock %s: %w", c.Timer, ErrExtended)
	}
	if err := m.checkAmount(); err != nil {
		return c, fmt.Errorf("%s on clock %s: %w", m.Kind, c.Timer, err)
	}
	c.Marks = append(slices.Clip(c.Marks), m)
	return c, nil
}

// obeys reports whether a kind of clock knows a mark.
func obeys(kind Kind, mark MarkKind) bool {
	switch mark {
	case MarkStart, MarkStop, MarkWarned, MarkFired:
		return true
	case MarkPause, MarkResume:
		return kind != Steady
	case MarkRestart:
		return kind != Business
	case MarkReopen, MarkGrant, MarkExtend:
		return kind == Business
	case MarkRetarget:
		return kind != State
	default:
		return false
	}
}

// checkAmount refuses a mark without the amount its kind needs, or with one it
// does not take.
func (m Mark) checkAmount() error {
	switch m.Kind {
	case MarkStart, MarkReopen, MarkRestart, MarkRetarget: // may have one
		if m.Amount == (Amount{}) {
			return nil
		}
	case MarkGrant, MarkExtend: // must
		if m.Amount.IsZero() {
			return ErrMarkAmount
		}
	default: // must not
		if m.Amount != (Amount{}) {
			return ErrMarkAmount
		}
		return nil
	}
	return m.Amount.Check()
}
