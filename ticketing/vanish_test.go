package ticketing_test

import (
	"context"
	"testing"
	"time"

	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
)

// Decision 6: an agent whose console is gone loses the conversation, which keeps
// its place; the citizen is told.
func TestVanishedAgentLosesTheConversation(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	agent := w.Agent()
	c := w.Citizen()
	id := c.Waiting()
	w.Clock.Add(61 * time.Second)
	later := w.Agent()
	if err := w.Desk.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	if _, owner := stateOf(t, w, id); owner != later.ID {
		t.Errorf("owner %s, want the agent who is there", owner)
	}
	if p, _ := w.Desk.PresenceOf(ctx, agent.ID); p.State != ticketing.PresenceOffline {
		t.Errorf("vanished agent is %s", p.State)
	}
	if n := count(t, w, "SELECT count(*) FROM messages WHERE data->>'key' = 'notice.handover.requeued'"); n != 1 {
		t.Errorf("citizen was told %d times, want 1", n)
	}
}

// Who claims without ever having signed on, or after signing off, loses the
// conversation like an agent who vanished, but not while their console is open
// or nobody waits.
func TestConversationOfSomebodyOfflineGoesBack(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		signed   bool // on and off again
		console  bool // is open
		answered bool
		want     ticketing.State
	}{
		{name: "never signed on", want: ticketing.StateQueued},
		{name: "signed off", signed: true, want: ticketing.StateQueued},
		{name: "console open", console: true, want: ticketing.StateAgent},
		{name: "signed off, console open", signed: true, console: true, want: ticketing.StateAgent},
		{name: "nobody waits", answered: true, want: ticketing.StateAgent},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := fix.New(t)
			ctx := context.Background()
			agent := w.Staff(access.Agent)
			if tt.signed {
				w.Available(agent)
				if _, err := w.Desk.SetPresence(ctx, agent.Actor(), ticketing.ChosenOffline, ""); err != nil {
					t.Fatal(err)
				}
			}
			id := w.Citizen().Waiting()
			queuedAt := view(t, w, agent, id).QueuedAt
			w.Clock.Add(5 * time.Minute)
			if err := w.Desk.Claim(ctx, agent.Actor(), id); err != nil {
				t.Fatal(err)
			}
			if tt.answered {
				if _, err := reply(w, agent, id, ticketing.Reply{Echo: "a", Text: "Baik, saya periksa"}); err != nil {
					t.Fatal(err)
				}
			}
			for _, step := range []struct {
				wait time.Duration
				want ticketing.State
			}{{59 * time.Second, ticketing.StateAgent}, {2 * time.Second, tt.want}} {
				w.Clock.Add(step.wait)
				if tt.console {
					if err := w.Desk.Heartbeat(ctx, agent.ID); err != nil {
						t.Fatal(err)
					}
				}
				if err := w.Desk.Sweep(ctx); err != nil {
					t.Fatal(err)
				}
				wantState(t, w, id, step.want)
			}
			if again := view(t, w, agent, id).QueuedAt; !again.Equal(*queuedAt) {
				t.Errorf("place %v, want %v", again, queuedAt)
			}
		})
	}
}
