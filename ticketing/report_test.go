package ticketing_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"testing"
	"time"

	"sapa/program/access"
	"sapa/program/calendar"
	"sapa/ticketing"
	"sapa/ticketing/metric"
	"sapa/ticketing/team"
)

func (d *day) report(who team.Staff, by, period string) ticketing.Report {
	d.t.Helper()
	r, err := d.w.Desk.Report(context.Background(), who.Actor(), ticketing.ReportQuery{Period: period, By: by, Variant: metric.SLOffered})
	d.must(err)
	return r
}

// figures reads a row by the codes of its columns, -1 for no data.
func figures(r ticketing.Report, row ticketing.ReportRow) map[string]float64 {
	named := map[string]float64{}
	for i, value := range r.Values(row) {
		named[ticketing.ReportColumns()[i].Code] = orNone(value)
	}
	return named
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-6 }

// A report of both days agrees with the notebook; its total is the same by every
// dimension, and the sum of its rows and of its days.
func TestReportAgreesWithANotebook(t *testing.T) {
	t.Parallel()
	for seed := uint64(20); seed < 22; seed++ {
		t.Run(fmt.Sprint("days ", seed), func(t *testing.T) {
			t.Parallel()
			d := newDay(t, seed)
			d.play(50)
			d.compareReport(t)
		})
	}
}

func (d *day) compareReport(t *testing.T) {
	t.Helper()
	var want recount
	var shortOnes int64
	for _, s := range d.stays {
		want.offered++
		switch s.how {
		case "answered":
			want.answered++
			want.waited += float64(s.waited())
			if s.inTime() {
				want.within++
			}
		case "abandoned":
			want.abandoned++
			if s.short() {
				shortOnes++
			}
		}
	}
	for _, h := range d.talks {
		if h.over && h.answered {
			want.handlings++
			want.handled += h.ended.Sub(h.from).Seconds()
		}
	}
	for _, s := range d.scores {
		want.ratings++
		if s.score >= 4 {
			want.good++
		}
	}
	who := d.supervisor()
	for _, by := range ticketing.Dimensions() {
		r := d.report(who, by, ticketing.PeriodWeek)
		got := figures(r, r.Total)
		for code, value := range map[string]float64{
			"offered": float64(want.offered), "answered": float64(want.answered), "abandoned": float64(want.abandoned), "short": float64(shortOnes),
			"service_level": want.share(want.within, want.answered+want.abandoned), "asa": want.mean(want.waited, want.answered),
			"handled": float64(want.handlings), "aht": want.mean(want.handled, want.handlings), "rated": float64(want.ratings), "csat": want.share(want.good, want.ratings),
		} {
			if !near(got[code], value) {
				t.Errorf("by %s, %s: the report says %v, the notebook %v", by, code, got[code], value)
			}
		}
		var rows, days ticketing.Sums
		for _, row := range r.Rows {
			rows.Add(row.Sums)
		}
		for _, day := range r.Days {
			days.Add(day.Sums)
		}
		if days != r.Total.Sums {
			t.Errorf("by %s: the days add up to %v, the total is %v", by, days, r.Total.Sums)
		}
		if by == ticketing.ByStaff && rows != r.Total.Sums {
			t.Errorf("the agents add up to %v, the total is %v", rows, r.Total.Sums)
		}
		if len(r.Days) != 7 {
			t.Errorf("%d days in a week", len(r.Days))
		}
	}
	d.compareAgents(t, d.report(who, ticketing.ByStaff, ticketing.PeriodWeek))
}

// compareAgents compares occupancy with what was seen of each agent.
func (d *day) compareAgents(t *testing.T, r ticketing.Report) {
	t.Helper()
	rows := map[string]ticketing.ReportRow{}
	for _, row := range r.Rows {
		rows[row.Code] = row
	}
	for _, agent := range d.agents {
		busy, idle := d.busy(agent.ID), d.idle(agent.ID)
		want := -1.0
		if busy+idle > 0 {
			want = math.Round(busy.Seconds()/(busy+idle).Seconds()*10_000) / 10_000
		}
		if got := figures(r, rows[string(agent.ID)])["occupancy"]; !near(got, want) {
			t.Errorf("occupancy of %s: the report says %v, the notebook %v (busy %v, idle %v)", agent.Name, got, want, busy, idle)
		}
	}
}

// A day that can change no more is kept, and reads as it did before.
func TestKeptDayIsTheSameDay(t *testing.T) {
	t.Parallel()
	d := newDay(t, 30)
	ctx, who := context.Background(), d.supervisor()
	d.play(25)
	for _, c := range d.talkers { // nobody waits for ever
		if c.citizen != nil && c.row.State.Open() && c.row.State != ticketing.StateBot {
			d.must(d.w.Desk.VisitorEnd(ctx, d.w.Chat.ID, c.citizen.Point))
		}
	}
	if _, err := d.w.DB.NewRaw("UPDATE queue_stays SET left_at = ?, how = 'abandoned' WHERE left_at IS NULL", d.w.Clock.Now()).Exec(ctx); err != nil {
		t.Fatal(err)
	}
	d.w.Clock.Add(12 * 24 * time.Hour)
	for range 6 {
		d.w.Clock.Add(time.Minute)
		d.must(d.w.Desk.Sweep(ctx))
	}
	if n := count(t, d.w, "SELECT count(*) FROM report_days WHERE dimension = '' AND day IN ('2026-11-23','2026-11-24')"); n != 2 {
		t.Fatalf("%d of two days kept", n)
	}
	kept := map[string]ticketing.Report{}
	for _, by := range ticketing.Dimensions() {
		kept[by] = d.report(who, by, ticketing.PeriodMonth)
	}
	if _, err := d.w.DB.NewRaw("DELETE FROM report_days").Exec(ctx); err != nil {
		t.Fatal(err)
	}
	for by, was := range kept {
		if fresh := d.report(who, by, ticketing.PeriodMonth); !reflect.DeepEqual(was, fresh) {
			t.Errorf("by %s: kept days say %+v, their rows %+v", by, was, fresh)
		}
	}
	if kept[ticketing.ByQueue].Total.Sums == (ticketing.Sums{}) {
		t.Error("nothing happened on the kept days")
	}
}

func TestReportRefuses(t *testing.T) {
	t.Parallel()
	w, ctx := newDay(t, 1).w, context.Background()
	good := ticketing.ReportQuery{Period: ticketing.PeriodToday, By: ticketing.ByQueue, Variant: metric.SLOffered}
	if _, err := w.Desk.Report(ctx, w.Staff(access.Agent).Actor(), good); !errors.Is(err, ticketing.ErrForbidden) {
		t.Errorf("an agent: %v", err)
	}
	today := calendar.DateIn(w.Clock.Now(), calendar.WIB)
	for name, change := range map[string]func(*ticketing.ReportQuery){
		"dimension": func(q *ticketing.ReportQuery) { q.By = "name" },
		"variant":   func(q *ticketing.ReportQuery) { q.Variant = "best" },
		"period":    func(q *ticketing.ReportQuery) { q.Period = "ever" },
		"backwards": func(q *ticketing.ReportQuery) {
			q.Period, q.From, q.To = ticketing.PeriodCustom, today, today.AddDays(-1)
		},
		"tomorrow": func(q *ticketing.ReportQuery) {
			q.Period, q.From, q.To = ticketing.PeriodCustom, today, today.AddDays(1)
		},
		"two years": func(q *ticketing.ReportQuery) {
			q.Period, q.From, q.To = ticketing.PeriodCustom, today.AddDays(-730), today
		},
	} {
		q, invalid := good, (*ticketing.Invalid)(nil)
		change(&q)
		if _, err := w.Desk.Report(ctx, w.Staff(access.Supervisor).Actor(), q); !errors.As(err, &invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
