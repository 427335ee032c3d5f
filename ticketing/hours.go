package ticketing

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"sapa/program/access"
	"sapa/program/calendar"
	"sapa/ticketing/team"
)

// Hours are the service hours from a day in WIB on, until others hold. Version
// guards against two who change them at once.
type Hours struct {
	ID              string
	Version         int64
	From            calendar.Date
	ClosedOnDaysOff bool
	Periods         []HoursPeriod
}

// HoursPeriod is one stretch of open hours that begins on a weekday, in minutes
// since its midnight. One that does not close after it opens closes on the next
// day; 1440 is midnight.
type HoursPeriod struct {
	Weekday time.Weekday
	Opens   int
	Closes  int
}

// mostPeriods is how many open stretches a day may have, and hoursAhead how far
// ahead hours may be set; both ours.
const (
	mostPeriods = 4
	hoursAhead  = 2 * 366
)

// week is the hours as the calendar knows them.
func (h Hours) week() calendar.Week {
	week := calendar.Week{}
	for _, p := range h.Periods {
		week[p.Weekday] = append(week[p.Weekday], calendar.Period{
			Open: time.Duration(p.Opens) * time.Minute, Close: time.Duration(p.Closes) * time.Minute})
	}
	return week
}

// check refuses hours that never open, overlap, or begin in the past: what was
// promised and measured stays true.
func (h Hours) check(today calendar.Date) error {
	_, err := calendar.NewDesk(calendar.DeskOptions{Zone: calendar.WIB, Hours: []calendar.Hours{{Week: h.week()}}})
	perDay := map[time.Weekday]int{}
	for _, p := range h.Periods {
		perDay[p.Weekday]++
	}
	switch {
	case h.From.Before(today):
		return &Invalid{Field: "from", Rule: "in_the_past"}
	case today.AddDays(hoursAhead).Before(h.From):
		return &Invalid{Field: "from", Rule: "too_far"}
	case len(h.Periods) == 0:
		return &Invalid{Field: "periods", Rule: "never_open"}
	case err != nil:
		return &Invalid{Field: "periods", Rule: "hours"}
	case h.overlap():
		return &Invalid{Field: "periods", Rule: "overlap"}
	}
	for _, n := range perDay {
		if n > mostPeriods {
			return &Invalid{Field: "periods", Rule: "too_many"}
		}
	}
	return nil
}

// overlap tells whether two periods of the week, which goes round, share a minute.
func (h Hours) overlap() bool {
	const day, week = 24 * 60, 7 * 24 * 60
	type stretch struct{ from, to int }
	var list []stretch
	for _, p := range h.Periods {
		from, to := int(p.Weekday)*day+p.Opens, int(p.Weekday)*day+p.Closes
		if p.Closes <= p.Opens {
			to += day
		}
		list = append(list, stretch{from, to}, stretch{from + week, to + week})
	}
	slices.SortFunc(list, func(a, b stretch) int { return a.from - b.from })
	for i := 1; i < len(list); i++ {
		if list[i].from < list[i-1].to {
			return true
		}
	}
	return false
}

func hoursSetting(id string) setting {
	return setting{"hours", id, func(ctx context.Context, db bun.IDB) (any, error) {
		hours, err := hoursByID(ctx, db, id)
		return hours.audited(), err
	}}
}

// audited is how hours read in the audit log: a line a day.
func (h Hours) audited() map[string]any {
	said := map[string]any{"name": h.From.String(), "from": h.From.String(), "closed_on_days_off": h.ClosedOnDaysOff}
	for _, p := range h.Periods {
		day := strings.ToLower(p.Weekday.String())
		text := fmt.Sprintf("%02d.%02d-%02d.%02d", p.Opens/60, p.Opens%60, p.Closes/60, p.Closes%60)
		if before, two := said[day].(string); two {
			text = before + ", " + text
		}
		said[day] = text
	}
	return said
}

// CreateHours sets the service hours from a day on. Errors: ErrForbidden, Invalid.
func (d *Desk) CreateHours(ctx context.Context, actor access.Actor, hours Hours) error {
	hours.ID, hours.Version = team.NewID(), 1
	return d.changeHours(ctx, actor, "create", hours, func(ctx context.Context, w *work) error {
		return insertHours(ctx, w, hours)
	})
}

// SaveHours changes hours that do not hold yet, or that hold since today.
// Errors: ErrForbidden, ErrNotFound, ErrStale, Invalid.
func (d *Desk) SaveHours(ctx context.Context, actor access.Actor, hours Hours) error {
	return d.changeHours(ctx, actor, "change", hours, func(ctx context.Context, w *work) error {
		before, err := hoursByID(ctx, w, hours.ID)
		if err != nil {
			return err
		}
		if before.From.Before(calendar.DateIn(w.at, calendar.WIB)) {
			return &Invalid{Field: "from", Rule: "in_force"}
		}
		return updateHours(ctx, w, hours)
	})
}

func (d *Desk) changeHours(ctx context.Context, actor access.Actor, action string, hours Hours, save func(context.Context, *work) error) error {
	return d.changeSetting(ctx, actor, hoursSetting(hours.ID), action, func(ctx context.Context, w *work) error {
		if err := hours.check(calendar.DateIn(w.at, calendar.WIB)); err != nil {
			return err
		}
		if err := save(ctx, w); err != nil {
			return err
		}
		return w.promiseAnew(ctx)
	})
}

// DropHours takes back hours that do not hold yet. Errors: as SaveHours.
func (d *Desk) DropHours(ctx context.Context, actor access.Actor, id string, version int64) error {
	return d.changeSetting(ctx, actor, hoursSetting(id), actionDrop, func(ctx context.Context, w *work) error {
		before, err := hoursByID(ctx, w, id)
		if err != nil {
			return err
		}
		if !calendar.DateIn(w.at, calendar.WIB).Before(before.From) {
			return &Invalid{Field: "from", Rule: "in_force"}
		}
		if err := deleteHours(ctx, w, id, version); err != nil {
			return err
		}
		return w.promiseAnew(ctx)
	})
}
