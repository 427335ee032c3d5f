package ticketing_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"sapa/channels"
	"sapa/ticketing"
	"sapa/ticketing/fix"
)

// wishes sends words about being written to from a number, a minute apart.
func wishes(t *testing.T, w *fix.World, from string, wishes ...channels.Consent) {
	t.Helper()
	for _, wish := range wishes {
		w.Clock.Add(time.Minute)
		event := w.Message(from, fmt.Sprint("SM", w.Clock.Now().UnixNano()), "BERHENTI")
		event.Consent = wish
		if err := w.Desk.Receive(t.Context(), w.WhatsApp, []channels.Event{event}); err != nil {
			t.Fatal(err)
		}
	}
}

// confirmations counts what was answered.
func confirmations(t *testing.T, w *fix.World) (out, in int) {
	t.Helper()
	err := w.DB.NewRaw(`SELECT count(*) FILTER (WHERE key = 'notice.consent.out'), count(*) FILTER (WHERE key = 'notice.consent.in')
		FROM outbox WHERE state = 'queued'`).Scan(context.Background(), &out, &in)
	if err != nil {
		t.Fatal(err)
	}
	return out, in
}

func TestWishWithoutAConversationBeginsNone(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	const from = "+6281299990031"
	wishes(t, w, from, channels.ConsentOut, channels.ConsentOut)
	if out, in := confirmations(t, w); out != 1 || in != 0 {
		t.Fatalf("%d answers to STOP, %d to START, want one and none", out, in)
	}
	wishes(t, w, from, channels.ConsentIn)
	if out, in := confirmations(t, w); out != 1 || in != 1 {
		t.Fatalf("%d answers to STOP, %d to START, want one of each", out, in)
	}
	var conversations int
	if err := w.DB.NewRaw("SELECT count(*) FROM conversations").Scan(t.Context(), &conversations); err != nil || conversations != 0 {
		t.Fatalf("%d conversations, %v, want none", conversations, err)
	}
}

func TestWishStandsInTheOpenThreadAndReadersSeeIt(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	const from = "+6281299990032"
	if err := w.Desk.Receive(t.Context(), w.WhatsApp, []channels.Event{w.Message(from, "SMfirst", "halo")}); err != nil {
		t.Fatal(err)
	}
	var id ticketing.ConversationID
	if err := w.DB.NewRaw("SELECT id FROM conversations").Scan(t.Context(), &id); err != nil {
		t.Fatal(err)
	}
	w.HandOver(id)
	agent := w.Agent()
	if seen := view(t, w, agent, id); seen.OptedOutAt != nil {
		t.Fatalf("opted out at %v before anybody asked", seen.OptedOutAt)
	}
	wishes(t, w, from, channels.ConsentOut)
	if out, _ := confirmations(t, w); out != 1 {
		t.Fatalf("%d answers, want one", out)
	}
	if seen := view(t, w, agent, id); seen.OptedOutAt == nil || !seen.OptedOutAt.Equal(w.Clock.Now()) {
		t.Fatalf("opted out at %v, want %v", seen.OptedOutAt, w.Clock.Now())
	}
	wishes(t, w, from, channels.ConsentIn)
	if seen := view(t, w, agent, id); seen.OptedOutAt != nil {
		t.Fatalf("still opted out at %v after START", seen.OptedOutAt)
	}
}
