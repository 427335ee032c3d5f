package ticketing

import (
	"context"
	"fmt"
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
		_, err := db.NewRaw(`INSERT INTO holidays (id, day, kind, name, valid_from, withdrawn) VALUES (?, ?::date, ?, ?, ?, ?)`,
			team.NewID(), h.Date.String(), h.Kind, h.Name, bun.NullTime{Time: h.ValidFrom}, h.Withdrawn).Exec(ctx)
		if err != nil {
			return fmt.Errorf("load holidays of %d: %w", year, err)
		}
	}
	return nil
}

// Calendar builds the calendar of working days from the stored rows, as known at
// an instant.
func Calendar(ctx context.Context, db bun.IDB, asOf time.Time) (*calendar.Calendar, error) {
	var years []int
	if err := db.NewRaw("SELECT year FROM holiday_years ORDER BY year").Scan(ctx, &years); err != nil {
		return nil, fmt.Errorf("read holiday years: %w", err)
	}
	var rows []struct {
		Day       string
		Kind      calendar.Kind
		Name      string
		ValidFrom time.Time
		Withdrawn bool
	}
	err := db.NewRaw("SELECT day::text, kind, name, coalesce(valid_from, '0001-01-01') AS valid_from, withdrawn FROM holidays ORDER BY day").Scan(ctx, &rows)
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
	return calendar.New(calendar.Options{Years: years, Holidays: list, AsOf: asOf}), nil
}
