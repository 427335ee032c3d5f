package ticketing

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"sapa/program/calendar"
	"sapa/ticketing/team"
)

// HoursList lists the service hours, the latest first.
func HoursList(ctx context.Context, db bun.IDB) ([]Hours, error) {
	var rows []struct {
		ID              string
		Version         int64
		FromDay         string
		ClosedOnDaysOff bool
		Weekday         time.Weekday
		Opens, Closes   int
	}
	err := db.NewRaw(`SELECT h.id, h.version, h.from_day::text, h.closed_on_days_off, p.weekday, p.opens, p.closes
		FROM desk_hours h JOIN desk_periods p ON p.hours_id = h.id ORDER BY h.from_day DESC, (p.weekday + 6) % 7, p.opens`).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read service hours: %w", err)
	}
	var list []Hours
	for _, row := range rows {
		if n := len(list); n == 0 || list[n-1].ID != row.ID {
			from, err := calendar.ParseDate(row.FromDay)
			if err != nil {
				return nil, fmt.Errorf("read service hours: %w", err)
			}
			list = append(list, Hours{ID: row.ID, Version: row.Version, From: from, ClosedOnDaysOff: row.ClosedOnDaysOff})
		}
		last := &list[len(list)-1]
		last.Periods = append(last.Periods, HoursPeriod{row.Weekday, row.Opens, row.Closes})
	}
	return list, nil
}

// ServiceHours are the hours by which waits are counted, from the first day of the
// desk on; desk_seconds counts by the same rows.
func ServiceHours(ctx context.Context, db bun.IDB) (*calendar.Desk, error) {
	list, err := HoursList(ctx, db)
	if err != nil {
		return nil, err
	}
	o := calendar.DeskOptions{Zone: calendar.WIB}
	var off *calendar.Calendar
	for _, hours := range list {
		one := calendar.Hours{From: hours.From, Week: hours.week()}
		if hours.ClosedOnDaysOff {
			if off == nil {
				days, err := holidays(ctx, db)
				if err != nil {
					return nil, err
				}
				off = calendar.New(calendar.Options{EveryYear: true, Holidays: days})
			}
			one.DaysOff = off
		}
		o.Hours = append(o.Hours, one)
	}
	desk, err := calendar.NewDesk(o)
	if err != nil {
		return nil, fmt.Errorf("service hours: %w", err)
	}
	return desk, nil
}

// serviceHours are those hours, read once in a use-case.
func (w *work) serviceHours(ctx context.Context) (*calendar.Desk, error) {
	if w.hours == nil {
		hours, err := ServiceHours(ctx, w)
		if err != nil {
			return nil, err
		}
		w.hours = hours
	}
	return w.hours, nil
}

func hoursByID(ctx context.Context, db bun.IDB, id string) (Hours, error) {
	list, err := HoursList(ctx, db)
	if err != nil {
		return Hours{}, err
	}
	for _, hours := range list {
		if hours.ID == id {
			return hours, nil
		}
	}
	return Hours{}, ErrNotFound
}

func insertHours(ctx context.Context, db bun.IDB, h Hours) error {
	_, err := db.NewRaw("INSERT INTO desk_hours (id, from_day, closed_on_days_off) VALUES (?, ?::date, ?)", h.ID, h.From.String(), h.ClosedOnDaysOff).Exec(ctx)
	if team.Twice(err) {
		return &Invalid{Field: "from", Rule: "taken"}
	}
	if err != nil {
		return fmt.Errorf("store service hours: %w", err)
	}
	return insertPeriods(ctx, db, h)
}

func updateHours(ctx context.Context, db bun.IDB, h Hours) error {
	result, err := db.NewRaw("UPDATE desk_hours SET from_day = ?::date, closed_on_days_off = ?, version = version + 1 WHERE id = ? AND version = ?",
		h.From.String(), h.ClosedOnDaysOff, h.ID, h.Version).Exec(ctx)
	if team.Twice(err) {
		return &Invalid{Field: "from", Rule: "taken"}
	}
	if err != nil {
		return fmt.Errorf("save service hours: %w", err)
	}
	if n, _ := result.RowsAffected(); n == 0 {
		return ErrStale
	}
	if _, err := db.NewRaw("DELETE FROM desk_periods WHERE hours_id = ?", h.ID).Exec(ctx); err != nil {
		return fmt.Errorf("save service hours: %w", err)
	}
	return insertPeriods(ctx, db, h)
}

func insertPeriods(ctx context.Context, db bun.IDB, h Hours) error {
	for _, p := range h.Periods {
		_, err := db.NewRaw("INSERT INTO desk_periods (hours_id, weekday, opens, closes) VALUES (?, ?, ?, ?)", h.ID, p.Weekday, p.Opens, p.Closes).Exec(ctx)
		if err != nil {
			return fmt.Errorf("store service hours: %w", err)
		}
	}
	return nil
}

func deleteHours(ctx context.Context, db bun.IDB, id string, version int64) error {
	result, err := db.NewRaw("DELETE FROM desk_hours WHERE id = ? AND version = ?", id, version).Exec(ctx)
	if err != nil {
		return fmt.Errorf("drop service hours: %w", err)
	}
	if n, _ := result.RowsAffected(); n == 0 {
		return ErrStale
	}
	return nil
}
