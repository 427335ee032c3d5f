package ticketing_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"sapa/channels"
	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
	"sapa/ticketing/team"
)

func view(t *testing.T, w *fix.World, who team.Staff, id ticketing.ConversationID) ticketing.View {
	t.Helper()
	v, err := w.Desk.View(context.Background(), who.Actor(), id)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func reply(w *fix.World, who team.Staff, id ticketing.ConversationID, r ticketing.Reply) (ticketing.Message, error) {
	return w.Desk.Reply(context.Background(), who.Actor(), id, r)
}

// PEERS 2: the same reply twice, also at once, is one message and one send.
func TestSameReplyTwiceIsSentOnce(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	agent := w.Agent()
	id := w.Citizen().Waiting()
	var wait sync.WaitGroup
	seqs := make([]int64, 4)
	for i := range seqs {
		wait.Add(1)
		go func() {
			defer wait.Done()
			m, err := reply(w, agent, id, ticketing.Reply{Echo: "r1", Text: "Baik, saya periksa."})
			if err != nil {
				t.Error(err)
			}
			seqs[i] = m.Seq
		}()
	}
	wait.Wait()
	for _, seq := range seqs {
		if seq != seqs[0] {
			t.Errorf("got sequences %v", seqs)
		}
	}
	if n := count(t, w, "SELECT count(*) FROM outbox WHERE purpose = 'reply'"); n != 1 {
		t.Errorf("got %d sends, want 1", n)
	}
}

// PEERS part 1, row 61: a reply written before the citizen's news is refused with it.
func TestStaleReplyIsRefusedWithTheNews(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	agent := w.Agent()
	c := w.Citizen()
	id := c.Waiting()
	seen := view(t, w, agent, id).LastSeq
	news := c.Writes("sudah masuk, terima kasih")
	_, err := reply(w, agent, id, ticketing.Reply{Echo: "r1", Text: "Mohon tunggu", SeenSeq: &seen})
	var got *ticketing.News
	if !errors.As(err, &got) || !errors.Is(err, ticketing.ErrNews) || len(got.Messages) != 1 || got.Messages[0].ID != news.ID {
		t.Fatalf("got %v, want the news", err)
	}
	if _, err := reply(w, agent, id, ticketing.Reply{Echo: "r1", Text: "Sama-sama", SeenSeq: &news.Seq}); err != nil {
		t.Errorf("after reading: %v", err)
	}
}

func TestReplyIsRefused(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	agent, other := w.Agent(), w.Staff(access.Agent)
	id := w.Citizen().Waiting()
	tests := []struct {
		name string
		who  team.Staff
		text string
		want error
	}{
		{"of a colleague's conversation", other, "halo", ticketing.ErrNotYours},
		{"by a quality reviewer", w.Staff(access.QualityReviewer), "halo", ticketing.ErrForbidden},
		{"by an admin", w.Staff(access.Admin), "halo", ticketing.ErrForbidden},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := reply(w, tt.who, id, ticketing.Reply{Echo: "x", Text: tt.text}); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
	var blocked *channels.Blocked
	if _, err := reply(w, agent, id, ticketing.Reply{Echo: "y", Text: strings.Repeat("a", 4001)}); !errors.As(err, &blocked) || blocked.Reason != channels.TooLong {
		t.Errorf("too long: got %v", err)
	}
	if n := count(t, w, "SELECT count(*) FROM messages WHERE author = 'agent'"); n != 0 {
		t.Errorf("got %d lines of refused replies", n)
	}
}

// PEERS 35: at 24 h + 1 s free text is refused by the server, for bot and agent.
func TestClosedWindowRefusesFreeText(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	agent := w.Agent()
	if err := w.Desk.Receive(ctx, w.WhatsApp, []channels.Event{w.Message(phone, "SM1", "halo")}); err != nil {
		t.Fatal(err)
	}
	id := onlyConversation(t, w)
	w.HandOver(id)
	if closes := view(t, w, agent, id).WindowClosesAt; closes == nil || !closes.Equal(fix.Start().Add(24*time.Hour)) {
		t.Errorf("window closes at %v", closes)
	}
	w.Clock.Add(24*time.Hour + time.Second)
	var blocked *channels.Blocked
	if _, err := reply(w, agent, id, ticketing.Reply{Echo: "a", Text: "Selamat pagi"}); !errors.As(err, &blocked) || blocked.Reason != channels.WindowClosed {
		t.Errorf("got %v, want window_closed", err)
	}
	if err := w.Desk.Receive(ctx, w.WhatsApp, []channels.Event{w.Message(phone, "SM2", "halo?")}); err != nil {
		t.Fatal(err)
	}
	if _, err := reply(w, agent, id, ticketing.Reply{Echo: "a", Text: "Selamat pagi"}); err != nil {
		t.Errorf("after a new message: %v", err)
	}
}

func onlyConversation(t *testing.T, w *fix.World) ticketing.ConversationID {
	t.Helper()
	var id ticketing.ConversationID
	if err := w.DB.NewRaw("SELECT id FROM conversations").Scan(context.Background(), &id); err != nil {
		t.Fatal(err)
	}
	return id
}

// PEERS 45: notes and what belongs to them never leave.
func TestNotesNeverReachTheCitizen(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	agent := w.Agent()
	c := w.Citizen()
	id := c.Waiting()
	for range 2 { // the same echo twice is one note
		if _, err := w.Desk.Note(ctx, agent.Actor(), id, ticketing.Reply{Echo: "n", Text: "Periksa rekening 3171012501909901"}); err != nil {
			t.Fatal(err)
		}
	}
	list, err := w.Desk.ChatMessages(ctx, w.Chat.ID, c.Point, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range list {
		if m.Kind != ticketing.LineMessage || strings.Contains(m.Text, "rekening") {
			t.Errorf("the citizen sees %s %q", m.Kind, m.Text)
		}
	}
	if n := count(t, w, "SELECT count(*) FROM messages WHERE kind = 'note'"); n != 1 {
		t.Errorf("got %d notes, want 1", n)
	}
	if n := count(t, w, "SELECT count(*) FROM outbox o JOIN messages m ON m.id = o.message_id WHERE m.kind <> 'message'"); n != 0 {
		t.Errorf("%d private lines in the outbox", n)
	}
}

func TestReadingClearsUnreadForTheHolderOnly(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	agent, other := w.Agent(), w.Staff(access.Agent)
	c := w.Citizen()
	id := c.Waiting()
	last := c.Writes("halo?").Seq
	if n := view(t, w, agent, id).Unread; n != 2 {
		t.Errorf("got %d unread, want 2", n)
	}
	for _, tt := range []struct {
		who  team.Staff
		want int
	}{{other, 2}, {agent, 0}} {
		if err := w.Desk.MarkRead(ctx, tt.who.Actor(), id, last); err != nil {
			t.Fatal(err)
		}
		if n := view(t, w, agent, id).Unread; n != tt.want {
			t.Errorf("got %d unread, want %d", n, tt.want)
		}
	}
}

func TestVisitorReadReachesTheAgent(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	agent := w.Agent()
	c := w.Citizen()
	id := c.Waiting()
	sent, err := reply(w, agent, id, ticketing.Reply{Echo: "a", Text: "halo"})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.VisitorDelivered(ctx, id, sent.Seq); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.VisitorRead(ctx, w.Chat.ID, c.Point, sent.Seq); err != nil {
		t.Fatal(err)
	}
	m, err := ticketing.MessageBySeq(ctx, w.DB, id, sent.Seq)
	if err != nil || m.Delivery == nil || m.Delivery.State != channels.StateRead {
		t.Errorf("got %+v, %v", m.Delivery, err)
	}
	if seq := view(t, w, agent, id).VisitorReadSeq; seq != sent.Seq {
		t.Errorf("visitor read %d, want %d", seq, sent.Seq)
	}
}
