package ticketing

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"sapa/program/access"
	"sapa/program/calendar"
	"sapa/ticketing/metric"
)

// Periods of a report. They are whole WIB days, whatever the reader's zone; the
// last ones end with today.
const (
	PeriodToday     = "today"
	PeriodYesterday = "yesterday"
	PeriodWeek      = "7d"
	PeriodMonth     = "30d"
	PeriodCustom    = "custom"
)

// reportDaysMost bounds a report; ours.
const reportDaysMost = 366

// ReportQuery asks for a report. From and To (both included) matter for
// PeriodCustom only.
type ReportQuery struct {
	Period   string
	From, To calendar.Date
	By       string
	Variant  metric.Variant
}

// Report is what happened at the desk from From to To, both included. Rows, Days
// and Total are sums of the same cells, so they agree. Backlog ages are those of
// At. FirstProvisional says that first-contact resolution can still fall.
type Report struct {
	At               time.Time
	From, To         calendar.Date
	By               string
	Variant          metric.Variant
	Rows, Days       []ReportRow
	Total            ReportRow
	FirstProvisional bool
}

// Report sums a period by one dimension. Errors: ErrForbidden, Invalid.
func (d *Desk) Report(ctx context.Context, actor access.Actor, q ReportQuery) (Report, error) {
	if !actor.May(access.ReportRead) {
		return Report{}, ErrForbidden
	}
	if !slices.Contains(Dimensions(), q.By) {
		return Report{}, &Invalid{Field: "by", Rule: "unknown"}
	}
	if !slices.Contains(metric.Variants(), q.Variant) {
		return Report{}, &Invalid{Field: "variant", Rule: "unknown"}
	}
	now := d.now().UTC()
	report := Report{At: now, By: q.By, Variant: q.Variant}
	var err error
	if report.From, report.To, err = q.days(calendar.DateIn(now, calendar.WIB)); err != nil {
		return Report{}, err
	}
	report.FirstProvisional = metric.FCRProvisional(report.To.AddDays(1).Start(calendar.WIB), now)
	cells, err := d.reportCells(ctx, q.By, report.From, report.To)
	if err != nil {
		return Report{}, err
	}
	ages, err := d.backlogAges(ctx, q.By, now)
	if err != nil {
		return Report{}, err
	}
	report.fold(cells, ages)
	return report, d.nameRows(ctx, &report)
}

// days are the first and the last day of the period; today is the day it is now.
func (q ReportQuery) days(today calendar.Date) (from, to calendar.Date, err error) {
	switch q.Period {
	case PeriodToday:
		return today, today, nil
	case PeriodYesterday:
		return today.AddDays(-1), today.AddDays(-1), nil
	case PeriodWeek:
		return today.AddDays(-6), today, nil
	case PeriodMonth:
		return today.AddDays(-29), today, nil
	case PeriodCustom:
		if q.To.Before(q.From) || today.Before(q.To) {
			return from, to, &Invalid{Field: "to", Rule: "range"}
		}
		if q.From.Before(q.To.AddDays(1 - reportDaysMost)) {
			return from, to, &Invalid{Field: "from", Rule: "range"}
		}
		return q.From, q.To, nil
	}
	return from, to, &Invalid{Field: "period", Rule: "unknown"}
}

// fold adds the cells up to rows, days and the total.
func (r *Report) fold(cells map[cell]Sums, ages map[string]metric.AgeBuckets) {
	rows, days := map[string]*ReportRow{}, map[calendar.Date]*ReportRow{}
	row := func(code string) *ReportRow {
		if rows[code] == nil {
			rows[code] = &ReportRow{Code: code, Backlog: &metric.AgeBuckets{}}
		}
		return rows[code]
	}
	for day := r.From; !r.To.Before(day); day = day.AddDays(1) {
		days[day] = &ReportRow{Code: day.String(), Day: day.Start(calendar.WIB)}
	}
	r.Total.Backlog = &metric.AgeBuckets{}
	for at, sums := range cells {
		if at.code != everybody {
			row(at.code).Sums.Add(sums)
		}
		days[at.day].Sums.Add(sums)
		r.Total.Sums.Add(sums)
	}
	for code, ages := range ages {
		*row(code).Backlog = ages
		r.Total.Backlog.Add(ages)
	}
	for _, one := range rows {
		r.Rows = append(r.Rows, *one)
	}
	for _, one := range days {
		r.Days = append(r.Days, *one)
	}
	slices.SortFunc(r.Days, func(a, b ReportRow) int { return a.Day.Compare(b.Day) })
}

// nameRows gives queues and agents their names and sorts; what has a code that
// people read is named where it is said.
func (d *Desk) nameRows(ctx context.Context, r *Report) error {
	table := map[string]string{ByQueue: "queues", ByStaff: "staff"}[r.By]
	if table != "" {
		var named []struct{ ID, Name string }
		if err := d.db.NewRaw("SELECT id, name FROM "+table).Scan(ctx, &named); err != nil {
			return fmt.Errorf("name rows of report: %w", err)
		}
		names := map[string]string{}
		for _, one := range named {
			names[one.ID] = one.Name
		}
		for i := range r.Rows {
			r.Rows[i].Name = names[r.Rows[i].Code]
		}
	}
	slices.SortFunc(r.Rows, func(a, b ReportRow) int {
		return cmp.Or(cmp.Compare(b.Sums[sumOffered], a.Sums[sumOffered]), cmp.Compare(b.Sums[sumHandled], a.Sums[sumHandled]),
			cmp.Compare(a.Name, b.Name), cmp.Compare(a.Code, b.Code))
	})
	return nil
}
