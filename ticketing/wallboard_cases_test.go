package ticketing_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/team"
)

// listed reads all pages of what a number counts.
func listed(t *testing.T, d *ticketing.Desk, who team.Staff, q ticketing.CaseQuery) []ticketing.Case {
	t.Helper()
	q.Limit = 3 // so that pages join
	var all []ticketing.Case
	seen := map[string]bool{}
	for {
		page, err := d.Cases(context.Background(), who.Actor(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range page.Items {
			if seen[one.ID] {
				t.Fatalf("%s lists %s twice", q.Measure, one.ID)
			}
			seen[one.ID] = true
		}
		all = append(all, page.Items...)
		if page.Next == "" {
			if page.Total != int64(len(all)) || page.Hidden != 0 {
				t.Errorf("%+v: total %d, hidden %d, listed %d", q, page.Total, page.Hidden, len(all))
			}
			return all
		}
		q.Cursor = page.Next
	}
}

func mean(list []ticketing.Case) float64 {
	var total float64
	for _, one := range list {
		total += *one.Seconds
	}
	return total / float64(len(list))
}

// Each number of the board is the length of the list that it opens, whatever
// happened before.
func TestNumbersAreTheirCases(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2) {
		t.Run(fmt.Sprint("history ", seed), func(t *testing.T) {
			t.Parallel()
			d := newDay(t, seed)
			d.play(40)
			who := d.supervisor()
			for range 2 {
				checkNumbers(t, d, who)
				d.play(8)
			}
		})
	}
}

func checkNumbers(t *testing.T, d *day, who team.Staff) {
	t.Helper()
	b := board(t, d.w, who)
	list := func(q ticketing.CaseQuery) []ticketing.Case { t.Helper(); return listed(t, d.w.Desk, who, q) }
	check := func(name string, number int64, cases []ticketing.Case) {
		t.Helper()
		if number != int64(len(cases)) {
			t.Errorf("%s: the board says %d, the list has %d", name, number, len(cases))
		}
	}
	for _, row := range b.Rows {
		at := func(measure string) []ticketing.Case {
			t.Helper()
			q := ticketing.CaseQuery{Measure: measure, Kind: row.Kind, Queue: string(row.Queue)}
			if row.Queue == "" {
				q.Queue = ticketing.NoQueue
			}
			return list(q)
		}
		for measure, number := range map[string]int64{"waiting": row.Waiting, "offered": row.Offered, "answered": row.Answered,
			"abandoned": row.Abandoned, "bot": row.Bot, "with_agent": row.WithAgent} {
			check(string(row.Kind)+" "+row.QueueName+" "+measure, number, at(measure))
		}
		shares(t, "service level", row.ServiceLevel, len(at("within")), len(at("within"))+len(at("outside")))
		shares(t, "csat", row.CSAT, len(at("csat_good")), len(at("csat")))
		means(t, "asa", row.ASA, at("answered"))
		means(t, "aht", row.AHT, at("handled"))
		if waiting := at("waiting"); len(waiting) > 0 && *waiting[0].Seconds != *row.LongestWait {
			t.Errorf("the longest wait is %v, the first case waits %v", *row.LongestWait, *waiting[0].Seconds)
		}
	}
	h := b.Headline
	check("waiting", int64(valueOf(h.Waiting)), list(ticketing.CaseQuery{Measure: "waiting"}))
	check("n of service level", h.ServiceLevel.N, list(ticketing.CaseQuery{Measure: "service_level"}))
	check("n of abandoned", h.Abandoned.N, list(ticketing.CaseQuery{Measure: "left_queue"}))
	check("n of csat", h.CSAT.N, list(ticketing.CaseQuery{Measure: "csat"}))
	check("open tickets", b.Tickets.Open, list(ticketing.CaseQuery{Measure: "tickets_open"}))
	check("tickets at risk", b.Tickets.AtRisk, list(ticketing.CaseQuery{Measure: "tickets_at_risk"}))
	check("tickets breached", b.Tickets.Breached, list(ticketing.CaseQuery{Measure: "tickets_breached"}))
	free := 0
	for _, agent := range b.Agents {
		check("held by "+agent.Name, int64(agent.Load), list(ticketing.CaseQuery{Measure: "held", Staff: agent.Staff}))
		if agent.Free {
			free++
		}
	}
	if free != int(valueOf(h.AgentsAvailable)) {
		t.Errorf("%v agents available, %d tiles say so", valueOf(h.AgentsAvailable), free)
	}
}

func shares(t *testing.T, name string, number *float64, part, whole int) {
	t.Helper()
	if (number == nil) != (whole == 0) {
		t.Errorf("%s is %v of %d cases", name, number, whole)
	} else if number != nil && math.Abs(*number-float64(part)/float64(whole)) > 0.00005 {
		t.Errorf("%s is %v, the cases say %d of %d", name, *number, part, whole)
	}
}

func means(t *testing.T, name string, number *float64, cases []ticketing.Case) {
	t.Helper()
	if (number == nil) != (len(cases) == 0) {
		t.Errorf("%s is %v of %d cases", name, number, len(cases))
	} else if number != nil && math.Abs(*number-mean(cases)) > 0.001 {
		t.Errorf("%s is %v, its cases average %v", name, *number, mean(cases))
	}
}

// who reads sums only opens no case; an agent is told how many of a number
// are not theirs to open.
func TestCasesAreForThoseWhoMayOpenThem(t *testing.T) {
	t.Parallel()
	w, ctx := newDay(t, 1).w, context.Background()
	for _, agent := range []team.Staff{w.Staff(access.Agent, func(s *team.Staff) { s.Teams = nil })} {
		w.Citizen().Waiting()
		w.Clock.Add(time.Second)
		page, err := w.Desk.Cases(ctx, agent.Actor(), ticketing.CaseQuery{Measure: "offered"})
		if err != nil || page.Total != 1 || page.Hidden != 1 || len(page.Items) != 0 {
			t.Errorf("an agent of no team: %+v, %v", page, err)
		}
	}
	for _, role := range []access.Role{access.WallboardReader, access.Admin} {
		_, err := w.Desk.Cases(ctx, w.Staff(role).Actor(), ticketing.CaseQuery{Measure: "waiting"})
		if !errors.Is(err, ticketing.ErrForbidden) {
			t.Errorf("%s: %v", role, err)
		}
	}
	for _, q := range []ticketing.CaseQuery{{Measure: "everything"}, {Measure: "tickets_closed"}, {Measure: "waiting", Queue: "x"}, {Measure: "waiting", Cursor: "x"}} {
		var invalid *ticketing.Invalid
		if _, err := w.Desk.Cases(ctx, w.Staff(access.Supervisor).Actor(), q); !errors.As(err, &invalid) {
			t.Errorf("%+v: %v", q, err)
		}
	}
}
