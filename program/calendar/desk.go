package calendar

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Period is one stretch of open hours, as time since midnight of the day on
// which it begins: 8h to 20h. A Close not after Open is on the next day
// (22h to 2h), and 24h is midnight. The closing instant is outside.
type Period struct {
	Open, Close time.Duration
}

// Week holds the open periods of each weekday; a weekday without any is closed.
// Periods may touch or overlap, also across midnight: open is open.
type Week map[time.Weekday][]Period

// Hours are the open hours of a desk from a day on.
type Hours struct {
	// From is the first day; the zero Date is since ever.
	From Date
	Week Week

	// DaysOff closes the desk on the days off of a calendar. Nil keeps it
	// open through them, as the programme's contact centre is.
	DaysOff *Calendar
}

// DeskOptions say when a desk is open.
type DeskOptions struct {
	Zone Zone // the zone in which the hours are meant
	// Hours, in any order; those of the latest day that is not after a date
	// hold on it, and before the first of them the desk is closed.
	Hours []Hours
}

// Desk knows the open hours of a desk. It never changes and may be shared. As
// a [Ruler] it counts the seconds inside open hours.
type Desk struct {
	zone Zone
	eras []era // the latest first
}

// era is a stretch of days with the same hours.
type era struct {
	from    Date
	week    [7][]Period
	daysOff *Calendar
}

// NewDesk checks the hours. It refuses an unknown zone, a period outside a day
// or of no length, and a week that never opens.
func NewDesk(o DeskOptions) (*Desk, error) {
	if o.Zone != UTC && o.Zone.Offset() == 0 {
		return nil, fmt.Errorf("desk zone %q is not known", o.Zone)
	}
	if len(o.Hours) == 0 {
		return nil, errNeverOpen
	}
	desk := &Desk{zone: o.Zone}
	for _, hours := range o.Hours {
		era, err := hours.era()
		if err != nil {
			return nil, err
		}
		desk.eras = append(desk.eras, era)
	}
	slices.SortFunc(desk.eras, func(a, b era) int { return b.from.Start(UTC).Compare(a.from.Start(UTC)) })
	return desk, nil
}

var errNeverOpen = errors.New("desk hours never open")

func (h Hours) era() (era, error) {
	made := era{from: h.From, daysOff: h.DaysOff}
	opens := false
	for day, periods := range h.Week {
		if day < time.Sunday || day > time.Saturday {
			return era{}, fmt.Errorf("desk hours for weekday %d", int(day))
		}
		for _, p := range periods {
			if !p.valid() {
				return era{}, fmt.Errorf("desk hours on %s: %s to %s", day, p.Open, p.Close)
			}
		}
		made.week[day] = slices.Clone(periods)
		opens = opens || len(periods) > 0
	}
	if !opens {
		return era{}, errNeverOpen
	}
	return made, nil
}

// on are the hours that hold on a date.
func (d *Desk) on(date Date) era {
	for _, one := range d.eras {
		if !date.Before(one.from) {
			return one
		}
	}
	return era{}
}

// PeriodsOn lists the periods that begin on a date, none when the desk stays
// closed.
func (d *Desk) PeriodsOn(date Date) ([]Period, error) {
	hours := d.on(date)
	if hours.daysOff != nil {
		rule, _, err := hours.daysOff.Day(date)
		if err != nil || rule == RuleNational || rule == RuleJointLeave {
			return nil, err
		}
	}
	return slices.Clone(hours.week[date.Weekday()]), nil
}

func (p Period) valid() bool {
	const day = 24 * time.Hour
	return p.Open >= 0 && p.Open < day && p.Close >= 0 && p.Close <= day && p.Close != p.Open
}

// late reports whether the period closes on the day after it opens.
func (p Period) late() bool {
	return p.Close <= p.Open
}

// on is the period as a span when it begins on date d.
func (p Period) on(d Date, z Zone) Span {
	midnight := d.Start(z)
	closes := p.Close
	if p.late() {
		closes += 24 * time.Hour
	}
	return Span{From: midnight.Add(p.Open), To: midnight.Add(closes), Counts: true, Rule: RuleDeskOpen}
}
