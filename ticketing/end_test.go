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

// answeredChat is a conversation that an agent has answered.
func answeredChat(t *testing.T, w *fix.World) (*fix.Citizen, ticketing.ConversationID, team.Staff) {
	t.Helper()
	agent := w.Agent()
	c := w.Citizen()
	id := c.Waiting()
	if _, err := reply(w, agent, id, ticketing.Reply{Echo: "a", Text: "Halo, saya Rina"}); err != nil {
		t.Fatal(err)
	}
	return c, id, agent
}

func pass(t *testing.T, w *fix.World, d time.Duration, staff ...team.Staff) {
	t.Helper()
	w.Clock.Add(d)
	for _, s := range staff {
		if err := w.Desk.Heartbeat(context.Background(), s.ID); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Desk.Sweep(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// Decision 2: a silent citizen is warned, then the interaction ends and the
// question goes out; each once.
func TestSilenceWarnsThenEnds(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	_, id, agent := answeredChat(t, w)
	keys := func(key string) int {
		return count(t, w, "SELECT count(*) FROM messages WHERE data->>'key' = ?", key)
	}
	pass(t, w, 9*time.Minute, agent)
	if n := keys("notice.silence.warning"); n != 0 {
		t.Errorf("%d warnings after 9 min", n)
	}
	pass(t, w, 61*time.Second, agent)
	pass(t, w, 10*time.Second, agent)
	if n := keys("notice.silence.warning"); n != 1 {
		t.Errorf("%d warnings after 10 min, want 1", n)
	}
	wantState(t, w, id, ticketing.StateAgent)
	pass(t, w, 15*time.Minute, agent)
	wantState(t, w, id, ticketing.StateWrapUp)
	if a, b := keys("notice.silence.ended"), keys("notice.csat.question"); a != 1 || b != 1 {
		t.Errorf("%d goodbyes, %d questions, want 1 and 1", a, b)
	}
	if v := view(t, w, agent, id); v.EndedBy != ticketing.BySilence || v.Outcome != ticketing.EndNoReply {
		t.Errorf("ended by %s, %s", v.EndedBy, v.Outcome)
	}
}

func TestAWordStopsTheSilence(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	c, id, agent := answeredChat(t, w)
	pass(t, w, 11*time.Minute, agent)
	c.Writes("masih di sini")
	pass(t, w, time.Hour, agent) // now we are the ones who are silent
	wantState(t, w, id, ticketing.StateAgent)
}

// one question per interaction, never two within 24 h to one person.
func TestSatisfactionIsAskedOnce(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	c, id, agent := answeredChat(t, w)
	finish(t, w, agent, id)
	if err := w.Desk.AskCSAT(ctx, agent.Actor(), id); err == nil {
		t.Error("asked twice by hand")
	}
	second := c.Waiting()
	if _, err := reply(w, agent, second, ticketing.Reply{Echo: "b", Text: "Halo lagi"}); err != nil {
		t.Fatal(err)
	}
	finish(t, w, agent, second)
	if n := count(t, w, "SELECT count(*) FROM csat"); n != 1 {
		t.Errorf("asked %d times within 24 h, want 1", n)
	}
	pass(t, w, 24*time.Hour+time.Second)
	w.Available(agent)
	third := c.Waiting()
	if _, err := reply(w, agent, third, ticketing.Reply{Echo: "c", Text: "Halo"}); err != nil {
		t.Fatal(err)
	}
	finish(t, w, agent, third)
	if n := count(t, w, "SELECT count(*) FROM csat"); n != 2 {
		t.Errorf("asked %d times after a day, want 2", n)
	}
}

func TestRatingByFrameButtonAndNumber(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		rate func(*fix.World, *fix.Citizen, ticketing.ConversationID) error
	}{
		{"frame", func(w *fix.World, _ *fix.Citizen, id ticketing.ConversationID) error {
			return w.Desk.Rate(context.Background(), id, 4, "cepat")
		}},
		{"button", func(w *fix.World, c *fix.Citizen, _ ticketing.ConversationID) error {
			_, err := w.Desk.VisitorMessage(context.Background(), w.Chat, c.Point, ticketing.VisitorMessage{Echo: "r", Text: "4", Button: "csat:4"})
			return err
		}},
		{"number", func(_ *fix.World, c *fix.Citizen, _ ticketing.ConversationID) error {
			c.Writes(" 4. ")
			return nil
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := fix.New(t)
			c, id, agent := answeredChat(t, w)
			finish(t, w, agent, id)
			if err := tt.rate(w, c, id); err != nil {
				t.Fatal(err)
			}
			if v := view(t, w, agent, id); v.CSAT == nil || v.CSAT.Score != 4 || v.CSAT.Staff != agent.ID {
				t.Errorf("got %+v", v.CSAT)
			}
			if n := count(t, w, "SELECT count(*) FROM conversations"); n != 1 {
				t.Errorf("the rating opened a conversation: %d", n)
			}
			if err := w.Desk.Rate(context.Background(), id, 1, ""); !errors.Is(err, ticketing.ErrRated) {
				t.Errorf("second rating: got %v, want ErrRated", err)
			}
		})
	}
}

// A rating given after yet another conversation has ended goes on with the
// sequence, or the chat window, which reads by it, would never show it.
func TestALateRatingGoesOnWithTheSequence(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	c, id, agent := answeredChat(t, w)
	finish(t, w, agent, id)
	w.Clock.Add(time.Second)
	c.Writes("terima kasih")
	if err := w.Desk.VisitorEnd(ctx, w.Chat.ID, c.Point); err != nil {
		t.Fatal(err)
	}
	chat, err := w.Desk.Chat(ctx, w.Chat.ID, c.Point)
	if err != nil {
		t.Fatal(err)
	}
	c.Writes("5")
	list, err := w.Desk.ChatMessages(ctx, w.Chat.ID, c.Point, chat.Seq, 100)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || list[0].Text != "5" {
		t.Errorf("after %d the window reads %d lines, want the rating and the thanks", chat.Seq, len(list))
	}
	if v := view(t, w, agent, id); v.CSAT == nil || v.CSAT.Score != 5 {
		t.Errorf("got %+v", v.CSAT)
	}
}

func TestNumberIsNoRatingWhileSomethingIsOpen(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	c, id, agent := answeredChat(t, w)
	c.Writes("4")
	wantState(t, w, id, ticketing.StateAgent)
	finish(t, w, agent, id)
	c.Writes("saya mau tanya lagi")
	m := c.Writes("4")
	if n := count(t, w, "SELECT count(*) FROM csat WHERE score IS NOT NULL"); n != 0 {
		t.Error("a number in an open conversation was taken for a rating")
	}
	if m.Conversation == id {
		t.Error("the number went into the ended conversation")
	}
}

func TestWhatsAppRatingDoesNotOpenAConversation(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	agent := w.Agent()
	hear := func(id, text string) {
		t.Helper()
		if err := w.Desk.Receive(ctx, w.WhatsApp, []channels.Event{w.Message(phone, id, text)}); err != nil {
			t.Fatal(err)
		}
	}
	hear("SM1", "halo")
	id := onlyConversation(t, w)
	w.HandOver(id)
	if _, err := reply(w, agent, id, ticketing.Reply{Echo: "a", Text: "Halo"}); err != nil {
		t.Fatal(err)
	}
	finish(t, w, agent, id)
	hear("SM2", "5")
	hear("SM2", "5")
	if n := count(t, w, "SELECT count(*) FROM conversations"); n != 1 {
		t.Errorf("got %d conversations, want 1", n)
	}
	if n := count(t, w, "SELECT score FROM csat"); n != 5 {
		t.Errorf("score %d, want 5", n)
	}
}

func TestUnsolvedEndBecomesATicket(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	_, id, agent := answeredChat(t, w)
	if err := w.Desk.End(context.Background(), agent.Actor(), id, ticketing.EndUnsolved); err != nil {
		t.Fatal(err)
	}
	if v := view(t, w, agent, id); len(v.Tickets) != 1 || v.Tickets[0].EnteredBy != string(agent.ID) {
		t.Errorf("got %+v", v.Tickets)
	}
}

func TestEndIsChecked(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	_, id, agent := answeredChat(t, w)
	var invalid *ticketing.Invalid
	if err := w.Desk.End(ctx, agent.Actor(), id, "gone"); !errors.As(err, &invalid) {
		t.Errorf("unknown outcome: got %v", err)
	}
	if err := w.Desk.End(ctx, w.Staff(access.Agent).Actor(), id, ticketing.EndSolved); !errors.Is(err, ticketing.ErrNotYours) {
		t.Errorf("a colleague's: got %v", err)
	}
	finish(t, w, agent, id)
	if err := w.Desk.End(ctx, agent.Actor(), id, ticketing.EndSolved); !errors.Is(err, ticketing.ErrEnded) {
		t.Errorf("again: got %v", err)
	}
	if _, err := reply(w, agent, id, ticketing.Reply{Echo: "late", Text: "halo"}); !errors.Is(err, ticketing.ErrEnded) {
		t.Errorf("reply after the end: got %v", err)
	}
}

// Who leaves before a person wrote has abandoned the queue.
func TestStaysEndAsTheyDid(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	gone := w.Citizen()
	gone.Waiting()
	if err := w.Desk.VisitorEnd(context.Background(), w.Chat.ID, gone.Point); err != nil {
		t.Fatal(err)
	}
	_, _, _ = answeredChat(t, w)
	for how, want := range map[string]int{"abandoned": 1, "answered": 1} {
		if n := count(t, w, "SELECT count(*) FROM queue_stays WHERE how = ?", how); n != want {
			t.Errorf("%s: got %d, want %d", how, n, want)
		}
	}
}
