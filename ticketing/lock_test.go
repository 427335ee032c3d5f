package ticketing_test

import (
	"context"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
)

// other is a transaction of somebody else under way.
func other(t *testing.T, w *fix.World) bun.Tx {
	t.Helper()
	tx, err := w.DB.BeginTx(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tx.Rollback() })
	return tx
}

func does(t *testing.T, tx bun.Tx, query string, arguments ...any) {
	t.Helper()
	if _, err := tx.NewRaw(query, arguments...).Exec(context.Background()); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// meets starts a use-case and returns once it waits for a lock of somebody else's.
func meets(t *testing.T, w *fix.World, use func() error) <-chan error {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- use() }()
	ctx, stop := context.WithTimeout(context.Background(), 10*time.Second)
	defer stop()
	for {
		var waits bool
		err := w.DB.NewRaw(`SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')`).Scan(ctx, &waits)
		if err != nil {
			t.Fatalf("nothing waits: %v", err)
		}
		if waits {
			return done
		}
	}
}

func ends(t *testing.T, tx bun.Tx, done <-chan error) {
	t.Helper()
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// The end of a conversation writes rows that refer to the address, while a
// message that holds the address waits for that end.
func TestAMessageAndAnEndNeverWaitForEachOther(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	c := w.Citizen()
	id := c.Waiting()
	end := other(t, w)
	does(t, end, "SELECT FROM conversations WHERE id = ? FOR UPDATE", id)
	message := meets(t, w, func() error {
		_, err := w.Desk.VisitorMessage(context.Background(), w.Chat, c.Point, ticketing.VisitorMessage{Echo: "again", Text: "halo"})
		return err
	})
	does(t, end, "SELECT FROM contact_points WHERE id = ? FOR KEY SHARE NOWAIT", c.Point)
	ends(t, end, message)
}

func TestAMessageAndAProofNeverWaitForEachOther(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	c := w.Citizen()
	id := c.Waiting()
	somebody := w.Participant("Siti Contoh", "+6281200000001")
	staff := w.Staff(access.Supervisor)
	for _, use := range []func() error{
		func() error { return w.Desk.Verified(ctx, access.Robot(), id, somebody, ticketing.AssuranceOTP) },
		func() error { return w.Desk.SetSubject(ctx, staff.Actor(), id, "", "nomor salah") },
	} {
		message := other(t, w)
		does(t, message, "SELECT FROM contact_points WHERE id = ? FOR NO KEY UPDATE", c.Point)
		proof := meets(t, w, use)
		does(t, message, "SELECT FROM conversations WHERE id = ? FOR UPDATE NOWAIT", id)
		ends(t, message, proof)
	}
}

// PostgreSQL ends one of two that wait for each other; the desk does it again.
func TestTheVictimOfADeadlockIsDoneAgain(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	c := w.Citizen()
	id := c.Waiting()
	first := other(t, w)
	does(t, first, "SET LOCAL deadlock_timeout = '1h'") // so that the desk's side is the victim
	does(t, first, "SELECT FROM conversations WHERE id = ? FOR UPDATE", id)
	message := meets(t, w, func() error {
		_, err := w.Desk.VisitorMessage(ctx, w.Chat, c.Point, ticketing.VisitorMessage{Echo: "again", Text: "halo"})
		return err
	})
	does(t, first, "SELECT FROM contact_points WHERE id = ? FOR UPDATE", c.Point)
	ends(t, first, message)
	if n := count(t, w, "SELECT count(*) FROM messages WHERE text = 'halo' AND echo = 'again'"); n != 1 {
		t.Errorf("%d messages, want 1", n)
	}
}

// A reply and an act on a ticket of the same conversation mark the same clock, one
// after the other.
func TestAReplyWaitsForAnActOnItsTicket(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	_, id, agent := answeredChat(t, w)
	made := register(t, w, agent.Actor(), id)
	act := other(t, w)
	does(t, act, "SELECT FROM tickets WHERE id = ? FOR NO KEY UPDATE", made.Ticket.ID)
	answer := meets(t, w, func() error { _, err := reply(w, agent, id, ticketing.Reply{Echo: "b", Text: "Baik"}); return err })
	ends(t, act, answer)
}

// Whoever signs off at the moment they are given a contact gives it back.
func TestAContactNeverStaysWithSomebodyWhoSignedOff(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	t.Run("routing meets the sign-off", func(t *testing.T) {
		t.Parallel()
		w := fix.New(t)
		id := w.Citizen().Waiting()
		agent := w.Staff(access.Agent)
		if _, err := w.DB.NewRaw(`INSERT INTO presence (staff_id, chosen, state, since, heartbeat_at) VALUES (?0, 'available', 'available', ?1, ?1)`,
			agent.ID, w.Clock.Now()).Exec(ctx); err != nil {
			t.Fatal(err)
		}
		off := other(t, w)
		does(t, off, "UPDATE presence SET chosen = 'offline' WHERE staff_id = ?", agent.ID)
		routing := meets(t, w, func() error { _, err := w.Desk.Route(ctx); return err })
		ends(t, off, routing)
		wantState(t, w, id, ticketing.StateQueued)
	})
	t.Run("the sign-off meets routing", func(t *testing.T) {
		t.Parallel()
		w := fix.New(t)
		id := w.Citizen().Waiting()
		agent := w.Staff(access.Agent)
		w.Available(agent)
		if _, err := w.DB.NewRaw("UPDATE conversations SET state = 'queued', assignee_id = NULL WHERE id = ?", id).Exec(ctx); err != nil {
			t.Fatal(err)
		}
		routing := other(t, w)
		does(t, routing, "UPDATE conversations SET state = 'agent', assignee_id = ? WHERE id = ?", agent.ID, id)
		does(t, routing, "SELECT FROM presence WHERE staff_id = ? FOR UPDATE", agent.ID)
		off := meets(t, w, func() error {
			_, err := w.Desk.SetPresence(ctx, agent.Actor(), ticketing.ChosenOffline, "")
			return err
		})
		ends(t, routing, off)
		wantState(t, w, id, ticketing.StateQueued)
	})
}

// After the desk itself was away everybody is unheard of; consoles get their time
// to come back before anybody loses a conversation.
func TestNobodyVanishesBecauseTheDeskWasAway(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	agent := w.Agent()
	id := w.Citizen().Waiting()
	w.Clock.Add(10 * time.Minute)
	restarted := w.DeskOn(w.DB)
	if err := restarted.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	if _, owner := stateOf(t, w, id); owner != agent.ID {
		t.Fatalf("owner %q, want the agent who had it", owner)
	}
	w.Clock.Add(time.Minute)
	if err := restarted.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	wantState(t, w, id, ticketing.StateQueued)
	w.Available(agent) // and gets it back: nobody declined anything
	if _, owner := stateOf(t, w, id); owner != agent.ID {
		t.Errorf("owner %q, want the agent who came back", owner)
	}
}
