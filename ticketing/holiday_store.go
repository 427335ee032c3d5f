package ticketing

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"sapa/program/calendar"
	"sapa/ticketing/category"
	"sapa/ticketing/team"
)

// Prepare stores what a desk needs before its first case and is not there yet:
// teams, queues, the category tree and the days off that were decreed. It may
// run at every start.
func Prepare(ctx context.Context, db *bun.DB, now time.Time) error {
	return db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := team.Seed(ctx, tx); err != nil {
			return err
		}
		if err := category.Seed(ctx, tx); err != nil {
			return err
		}
		for year := now.Year() - 1; year <= now.Year()+1; year++ {
			if decreed := calendar.Decreed(year); len(decreed) > 0 {
				if err := LoadHolidays(ctx, tx, year, decreed, now); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// LoadHolidays stores the list of days off of a year, whole. A year that is
// loaded already is left as it is.
func LoadHolidays(ctx context.Context, db bun.IDB, year int, list []calendar.Holiday, now time.Time) error {
	result, err := db.NewRaw("INSERT INTO holiday_years (year, loaded_at) VALUES (?, ?) ON CONFLICT DO NOTHING", year, now).Exec(ctx)
	if err != nil {
		return fmt.Errorf("load holidays of %d: %w", year, err)
	}
	if fresh, _ := result.RowsAffected(); fresh == 0 {
		return nil
	}
	for _, h := range list {
		if err := insertHoliday(ctx, db, h); err != nil {
			return err
		}
	}
	return nil
}

// Calendar builds the calendar of working days from the stored rows, as known at
// an instant.
func Calendar(ctx context.Context, db bun.IDB, asOf time.Time) (*calendar.Calendar, error) {
	years, err := HolidayYears(ctx, db)
	if err != nil {
		return nil, err
	}
	list, err := holidays(ctx, db)
	if err != nil {
		return nil, err
	}
	return calendar.New(calendar.Options{Years: years, Holidays: list, AsOf: asOf}), nil
}

// HolidayYears lists the years whose days off are loaded.
func HolidayYears(ctx context.Context, db bun.IDB) ([]int, error) {
	var years []int
	if err := db.NewRaw("SELECT year FROM holiday_years ORDER BY year").Scan(ctx, &years); err != nil {
		return nil, fmt.Errorf("read holiday years: %w", err)
	}
	return years, nil
}

// HolidaysOf lists the days off of a year as they stand now, in their order.
func HolidaysOf(ctx context.Context, db bun.IDB, year int) ([]calendar.Holiday, error) {
	list, err := holidays(ctx, db)
	if err != nil {
		return nil, err
	}
	var latest []calendar.Holiday
	for _, h := range list { // rows of a day stand in the order in which they came into force
		if h.Date.Year != year {
			continue
		}
		if i := slices.IndexFunc(latest, func(k calendar.Holiday) bool { return k.Date == h.Date && k.Kind == h.Kind }); i >= 0 {
			latest[i] = h
			continue
		}
		latest = append(latest, h)
	}
	return slices.DeleteFunc(latest, func(h calendar.Holiday) bool { return h.Withdrawn }), nil
}

// holidays reads all rows, of each day in the order in which they came into force.
func holidays(ctx context.Context, db bun.IDB) ([]calendar.Holiday, error) {
	var rows []struct {
		Day       string
		Kind      calendar.Kind
		Name      string
		ValidFrom time.Time
		Withdrawn bool
	}
	err := db.NewRaw(`SELECT day::text, kind, name, coalesce(valid_from, '0001-01-01') AS valid_from, withdrawn FROM holidays
		ORDER BY day, valid_from NULLS FIRST, id`).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read holidays: %w", err)
	}
	list := make([]calendar.Holiday, len(rows))
	for i, row := range rows {
		date, err := calendar.ParseDate(row.Day)
		if err != nil {
			return nil, fmt.Errorf("read holidays: %w", err)
		}
		list[i] = calendar.Holiday{Date: date, Kind: row.Kind, Name: row.Name, ValidFrom: row.ValidFrom, Withdrawn: row.Withdrawn}
	}
	return list, nil
}

func insertHoliday(ctx context.Context, db bun.IDB, h calendar.Holiday) error {
	_, err := db.NewRaw(`INSERT INTO holidays (id, day, kind, name, valid_from, withdrawn) VALUES (?, ?::date, ?, ?, ?, ?)`,
		team.NewID(), h.Date.String(), h.Kind, h.Name, bun.NullTime{Time: h.ValidFrom}, h.Withdrawn).Exec(ctx)
	if err != nil {
		return fmt.Errorf("store day off %s: %w", h.Date, err)
	}
	return nil
}

// Undated counts the open tickets that have no date for want of a year.
func Undated(ctx context.Context, db bun.IDB) (int, error) {
	var n int
	if err := db.NewRaw("SELECT count(*) FROM ticket_checks k JOIN tickets t ON t.id = k.ticket_id WHERE t.due_unknown").Scan(ctx, &n); err != nil {
		return 0, fmt.Errorf("count tickets without a date: %w", err)
	}
	return n, nil
}
