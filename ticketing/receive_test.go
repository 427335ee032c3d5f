package ticketing_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"sapa/channels"
	"sapa/ticketing"
	"sapa/ticketing/fix"
)

const phone = "+6282012345678"

func count(t *testing.T, w *fix.World, query string, arguments ...any) int {
	t.Helper()
	var n int
	if err := w.DB.NewRaw(query, arguments...).Scan(context.Background(), &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// PEERS 1: the same webhook twice, and many times at once, is one message.
func TestDuplicateEventIsOneMessage(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	event := w.Message(phone, "SM1", "halo")
	var wait sync.WaitGroup
	for range 8 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			if err := w.Desk.Receive(context.Background(), w.WhatsApp, []channels.Event{event}); err != nil {
				t.Error(err)
			}
		}()
	}
	wait.Wait()
	w.Clock.Add(7 * 24 * time.Hour)
	if err := w.Desk.Receive(context.Background(), w.WhatsApp, []channels.Event{event}); err != nil {
		t.Error(err)
	}
	if n := count(t, w, "SELECT count(*) FROM messages"); n != 1 {
		t.Errorf("got %d messages, want 1", n)
	}
}

// PEERS 8: parallel first messages of a new number are one contact and one
// conversation.
func TestParallelFirstMessagesAreOneContact(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			event := w.Message(phone, fmt.Sprintf("SM%d", i), fmt.Sprintf("pesan %d", i))
			if err := w.Desk.Receive(context.Background(), w.WhatsApp, []channels.Event{event}); err != nil {
				t.Error(err)
			}
		}()
	}
	wait.Wait()
	for table, want := range map[string]int{"contacts": 1, "contact_points": 1, "conversations": 1, "messages": 8} {
		if n := count(t, w, "SELECT count(*) FROM "+table); n != want {
			t.Errorf("got %d %s, want %d", n, table, want)
		}
	}
	if n := count(t, w, "SELECT max(seq) FROM messages"); n != 8 {
		t.Errorf("got last sequence %d, want 8", n)
	}
}

// PEERS 23: an event that cannot be stored does not hold back the others.
func TestBadEventKeepsTheOthers(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	bad := w.Message(phone, "", "tanpa id")
	err := w.Desk.Receive(context.Background(), w.WhatsApp, []channels.Event{bad, w.Message(phone, "SM2", "halo\x00 dunia")})
	if err == nil {
		t.Error("got no error for the bad event")
	}
	if n := count(t, w, "SELECT count(*) FROM messages WHERE text = 'halo dunia'"); n != 1 {
		t.Errorf("got %d good messages, want 1", n)
	}
}

func TestIdentityNumberIsMaskedBeforeStorage(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	m := w.Citizen().Writes("NIK saya 3171 0125 0190 9901 ya")
	if n := count(t, w, "SELECT count(*) FROM messages WHERE data->>'key' = 'notice.message.identity_hidden'"); n != 1 {
		t.Errorf("the citizen was told %d times, want 1", n)
	}
	if strings.Contains(m.Text, "31710125") || strings.Contains(m.Text, "3171 0125") {
		t.Errorf("got %q", m.Text)
	}
}

func TestSameEchoIsOneMessageAndTheSameAnswer(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	c := w.Citizen()
	send := func(echo string) ticketing.Message {
		m, err := w.Desk.VisitorMessage(context.Background(), w.Chat, c.Point, ticketing.VisitorMessage{Echo: echo, Text: "ya"})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	first, again, other := send("a"), send("a"), send("b")
	if first.Seq != again.Seq || first.ID != again.ID || !first.At.Equal(again.At) {
		t.Errorf("got %+v and %+v", first, again)
	}
	if other.Seq != first.Seq+1 { // PEERS 11: "ya" typed twice survives
		t.Errorf("got sequence %d, want %d", other.Seq, first.Seq+1)
	}
	if err := w.Desk.VisitorEnd(context.Background(), w.Chat.ID, c.Point); err != nil {
		t.Fatal(err)
	}
	if late := send("a"); late.Conversation != first.Conversation || late.Seq != first.Seq {
		t.Errorf("echo after the end: got %+v, want %+v", late, first)
	}
}

func TestVisitorMessageIsChecked(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	c := w.Citizen()
	tests := []struct {
		name  string
		in    ticketing.VisitorMessage
		field string
	}{
		{"no echo", ticketing.VisitorMessage{Text: "a"}, "echo"},
		{"nothing", ticketing.VisitorMessage{Echo: "a", Text: " \n"}, "text"},
		{"too long", ticketing.VisitorMessage{Echo: "a", Text: strings.Repeat("a", 4097)}, "text"},
		{"too many files", ticketing.VisitorMessage{Echo: "a", Attachments: make([]string, 6)}, "attachments"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := w.Desk.VisitorMessage(context.Background(), w.Chat, c.Point, tt.in)
			var invalid *ticketing.Invalid
			if !errors.As(err, &invalid) || invalid.Field != tt.field {
				t.Errorf("got %v, want fault of %s", err, tt.field)
			}
		})
	}
}

// Decision 1: after the end a message opens another conversation, whose sequence
// goes on, so that a browser's "after" still means what it meant.
func TestSequenceGoesOnAcrossConversations(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	c := w.Citizen()
	first := c.Writes("satu")
	if err := w.Desk.VisitorEnd(ctx, w.Chat.ID, c.Point); err != nil {
		t.Fatal(err)
	}
	second := c.Writes("dua")
	if second.Conversation == first.Conversation || second.Seq <= first.Seq {
		t.Errorf("got %s %d after %s %d", second.Conversation, second.Seq, first.Conversation, first.Seq)
	}
	list, err := w.Desk.ChatMessages(ctx, w.Chat.ID, c.Point, first.Seq, 100)
	if err != nil {
		t.Fatal(err)
	}
	last := first.Seq
	for _, m := range list {
		if m.Seq <= last {
			t.Errorf("sequence %d after %d", m.Seq, last)
		}
		last = m.Seq
	}
	if len(list) == 0 || list[len(list)-1].ID != second.ID {
		t.Errorf("got %d messages, the last not the newest", len(list))
	}
}
