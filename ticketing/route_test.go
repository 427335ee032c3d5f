package ticketing_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
	"sapa/ticketing/team"
)

func stateOf(t *testing.T, w *fix.World, id ticketing.ConversationID) (ticketing.State, team.StaffID) {
	t.Helper()
	var row struct {
		State    ticketing.State
		Assignee team.StaffID
	}
	err := w.DB.NewRaw("SELECT state, coalesce(assignee_id::text, '') AS assignee FROM conversations WHERE id = ?", id).Scan(context.Background(), &row)
	if err != nil {
		t.Fatal(err)
	}
	return row.State, row.Assignee
}

func wantState(t *testing.T, w *fix.World, id ticketing.ConversationID, want ticketing.State) {
	t.Helper()
	if got, _ := stateOf(t, w, id); got != want {
		t.Errorf("conversation is %s, want %s", got, want)
	}
}

func finish(t *testing.T, w *fix.World, who team.Staff, id ticketing.ConversationID) {
	t.Helper()
	if err := w.Desk.End(context.Background(), who.Actor(), id, ticketing.EndSolved); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.WrapUpDone(context.Background(), who.Actor(), id); err != nil {
		t.Fatal(err)
	}
}

// PEERS 58: capacity 3, four chats; one is done, and the waiting one is assigned.
func TestFreedCapacityDrainsTheQueueOldestFirst(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	agent := w.Agent()
	var ids []ticketing.ConversationID
	for range 5 {
		ids = append(ids, w.Citizen().Waiting())
		w.Clock.Add(time.Second)
	}
	for i, id := range ids {
		want := ticketing.StateAgent
		if i >= 3 {
			want = ticketing.StateQueued
		}
		wantState(t, w, id, want)
	}
	finish(t, w, agent, ids[0])
	wantState(t, w, ids[3], ticketing.StateAgent)
	wantState(t, w, ids[4], ticketing.StateQueued)
}

// Wrap-up keeps the slot until it is done or its time is over.
func TestWrapUpHoldsTheSlotForItsTime(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	agent := w.Agent(func(s *team.Staff) { s.Capacity = 1 })
	first, second := w.Citizen().Waiting(), w.Citizen().Waiting()
	if err := w.Desk.End(ctx, agent.Actor(), first, ticketing.EndSolved); err != nil {
		t.Fatal(err)
	}
	wantState(t, w, first, ticketing.StateWrapUp)
	wantState(t, w, second, ticketing.StateQueued)
	if p, _ := w.Desk.PresenceOf(ctx, agent.ID); p.State != ticketing.PresenceWrapUp || p.Load != 1 {
		t.Errorf("got %+v", p)
	}
	w.Clock.Add(59 * time.Second)
	if err := w.Desk.Heartbeat(ctx, agent.ID); err != nil {
		t.Fatal(err)
	}
	w.Clock.Add(2 * time.Second)
	if err := w.Desk.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	wantState(t, w, first, ticketing.StateEnded)
	wantState(t, w, second, ticketing.StateAgent)
}

// PEERS 59 and property 11: two agents and the router claim the same
// conversation; exactly one owner.
func TestManyClaimOneConversation(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	id := w.Citizen().Waiting()
	agents := []team.Staff{w.Staff(access.Agent), w.Staff(access.Agent), w.Staff(access.Agent)}
	var wait sync.WaitGroup
	results := make([]error, len(agents))
	for i, agent := range agents {
		wait.Add(1)
		go func() {
			defer wait.Done()
			results[i] = w.Desk.Claim(context.Background(), agent.Actor(), id)
		}()
	}
	wait.Add(1)
	go func() {
		defer wait.Done()
		w.Agent()
	}()
	wait.Wait()
	_, owner := stateOf(t, w, id)
	for i, err := range results {
		won := owner == agents[i].ID
		if won && err != nil || !won && !errors.Is(err, ticketing.ErrTaken) {
			t.Errorf("agent %d, owner %v: got %v", i, won, err)
		}
	}
	if n := count(t, w, "SELECT count(*) FROM handlings WHERE wrap_to IS NULL"); n != 1 {
		t.Errorf("got %d open handlings, want 1", n)
	}
}

// PEERS 60: moved to another queue, the old agent lets go and the case queues.
func TestMovedToAnotherQueueItQueues(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	agent := w.Agent()
	id := w.Citizen().Waiting()
	err := w.Desk.Assign(ctx, agent.Actor(), id, ticketing.Assignment{Queue: w.Queues["pengaduan"].ID, Note: "Tolong dicek"})
	if err != nil {
		t.Fatal(err)
	}
	if state, owner := stateOf(t, w, id); state != ticketing.StateQueued || owner != "" {
		t.Errorf("got %s, owner %q", state, owner)
	}
	if p, _ := w.Desk.PresenceOf(ctx, agent.ID); p.Load != 0 || p.State != ticketing.PresenceAvailable {
		t.Errorf("got %+v", p)
	}
	if n := count(t, w, "SELECT count(*) FROM queue_stays WHERE how = 'flow_out'"); n != 1 {
		t.Errorf("got %d flow-outs, want 1", n)
	}
}

func TestAssignToColleagues(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	agent, off := w.Agent(), w.Staff(access.Agent)
	id := w.Citizen().Waiting()
	var invalid *ticketing.Invalid
	if err := w.Desk.Assign(ctx, agent.Actor(), id, ticketing.Assignment{Staff: off.ID}); !errors.As(err, &invalid) || invalid.Rule != "offline" {
		t.Errorf("to somebody off duty: got %v", err)
	}
	colleague := w.Agent()
	if err := w.Desk.Assign(ctx, colleague.Actor(), id, ticketing.Assignment{Staff: colleague.ID}); !errors.Is(err, ticketing.ErrNotYours) {
		t.Errorf("out of a colleague's hands: got %v", err)
	}
	supervisor := w.Staff(access.Supervisor)
	if err := w.Desk.Assign(ctx, supervisor.Actor(), id, ticketing.Assignment{Staff: colleague.ID}); err != nil {
		t.Fatal(err)
	}
	if _, owner := stateOf(t, w, id); owner != colleague.ID {
		t.Errorf("owner %s, want %s", owner, colleague.ID)
	}
}

// A ringing conversation that nobody takes goes back to its old place, and not to
// the same person again.
func TestUnansweredOfferReturnsToItsPlace(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	queue := w.Queues["insentif"]
	queue.AutoAccept = false
	if _, err := team.AddQueue(ctx, w.DB, queue); err != nil {
		t.Fatal(err)
	}
	agent := w.Agent()
	id := w.Citizen().Waiting()
	wantState(t, w, id, ticketing.StateRinging)
	if p, _ := w.Desk.PresenceOf(ctx, agent.ID); p.State != ticketing.PresenceRinging {
		t.Errorf("agent is %s", p.State)
	}
	queuedAt := view(t, w, agent, id).QueuedAt
	w.Clock.Add(21 * time.Second)
	if err := w.Desk.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	wantState(t, w, id, ticketing.StateQueued)
	if again := view(t, w, agent, id).QueuedAt; !again.Equal(*queuedAt) {
		t.Errorf("place %v, want %v", again, queuedAt)
	}
	second := w.Agent()
	if _, owner := stateOf(t, w, id); owner != second.ID {
		t.Errorf("owner %s, want the second agent", owner)
	}
	if err := w.Desk.Accept(ctx, second.Actor(), id); err != nil {
		t.Fatal(err)
	}
	wantState(t, w, id, ticketing.StateAgent)
}

// Alone on duty, whoever missed a conversation is offered it again after a
// minute, and the sweep alone sees to it.
func TestMissedOfferComesBackToTheOnlyAgent(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	queue := w.Queues["insentif"]
	queue.AutoAccept = false
	if _, err := team.AddQueue(ctx, w.DB, queue); err != nil {
		t.Fatal(err)
	}
	agent := w.Agent()
	id := w.Citizen().Waiting()
	for _, step := range []struct {
		wait time.Duration
		want ticketing.State
	}{{21 * time.Second, ticketing.StateQueued}, {30 * time.Second, ticketing.StateQueued}, {30 * time.Second, ticketing.StateRinging}} {
		w.Clock.Add(step.wait)
		if err := w.Desk.Heartbeat(ctx, agent.ID); err != nil {
			t.Fatal(err)
		}
		if err := w.Desk.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		wantState(t, w, id, step.want)
	}
	if err := w.Desk.Accept(ctx, agent.Actor(), id); err != nil {
		t.Fatal(err)
	}
	wantState(t, w, id, ticketing.StateAgent)
}

func TestLanguageAndSkillChooseTheAgent(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	indonesian := w.Agent()
	javanese := w.Agent(func(s *team.Staff) { s.Languages = []string{"jav"}; s.Capacity = 1 })
	speaks := func(h *ticketing.Handover) { h.Language = "jav" }
	first := w.Citizen().Waiting(speaks)
	if _, owner := stateOf(t, w, first); owner != javanese.ID {
		t.Errorf("owner %s, want the speaker", owner)
	}
	second := w.Citizen().Waiting(speaks)
	wantState(t, w, second, ticketing.StateQueued) // the speaker may be free soon
	w.Clock.Add(30 * time.Second)
	for _, s := range []team.Staff{indonesian, javanese} {
		if err := w.Desk.Heartbeat(ctx, s.ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Desk.Route(ctx); err != nil {
		t.Fatal(err)
	}
	wantState(t, w, second, ticketing.StateQueued)
	w.Clock.Add(91 * time.Second)
	w.Available(indonesian)
	w.Available(javanese)
	if _, owner := stateOf(t, w, second); owner != indonesian.ID {
		t.Errorf("owner %s, want whoever is there", owner)
	}
}

// Queue membership is asked for, and a queue nobody serves does not starve the
// others.
func TestOnlyMembersOfTheTeamAreGivenItsQueue(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	payment := func(s *team.Staff) {
		for _, one := range w.Teams {
			if one.Slug == "pembayaran" {
				s.Teams = []team.Team{one}
			}
		}
	}
	agent := w.Agent(payment)
	complaint := w.Citizen().Waiting(func(h *ticketing.Handover) { h.Intent = "complaint.service" })
	incentive := w.Citizen().Waiting()
	wantState(t, w, complaint, ticketing.StateQueued)
	wantState(t, w, incentive, ticketing.StateAgent)
	if err := w.Desk.Claim(context.Background(), agent.Actor(), complaint); !errors.Is(err, ticketing.ErrForbidden) {
		t.Errorf("claim from a foreign queue: got %v", err)
	}
}

func TestUrgentComesBeforeOld(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	old := w.Citizen().Waiting()
	w.Clock.Add(time.Minute)
	urgent := w.Citizen().Waiting(func(h *ticketing.Handover) { h.Priority = ticketing.PriorityUrgent })
	w.Agent(func(s *team.Staff) { s.Capacity = 1 })
	wantState(t, w, urgent, ticketing.StateAgent)
	wantState(t, w, old, ticketing.StateQueued)
}

func TestBreakStartsWhenTheContactIsOver(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	agent := w.Agent()
	id := w.Citizen().Waiting()
	p, err := w.Desk.SetPresence(ctx, agent.Actor(), ticketing.ChosenBreak, "meal")
	if err != nil || p.State != ticketing.PresenceOnContact || p.Chosen != ticketing.ChosenBreak {
		t.Errorf("got %+v, %v", p, err)
	}
	waiting := w.Citizen().Waiting()
	wantState(t, w, waiting, ticketing.StateQueued)
	finish(t, w, agent, id)
	if p, _ := w.Desk.PresenceOf(ctx, agent.ID); p.State != ticketing.PresenceBreak || p.Reason != "meal" {
		t.Errorf("got %+v", p)
	}
	if _, err := w.Desk.SetPresence(ctx, agent.Actor(), ticketing.ChosenBreak, "holiday"); err == nil {
		t.Error("an unknown reason passed")
	}
}

// every second of a shift belongs to one state.
func TestPresenceLogHasNoGaps(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	agent := w.Agent()
	for range 3 {
		w.Clock.Add(10 * time.Second)
		id := w.Citizen().Waiting()
		w.Clock.Add(10 * time.Second)
		finish(t, w, agent, id)
	}
	w.Clock.Add(10 * time.Second)
	if _, err := w.Desk.SetPresence(ctx, agent.Actor(), ticketing.ChosenOffline, ""); err != nil {
		t.Fatal(err)
	}
	gaps := count(t, w, `SELECT count(*) FROM (SELECT from_at, lag(to_at) OVER (ORDER BY from_at, id) AS before FROM presence_log WHERE staff_id = ?) AS l
		WHERE before IS NOT NULL AND before <> from_at`, agent.ID)
	if gaps != 0 {
		t.Errorf("%d gaps", gaps)
	}
	if n := count(t, w, "SELECT extract(epoch FROM sum(to_at - from_at))::int FROM presence_log WHERE staff_id = ? AND state = 'on_contact'", agent.ID); n != 30 {
		t.Errorf("on contact for %d s, want 30", n)
	}
}

// A conversation that cannot be given must not keep the others waiting.
func TestOneThatCannotBeGivenHoldsUpNobody(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	stuck, next := w.Citizen().Waiting(), w.Citizen().Waiting()
	_, err := w.DB.NewRaw(`INSERT INTO handlings (id, conversation_id, staff_id, kind, from_at) VALUES (gen_random_uuid(), ?, ?, 'webchat', ?)`,
		stuck, w.Staff(access.Supervisor).ID, w.Clock.Now()).Exec(ctx)
	if err != nil {
		t.Fatal(err)
	}
	w.Available(w.Agent())
	for id, want := range map[ticketing.ConversationID]ticketing.State{stuck: ticketing.StateQueued, next: ticketing.StateAgent} {
		var state ticketing.State
		if err := w.DB.NewRaw("SELECT state FROM conversations WHERE id = ?", id).Scan(ctx, &state); err != nil {
			t.Fatal(err)
		}
		if state != want {
			t.Errorf("conversation %s is %s, want %s", id, state, want)
		}
	}
}
