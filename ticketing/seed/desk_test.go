package seed_test

import (
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/ticketing"
	"sapa/ticketing/sla"
)

// TestDeskReadsThePast: lists, threads and tickets open as those of the living.
func TestDeskReadsThePast(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	w, report := load(t, 200)
	reader := ticketing.Reader{Staff: "00000000-0000-7000-8000-000000000001", Everything: true}
	seen := map[ticketing.ConversationID]bool{}
	for cursor := ""; ; {
		page, err := w.Desk.Conversations(ctx, reader, ticketing.ListEnded, ticketing.Filter{}, cursor, 70)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range page.Items {
			seen[row.ID] = true
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if len(seen) != report.Conversations {
		t.Errorf("the list shows %d conversations, want %d", len(seen), report.Conversations)
	}
	counts, err := w.Desk.Counts(ctx, reader)
	if err != nil || counts[ticketing.ListAll] != 0 {
		t.Errorf("counts = %v, %v; want nothing open", counts, err)
	}
	for id := range seen {
		view, err := w.Desk.View(ctx, supervisor, id)
		if err != nil || view.Person.Contact == "" {
			t.Fatalf("view of %s: %v", id, err)
		}
		lines, err := ticketing.Messages(ctx, w.DB, id, ticketing.Page{Limit: 200})
		if err != nil || len(lines) < 3 || lines[len(lines)-1].Seq != view.LastSeq {
			t.Fatalf("thread of %s: %d lines, %v", id, len(lines), err)
		}
	}
	tickets, err := w.Desk.Tickets(ctx, supervisor, ticketing.ListAll, "", "", "", 100)
	if err != nil || len(tickets.Items) != min(report.Tickets, 100) {
		t.Errorf("%d tickets listed of %d, %v", len(tickets.Items), report.Tickets, err)
	}
	for _, row := range tickets.Items {
		view, err := w.Desk.Ticket(ctx, supervisor, row.Number)
		if err != nil || len(view.History) == 0 || len(view.Conversations) == 0 {
			t.Errorf("ticket %s: %d events, %v", row.Number, len(view.History), err)
		}
	}
}

// TestTicketsReplay rebuilds every ticket from its events and its clocks from
// their marks, and lets the desk's timers find nothing left to do.
func TestTicketsReplay(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	w, report := load(t, 1500)
	tickets := all[ticketing.Ticket](t, w.DB, "SELECT * FROM tickets ORDER BY id")
	if len(tickets) != report.Tickets || len(tickets) < 40 {
		t.Fatalf("%d tickets, reported %d", len(tickets), report.Tickets)
	}
	for _, stored := range tickets {
		events := all[ticketing.TicketEvent](t, w.DB, "SELECT * FROM ticket_events WHERE ticket_id = ? ORDER BY version", stored.ID)
		replayed, err := ticketing.ReplayTicket(events)
		if err != nil {
			t.Errorf("ticket %s: %v", stored.Number, err)
			continue
		}
		replayed.DueAt, replayed.DueUnknown, replayed.SLAStatus = stored.DueAt, stored.DueUnknown, stored.SLAStatus
		for _, pair := range []*ticketing.Ticket{&replayed, &stored} {
			utc(reflect.ValueOf(pair).Elem())
		}
		if !reflect.DeepEqual(replayed, stored) {
			t.Errorf("ticket %s replays to\n%+v\nand is stored as\n%+v", stored.Number, replayed, stored)
		}
	}
	checkMarks(t, w.DB)
	before := all[int](t, w.DB, "SELECT count(*) FROM ticket_events")[0]
	for _, one := range tickets {
		if err := w.Desk.TicketDue(ctx, one.ID); err != nil {
			t.Errorf("timers of %s: %v", one.Number, err)
		}
	}
	if after := all[int](t, w.DB, "SELECT count(*) FROM ticket_events")[0]; after != before {
		t.Errorf("the desk's timers had %d acts left to do", after-before)
		t.Logf("%v", all[string](t, w.DB, "SELECT act || ' ' || from_state || ' ' || ticket_id || ' ' || (facts->>'cause') FROM ticket_events ORDER BY id DESC LIMIT 8"))
	}
	again := all[ticketing.Ticket](t, w.DB, "SELECT * FROM tickets ORDER BY id")
	for i, one := range again {
		if one.SLAStatus != tickets[i].SLAStatus || !reflect.DeepEqual(one.DueAt, tickets[i].DueAt) {
			t.Errorf("ticket %s is %s until %v, was loaded as %s until %v", one.Number, one.SLAStatus, one.DueAt, tickets[i].SLAStatus, tickets[i].DueAt)
		}
	}
}

// utc makes times of the driver and of JSON alike.
func utc(v reflect.Value) {
	for i := range v.NumField() {
		switch at := v.Field(i).Interface().(type) {
		case time.Time:
			v.Field(i).Set(reflect.ValueOf(at.UTC()))
		case *time.Time:
			if at != nil {
				moved := at.UTC()
				v.Field(i).Set(reflect.ValueOf(&moved))
			}
		}
	}
}

func checkMarks(t *testing.T, db *bun.DB) {
	t.Helper()
	type row struct {
		Ticket string
		Timer  sla.Timer
		N      int
		Kind   sla.MarkKind
		At     time.Time
		Unit   sla.Unit
		Amount int64
	}
	clocks := map[string]sla.Clock{}
	for _, r := range all[row](t, db, "SELECT ticket_id AS ticket, timer, n, kind, at, amount_unit AS unit, amount_n AS amount FROM ticket_marks ORDER BY ticket_id, timer, n") {
		key := r.Ticket + string(r.Timer)
		clock := clocks[key]
		clock.Timer = r.Timer
		clock, err := clock.Append(sla.Mark{Kind: r.Kind, At: r.At, Amount: sla.Amount{Unit: r.Unit, N: r.Amount}})
		if err != nil || len(clock.Marks) != r.N {
			t.Fatalf("mark %d of %s of %s: %v", r.N, r.Timer, r.Ticket, err)
		}
		clocks[key] = clock
	}
}

// TestWallboardRecount (shares have four decimals on the board) takes the board's figures of today from the raw rows in
// another way than the board does.
func TestWallboardRecount(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	w, _ := load(t, 1200)
	board, err := w.Desk.Wallboard(ctx, supervisor)
	if err != nil {
		t.Fatal(err)
	}
	today := time.Date(2026, time.November, 22, 17, 0, 0, 0, time.UTC)
	var offered, answered, inTime, abandoned, waited float64
	for _, s := range all[stay](t, w.DB, "SELECT offered_at, left_at, due_at, how, counted_from FROM queue_stays") {
		if s.OfferedAt.Before(today) {
			continue
		}
		offered++
		switch s.How {
		case "answered":
			answered++
			waited += s.LeftAt.Sub(s.CountedFrom).Seconds()
			if !s.LeftAt.After(s.DueAt) {
				inTime++
			}
		case "abandoned":
			abandoned++
		}
	}
	var good, rated float64
	for _, r := range all[rating](t, w.DB, "SELECT score, rated_at FROM csat WHERE rated_at IS NOT NULL") {
		if !r.RatedAt.Before(today) {
			rated++
			if r.Score > 3 {
				good++
			}
		}
	}
	var open, breached float64
	for _, one := range all[ticketing.Ticket](t, w.DB, "SELECT * FROM tickets") {
		if one.State.InBacklog() {
			open++
			if one.SLAStatus == sla.Breached {
				breached++
			}
		}
	}
	var rows float64
	for _, r := range board.Rows {
		rows += float64(r.Offered)
	}
	h := board.Headline
	cases := []struct {
		name      string
		got, want float64
	}{
		{"offered", rows, offered},
		{"service level", value(h.ServiceLevel), inTime / (answered + abandoned)},
		{"abandoned", value(h.Abandoned), abandoned / offered},
		{"satisfaction", value(h.CSAT), good / rated},
		{"waiting", value(h.Waiting), 0},
		{"available", value(h.AgentsAvailable), 0},
		{"open tickets", float64(board.Tickets.Open), open},
		{"breached tickets", float64(board.Tickets.Breached), breached},
	}
	for _, c := range cases {
		if math.IsNaN(c.want) || math.Abs(c.got-c.want) > 0.00005 {
			t.Errorf("%s = %v, want %v", c.name, c.got, c.want)
		}
	}
	if offered < 20 || rated < 10 {
		t.Errorf("too little of today: %v offered, %v rated", offered, rated)
	}
	points := 0
	for _, point := range h.ServiceLevel.Trend {
		if point != nil {
			points++
		}
	}
	if last := h.ServiceLevel.Trend[len(h.ServiceLevel.Trend)-1]; points < 55 || last == nil || math.Abs(*last-value(h.ServiceLevel)) > 0.02 {
		t.Errorf("trend of the service level has %d points and ends at %v, want %v", points, last, value(h.ServiceLevel))
	}
	kinds := []channels.Kind{}
	for _, r := range board.Rows {
		kinds = append(kinds, r.Kind)
	}
	if !slices.Contains(kinds, channels.Webchat) || !slices.Contains(kinds, channels.WhatsApp) {
		t.Errorf("channels on the board: %v", kinds)
	}
}

type stay struct {
	OfferedAt, LeftAt, DueAt, CountedFrom time.Time
	How                                   string
}

type rating struct {
	Score   int
	RatedAt time.Time
}

func value(f ticketing.Figure) float64 {
	if f.Value == nil {
		return math.NaN()
	}
	return *f.Value
}
