package ticketing_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"sapa/channels"
	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
	"sapa/ticketing/team"
)

// texter writes by WhatsApp and is in an agent's hands.
type texter struct {
	*fix.World
	agent team.Staff
	id    ticketing.ConversationID
	other team.Staff
}

func newTexter(t *testing.T) *texter {
	t.Helper()
	w := &texter{World: fix.New(t)}
	w.agent = w.Agent()
	w.writes("uang saya belum masuk")
	w.HandOver(w.id)
	wantState(t, w.World, w.id, ticketing.StateAgent)
	w.other = w.Staff(access.Agent)
	return w
}

func (w *texter) writes(text string) {
	w.T.Helper()
	event := w.Message("+6281234500099", "SMheld"+text, text)
	if err := w.Desk.Receive(context.Background(), w.WhatsApp, []channels.Event{event}); err != nil {
		w.T.Fatal(err)
	}
	if err := w.DB.NewRaw("SELECT id FROM conversations").Scan(context.Background(), &w.id); err != nil {
		w.T.Fatal(err)
	}
}

func (w *texter) held() []ticketing.HeldReply {
	w.T.Helper()
	view, err := w.Desk.View(context.Background(), w.agent.Actor(), w.id)
	if err != nil {
		w.T.Fatal(err)
	}
	return view.Held
}

// replies is how many lines of agents stand in the thread.
func (w *texter) replies() int {
	w.T.Helper()
	var n int
	if err := w.DB.NewRaw("SELECT count(*) FROM messages WHERE author = 'agent' AND kind = 'message'").Scan(context.Background(), &n); err != nil {
		w.T.Fatal(err)
	}
	return n
}

func (w *texter) hold(text string) ticketing.HeldReply {
	w.T.Helper()
	err := w.Desk.HoldToUndo(context.Background(), w.agent.Actor(), w.id, ticketing.Reply{Echo: text, Text: text})
	if err != nil {
		w.T.Fatal(err)
	}
	list := w.held()
	return list[len(list)-1]
}

func (w *texter) schedule(in time.Duration) ticketing.HeldReply {
	w.T.Helper()
	err := w.Desk.Schedule(context.Background(), w.agent.Actor(), w.id, ticketing.Reply{Echo: "later", Text: "Besok kami kabari."}, w.Clock.Now().Add(in))
	if err != nil {
		w.T.Fatal(err)
	}
	return w.held()[0]
}

func (w *texter) pass(d time.Duration) {
	w.T.Helper()
	w.Clock.Add(d)
	w.Available(w.agent)
	w.Available(w.other)
	sweep(w.T.(*testing.T), w.World)
}

func (w *texter) waits() bool {
	w.T.Helper()
	view, err := w.Desk.View(context.Background(), w.agent.Actor(), w.id)
	if err != nil {
		w.T.Fatal(err)
	}
	return view.WaitingSince != nil
}

func wantInvalid(t *testing.T, err error, field, rule string) {
	t.Helper()
	var invalid *ticketing.Invalid
	if !errors.As(err, &invalid) || invalid.Field != field || invalid.Rule != rule {
		t.Errorf("%v, want %s: %s", err, field, rule)
	}
}

func TestUndoWindow(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newTexter(t)
	taken := w.hold("salah orang")
	if err := w.Desk.TakeBack(ctx, w.agent.Actor(), w.id, taken.ID); err != nil {
		t.Fatal(err)
	}
	w.hold("sedang kami periksa")
	w.hold("mohon tunggu") // the same second, the same window
	if !w.waits() || w.replies() != 0 {
		t.Fatalf("waits %v with %d replies, want the wait to run while nothing is sent", w.waits(), w.replies())
	}
	w.writes("halo?") // held to undo was said when it was written
	w.pass(6 * time.Second)
	if w.waits() || w.replies() != 2 || len(w.held()) != 0 {
		t.Fatalf("waits %v, %d replies, %d held; want both sent", w.waits(), w.replies(), len(w.held()))
	}
	w.pass(6 * time.Second)
	if n := w.replies(); n != 2 {
		t.Errorf("%d replies after another round, want each sent once", n)
	}
	if err := w.Desk.TakeBack(ctx, w.agent.Actor(), w.id, taken.ID); !errors.Is(err, ticketing.ErrStale) {
		t.Errorf("taken back twice: %v, want ErrStale", err)
	}
}

// Whoever answers and ends at once has not changed their mind; the console's second
// road with the same echo sends nothing twice.
func TestUndoIsFlushedByTheNextAct(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newTexter(t)
	held := w.hold("sudah selesai")
	if _, err := w.Desk.Reply(ctx, w.agent.Actor(), w.id, ticketing.Reply{Echo: held.Echo, Text: held.Text}); err != nil {
		t.Fatal(err)
	}
	w.hold("terima kasih")
	if err := w.Desk.End(ctx, w.agent.Actor(), w.id, ticketing.EndSolved); err != nil {
		t.Fatal(err)
	}
	w.pass(6 * time.Second)
	if n := w.replies(); n != 2 {
		t.Errorf("%d replies, want two", n)
	}
}

func TestChatWindowIsNotHeld(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	agent := w.Agent()
	id := w.Citizen().Waiting()
	err := w.Desk.HoldToUndo(context.Background(), agent.Actor(), id, ticketing.Reply{Echo: "a", Text: "halo"})
	wantInvalid(t, err, "undo", "unsupported")
}

func TestScheduledReply(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		in      time.Duration
		between func(context.Context, *texter) error
		want    ticketing.State
		sent    int
		reason  string
	}{
		{"goes out at its hour and waits for the answer", 3 * time.Hour, nil, ticketing.StateSnoozed, 1, ""},
		{"is not sent against a thread that moved on", 3 * time.Hour, func(_ context.Context, w *texter) error {
			w.writes("tidak jadi")
			return nil
		}, ticketing.StateAgent, 0, "held.reason.citizen_wrote"},
		{"is not sent by somebody who has it no longer", 3 * time.Hour, func(ctx context.Context, w *texter) error {
			w.Available(w.other)
			return w.Desk.Assign(ctx, w.agent.Actor(), w.id, ticketing.Assignment{Staff: w.other.ID})
		}, ticketing.StateAgent, 0, "held.reason.passed_on"},
		{"is not sent once the window has closed", 3 * time.Hour, func(ctx context.Context, w *texter) error {
			_, err := w.DB.NewRaw("UPDATE reachability SET last_inbound_at = last_inbound_at - interval '22 hours'").Exec(ctx)
			return err
		}, ticketing.StateAgent, 0, "channels.error.window_closed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newTexter(t)
			w.schedule(tt.in)
			wantState(t, w.World, w.id, ticketing.StateSnoozed)
			if tt.between != nil {
				if err := tt.between(context.Background(), w); err != nil {
					t.Fatal(err)
				}
			}
			w.pass(tt.in)
			wantState(t, w.World, w.id, tt.want)
			if n := w.replies(); n != tt.sent {
				t.Errorf("%d replies, want %d", n, tt.sent)
			}
			reason := ""
			for _, h := range w.held() {
				reason = h.Reason
			}
			if reason != tt.reason {
				t.Errorf("reason %q, want %q", reason, tt.reason)
			}
		})
	}
}

func TestStoppedReplyIsDecided(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newTexter(t)
	h := w.schedule(time.Hour)
	w.writes("sudah masuk")
	if list := w.held(); len(list) != 1 || !list[0].Stale {
		t.Fatalf("held %+v, want it marked stale at once", list)
	}
	if err := w.Desk.SendHeld(ctx, w.agent.Actor(), w.id, h.ID, h.SeenSeq); !errors.Is(err, ticketing.ErrNews) {
		t.Errorf("sent over news: %v, want ErrNews", err)
	}
	w.pass(time.Hour)
	view, err := w.Desk.View(ctx, w.agent.Actor(), w.id)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.SendHeld(ctx, w.Staff(access.Supervisor).Actor(), w.id, h.ID, view.LastSeq); !errors.Is(err, ticketing.ErrNotYours) {
		t.Errorf("sent by another: %v, want ErrNotYours", err)
	}
	if err := w.Desk.Reschedule(ctx, w.agent.Actor(), w.id, h.ID, w.Clock.Now().Add(2*time.Hour), view.LastSeq); err != nil {
		t.Fatal(err)
	}
	err = w.Desk.End(ctx, w.agent.Actor(), w.id, ticketing.EndSolved)
	wantInvalid(t, err, "outcome", "scheduled")
	if err := w.Desk.SendHeld(ctx, w.agent.Actor(), w.id, h.ID, view.LastSeq+10); err != nil {
		t.Fatal(err)
	}
	wantState(t, w.World, w.id, ticketing.StateAgent)
	if w.waits() || w.replies() != 1 {
		t.Errorf("waits %v, %d replies", w.waits(), w.replies())
	}
}

func TestScheduleRefuses(t *testing.T) {
	t.Parallel()
	w := newTexter(t)
	for _, tt := range []struct {
		name string
		in   time.Duration
		rule string
	}{
		{"the past", -time.Hour, "range"},
		{"more than a month", 32 * 24 * time.Hour, "range"},
		{"the night", 14 * time.Hour, "desk_hours"},
	} {
		err := w.Desk.Schedule(context.Background(), w.agent.Actor(), w.id, ticketing.Reply{Echo: "x", Text: "y"}, w.Clock.Now().Add(tt.in))
		t.Run(tt.name, func(t *testing.T) { wantInvalid(t, err, "at", tt.rule) })
	}
	err := w.Desk.Schedule(context.Background(), w.agent.Actor(), w.id, ticketing.Reply{Echo: "x", Text: "y"}, w.Clock.Now().Add(25*time.Hour))
	if blocked := (*channels.Blocked)(nil); !errors.As(err, &blocked) || blocked.Reason != channels.WindowClosed {
		t.Errorf("beyond the window: %v, want window_closed", err)
	}
}
