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

// Daily is a week with the same hours on every day.
func Daily(periods ...Period) Week {
	week := Week{}
	for day := time.Sunday; day <= time.Saturday; day++ {
		week[day] = periods
	}
	return week
}

// DeskOptions say when a desk is open.
type DeskOptions struct {
	Zone Zone // the zone in which the hours are meant
	Week Week

	// DaysOff closes the desk on the days off of a calendar. Nil keeps it
	// open through them, as the programme's contact centre is.
	DaysOff *Calendar
}

// Desk knows the open hours of a desk. It never changes and may be shared. As
// a [Ruler] it counts the seconds inside open hours.
type Desk struct {
	zone    Zone
	week    [7][]Period
	daysOff *Calendar
}

// ProgrammeDesk is the contact centre's desk: every day 08:00 to 20:00 WIB.
func ProgrammeDesk() *Desk {
	hours := Period{Open: 8 * time.Hour, Close: 20 * time.Hour}
	desk, err := NewDesk(DeskOptions{Zone: WIB, Week: Daily(hours)})
	if err != nil {
		panic(err) // the hours above are constants
	}
	return desk
}

// NewDesk checks the hours. It refuses an unknown zone, a period outside a day
// or of no length, and a week that never opens.
func NewDesk(o DeskOptions) (*Desk, error) {
	if o.Zone != UTC && o.Zone.Offset() == 0 {
		return nil, fmt.Errorf("desk zone %q is not known", o.Zone)
	}
	desk := &Desk{zone: o.Zone, daysOff: o.DaysOff}
	opens := false
	for day, periods := range o.Week {
		if day < time.Sunday || day > time.Saturday {
			return nil, fmt.Errorf("desk hours for weekday %d", int(day))
		}
		for _, p := range periods {
			if !p.valid() {
				return nil, fmt.Errorf("desk hours on %s: %s to %s", day, p.Open, p.Close)
			}
		}
		desk.week[day] = slices.Clone(periods)
		opens = opens || len(periods) > 0
	}
	if !opens {
		return nil, errors.New("desk hours never open")
	}
	return desk, nil
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
