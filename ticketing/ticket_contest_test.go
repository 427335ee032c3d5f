package ticketing_test

import (
	"context"
	"testing"
	"time"

	"sapa/channels"
	"sapa/ticketing"
	"sapa/ticketing/fix"
	"sapa/ticketing/team"
)

// answeredTicket is a resolved ticket whose talk has ended.
func answeredTicket(t *testing.T) (*fix.World, *fix.Citizen, team.Staff, ticketing.Ticket) {
	t.Helper()
	w := fix.New(t)
	c, id, agent := answeredChat(t, w)
	made := register(t, w, agent.Actor(), id)
	finish(t, w, agent, id)
	return w, c, agent, mustAct(t, w, agent.Actor(), made.Ticket, ticketing.ActResolve, resolution())
}

// one button or one message of the reporter reopens, by the stored
// window, without a conversation of its own; nobody else's does.
func TestReopenByButtonOrWords(t *testing.T) {
	t.Parallel()
	press := func(w *fix.World, c *fix.Citizen, button, text string) {
		_, err := w.Desk.VisitorMessage(context.Background(), w.Chat, c.Point, ticketing.VisitorMessage{Echo: "tekan", Text: text, Button: button})
		if err != nil {
			t.Error(err)
		}
	}
	tests := []struct {
		name  string
		later time.Duration
		do    func(*fix.World, *fix.Citizen, ticketing.Ticket)
		want  ticketing.TicketState
		told  string
	}{
		{"button", 0, func(w *fix.World, c *fix.Citizen, v ticketing.Ticket) {
			press(w, c, ticketing.PressReopen+v.Number, "Belum selesai")
		}, ticketing.TicketInProgress, "notice.ticket.reopened"},
		{"words", 5 * 24 * time.Hour, func(w *fix.World, c *fix.Citizen, _ ticketing.Ticket) { c.Writes(" Belum beres. ") }, ticketing.TicketInProgress, "notice.ticket.reopened"},
		{"too late", 18 * 24 * time.Hour, func(w *fix.World, c *fix.Citizen, v ticketing.Ticket) {
			press(w, c, ticketing.PressReopen+v.Number, "Belum selesai")
		}, ticketing.TicketResolved, "notice.ticket.reopen_late"},
		{"settled", 0, func(w *fix.World, c *fix.Citizen, v ticketing.Ticket) {
			press(w, c, ticketing.PressConfirm+v.Number, "Sudah selesai")
		}, ticketing.TicketClosed, "notice.ticket.closed"},
		{"somebody else's button", 0, func(w *fix.World, _ *fix.Citizen, v ticketing.Ticket) {
			press(w, w.Citizen(), ticketing.PressReopen+v.Number, "Belum selesai")
		}, ticketing.TicketResolved, ""},
		{"words inside other words", 0, func(w *fix.World, c *fix.Citizen, _ ticketing.Ticket) { c.Writes("tugas saya belum selesai") }, ticketing.TicketResolved, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, c, agent, v := answeredTicket(t)
			w.Clock.Add(tt.later)
			tt.do(w, c, v)
			if got := ticketOf(t, w, agent, v.ID).State; got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if n := count(t, w, "SELECT count(*) FROM messages WHERE data->>'key' = ?", tt.told); tt.told != "" && n != 1 {
				t.Errorf("%s said %d times", tt.told, n)
			}
			if n := count(t, w, "SELECT count(*) FROM conversations WHERE ended_at IS NULL AND point_id = ?", c.Point); tt.told != "" && n != 0 {
				t.Errorf("%d conversations were opened", n)
			}
		})
	}
}

// By WhatsApp our answer carries the buttons; a word reopens there too.
func TestReopenByWhatsApp(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	agent := w.Agent()
	writes := func(id, text string) {
		if err := w.Desk.Receive(ctx, w.WhatsApp, []channels.Event{w.Message("+6282012345678", id, text)}); err != nil {
			t.Fatal(err)
		}
	}
	writes("SM1", "insentif belum cair")
	var id ticketing.ConversationID
	if err := w.DB.NewRaw("SELECT id FROM conversations").Scan(ctx, &id); err != nil {
		t.Fatal(err)
	}
	w.HandOver(id)
	made := register(t, w, agent.Actor(), id)
	mustAct(t, w, agent.Actor(), made.Ticket, ticketing.ActResolve, resolution())
	w.SendAll()
	sent := w.Provider.Sent()
	if last := sent[len(sent)-1]; len(last.Buttons) != 2 || last.Buttons[0].ID != ticketing.PressReopen+made.Ticket.Number {
		t.Errorf("our answer went out with %+v", last.Buttons)
	}
	writes("SM2", "belum selesai")
	writes("SM2", "belum selesai")
	v := ticketOf(t, w, agent, made.Ticket.ID)
	if v.State != ticketing.TicketInProgress || v.ReopenCount != 1 {
		t.Errorf("got %s, %d", v.State, v.ReopenCount)
	}
}

// Words after our answer stand on the ticket, and its owner is told once.
func TestWordsAfterOurAnswerDoNotVanish(t *testing.T) {
	t.Parallel()
	w, c, agent, v := answeredTicket(t)
	w.Clock.Add(time.Hour)
	talk := c.Writes("uangnya kok belum ada di rekening").Conversation
	c.Writes("tolong dicek")
	view := ticketOf(t, w, agent, v.ID)
	shown := false
	for _, row := range view.Conversations {
		shown = shown || row.ID == talk
	}
	if !shown {
		t.Error("the new talk is not on the ticket")
	}
	if n := count(t, w, "SELECT count(*) FROM ticket_notices WHERE ticket_id = ? AND notice = 'reporter_replied' AND audience = 'owner'", v.ID); n != 1 {
		t.Errorf("the owner was told %d times, want 1", n)
	}
	w.Clock.Add(25 * time.Hour)
	if err := w.Desk.VisitorEnd(context.Background(), w.Chat.ID, c.Point); err != nil {
		t.Fatal(err)
	}
	later := c.Writes("kapan gelombang dibuka").Conversation
	if n := count(t, w, "SELECT count(*) FROM ticket_conversations WHERE conversation_id = ?", later); n != 0 {
		t.Error("another matter a day later is on the ticket")
	}
}
