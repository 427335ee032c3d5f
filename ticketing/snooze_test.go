package ticketing_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
	"sapa/ticketing/team"
)

// snoozed is a chat that its agent, who can hold one, has answered and put aside.
func snoozed(t *testing.T, until time.Duration) (*fix.World, *fix.Citizen, team.Staff, ticketing.ConversationID) {
	t.Helper()
	w := fix.New(t)
	ctx := context.Background()
	agent := w.Agent(func(s *team.Staff) { s.Capacity = 1 })
	citizen := w.Citizen()
	id := citizen.Waiting()
	if _, err := w.Desk.Reply(ctx, agent.Actor(), id, ticketing.Reply{Echo: "r", Text: "Kami cek dulu, ya."}); err != nil {
		t.Fatal(err)
	}
	var at *time.Time
	if until > 0 {
		moment := w.Clock.Now().Add(until)
		at = &moment
	}
	if err := w.Desk.Snooze(ctx, agent.Actor(), id, at); err != nil {
		t.Fatal(err)
	}
	return w, citizen, agent, id
}

func sweep(t *testing.T, w *fix.World) {
	t.Helper()
	if err := w.Desk.Sweep(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func TestSnoozedTakesNobodysHands(t *testing.T) {
	t.Parallel()
	w, _, agent, id := snoozed(t, time.Hour)
	wantState(t, w, id, ticketing.StateSnoozed)
	next := w.Citizen().Waiting()
	if _, owner := stateOf(t, w, next); owner != agent.ID {
		t.Errorf("the next conversation went to %q, want the freed agent", owner)
	}
	r := reader(t, w, agent)
	page, err := w.Desk.Conversations(context.Background(), r, ticketing.ListSnoozed, ticketing.Filter{}, "", 10)
	if err != nil || len(page.Items) != 1 || page.Items[0].ID != id {
		t.Fatalf("snoozed list %+v, %v", page.Items, err)
	}
	counts, err := w.Desk.Counts(context.Background(), r)
	if err != nil || counts[ticketing.ListSnoozed] != 1 || counts[ticketing.ListMine] != 1 {
		t.Errorf("counts %v, %v", counts, err)
	}
}

// Silence is not counted while it is put aside, nor from its waking.
func TestSnoozedIsNeitherWarnedNorEnded(t *testing.T) {
	t.Parallel()
	w, _, agent, id := snoozed(t, 2*time.Hour)
	ctx := context.Background()
	w.Clock.Add(time.Hour)
	sweep(t, w)
	wantState(t, w, id, ticketing.StateSnoozed)
	w.Clock.Add(time.Hour)
	w.Available(agent)
	sweep(t, w)
	wantState(t, w, id, ticketing.StateAgent)
	w.Clock.Add(time.Hour)
	if err := w.Desk.Heartbeat(ctx, agent.ID); err != nil {
		t.Fatal(err)
	}
	sweep(t, w)
	wantState(t, w, id, ticketing.StateAgent)
	if n := count(t, w, "SELECT count(*) FROM messages WHERE data->>'key' = 'notice.silence.warning'"); n != 0 {
		t.Errorf("warned %d times", n)
	}
}

func TestSnoozeWakes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		until   time.Duration
		away    bool
		writes  bool
		pass    time.Duration
		want    ticketing.State
		waiting bool
	}{
		{"to its holder on duty", time.Hour, false, false, time.Hour, ticketing.StateAgent, false},
		{"to the queue when its holder is away", time.Hour, true, false, time.Hour, ticketing.StateQueued, true},
		{"after the worker stood still for four days", time.Hour, true, false, 96 * time.Hour, ticketing.StateQueued, true},
		{"at once when the citizen writes", time.Hour, false, true, time.Minute, ticketing.StateAgent, true},
		{"by a message when there is no time", 0, false, true, time.Minute, ticketing.StateAgent, true},
		{"by a message to the queue", 0, true, true, time.Minute, ticketing.StateQueued, true},
		{"not without a time or a message", 0, false, false, 96 * time.Hour, ticketing.StateSnoozed, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, citizen, agent, id := snoozed(t, tt.until)
			place := count(t, w, "SELECT extract(epoch FROM queued_at)::bigint FROM conversations")
			w.Clock.Add(tt.pass)
			if tt.away {
				if _, err := w.Desk.SetPresence(context.Background(), agent.Actor(), ticketing.ChosenOffline, ""); err != nil {
					t.Fatal(err)
				}
			} else {
				w.Available(agent)
			}
			if tt.writes {
				citizen.Writes("sudah ada kabar?")
			}
			sweep(t, w)
			wantState(t, w, id, tt.want)
			if n := count(t, w, "SELECT count(*) FROM conversations WHERE waiting_since IS NOT NULL"); (n == 1) != tt.waiting {
				t.Errorf("waiting %d, want %v", n, tt.waiting)
			}
			if got := count(t, w, "SELECT extract(epoch FROM queued_at)::bigint FROM conversations"); got != place {
				t.Errorf("its place moved by %d s", got-place)
			}
			if n := count(t, w, "SELECT count(*) FROM handlings WHERE wrap_to IS NULL"); (n == 1) != (tt.want == ticketing.StateAgent) {
				t.Errorf("%d open handlings in state %s", n, tt.want)
			}
		})
	}
}

// PEERS 50: what has ended stays ended, whatever was left of a snooze.
func TestEndedConversationDoesNotWake(t *testing.T) {
	t.Parallel()
	w, _, agent, id := snoozed(t, time.Hour)
	if err := w.Desk.End(context.Background(), agent.Actor(), id, ticketing.EndSolved); err != nil {
		t.Fatal(err)
	}
	wantState(t, w, id, ticketing.StateEnded)
	if _, err := w.DB.Exec("UPDATE conversations SET snoozed_until = ? WHERE id = ?", w.Clock.Now(), id); err != nil {
		t.Fatal(err)
	}
	w.Clock.Add(2 * time.Hour)
	w.Available(agent)
	sweep(t, w)
	if err := w.Desk.Due(context.Background(), id); err != nil {
		t.Fatal(err)
	}
	wantState(t, w, id, ticketing.StateEnded)
}

func TestOnlyWhoHoldsItSnoozes(t *testing.T) {
	t.Parallel()
	w, _, agent, id := snoozed(t, time.Hour)
	ctx := context.Background()
	soon, past := w.Clock.Now().Add(time.Minute), w.Clock.Now()
	colleague, supervisor := w.Agent(), w.Staff(access.Supervisor)
	if err := w.Desk.Snooze(ctx, colleague.Actor(), id, &soon); !errors.Is(err, ticketing.ErrNotYours) {
		t.Errorf("a colleague snoozes: %v", err)
	}
	if err := w.Desk.Claim(ctx, colleague.Actor(), id); !errors.Is(err, ticketing.ErrTaken) {
		t.Errorf("a colleague claims: %v", err)
	}
	if err := w.Desk.Wake(ctx, colleague.Actor(), id); !errors.Is(err, ticketing.ErrNotYours) {
		t.Errorf("a colleague wakes: %v", err)
	}
	var invalid *ticketing.Invalid
	if err := w.Desk.Snooze(ctx, agent.Actor(), id, &past); !errors.As(err, &invalid) || invalid.Field != "until" {
		t.Errorf("until now: %v", err)
	}
	if err := w.Desk.Snooze(ctx, supervisor.Actor(), id, nil); err != nil {
		t.Errorf("a supervisor snoozes on: %v", err)
	}
	if err := w.Desk.Wake(ctx, agent.Actor(), id); err != nil {
		t.Fatal(err)
	}
	if state, owner := stateOf(t, w, id); state != ticketing.StateAgent || owner != agent.ID {
		t.Errorf("woken: %s of %q", state, owner)
	}
}

func TestSnoozeChoices(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	for _, tt := range []struct {
		name string
		at   time.Time
		want map[string]string
	}{
		{"a Monday morning", fix.Start(), map[string]string{"hour": "2026-11-23T04:00:00Z", "afternoon": "2026-11-23T08:00:00Z", "tomorrow": "2026-11-24T01:00:00Z"}},
		{"a Friday evening", time.Date(2026, time.November, 27, 11, 0, 0, 0, time.UTC), map[string]string{"hour": "2026-11-27T12:00:00Z", "tomorrow": "2026-11-28T01:00:00Z", "working_day": "2026-11-30T01:00:00Z"}},
	} {
		w.Clock.Set(tt.at)
		list, err := w.Desk.SnoozeChoices(context.Background())
		if err != nil || len(list) != len(tt.want) {
			t.Fatalf("%s: %v, %v", tt.name, list, err)
		}
		for _, c := range list {
			if got := c.Until.Format(time.RFC3339); got != tt.want[c.Code] {
				t.Errorf("%s: %s is %s, want %s", tt.name, c.Code, got, tt.want[c.Code])
			}
		}
	}
}
