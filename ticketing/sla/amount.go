// Package sla keeps the clocks of tickets and contacts: how much time has been
// used, when it runs out, and which stretches counted, by which rule.
//
// A clock is nothing but its append-only list of marks; used time, due time and
// status are computed from it, so that any past figure can be had again. All
// functions are pure; the present instant and the calendars are passed in.
package sla

import (
	"errors"
	"fmt"
	"time"

	"sapa/program/calendar"
)

// Unit is the calendar an amount of time is counted in.
type Unit string

// The four ways in which targets are meant.
const (
	Elapsed      Unit = "elapsed"       // seconds by the clock
	DeskHours    Unit = "desk_hours"    // seconds inside desk hours
	WorkingDays  Unit = "working_days"  // days worked in WIB, day of start not counted
	CalendarDays Unit = "calendar_days" // all days in WIB, day of start not counted
)

// Amount is a length of time in the unit in which it was promised. N is in
// seconds for [Elapsed] and [DeskHours], in days for the others. The zero
// Amount is "no target". Two columns of a row hold it.
type Amount struct {
	Unit Unit  `json:"unit" bun:",nullzero"`
	N    int64 `json:"n" bun:",nullzero"`
}

// InElapsed is d by the clock, in whole seconds.
func InElapsed(d time.Duration) Amount { return Amount{Elapsed, int64(d / time.Second)} }

// InDeskHours is d inside desk hours, in whole seconds.
func InDeskHours(d time.Duration) Amount { return Amount{DeskHours, int64(d / time.Second)} }

// InWorkingDays is n working days.
func InWorkingDays(n int64) Amount { return Amount{WorkingDays, n} }

// InCalendarDays is n calendar days.
func InCalendarDays(n int64) Amount { return Amount{CalendarDays, n} }

// IsZero reports whether the amount is no target.
func (a Amount) IsZero() bool { return a.N == 0 }

// Longer reports whether a is a later target than b when both count from the
// same instant. Amounts in different units cannot be told apart without a
// calendar and count as longer, so that the stricter rule applies.
func (a Amount) Longer(b Amount) bool { return a.Unit != b.Unit || a.N > b.N }

// String is the form "14 working_days" or "15m0s desk_hours".
func (a Amount) String() string {
	if a.inDays() {
		return fmt.Sprintf("%d %s", a.N, a.Unit)
	}
	return fmt.Sprintf("%s %s", a.length(), a.Unit)
}

func (a Amount) inDays() bool { return a.Unit == WorkingDays || a.Unit == CalendarDays }

// length is the amount as counted time: a day counts 24 hours of its unit.
func (a Amount) length() time.Duration {
	if a.inDays() {
		return time.Duration(a.N) * 24 * time.Hour
	}
	return time.Duration(a.N) * time.Second
}

// maxSeconds is the longest amount, ten years, that the calendars follow.
const maxSeconds = 10 * 366 * 24 * 60 * 60

// Check refuses an unknown unit and an amount below zero or above ten years.
func (a Amount) Check() error {
	switch a.Unit {
	case Elapsed, DeskHours, WorkingDays, CalendarDays:
	default:
		return fmt.Errorf("%w: unit %q", ErrAmount, a.Unit)
	}
	if a.N < 0 || a.inDays() && a.N > maxSeconds/86400 || a.N > maxSeconds {
		return fmt.Errorf("%w: %d %s", ErrAmount, a.N, a.Unit)
	}
	return nil
}

// ErrAmount says that an amount has no known unit or an absurd size.
var ErrAmount = errors.New("not an amount of time")

// ErrNoCalendar says that the calendar of a unit was not passed in.
var ErrNoCalendar = errors.New("no calendar for the unit")

// Calendars are what amounts are counted with. Days may be nil where only
// desk hours are needed, and the other way round.
type Calendars struct {
	Days *calendar.Calendar
	Desk *calendar.Desk
}

// ruler is the calendar that counts a unit.
func (c Calendars) ruler(u Unit) (calendar.Ruler, error) {
	switch {
	case u == Elapsed, u == CalendarDays:
		return calendar.Continuous{}, nil
	case u == WorkingDays && c.Days != nil:
		return c.Days, nil
	case u == DeskHours && c.Desk != nil:
		return c.Desk, nil
	default:
		return nil, fmt.Errorf("%w: %q", ErrNoCalendar, u)
	}
}

// Due is when an amount that starts now and is never paused runs out: for days
// 23:59:59 WIB of the last one. It fails with [calendar.ErrYearMissing] when
// the date cannot be known yet; never promise one then.
func (c Calendars) Due(start time.Time, a Amount) (time.Time, error) {
	if err := a.Check(); err != nil {
		return time.Time{}, err
	}
	ruler, err := c.ruler(a.Unit)
	if err != nil {
		return time.Time{}, err
	}
	at, err := calendar.Advance(ruler, countingStart(start, a.Unit), a.length())
	if err != nil {
		return time.Time{}, fmt.Errorf("due in %s: %w", a, err)
	}
	return dueAt(at, a.Unit), nil
}

// countingStart is the first instant that counts of a clock started at start.
func countingStart(start time.Time, u Unit) time.Time {
	if (Amount{Unit: u}).inDays() {
		return calendar.CountingStart(start)
	}
	return start
}

// dueAt is the instant that is promised when a clock runs out at an instant.
func dueAt(runsOut time.Time, u Unit) time.Time {
	if (Amount{Unit: u}).inDays() {
		return calendar.DayEnd(runsOut)
	}
	return runsOut
}
