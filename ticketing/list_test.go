package ticketing_test

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
	"sapa/ticketing/team"
)

// counter counts queries.
type counter struct{ n atomic.Int64 }

func (c *counter) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context { return ctx }
func (c *counter) AfterQuery(context.Context, *bun.QueryEvent)                        { c.n.Add(1) }

func reader(t *testing.T, w *fix.World, who team.Staff) ticketing.Reader {
	t.Helper()
	r, err := w.Desk.Reader(context.Background(), who.Actor())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// many opens conversations of every state and returns how many are in each list
// of a supervisor.
func many(t *testing.T, w *fix.World, n int) {
	t.Helper()
	for i := range n {
		c := w.Citizen()
		switch i % 3 {
		case 0:
			c.Writes("halo")
		case 1:
			c.Waiting()
		default:
			register(t, w, access.Robot(), c.Waiting())
		}
		w.Clock.Add(time.Second)
	}
}

// PEERS 72: a page of twenty makes as many queries as a page of two.
func TestPageMakesAFixedNumberOfQueries(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	many(t, w, 24)
	supervisor := w.Staff(access.Supervisor)
	r := reader(t, w, supervisor)
	hook := &counter{}
	desk := w.DeskOn(w.DB.WithQueryHook(hook))
	queries := func(do func() error) int64 {
		before := hook.n.Load()
		if err := do(); err != nil {
			t.Fatal(err)
		}
		return hook.n.Load() - before
	}
	ctx := context.Background()
	for _, tt := range []struct {
		name string
		max  int64
		page func(limit int) error
	}{
		{"conversations", 3, func(n int) error {
			_, err := desk.Conversations(ctx, r, ticketing.ListAll, ticketing.Filter{}, "", n)
			return err
		}},
		{"tickets", 1, func(n int) error {
			_, err := desk.Tickets(ctx, supervisor.Actor(), ticketing.TicketsOpen, "", "", "", n)
			return err
		}},
		{"counts", 1, func(int) error { _, err := desk.Counts(ctx, r); return err }},
		{"wallboard", 8, func(int) error { _, err := desk.Wallboard(ctx, supervisor.Actor()); return err }},
	} {
		few, many := queries(func() error { return tt.page(2) }), queries(func() error { return tt.page(20) })
		if few != many || many > tt.max {
			t.Errorf("%s: %d queries for 2 rows, %d for 20, at most %d wanted", tt.name, few, many, tt.max)
		}
	}
}

// Paging goes through everything once, whatever the order.
func TestPagesCoverTheListOnce(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	many(t, w, 21)
	r := reader(t, w, w.Staff(access.Supervisor))
	ctx := context.Background()
	counts, err := w.Desk.Counts(ctx, r)
	if err != nil {
		t.Fatal(err)
	}
	for list, want := range map[string]int{ticketing.ListAll: 21, ticketing.ListUnassigned: 14, ticketing.ListWaiting: 14, ticketing.ListTeam: 14, ticketing.ListMine: 0} {
		seen := map[ticketing.ConversationID]bool{}
		cursor := ""
		for {
			page, err := w.Desk.Conversations(ctx, r, list, ticketing.Filter{}, cursor, 4)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range page.Items {
				if seen[row.ID] {
					t.Errorf("%s: %s twice", list, row.ID)
				}
				seen[row.ID] = true
				if !slices.Contains(r.Lists(row.Conversation), list) {
					t.Errorf("%s: Lists(%s) = %v", list, row.State, r.Lists(row.Conversation))
				}
			}
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		if len(seen) != want || counts[list] != want {
			t.Errorf("%s: %d rows, counted %d, want %d", list, len(seen), counts[list], want)
		}
	}
}

// Security test 12: an agent sees the queues of their teams, what the bot has,
// and what is in their hands; nothing else, in no list and by no address.
func TestAgentSeesOnlyTheirQueues(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	foreign := w.Citizen().Waiting(func(h *ticketing.Handover) { h.Intent = "complaint.service" })
	own := w.Citizen().Waiting(func(h *ticketing.Handover) { h.Intent = "account.otp" })
	bot := w.Citizen().Writes("halo").Conversation
	agent := w.Staff(access.Agent, func(s *team.Staff) {
		s.Teams = slices.DeleteFunc(slices.Clone(w.Teams), func(one team.Team) bool { return one.Slug != "layanan" })
	})
	r := reader(t, w, agent)
	for _, list := range []string{ticketing.ListAll, ticketing.ListUnassigned, ticketing.ListWaiting, ticketing.ListTeam} {
		page, err := w.Desk.Conversations(ctx, r, list, ticketing.Filter{}, "", 50)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range page.Items {
			if row.ID == foreign {
				t.Errorf("%s shows a foreign conversation", list)
			}
		}
	}
	for id, want := range map[ticketing.ConversationID]bool{foreign: false, own: true, bot: true} {
		if _, err := w.Desk.View(ctx, agent.Actor(), id); (err == nil) != want {
			t.Errorf("view: got %v, want %v", err, want)
		}
		if _, err := w.Desk.Note(ctx, agent.Actor(), id, ticketing.Reply{Text: "x"}); (err == nil) != want {
			t.Errorf("note: got %v, want %v", err, want)
		}
	}
	if _, err := w.Desk.Reader(ctx, w.Staff(access.WallboardReader).Actor()); err == nil {
		t.Error("a wallboard reader may read conversations")
	}
}

// What the same person did in another queue is that queue's, and what was filed in
// confidence is not told by the row that names the person.
func TestHistoryAndRowsTellNoMoreThanTheReaderMayOpen(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	everywhere := w.Agent()
	agent := w.Staff(access.Agent, func(s *team.Staff) {
		s.Teams = slices.DeleteFunc(slices.Clone(w.Teams), func(one team.Team) bool { return one.Slug != "layanan" })
	})
	c := w.Citizen()
	foreign := c.Waiting(func(h *ticketing.Handover) { h.Intent = "complaint.service" })
	finish(t, w, everywhere, foreign)
	own := c.Waiting(func(h *ticketing.Handover) { h.Intent = "account.otp" })
	for who, want := range map[team.StaffID]int{everywhere.ID: 1, agent.ID: 0} {
		staff, err := team.ByID(ctx, w.DB, who)
		if err != nil {
			t.Fatal(err)
		}
		earlier, err := w.Desk.History(ctx, staff.Actor(), own)
		if err != nil || len(earlier) != want {
			t.Errorf("history: %d conversations, %v, want %d", len(earlier), err, want)
		}
	}
	numbers := func() int {
		rows, err := w.Desk.RowsByID(ctx, foreign)
		if err != nil || len(rows) != 1 {
			t.Fatal(err)
		}
		return len(rows[0].TicketNumbers)
	}
	if n := numbers(); n != 1 {
		t.Fatalf("%d numbers, want the complaint's", n)
	}
	for _, change := range []string{"anonymous = true", "anonymous = false, confidential = true", "confidential = false, class = 'integrity'"} {
		if _, err := w.DB.NewRaw("UPDATE tickets SET " + change).Exec(ctx); err != nil {
			t.Fatal(err)
		}
		if n := numbers(); n != 0 {
			t.Errorf("%s: the row tells the number", change)
		}
	}
}

func TestCursorsAreChecked(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	supervisor := w.Staff(access.Supervisor)
	r := reader(t, w, supervisor)
	for _, cursor := range []string{"x", "!!", "MjAyNg", "MjAyNi0xMS0yM1QwMzowMDowMFogYWJj"} {
		if _, err := w.Desk.Conversations(context.Background(), r, ticketing.ListAll, ticketing.Filter{}, cursor, 5); err == nil {
			t.Errorf("conversations: %q passed", cursor)
		}
		if _, err := w.Desk.Tickets(context.Background(), supervisor.Actor(), ticketing.TicketsOpen, "", "", cursor, 5); err == nil {
			t.Errorf("tickets: %q passed", cursor)
		}
	}
}

func TestTicketPagesCoverTheListOnce(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	supervisor := w.Staff(access.Supervisor)
	id := w.Citizen().Waiting()
	for i := range 9 {
		register(t, w, access.Robot(), id, func(r *ticketing.Registration) { r.Subject = fmt.Sprintf("Laporan nomor %d", i) })
		w.Clock.Add(time.Minute)
	}
	for _, list := range []string{ticketing.TicketsOpen, ticketing.ListAll, ticketing.ListTeam} {
		seen, cursor := map[ticketing.TicketID]bool{}, ""
		for {
			page, err := w.Desk.Tickets(context.Background(), supervisor.Actor(), list, "", "", cursor, 4)
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
		if len(seen) != 9 {
			t.Errorf("%s: %d tickets, want 9", list, len(seen))
		}
	}
	for q, want := range map[string]int{"nomor 3": 1, "laporan": 9, "tidak ada": 0} {
		page, err := w.Desk.Tickets(context.Background(), supervisor.Actor(), ticketing.ListAll, q, "", "", 50)
		if err != nil || len(page.Items) != want {
			t.Errorf("%q: %d tickets, %v, want %d", q, len(page.Items), err, want)
		}
	}
}
