package calendar

import (
	"fmt"
	"slices"
	"time"
)

// SpanAt is open hours from t to closing, or closed hours from t to the next
// opening, at most to midnight.
func (d *Desk) SpanAt(t time.Time) (Span, error) {
	today := DateIn(t, d.zone)
	hours, closed, err := d.hoursOn(today)
	if err != nil {
		return Span{}, err
	}
	late, err := d.lateHours(today.AddDays(-1))
	if err != nil {
		return Span{}, err
	}
	closed.From = t
	for _, open := range append(late, hours...) {
		if !t.Before(open.From) && t.Before(open.To) {
			open.From = t
			return open, nil
		}
		if t.Before(open.From) {
			closed.To = earlier(closed.To, open.From)
		}
	}
	return closed, nil
}

// hoursOn lists the open hours that begin on a date, and the whole date as the
// closed span it is outside of them. Days off close the desk, weekends do not:
// they are the business of the week.
func (d *Desk) hoursOn(date Date) (hours []Span, closed Span, err error) {
	closed = Span{From: date.Start(d.zone), To: date.AddDays(1).Start(d.zone), Rule: RuleDeskClosed}
	era := d.on(date)
	if era.daysOff != nil {
		rule, name, err := era.daysOff.Day(date)
		if err != nil {
			return nil, Span{}, err
		}
		if rule == RuleNational || rule == RuleJointLeave {
			closed.Rule, closed.Name = RuleDeskHoliday, name
			return nil, closed, nil
		}
	}
	for _, p := range era.week[date.Weekday()] {
		hours = append(hours, p.on(date, d.zone))
	}
	return hours, closed, nil
}

// lateHours are the hours of a date if any of them reach past its midnight. A
// week without such hours does not ask for the day before, which may lie in a
// year that is not loaded.
func (d *Desk) lateHours(date Date) ([]Span, error) {
	if !slices.ContainsFunc(d.on(date).week[date.Weekday()], Period.late) {
		return nil, nil
	}
	hours, _, err := d.hoursOn(date)
	return hours, err
}

// IsOpen reports whether the desk is open at t.
func (d *Desk) IsOpen(t time.Time) (bool, error) {
	span, err := d.SpanAt(t)
	return span.Counts, err
}

// NextOpen is t when the desk is open then, else its next opening: the hour
// that a message outside desk hours is promised, and at which its clock starts
// . It fails with [ErrTooFar] or [ErrYearMissing].
func (d *Desk) NextOpen(t time.Time) (time.Time, error) {
	limit := t.AddDate(horizonYears, 0, 0)
	for at := t; at.Before(limit); {
		span, err := d.SpanAt(at)
		if err != nil || span.Counts {
			return at, err
		}
		at = span.To
	}
	return time.Time{}, fmt.Errorf("next opening after %s: %w", t.Format(time.RFC3339), ErrTooFar)
}

// AddDeskMinutes is the instant at which so many minutes of desk hours have
// passed since start.
func (d *Desk) AddDeskMinutes(start time.Time, minutes int) (time.Time, error) {
	return Advance(d, start, time.Duration(minutes)*time.Minute)
}

// DeskElapsed is the time inside desk hours between two instants.
func (d *Desk) DeskElapsed(from, to time.Time) (time.Duration, error) {
	return Elapsed(d, from, to)
}
