package calendar

import (
	"fmt"
	"time"
)

// Deadline is a promised date with its grounds.
type Deadline struct {
	At      time.Time // 23:59:59 WIB of the last day
	Skipped []Span    // the days between receipt and At that did not count
}

// CountingStart is the first instant that counts towards a promise in days:
// the midnight after receipt in WIB, since the day of receipt is not counted.
func CountingStart(received time.Time) time.Time {
	return DateIn(received, WIB).AddDays(1).Start(WIB)
}

// DayEnd turns the instant at which a promise in days runs out into the one
// that is told: 23:59:59 WIB of the day that the instant ends or lies in.
func DayEnd(runsOut time.Time) time.Time {
	return DateIn(runsOut.Add(-time.Nanosecond), WIB).End(WIB)
}

// AddWorkingDays is the deadline n working days after receipt: 23:59:59 WIB of
// the n-th working day, the day of receipt not counted. n is at least 1. It
// fails with [ErrYearMissing] when the days off on the way are not loaded.
func (c *Calendar) AddWorkingDays(received time.Time, n int) (time.Time, error) {
	return addDays(c, received, n)
}

// Deadline is [Calendar.AddWorkingDays] with the days that were skipped, for
// the line "Saturday, Nyepi and Idulfitri were not counted".
func (c *Calendar) Deadline(received time.Time, n int) (Deadline, error) {
	at, err := c.AddWorkingDays(received, n)
	if err != nil {
		return Deadline{}, err
	}
	spans, err := Spans(c, CountingStart(received), at)
	if err != nil {
		return Deadline{}, err
	}
	var skipped []Span
	for _, span := range spans {
		if !span.Counts {
			skipped = append(skipped, span)
		}
	}
	return Deadline{At: at, Skipped: skipped}, nil
}

// AddCalendarDays is the deadline n days after receipt, every day counted:
// 23:59:59 WIB of the n-th day, the day of receipt not counted. n is at least 1.
func AddCalendarDays(received time.Time, n int) (time.Time, error) {
	return addDays(Continuous{}, received, n)
}

// WorkingElapsed is the working time between two instants: whole working days
// count 24 hours each. It fails with [ErrYearMissing].
func (c *Calendar) WorkingElapsed(from, to time.Time) (time.Duration, error) {
	return Elapsed(c, from, to)
}

// addDays runs in days of 24 hours, which all days in WIB have.
func addDays(r Ruler, received time.Time, n int) (time.Time, error) {
	if n < 1 {
		return time.Time{}, fmt.Errorf("deadline in %d days: must be 1 or more", n)
	}
	if n > horizonYears*366 {
		return time.Time{}, fmt.Errorf("deadline in %d days: %w", n, ErrTooFar)
	}
	end, err := Advance(r, CountingStart(received), time.Duration(n)*24*time.Hour)
	if err != nil {
		return time.Time{}, err
	}
	return DayEnd(end), nil
}
