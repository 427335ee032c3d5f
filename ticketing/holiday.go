package ticketing

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/program/access"
	"sapa/program/calendar"
)

// Bounds of a list of days off: a decree has some 25; ours.
const (
	mostHolidays    = 100
	mostHolidayName = 120
)

// holidaySetting is the list of a year, which the audit log shows as one thing.
func holidaySetting(year int) setting {
	return setting{"holidays", strconv.Itoa(year), func(ctx context.Context, db bun.IDB) (any, error) {
		list, err := HolidaysOf(ctx, db, year)
		days := map[string]string{}
		for _, h := range list {
			days[h.Date.String()+" "+string(h.Kind)] = h.Name
		}
		return map[string]any{"name": strconv.Itoa(year), "days": days}, err
	}}
}

// changeHolidays changes the days off of a year, and has everything that was
// promised by them looked at again.
func (d *Desk) changeHolidays(ctx context.Context, actor access.Actor, year int, action string, change func(context.Context, *work) error) error {
	return d.changeSetting(ctx, actor, holidaySetting(year), action, func(ctx context.Context, w *work) error {
		if err := change(ctx, w); err != nil {
			return err
		}
		// The sweeper comes to each, some at a time.
		if _, err := w.NewRaw("UPDATE ticket_checks SET at = ? WHERE at > ?", w.at, w.at).Exec(ctx); err != nil {
			return fmt.Errorf("look at deadlines again: %w", err)
		}
		return w.promiseAnew(ctx)
	})
}

// AddHoliday adds a day off to a year that is loaded, or gives it another name.
// Errors: ErrForbidden, Invalid.
func (d *Desk) AddHoliday(ctx context.Context, actor access.Actor, h calendar.Holiday) error {
	h.Name = strings.TrimSpace(clean(h.Name))
	return d.changeHolidays(ctx, actor, h.Date.Year, "add", func(ctx context.Context, w *work) error {
		if err := checkHoliday(h); err != nil {
			return err
		}
		years, err := HolidayYears(ctx, w)
		if err != nil {
			return err
		}
		if !slices.Contains(years, h.Date.Year) {
			return &Invalid{Field: "day", Rule: "year_missing"}
		}
		h.ValidFrom = w.at
		return insertHoliday(ctx, w, h)
	})
}

// WithdrawHoliday makes a day off a day like any other again; that it was one
// until now stays known. Errors: ErrForbidden, ErrNotFound.
func (d *Desk) WithdrawHoliday(ctx context.Context, actor access.Actor, day calendar.Date, kind calendar.Kind) error {
	return d.changeHolidays(ctx, actor, day.Year, "withdraw", func(ctx context.Context, w *work) error {
		list, err := HolidaysOf(ctx, w, day.Year)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(h calendar.Holiday) bool { return h.Date == day && h.Kind == kind })
		if i < 0 {
			return ErrNotFound
		}
		gone := list[i]
		gone.ValidFrom, gone.Withdrawn = w.at, true
		return insertHoliday(ctx, w, gone)
	})
}

// ImportHolidays reads the list of a year, a day a line as "2027-01-01;name", and
// loads it: the year is known from then on. Of a year that is known, days are
// added and renamed, none is taken away. Errors: ErrForbidden, Invalid, whose
// field names the line.
func (d *Desk) ImportHolidays(ctx context.Context, actor access.Actor, year int, text string) error {
	return d.changeHolidays(ctx, actor, year, "import", func(ctx context.Context, w *work) error {
		if today := calendar.DateIn(w.at, calendar.WIB).Year; year < today-10 || year > today+10 {
			return &Invalid{Field: "year", Rule: "range"}
		}
		list, err := readHolidays(year, text)
		if err != nil {
			return err
		}
		known, err := HolidaysOf(ctx, w, year)
		if err != nil {
			return err
		}
		if _, err := w.NewRaw("INSERT INTO holiday_years (year, loaded_at) VALUES (?, ?) ON CONFLICT DO NOTHING", year, w.at).Exec(ctx); err != nil {
			return fmt.Errorf("load holidays of %d: %w", year, err)
		}
		for _, h := range list {
			if slices.ContainsFunc(known, func(k calendar.Holiday) bool { return k.Date == h.Date && k.Kind == h.Kind && k.Name == h.Name }) {
				continue
			}
			h.ValidFrom = w.at
			if err := insertHoliday(ctx, w, h); err != nil {
				return err
			}
		}
		return nil
	})
}

// readHolidays reads the lines of a list. Collective leave is told by its name,
// as decrees write it.
func readHolidays(year int, text string) ([]calendar.Holiday, error) {
	var list []calendar.Holiday
	for i, line := range strings.Split(channels.CleanText(text), "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		field := "line_" + strconv.Itoa(i+1)
		day, name, _ := strings.Cut(line, ";")
		date, err := calendar.ParseDate(strings.TrimSpace(day))
		if err != nil || date.Year != year {
			return nil, &Invalid{Field: field, Rule: "holiday_line"}
		}
		h := calendar.Holiday{Date: date, Kind: calendar.National, Name: strings.TrimSpace(name)}
		if strings.HasPrefix(strings.ToLower(h.Name), "cuti bersama") {
			h.Kind = calendar.JointLeave
		}
		if err := checkHoliday(h); err != nil {
			return nil, &Invalid{Field: field, Rule: "holiday_line"}
		}
		list = append(list, h)
	}
	switch {
	case len(list) == 0:
		return nil, &Invalid{Field: "text", Rule: "required"}
	case len(list) > mostHolidays:
		return nil, &Invalid{Field: "text", Rule: "too_many"}
	}
	return list, nil
}

func checkHoliday(h calendar.Holiday) error {
	switch {
	case h.Kind != calendar.National && h.Kind != calendar.JointLeave:
		return &Invalid{Field: "kind", Rule: "unknown"}
	case h.Name == "":
		return &Invalid{Field: "name", Rule: "required"}
	case len([]rune(h.Name)) > mostHolidayName:
		return &Invalid{Field: "name", Rule: "too_long"}
	}
	return nil
}
