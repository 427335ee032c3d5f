// Package calendar counts time as the programme's promises count it: in
// working days of Indonesia, in hours of the desk, or by the clock.
//
// All functions are pure. The days off are rows that the caller read and
// passes in, since they are decreed yearly and were changed in mid-year before.
// A year whose list is not loaded makes the answer an error, never a guess
// that every weekday is worked.
package calendar

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// ErrYearMissing says that a deadline needs a year whose days off are not
// loaded. The ticket is then promised no date, and the administrator is told.
var ErrYearMissing = errors.New("days off of the year are not loaded")

// Options say what a [Calendar] knows.
type Options struct {
	// Years lists the years whose days off are all among Holidays. One row of
	// a year does not make the year known: a list is loaded whole or not.
	Years []int

	// EveryYear takes a year without a list as one without days off. It is
	// for hours of a desk, which promise minutes, and never for days.
	EveryYear bool

	// Holidays are the rows, in any order; of two that come into force at
	// the same instant for one day and kind, the later in the slice speaks.
	Holidays []Holiday

	// AsOf leaves out rows that come into force later; zero takes all.
	AsOf time.Time

	// WorkOnJointLeave makes collective leave count as working days. It is
	// off by default: the desk's second line takes the leave.
	WorkOnJointLeave bool
}

// Calendar knows the working days: Monday to Friday in WIB without the days
// off. It never changes and may be shared. As a [Ruler] it counts every second
// of a working day and none of another.
type Calendar struct {
	years     map[int]bool
	everyYear bool
	off       map[Date]Holiday
}

// New builds a calendar from rows.
func New(o Options) *Calendar {
	c := &Calendar{years: map[int]bool{}, everyYear: o.EveryYear, off: map[Date]Holiday{}}
	for _, year := range o.Years {
		c.years[year] = true
	}
	for _, h := range inForce(o.Holidays, o.AsOf) {
		joint := h.Kind == JointLeave
		if h.Withdrawn || joint && o.WorkOnJointLeave {
			continue
		}
		if known, taken := c.off[h.Date]; taken && joint && known.Kind == National {
			continue // the national holiday gives the day its name
		}
		c.off[h.Date] = h
	}
	return c
}

// inForce keeps, for each day and kind, the row that speaks at asOf.
func inForce(rows []Holiday, asOf time.Time) []Holiday {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b Holiday) int { return a.ValidFrom.Compare(b.ValidFrom) })
	type key struct {
		date Date
		kind Kind
	}
	last := map[key]Holiday{}
	for _, h := range rows {
		if asOf.IsZero() || !h.ValidFrom.After(asOf) {
			last[key{h.Date, h.Kind}] = h
		}
	}
	kept := make([]Holiday, 0, len(last))
	for _, h := range last {
		kept = append(kept, h)
	}
	return kept
}

// Day says by which rule a day is worked or not, and the name of a day off.
// It fails with [ErrYearMissing].
func (c *Calendar) Day(d Date) (Rule, string, error) {
	if !c.years[d.Year] && !c.everyYear {
		return "", "", fmt.Errorf("year %d: %w", d.Year, ErrYearMissing)
	}
	if h, off := c.off[d]; off {
		return h.rule(), h.Name, nil
	}
	if wd := d.Weekday(); wd == time.Saturday || wd == time.Sunday {
		return RuleWeekend, "", nil
	}
	return RuleWorkingDay, "", nil
}

// WorkingDay reports whether a day is worked. It fails with [ErrYearMissing].
func (c *Calendar) WorkingDay(d Date) (bool, error) {
	rule, _, err := c.Day(d)
	return rule == RuleWorkingDay, err
}

// SpanAt is what is left of the day in WIB that holds t.
func (c *Calendar) SpanAt(t time.Time) (Span, error) {
	date := DateIn(t, WIB)
	rule, name, err := c.Day(date)
	if err != nil {
		return Span{}, err
	}
	return Span{
		From: t, To: date.AddDays(1).Start(WIB),
		Counts: rule == RuleWorkingDay, Rule: rule, Name: name,
	}, nil
}

func (h Holiday) rule() Rule {
	if h.Kind == JointLeave {
		return RuleJointLeave
	}
	return RuleNational
}
