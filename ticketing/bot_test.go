package ticketing_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"sapa/channels"
	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
)

func lease(t *testing.T, w *fix.World, id ticketing.ConversationID, owner string) ticketing.Turn {
	t.Helper()
	turn, err := w.Desk.TakeLease(context.Background(), id, owner, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return turn
}

func TestOneBotAnswersAtATime(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	id := w.Citizen().Writes("halo").Conversation
	var wait sync.WaitGroup
	results := make([]error, 4)
	for i := range results {
		wait.Add(1)
		go func() {
			defer wait.Done()
			_, results[i] = w.Desk.TakeLease(ctx, id, string(rune('a'+i)), time.Minute)
		}()
	}
	wait.Wait()
	won := 0
	for _, err := range results {
		if err == nil {
			won++
		} else if !errors.Is(err, ticketing.ErrBusy) {
			t.Errorf("got %v", err)
		}
	}
	if won != 1 {
		t.Errorf("%d leases, want 1", won)
	}
	w.Clock.Add(61 * time.Second) // the worker died: its lease runs out
	if _, err := w.Desk.TakeLease(ctx, id, "z", time.Minute); err != nil {
		t.Errorf("after the lease: %v", err)
	}
}

// PEERS 1 and 31: a turn done twice speaks once; the answer stands behind the
// message it answers.
func TestTurnDoneTwiceSpeaksOnce(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	c := w.Citizen()
	id := c.Writes("halo").Conversation
	turn := lease(t, w, id, "a")
	answer := ticketing.BotAnswer{Upto: turn.News[0].Seq, Lines: []ticketing.BotLine{{Text: "Halo, ada yang bisa dibantu?"}},
		Heard: []ticketing.Heard{{Seq: turn.News[0].Seq, Language: "jav", Intent: "greeting"}}, Language: "jav"}
	if err := w.Desk.BotReply(ctx, id, "a", answer); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.BotReply(ctx, id, "a", answer); !errors.Is(err, ticketing.ErrHeld) {
		t.Errorf("again: got %v, want ErrHeld", err)
	}
	again := lease(t, w, id, "b")
	if len(again.News) != 0 || again.Conversation.Language != "jav" {
		t.Errorf("got news %v, language %s", again.News, again.Conversation.Language)
	}
	if n := count(t, w, "SELECT count(*) FROM messages WHERE author = 'bot'"); n != 1 {
		t.Errorf("got %d answers, want 1", n)
	}
	if n := count(t, w, "SELECT count(*) FROM messages WHERE author = 'citizen' AND language = 'jav' AND intent = 'greeting'"); n != 1 {
		t.Error("what was understood is not noted")
	}
}

func TestMessageDuringATurnGivesAnotherTurn(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	c := w.Citizen()
	first := c.Writes("halo")
	lease(t, w, first.Conversation, "a")
	second := c.Writes("insentif saya?")
	err := w.Desk.BotReply(ctx, first.Conversation, "a", ticketing.BotAnswer{Upto: first.Seq, Lines: []ticketing.BotLine{{Text: "Halo"}}})
	if err != nil {
		t.Fatal(err)
	}
	turn := lease(t, w, first.Conversation, "b")
	if len(turn.News) != 1 || turn.News[0].ID != second.ID {
		t.Errorf("got %v, want the second message", turn.News)
	}
}

// What arrives between the bot's goodbye and the end is answered, not buried.
func TestBotEndsNothingThatGoesOn(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	c := w.Citizen()
	first := c.Writes("terima kasih, sudah")
	id := first.Conversation
	lease(t, w, id, "a")
	err := w.Desk.BotReply(ctx, id, "a", ticketing.BotAnswer{Upto: first.Seq, Lines: []ticketing.BotLine{{Text: "Sampai jumpa"}}})
	if err != nil {
		t.Fatal(err)
	}
	second := c.Writes("eh, satu lagi: insentif saya?")
	lease(t, w, id, "a")
	if err := w.Desk.BotEnd(ctx, id, "a"); err != nil {
		t.Fatal(err)
	}
	wantState(t, w, id, ticketing.StateBot)
	if turn := lease(t, w, id, "b"); len(turn.News) != 1 || turn.News[0].ID != second.ID {
		t.Errorf("got %v, want the second message", turn.News)
	}
}

func TestBotIsSilentOncePeopleHaveIt(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	agent := w.Staff(access.Agent)
	id := w.Citizen().Writes("halo").Conversation
	lease(t, w, id, "a")
	if err := w.Desk.Claim(ctx, agent.Actor(), id); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.BotReply(ctx, id, "a", ticketing.BotAnswer{Upto: 1, Lines: []ticketing.BotLine{{Text: "Halo"}}}); !errors.Is(err, ticketing.ErrHeld) {
		t.Errorf("answer: got %v, want ErrHeld", err)
	}
	if _, err := w.Desk.TakeLease(ctx, id, "b", time.Minute); !errors.Is(err, ticketing.ErrHeld) {
		t.Errorf("lease: got %v, want ErrHeld", err)
	}
}

// PEERS 26: the bot is down, or fails again and again: people take over, with a
// line that says so.
func TestBotThatDoesNotAnswerOpensToPeople(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		fail func(*fix.World, ticketing.ConversationID)
		line string
	}{
		{"no worker", func(w *fix.World, _ ticketing.ConversationID) { w.Clock.Add(46 * time.Second) }, "line.bot_silent"},
		{"died with the lease", func(w *fix.World, id ticketing.ConversationID) {
			_, _ = w.Desk.TakeLease(context.Background(), id, "a", time.Minute)
			w.Clock.Add(46 * time.Second)
		}, "line.bot_silent"},
		{"failed three times", func(w *fix.World, id ticketing.ConversationID) {
			for range 3 {
				_, _ = w.Desk.TakeLease(context.Background(), id, "a", time.Minute)
				if err := w.Desk.BotFailed(context.Background(), id, "a"); err != nil {
					w.T.Error(err)
				}
			}
		}, "line.bot_failed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := fix.New(t)
			id := w.Citizen().Writes("halo").Conversation
			tt.fail(w, id)
			if err := w.Desk.Sweep(context.Background()); err != nil {
				t.Fatal(err)
			}
			wantState(t, w, id, ticketing.StateQueued)
			if n := count(t, w, "SELECT count(*) FROM messages WHERE kind = 'system' AND data->>'key' = ?", tt.line); n != 1 {
				t.Errorf("got %d lines %s, want 1", n, tt.line)
			}
		})
	}
}

// the agent gets everything, the citizen repeats nothing; the citizen is
// told the place.
func TestHandOverCarriesEverything(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	agent := w.Staff(access.Agent)
	c := w.Citizen()
	id := c.Waiting(func(h *ticketing.Handover) { h.Language = "sun" })
	v := view(t, w, agent, id)
	if v.State != ticketing.StateQueued || v.Language != "sun" || v.Intent != "incentive.status" || v.Summary == "" || v.Unread == 0 {
		t.Errorf("got %+v", v.Row)
	}
	if v.QueueName != w.Queues["insentif"].Name || v.SLA.DueAt == nil || !v.SLA.DueAt.Equal(fix.Start().Add(time.Minute)) {
		t.Errorf("queue %q, due %v", v.QueueName, v.SLA.DueAt)
	}
	chat, err := w.Desk.Chat(context.Background(), w.Chat.ID, c.Point)
	if err != nil || chat.State != "queued" || chat.Wait.Place != 1 || chat.Wait.Known() {
		t.Errorf("got %+v, %v", chat, err)
	}
	second := w.Citizen()
	second.Waiting()
	if chat, _ := w.Desk.Chat(context.Background(), w.Chat.ID, second.Point); chat.Wait.Place != 2 {
		t.Errorf("place %d, want 2", chat.Wait.Place)
	}
}

// at night the clock starts at 08:00 and the citizen is told so.
func TestAtNightTheClockStartsWhenTheDeskOpens(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	w.Clock.Set(time.Date(2026, time.November, 23, 15, 0, 0, 0, time.UTC)) // 22:00 WIB
	agent := w.Staff(access.Agent)
	id := w.Citizen().Waiting()
	opens := time.Date(2026, time.November, 24, 1, 0, 0, 0, time.UTC)
	if due := view(t, w, agent, id).SLA.DueAt; due == nil || !due.Equal(opens.Add(time.Minute)) {
		t.Errorf("due %v, want one minute past opening", due)
	}
	if n := count(t, w, "SELECT count(*) FROM messages WHERE text LIKE '%08.00 WIB%'"); n != 1 {
		t.Error("the citizen was not told when the desk opens")
	}
}

func TestComplaintBecomesATicketAtHandOver(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	agent := w.Staff(access.Agent)
	id := w.Citizen().Waiting(func(h *ticketing.Handover) { h.Intent = "complaint.service" })
	v := view(t, w, agent, id)
	if len(v.Tickets) != 1 || v.Tickets[0].Category != "complaint.service" || len(v.TicketNumbers) != 1 {
		t.Fatalf("got %+v", v.Tickets)
	}
	// the number goes out on the same channel.
	if n := count(t, w, "SELECT count(*) FROM messages WHERE text LIKE ?", "%"+v.Tickets[0].Number+"%"); n != 1 {
		t.Error("the citizen was not told the number")
	}
}

// A household shares a phone: the number hints at its only owner, and at nobody
// when there are several. Proof is for this conversation only.
func TestProofIsForOneConversation(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	c := w.Citizen()
	id := c.Writes("halo").Conversation
	participant := w.Participant("Siti Contoh", phone)
	if err := w.Desk.Verified(ctx, access.Robot(), id, participant, ticketing.AssuranceOTP); err != nil {
		t.Fatal(err)
	}
	agent := w.Staff(access.Agent)
	if p := view(t, w, agent, id).Person.Participant; p == nil || p.ID != participant || p.Confidence != ticketing.ProvedOTP {
		t.Errorf("got %+v", p)
	}
	if err := w.Desk.VisitorEnd(ctx, w.Chat.ID, c.Point); err != nil {
		t.Fatal(err)
	}
	next := c.Writes("halo lagi").Conversation
	v := view(t, w, agent, next)
	if v.Person.Participant == nil || v.Person.Participant.Confidence != ticketing.Claimed || v.Assurance != ticketing.AssuranceNone {
		t.Errorf("got %+v, assurance %s", v.Person.Participant, v.Assurance)
	}
	if err := w.Desk.SetSubject(ctx, agent.Actor(), next, "", "bukan orangnya"); err != nil {
		t.Fatal(err)
	}
	if p := view(t, w, agent, next).Person.Participant; p != nil {
		t.Errorf("undone link is still there: %+v", p)
	}
}

func TestRegisteredNumberHintsAtItsOnlyOwner(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	w.Participant("Siti Contoh", phone)
	agent := w.Staff(access.Agent)
	if err := w.Desk.Receive(context.Background(), w.WhatsApp, []channels.Event{w.Message(phone, "SM1", "halo")}); err != nil {
		t.Fatal(err)
	}
	v := view(t, w, agent, onlyConversation(t, w))
	if v.Person.Participant == nil || v.Assurance != ticketing.AssuranceNone || v.Person.AddressMasked != "+62820*****678" {
		t.Errorf("got %+v, %s, %s", v.Person.Participant, v.Assurance, v.Person.AddressMasked)
	}
}
