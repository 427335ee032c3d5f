package ticketing_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"

	"sapa/channels"
	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
)

var codeShape = regexp.MustCompile(`[34679CDFGHJKMNPQRTWXY]{4}(-[34679CDFGHJKMNPQRTWXY]{4}){2}`)

// codes are the tracking codes that a visitor's window shows.
func codes(t *testing.T, w *fix.World, c *fix.Citizen) []string {
	t.Helper()
	lines, err := w.Desk.ChatMessages(context.Background(), w.Chat.ID, c.Point, 0, 200)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, m := range lines {
		found = append(found, codeShape.FindAllString(m.Text, -1)...)
	}
	return found
}

// number is the number of the only ticket.
func number(t *testing.T, w *fix.World) string {
	t.Helper()
	var n string
	if err := w.DB.NewRaw("SELECT number FROM tickets").Scan(context.Background(), &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// wherever a ticket is born its reporter is told the code once,
// with the number and the page, and nobody else can read it.
func TestCodeIsToldOnceWhereverATicketIsBorn(t *testing.T) {
	t.Parallel()
	births := map[string]func(*testing.T, *fix.World, *fix.Citizen){
		"an agent makes it": func(t *testing.T, w *fix.World, c *fix.Citizen) {
			agent := w.Agent()
			if made := register(t, w, agent.Actor(), c.Waiting()); !made.Told {
				t.Error("not told")
			}
		},
		"the bot makes it": func(t *testing.T, w *fix.World, c *fix.Citizen) { register(t, w, access.Robot(), c.Waiting()) },
		"a complaint is handed over": func(_ *testing.T, _ *fix.World, c *fix.Citizen) {
			c.Waiting(func(h *ticketing.Handover) { h.Intent = "complaint.service" })
		},
		"a contact ends unsolved": func(t *testing.T, w *fix.World, c *fix.Citizen) {
			agent := w.Agent()
			id := c.Waiting()
			if err := w.Desk.End(context.Background(), agent.Actor(), id, ticketing.EndUnsolved); err != nil {
				t.Fatal(err)
			}
		},
	}
	for name, birth := range births {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := fix.New(t)
			c := w.Citizen()
			birth(t, w, c)
			told := codes(t, w, c)
			if len(told) != 1 {
				t.Fatalf("told %d codes, want 1", len(told))
			}
			tracked, err := w.Desk.Tracked(context.Background(), number(t, w), strings.ToLower(told[0]))
			if err != nil {
				t.Fatal(err)
			}
			page := ticketing.TrackLink("https://desk.example.id", tracked.Number)
			if n := count(t, w, "SELECT count(*) FROM messages WHERE text LIKE ? AND text LIKE ? AND text LIKE '%Jenis: %'",
				"%"+page+"\n%", "%"+ticketing.SecretMask+"%"); n != 1 {
				t.Errorf("%d acknowledgements with page and stand-in, want 1", n)
			}
			wantUnreadable(t, w, told[0])
		})
	}
}

// wantUnreadable looks for the code in everything that is stored.
func wantUnreadable(t *testing.T, w *fix.World, code string) {
	t.Helper()
	for _, table := range []string{"messages", "outbox", "tickets", "ticket_events", "ticket_notices", "conversations", "conversation_events"} {
		if n := count(t, w, "SELECT count(*) FROM "+table+" r WHERE r::text LIKE ?", "%"+code+"%"); n != 0 {
			t.Errorf("the code can be read in %s", table)
		}
	}
}

// Through a provider the code leaves once, and is forgotten when it has arrived.
func TestCodeLeavesThroughAProviderAndIsForgotten(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	if err := w.Desk.Receive(ctx, w.WhatsApp, []channels.Event{w.Message("+6282012345678", "SM1", "lapor")}); err != nil {
		t.Fatal(err)
	}
	var id ticketing.ConversationID
	if err := w.DB.NewRaw("SELECT id FROM conversations").Scan(ctx, &id); err != nil {
		t.Fatal(err)
	}
	w.HandOver(id, func(h *ticketing.Handover) { h.Intent = "complaint.service" })
	w.SendAll()
	var told []string
	var row channels.OutboxID
	for _, out := range w.Provider.Sent() {
		if found := codeShape.FindAllString(out.Text, -1); len(found) > 0 {
			told, row = append(told, found...), out.ID
		}
	}
	if len(told) != 1 {
		t.Fatalf("%d codes left, want 1", len(told))
	}
	if _, err := w.Desk.Tracked(ctx, number(t, w), told[0]); err != nil {
		t.Fatal(err)
	}
	wantUnreadable(t, w, told[0])
	sealed := func() int { return count(t, w, "SELECT count(*) FROM outbox WHERE secret IS NOT NULL") }
	if sealed() != 1 {
		t.Error("forgotten before it arrived: it could not be sent again")
	}
	status := channels.Event{Kind: channels.EventStatus, ProviderID: "SM" + string(row), At: w.Clock.Now(), Status: channels.StateDelivered}
	if err := w.Desk.Receive(ctx, w.WhatsApp, []channels.Event{status}); err != nil {
		t.Fatal(err)
	}
	if sealed() != 0 {
		t.Error("kept after it arrived")
	}
}

// An unknown number, a wrong code and nonsense are refused alike.
func TestTrackingTellsNothingOfWhatExists(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	made := register(t, w, access.Robot(), w.Citizen().Waiting())
	for _, pair := range [][2]string{
		{made.Ticket.Number, ticketing.NewSecret()}, {ticketing.FormatNumber(77), made.Secret}, {made.Ticket.Number, ""},
		{"", made.Secret}, {"x", "y"}, {made.Ticket.Number, "3333-3333"},
	} {
		if _, err := w.Desk.Tracked(context.Background(), pair[0], pair[1]); !errors.Is(err, ticketing.ErrNotFound) {
			t.Errorf("%q, %q: got %v", pair[0], pair[1], err)
		}
	}
}
