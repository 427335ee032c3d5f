package ticketing_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
	"sapa/ticketing/sla"
	"sapa/ticketing/team"
)

func ticketOf(t *testing.T, w *fix.World, who team.Staff, id ticketing.TicketID) ticketing.TicketView {
	t.Helper()
	v, err := w.Desk.Ticket(context.Background(), who.Actor(), string(id))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func register(t *testing.T, w *fix.World, who access.Actor, id ticketing.ConversationID, change ...func(*ticketing.Registration)) ticketing.Registered {
	t.Helper()
	no := false
	r := ticketing.Registration{Conversation: id, Category: "incentive.status", Oversight: &no, Subject: "Insentif belum cair", Text: "Insentif Rp600.000 belum diterima"}
	for _, f := range change {
		f(&r)
	}
	made, err := w.Desk.Register(context.Background(), who, r)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func act(w *fix.World, who access.Actor, v ticketing.Ticket, what ticketing.TicketAct, fields map[string]string) (ticketing.Ticket, error) {
	return w.Desk.Act(context.Background(), who, ticketing.TicketRequest{Ticket: v.ID, Act: what, Version: v.Version, Fields: fields})
}

func mustAct(t *testing.T, w *fix.World, who access.Actor, v ticketing.Ticket, what ticketing.TicketAct, fields map[string]string) ticketing.Ticket {
	t.Helper()
	after, err := act(w, who, v, what, fields)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	return after
}

func resolution() map[string]string {
	return map[string]string{"outcome": "record_corrected", "root_cause": "account_mismatch", "public_answer": "Insentif sudah dikirim ulang."}
}

// and decision 3: one number, told at once; the agent who has the
// citizen verifies and takes a ticket that needs no inquiry.
func TestAgentRegistersWhatTheyHaveInConversation(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	_, id, agent := answeredChat(t, w)
	key := func(r *ticketing.Registration) { r.Key = "satu" }
	made := register(t, w, agent.Actor(), id, key)
	again := register(t, w, agent.Actor(), id, key)
	if again.Ticket.ID != made.Ticket.ID || again.Secret != "" {
		t.Errorf("the same key made another ticket: %s, %s", made.Ticket.Number, again.Ticket.Number)
	}
	v := ticketOf(t, w, agent, made.Ticket.ID)
	if v.State != ticketing.TicketInProgress || v.Owner != string(agent.ID) || len(v.History) != 3 || v.Promise.State != ticketing.SLAOnTrack {
		t.Errorf("got %s, owner %s, %d events, %s", v.State, v.Owner, len(v.History), v.Promise.State)
	}
	if n := count(t, w, "SELECT count(*) FROM messages WHERE text LIKE ?", "%"+v.Number+"%"); n != 1 {
		t.Errorf("number told %d times, want 1", n)
	}
	// 14 working days from Monday 23 November 2026.
	if want := time.Date(2026, 12, 11, 16, 59, 59, 0, time.UTC); v.DueAt == nil || !v.DueAt.Equal(want) {
		t.Errorf("due %v, want %v", v.DueAt, want)
	}
	if tracked, err := w.Desk.Tracked(context.Background(), v.Number, made.Secret); err != nil || tracked.ID != v.ID {
		t.Errorf("tracking: %v", err)
	}
	for _, secret := range []string{"", "3333-3333-3333"} {
		if _, err := w.Desk.Tracked(context.Background(), v.Number, secret); !errors.Is(err, ticketing.ErrNotFound) {
			t.Errorf("secret %q: got %v", secret, err)
		}
	}
}

// Property 11: two accept at once; one wins, the other gets a conflict.
func TestTwoAcceptAtOnce(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	id := w.Citizen().Waiting()
	verifier := w.Staff(access.Verifier)
	made := register(t, w, access.Robot(), id)
	open := mustAct(t, w, verifier.Actor(), made.Ticket, ticketing.ActVerify, map[string]string{"oversight": "false"})
	agents := []team.Staff{w.Staff(access.Agent), w.Staff(access.Agent), w.Staff(access.Agent)}
	results := make([]error, len(agents))
	var wait sync.WaitGroup
	for i, agent := range agents {
		wait.Add(1)
		go func() {
			defer wait.Done()
			_, results[i] = act(w, agent.Actor(), open, ticketing.ActAccept, nil)
		}()
	}
	wait.Wait()
	owner := ticketOf(t, w, verifier, made.Ticket.ID).Owner
	for i, err := range results {
		won := owner == string(agents[i].ID)
		if won && err != nil || !won && !errors.Is(err, ticketing.ErrStale) {
			t.Errorf("agent %d, won %v: got %v", i, won, err)
		}
	}
}

// Properties 1 and 3: the row is what its events say, and an act delivered twice
// is the act once.
func TestRowIsWhatTheEventsSay(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	c, id, agent := answeredChat(t, w)
	made := register(t, w, agent.Actor(), id)
	request := ticketing.TicketRequest{Ticket: made.Ticket.ID, Act: ticketing.ActAskReporter, Version: made.Ticket.Version, Key: "tanya",
		Fields: map[string]string{"question": "Bank mana?"}}
	for range 2 {
		if _, err := w.Desk.Act(ctx, agent.Actor(), request); err != nil {
			t.Fatal(err)
		}
	}
	if n := count(t, w, "SELECT count(*) FROM messages WHERE text LIKE '%Bank mana?%'"); n != 1 {
		t.Errorf("asked %d times, want 1", n)
	}
	w.Clock.Add(time.Hour)
	c.Writes("Bank BRI")
	v := ticketOf(t, w, agent, made.Ticket.ID)
	if v.State != ticketing.TicketInProgress {
		t.Errorf("after the answer: %s", v.State)
	}
	mustAct(t, w, agent.Actor(), v.Ticket, ticketing.ActResolve, resolution())
	v = ticketOf(t, w, agent, made.Ticket.ID)
	replayed, err := ticketing.ReplayTicket(v.History)
	if err != nil {
		t.Fatal(err)
	}
	if replayed.State != v.State || replayed.Version != v.Version || replayed.Owner != v.Owner || replayed.PublicAnswer != v.PublicAnswer ||
		replayed.Target() != v.Target() || replayed.Outcome != v.Outcome {
		t.Errorf("row %+v\nreplayed %+v", v.Ticket, replayed)
	}
	if n := count(t, w, "SELECT count(*) FROM messages WHERE text LIKE '%Insentif sudah dikirim ulang.%'"); n != 1 {
		t.Errorf("answer told %d times, want 1", n)
	}
}

// A name is no signature: whoever is to co-sign must have had the ticket.
func TestCoSignerMustHaveHadTheTicket(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	id := w.Citizen().Waiting()
	officer, supervisor := w.Staff(access.UnitOfficer), w.Staff(access.Supervisor)
	yes := true
	made := register(t, w, access.Robot(), id, func(r *ticketing.Registration) { r.Oversight = &yes })
	v := mustAct(t, w, w.Staff(access.Verifier).Actor(), made.Ticket, ticketing.ActVerify, nil)
	v = mustAct(t, w, supervisor.Actor(), v, ticketing.ActAssign, map[string]string{"owner": string(officer.ID)})
	with := func(signer string) map[string]string {
		fields := resolution()
		fields["co_signer"] = signer
		return fields
	}
	for signer, rule := range map[string]string{"": "required", string(w.Staff(access.Supervisor).ID): "not_signed", string(officer.ID): "not_signed", team.NewID(): "unknown"} {
		var invalid *ticketing.Invalid
		if _, err := act(w, officer.Actor(), v, ticketing.ActResolve, with(signer)); !errors.As(err, &invalid) || invalid.Rule != rule {
			t.Errorf("signer %q: got %v, want %s", signer, err, rule)
		}
	}
	mustAct(t, w, officer.Actor(), v, ticketing.ActResolve, with(string(supervisor.ID)))
}

func TestStaleVersionIsRefused(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	_, id, agent := answeredChat(t, w)
	made := register(t, w, agent.Actor(), id)
	old := made.Ticket
	mustAct(t, w, agent.Actor(), old, ticketing.ActReturn, map[string]string{"reason": "salah unit"})
	if _, err := act(w, agent.Actor(), old, ticketing.ActResolve, resolution()); !errors.Is(err, ticketing.ErrStale) {
		t.Errorf("got %v, want ErrStale", err)
	}
	var invalid *ticketing.Invalid
	v := ticketOf(t, w, agent, old.ID).Ticket
	if _, err := act(w, agent.Actor(), v, ticketing.ActAccept, map[string]string{"colour": "red"}); !errors.As(err, &invalid) || invalid.Field != "colour" {
		t.Errorf("unknown field: got %v", err)
	}
}

// Property 6 and PEERS 50: waiting for the reporter uses no time of ours, and a
// silent reporter is reminded before the ticket closes.
func TestSilentReporterIsRemindedThenClosed(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	_, id, agent := answeredChat(t, w)
	made := register(t, w, agent.Actor(), id)
	mustAct(t, w, agent.Actor(), made.Ticket, ticketing.ActAskReporter, map[string]string{"question": "Bank mana?"})
	w.Available(agent)
	if err := w.Desk.End(ctx, agent.Actor(), id, ticketing.EndTicket); err != nil {
		t.Fatal(err)
	}
	reminders := func() int {
		return count(t, w, "SELECT count(*) FROM ticket_notices WHERE notice = 'reminder'")
	}
	for day, want := range map[int]int{2: 0} {
		pass(t, w, time.Duration(day)*24*time.Hour)
		if n := reminders(); n != want {
			t.Errorf("day %d: %d reminders, want %d", day, n, want)
		}
	}
	for _, step := range []struct{ days, want int }{{2, 1}, {7, 2}, {10, 3}} {
		pass(t, w, time.Duration(step.days)*24*time.Hour)
		pass(t, w, time.Second)
		if n := reminders(); n != step.want {
			t.Errorf("after %d more days: %d reminders, want %d", step.days, n, step.want)
		}
	}
	pass(t, w, 10*24*time.Hour)
	v := ticketOf(t, w, agent, made.Ticket.ID)
	if v.State != ticketing.TicketClosed || v.ClosedReason != ticketing.ClosedNoResponse {
		t.Errorf("got %s %s", v.State, v.ClosedReason)
	}
	for _, clock := range v.Clocks {
		if clock.Timer == sla.TimerResolve && clock.Reading.Used > 24*time.Hour {
			t.Errorf("used %s of our time", clock.Reading.Used)
		}
	}
}

// and property 4: warned at 80 %, breached past the date, each
// once; a ticket nobody takes climbs.
func TestClocksActByThemselvesOnce(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	supervisor := w.Staff(access.Supervisor)
	id := w.Citizen().Waiting()
	made := register(t, w, access.Robot(), id, func(r *ticketing.Registration) { r.Category = "program.about"; r.Oversight = nil }) // 5 working days
	status := func() (string, int) {
		v := ticketOf(t, w, supervisor, made.Ticket.ID)
		return v.Promise.State, v.Level
	}
	for range 20 { // half-days: Monday to Wednesday of the week after
		w.Clock.Add(12 * time.Hour)
		for range 2 {
			if err := w.Desk.Sweep(ctx); err != nil {
				t.Fatal(err)
			}
		}
	}
	state, level := status()
	if state != ticketing.SLABreached || level != 3 {
		t.Errorf("got %s, level %d, want breached and 3", state, level)
	}
	for mark, want := range map[string]int{"warned": 1, "fired": 1} {
		if n := count(t, w, "SELECT count(*) FROM ticket_marks WHERE timer = 'resolve' AND kind = ?", mark); n != want {
			t.Errorf("%s %d times, want %d", mark, n, want)
		}
	}
	if n := count(t, w, "SELECT count(*) FROM ticket_events WHERE act = 'escalate'"); n != 3 {
		t.Errorf("escalated %d times, want 3", n)
	}
}

// a year whose holidays are not loaded makes no date up.
func TestNoDateWithoutTheCalendar(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	w.Clock.Set(time.Date(2026, 12, 23, 3, 0, 0, 0, time.UTC))
	agent := w.Staff(access.Agent)
	id := w.Citizen().Waiting()
	made := register(t, w, access.Robot(), id)
	v := ticketOf(t, w, agent, made.Ticket.ID)
	if v.DueAt != nil || !v.DueUnknown {
		t.Errorf("due %v, unknown %v", v.DueAt, v.DueUnknown)
	}
	if err := ticketing.LoadHolidays(context.Background(), w.DB, 2027, nil, w.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	pass(t, w, 2*time.Hour)
	if v := ticketOf(t, w, agent, made.Ticket.ID); v.DueAt == nil || v.DueUnknown {
		t.Errorf("after loading: due %v, unknown %v", v.DueAt, v.DueUnknown)
	}
}

// the reporter acts, and only as a reporter may.
func TestReporterActsAsAReporterMay(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	_, id, agent := answeredChat(t, w)
	made := register(t, w, agent.Actor(), id)
	mustAct(t, w, agent.Actor(), made.Ticket, ticketing.ActResolve, resolution())
	for i, tt := range []struct {
		name string
		act  ticketing.TicketAct
		want error
	}{
		{"an agent's act", ticketing.ActEscalate, ticketing.ErrRole},
		{"not possible now", ticketing.ActWithdraw, ticketing.ErrTransition},
		{"reopens", ticketing.ActReopen, nil},
		{"confirms", ticketing.ActConfirm, ticketing.ErrTransition},
	} {
		_, err := w.Desk.ActAsReporter(ctx, ticketing.ReporterRequest{Ticket: made.Ticket.ID, Key: fmt.Sprint(i), Act: tt.act, Text: "belum masuk"})
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
	if v := ticketOf(t, w, agent, made.Ticket.ID); v.State != ticketing.TicketInProgress {
		t.Errorf("got %s", v.State)
	}
}

// uncontested it closes; reopened in time it goes on; what
// comes later is another ticket.
func TestReopenAndFollowUp(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	_, id, agent := answeredChat(t, w)
	made := register(t, w, agent.Actor(), id)
	resolved := mustAct(t, w, agent.Actor(), made.Ticket, ticketing.ActResolve, resolution())
	reopened := mustAct(t, w, agent.Actor(), resolved, ticketing.ActReopen, map[string]string{"reason": "belum masuk", "for_reporter": "true"})
	if reopened.State != ticketing.TicketInProgress || reopened.ReopenCount != 1 {
		t.Fatalf("got %s, %d", reopened.State, reopened.ReopenCount)
	}
	mustAct(t, w, agent.Actor(), reopened, ticketing.ActResolve, resolution())
	for range 16 {
		pass(t, w, 24*time.Hour)
	}
	v := ticketOf(t, w, agent, made.Ticket.ID)
	if v.State != ticketing.TicketClosed || v.ClosedReason != ticketing.ClosedAutoNoReply {
		t.Fatalf("got %s %s", v.State, v.ClosedReason)
	}
	next, err := w.Desk.WriteAsReporter(ctx, ticketing.ReporterRequest{Ticket: v.ID, Key: "lanjut", Text: "Insentif belum juga masuk"})
	if err != nil || next.Ticket.FollowUpOf != v.ID {
		t.Errorf("got %+v, %v", next.Ticket.FollowUpOf, err)
	}
	if again := ticketOf(t, w, agent, v.ID); again.State != ticketing.TicketClosed || again.PublicAnswer != v.PublicAnswer {
		t.Error("the closed ticket was edited")
	}
}

// PEERS 17: two merge each other at once; one survivor, never both closed.
func TestMergeEachOtherAtOnce(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	id := w.Citizen().Waiting()
	verifier := w.Staff(access.Verifier)
	a, b := register(t, w, access.Robot(), id).Ticket, register(t, w, access.Robot(), id).Ticket
	var wait sync.WaitGroup
	results := make([]error, 2)
	for i, pair := range [][2]ticketing.Ticket{{a, b}, {b, a}} {
		wait.Add(1)
		go func() {
			defer wait.Done()
			_, results[i] = act(w, verifier.Actor(), pair[0], ticketing.ActMerge, map[string]string{"merge": pair[1].Number})
		}()
	}
	wait.Wait()
	if n := count(t, w, "SELECT count(*) FROM tickets WHERE state = 'closed' AND closed_reason = 'merged'"); n != 1 {
		t.Errorf("%d merged, want 1 (%v)", n, results)
	}
}
