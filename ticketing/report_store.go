package ticketing

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"sapa/program/calendar"
	"sapa/ticketing/metric"
)

// cell is one day of one code.
type cell struct {
	day  calendar.Date
	code string
}

// reportTimes fills the named places of the sources.
type reportTimes struct {
	Today, Until, Now time.Time
}

type flatSums struct {
	Day  time.Time
	Code string
	Sums []float64 `bun:",array"`
}

// reportCells reads the sums of a period: days that can change no more as they
// were kept, the others, and all that may still change, from their rows.
func (d *Desk) reportCells(ctx context.Context, by string, from, to calendar.Date) (map[cell]Sums, error) {
	cells := map[cell]Sums{}
	kept, err := keptDays(ctx, d.db, from, to)
	if err != nil {
		return nil, err
	}
	if len(kept) > 0 {
		var flat []flatSums
		err := d.db.NewRaw("SELECT day, code, sums FROM report_days WHERE day BETWEEN ? AND ? AND dimension = ?", from.String(), to.String(), by).Scan(ctx, &flat)
		if err != nil {
			return nil, fmt.Errorf("read kept days: %w", err)
		}
		addCells(cells, flat, sumOffered)
	}
	for _, open := range gaps(from, to, kept) {
		if err := sumDays(ctx, d.db, cells, by, open, true, d.now()); err != nil {
			return nil, err
		}
	}
	return cells, sumDays(ctx, d.db, cells, by, stretch{from, to}, false, d.now())
}

// stretch is a run of days, both ends included.
type stretch struct{ from, to calendar.Date }

// gaps are the stretches of a period between the kept days.
func gaps(from, to calendar.Date, kept map[calendar.Date]bool) []stretch {
	var open []stretch
	for day := from; !to.Before(day); day = day.AddDays(1) {
		switch last := len(open) - 1; {
		case kept[day]:
		case last >= 0 && open[last].to == day.AddDays(-1):
			open[last].to = day
		default:
			open = append(open, stretch{day, day})
		}
	}
	return open
}

func addCells(cells map[cell]Sums, flat []flatSums, first int) {
	for _, one := range flat {
		at := cell{calendar.DateIn(one.Day, calendar.UTC), one.Code}
		sums := cells[at]
		for i, n := range one.Sums {
			sums[first+i] += n
		}
		cells[at] = sums
	}
}

// sumDays adds the days from the rows of those sources that last, or of those
// that do not.
func sumDays(ctx context.Context, db bun.IDB, cells map[cell]Sums, by string, days stretch, lasting bool, now time.Time) error {
	times := reportTimes{Today: days.from.Start(calendar.WIB).UTC(), Until: days.to.AddDays(1).Start(calendar.WIB).UTC(), Now: now.UTC()}
	for _, source := range reportSources() {
		if source.lasting != lasting {
			continue
		}
		var flat []flatSums
		if err := db.NewRaw(source.query(by), times).Scan(ctx, &flat); err != nil {
			return fmt.Errorf("sum %s: %w", source.name, err)
		}
		addCells(cells, flat, source.first)
	}
	return nil
}

func keptDays(ctx context.Context, db bun.IDB, from, to calendar.Date) (map[calendar.Date]bool, error) {
	var days []time.Time
	err := db.NewRaw("SELECT day FROM report_days WHERE day BETWEEN ? AND ? AND dimension = ''", from.String(), to.String()).Scan(ctx, &days)
	if err != nil {
		return nil, fmt.Errorf("find kept days: %w", err)
	}
	kept := make(map[calendar.Date]bool, len(days))
	for _, day := range days {
		kept[calendar.DateIn(day, calendar.UTC)] = true
	}
	return kept, nil
}

// ForgetKeptDays has the kept days summed anew: something they were summed from
// or by has changed.
func ForgetKeptDays(ctx context.Context, db bun.IDB) error {
	if _, err := db.NewRaw("DELETE FROM report_days").Exec(ctx); err != nil {
		return fmt.Errorf("forget the kept days of reports: %w", err)
	}
	return nil
}

// lastingAfter is after how many days nothing more happens to a day: the window
// of first-contact resolution has closed.
const lastingAfter = 9

// keepDay keeps the sums of the newest day that can change no more and is not
// kept yet: nobody offered then waits any longer. One a call.
func (d *Desk) keepDay(ctx context.Context) error {
	newest := calendar.DateIn(d.now(), calendar.WIB).AddDays(-lastingAfter)
	var days []time.Time
	err := d.db.NewRaw(`SELECT s.day::date FROM generate_series(?1::date, ?0::date, interval '-1 day') AS s(day)
		WHERE s.day >= (SELECT min(offered_at) FROM queue_stays) - interval '1 day'
			AND NOT EXISTS (SELECT FROM report_days k WHERE k.day = s.day AND k.dimension = '')
			AND NOT EXISTS (SELECT FROM queue_stays y WHERE y.left_at IS NULL AND (y.offered_at AT TIME ZONE 'Asia/Jakarta')::date = s.day)
		ORDER BY s.day DESC LIMIT 1`, newest.AddDays(-reportDaysMost).String(), newest.String()).Scan(ctx, &days)
	if err != nil || len(days) == 0 {
		return err
	}
	day := calendar.DateIn(days[0], calendar.UTC)
	err = d.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewRaw("INSERT INTO report_days (day, dimension, code, sums) VALUES (?, '', '', '{}')", day.String()).Exec(ctx); err != nil {
			return err
		}
		for _, by := range Dimensions() {
			cells := map[cell]Sums{}
			if err := sumDays(ctx, tx, cells, by, stretch{day, day}, true, d.now()); err != nil {
				return err
			}
			for at, sums := range cells {
				_, err := tx.NewRaw("INSERT INTO report_days (day, dimension, code, sums) VALUES (?, ?, ?, ?::float8[])", day.String(), by, at.code, pgdialect.Array(sums[:])).Exec(ctx)
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep report of %s: %w", day, err)
	}
	return nil
}

// backlogAges sorts the open tickets by age, by the codes of a dimension.
func (d *Desk) backlogAges(ctx context.Context, by string, now time.Time) (map[string]metric.AgeBuckets, error) {
	var flat []struct {
		Code                                string
		Under3, From3To7, From7To14, From14 int64
	}
	var code string
	for _, source := range reportSources() {
		if source.first == sumMade {
			code = source.codes[by]
		}
	}
	err := d.db.NewRaw("SELECT coalesce("+code+`, '') AS code, count(*) FILTER (WHERE age < interval '3 days') AS under3,
			count(*) FILTER (WHERE age >= interval '3 days' AND age < interval '7 days') AS from3_to7,
			count(*) FILTER (WHERE age >= interval '7 days' AND age < interval '14 days') AS from7_to14,
			count(*) FILTER (WHERE age >= interval '14 days') AS from14
		FROM tickets ticket LEFT JOIN conversations c ON c.id = ticket.conversation_id
		CROSS JOIN LATERAL (SELECT make_interval(secs => extract(epoch FROM ?0::timestamptz - ticket.registered_at)) AS age) a
		WHERE `+backlog+" GROUP BY 1", now).Scan(ctx, &flat)
	if err != nil {
		return nil, fmt.Errorf("age backlog: %w", err)
	}
	ages := map[string]metric.AgeBuckets{}
	for _, f := range flat {
		ages[f.Code] = metric.AgeBuckets{Under3: f.Under3, From3To7: f.From3To7, From7To14: f.From7To14, From14: f.From14}
	}
	return ages, nil
}
