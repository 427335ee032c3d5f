package ticketing_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"sapa/channels"
	"sapa/ticketing"
	"sapa/ticketing/fix"
)

// rush delivers all events at once, each as a webhook of its own, and returns
// the errors by provider id.
func rush(w *fix.World, events []channels.Event) map[string]error {
	var mu sync.Mutex
	failed := map[string]error{}
	var all sync.WaitGroup
	for _, event := range events {
		all.Go(func() {
			if err := w.Desk.Receive(context.Background(), w.WhatsApp, []channels.Event{event}); err != nil {
				mu.Lock()
				failed[event.ProviderID] = err
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return failed
}

// crowd are known people, each with an open conversation of one message.
func crowd(t *testing.T, w *fix.World, people int) (phones []string) {
	t.Helper()
	for n := range people {
		phones = append(phones, fmt.Sprintf("+62820123456%02d", n))
	}
	var first []channels.Event
	for n, phone := range phones {
		first = append(first, w.Message(phone, fmt.Sprintf("first-%d", n), "halo"))
	}
	if failed := rush(w, first); len(failed) > 0 {
		t.Fatal(failed)
	}
	return phones
}

func TestRushOfMessagesIsStoredOnceEachInOneSequence(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	phones := crowd(t, w, 12)
	var events []channels.Event
	for n, phone := range phones {
		for line := range 10 {
			event := w.Message(phone, fmt.Sprintf("m-%d-%d", n, line), fmt.Sprintf("baris %d", line))
			events = append(events, event, event) // each delivered twice
		}
		events = append(events, w.Message(fmt.Sprintf("+62820999999%02d", n), fmt.Sprintf("new-%d", n), "orang baru"))
	}
	if failed := rush(w, events); len(failed) > 0 {
		t.Fatal(failed)
	}
	for query, want := range map[string]int{
		"SELECT count(*) FROM messages":                    12 * 12,
		"SELECT count(DISTINCT provider_id) FROM messages": 12 * 12,
		"SELECT count(*) FROM receipts":                    12 * 12,
		"SELECT count(*) FROM conversations":               24,
		"SELECT count(*) FROM conversations WHERE last_seq = 11 AND citizen_seq = 11 AND unread = 11":                                    12,
		"SELECT count(*) FROM messages WHERE seq > 11":                                                                                   0,
		"SELECT count(*) FROM reachability WHERE last_inbound_at IS NOT NULL":                                                            24,
		"SELECT count(*) FROM conversations WHERE bot_due IS NOT NULL AND waiting_since IS NOT NULL":                                     24,
		"SELECT count(*) FROM messages m JOIN conversations c ON c.id = m.conversation_id AND c.last_seq = m.seq AND c.preview = m.text": 24,
	} {
		if got := count(t, w, query); got != want {
			t.Errorf("%s: got %d, want %d", query, got, want)
		}
	}
}

// A message that PostgreSQL refuses costs the others of its batch nothing.
func TestPoisonedMessageIsRefusedAlone(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	phones := crowd(t, w, 8)
	var events []channels.Event
	for n, phone := range phones {
		for line := range 4 {
			events = append(events, w.Message(phone, fmt.Sprintf("m-%d-%d", n, line), "halo lagi"))
		}
	}
	poison := w.Message(phones[0], "poison", "halo")
	poison.Button = "nul\x00"
	events = slices.Insert(events, len(events)/2, poison)
	failed := rush(w, events)
	if len(failed) != 1 || failed["poison"] == nil {
		t.Errorf("refused: %v; want the poison only", failed)
	}
	if got := count(t, w, "SELECT count(*) FROM messages"); got != 8*5 {
		t.Errorf("%d messages stored, want %d", got, 8*5)
	}
	if got := count(t, w, "SELECT count(*) FROM receipts WHERE provider_id = 'poison'"); got != 0 {
		t.Error("the refused message has a receipt: its next delivery would be lost")
	}
}

// What needs more than a line in an open conversation is done in full, however
// many ordinary messages come with it: an answer that a ticket waits for, the
// first message after an end, and one that wakes a conversation put aside.
func TestWhatIsNotOrdinaryIsDoneInFullInARush(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	phones := crowd(t, w, 8)
	agent := w.Agent()
	asking := conversationOf(t, w, phones[0])
	if err := w.Desk.Claim(t.Context(), agent.Actor(), asking); err != nil {
		t.Fatal(err)
	}
	made := register(t, w, agent.Actor(), asking)
	mustAct(t, w, agent.Actor(), made.Ticket, ticketing.ActAskReporter, map[string]string{"question": "Bank mana?"})
	ended := conversationOf(t, w, phones[1])
	if err := errors.Join(w.Desk.Claim(t.Context(), agent.Actor(), ended), w.Desk.End(t.Context(), agent.Actor(), ended, ticketing.EndSpam)); err != nil {
		t.Fatal(err)
	}
	aside := conversationOf(t, w, phones[2])
	if err := errors.Join(w.Desk.Claim(t.Context(), agent.Actor(), aside), w.Desk.Snooze(t.Context(), agent.Actor(), aside, nil)); err != nil {
		t.Fatal(err)
	}
	var events []channels.Event
	for n, phone := range phones {
		events = append(events, w.Message(phone, fmt.Sprintf("again-%d", n), "halo lagi"))
	}
	if failed := rush(w, events); len(failed) > 0 {
		t.Fatal(failed)
	}
	if got := ticketOf(t, w, agent, made.Ticket.ID).Ticket.State; got == ticketing.TicketPending {
		t.Error("the ticket still waits for the answer that came")
	}
	if got := count(t, w, "SELECT count(*) FROM conversations"); got != 9 {
		t.Errorf("%d conversations, want 9: who wrote after the end opens another", got)
	}
	wantState(t, w, aside, ticketing.StateAgent)
}

func conversationOf(t *testing.T, w *fix.World, phone string) (id ticketing.ConversationID) {
	t.Helper()
	err := w.DB.NewRaw(`SELECT c.id FROM conversations c JOIN contact_points p ON p.id = c.point_id WHERE p.value = ? AND c.ended_at IS NULL`,
		phone).Scan(context.Background(), &id)
	if err != nil {
		t.Fatal(err)
	}
	return id
}
