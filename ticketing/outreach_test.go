package ticketing_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"sapa/channels"
	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
	"sapa/ticketing/team"
)

const dialled = "+6281234500777"

// caller is a supervisor, who may type numbers, and an approved message.
type caller struct {
	*fix.World
	staff    team.Staff
	template channels.TemplateID
}

func newCaller(t *testing.T) *caller {
	t.Helper()
	w := &caller{World: fix.New(t)}
	w.staff = w.Staff(access.Supervisor)
	w.Available(w.staff)
	ctx := context.Background()
	err := w.Desk.CreateTemplate(ctx, w.Staff(access.Admin).Actor(), channels.Template{
		Name: "kabar", Language: "ind", Category: "utility", Ref: "HXkabar", Body: "Halo {{1}}, ada kabar tentang {{2}}.",
	})
	if err != nil {
		t.Fatal(err)
	}
	list, err := channels.Templates(ctx, w.DB)
	if err != nil || len(list) != 1 {
		t.Fatalf("templates %v, %v", list, err)
	}
	w.template = list[0].ID
	return w
}

func (w *caller) consents() {
	w.T.Helper()
	_, err := w.DB.NewRaw(`INSERT INTO reachability (inbox_id, address, opted_in_at) VALUES (?, ?, ?)`,
		w.WhatsApp.ID, dialled, w.Clock.Now()).Exec(context.Background())
	if err != nil {
		w.T.Fatal(err)
	}
}

func (w *caller) reach(inbox channels.Inbox, o ticketing.Outreach) (ticketing.Begun, error) {
	o.Phone = dialled
	return w.Desk.ReachOut(context.Background(), w.staff.Actor(), inbox, o)
}

func (w *caller) greeting(echo string) ticketing.Outreach {
	return ticketing.Outreach{Echo: echo, Template: &ticketing.Templated{ID: w.template, Values: []string{"Ibu", "tiket Anda"}}}
}

func TestReachOutByTemplate(t *testing.T) {
	t.Parallel()
	w := newCaller(t)
	ctx := context.Background()
	_, err := w.reach(w.WhatsApp, ticketing.Outreach{Echo: "free", Text: "halo"})
	wantBlocked(t, err, channels.WindowClosed)
	_, err = w.reach(w.WhatsApp, w.greeting("unasked"))
	wantBlocked(t, err, channels.NoOptIn)
	w.consents()
	begun, err := w.reach(w.WhatsApp, w.greeting("a"))
	if err != nil || begun.Open {
		t.Fatalf("begun %+v, %v", begun, err)
	}
	again, err := w.reach(w.WhatsApp, w.greeting("a"))
	if err != nil || again != begun {
		t.Errorf("the same echo: %+v, %v; want %+v", again, err, begun)
	}
	other, err := w.reach(w.WhatsApp, w.greeting("b"))
	if err != nil || !other.Open || other.Conversation != begun.Conversation {
		t.Errorf("a second outreach: %+v, %v; want the open conversation", other, err)
	}
	w.SendAll()
	sent := w.Provider.Sent()
	if len(sent) != 1 || sent[0].Template != "HXkabar" || sent[0].Variables["2"] != "tiket Anda" || sent[0].Text != "Halo Ibu, ada kabar tentang tiket Anda." {
		t.Fatalf("sent %+v", sent)
	}
	// The answer comes back to whoever began it, and nobody was in a queue.
	if err := w.Desk.Receive(ctx, w.WhatsApp, []channels.Event{w.Message(dialled, "SMback", "ya, ada apa?")}); err != nil {
		t.Fatal(err)
	}
	if state, owner := stateOf(t, w.World, begun.Conversation); state != ticketing.StateAgent || owner != w.staff.ID {
		t.Errorf("answered: %s of %q", state, owner)
	}
	if n := count(t, w.World, "SELECT count(*) FROM queue_stays"); n != 0 {
		t.Errorf("%d stays in queues", n)
	}
	if err := w.Desk.End(ctx, w.staff.Actor(), begun.Conversation, ticketing.EndAnswered); err != nil {
		t.Fatal(err)
	}
	if n := count(t, w.World, "SELECT count(*) FROM csat"); n != 1 {
		t.Errorf("asked %d times, want once after an answer", n)
	}
}

// Who never answers is neither warned nor thanked nor asked.
func TestUnheardOutreachEndsInSilence(t *testing.T) {
	t.Parallel()
	w := newCaller(t)
	begun, err := w.reach(w.SMS, ticketing.Outreach{Echo: "a", Text: "Kami mencoba menghubungi Anda."})
	if err != nil {
		t.Fatal(err)
	}
	w.Clock.Add(23 * time.Hour)
	sweep(t, w.World)
	wantState(t, w.World, begun.Conversation, ticketing.StateSnoozed)
	w.Clock.Add(2 * time.Hour)
	sweep(t, w.World)
	wantState(t, w.World, begun.Conversation, ticketing.StateEnded)
	if n := count(t, w.World, "SELECT count(*) FROM outbox"); n != 1 {
		t.Errorf("%d messages went out, want the first alone", n)
	}
}

func TestReachOutRefuses(t *testing.T) {
	t.Parallel()
	w := newCaller(t)
	ctx := context.Background()
	agent := w.Agent()
	if _, err := w.Desk.ReachOut(ctx, agent.Actor(), w.SMS, ticketing.Outreach{Echo: "a", Phone: dialled, Text: "x"}); !errors.Is(err, ticketing.ErrForbidden) {
		t.Errorf("an agent typed a number: %v", err)
	}
	_, err := w.Desk.ReachOut(ctx, w.staff.Actor(), w.SMS, ticketing.Outreach{Echo: "a", Phone: "1500 123", Text: "x"})
	wantInvalid(t, err, "phone", "phone_mobile")
	_, err = w.reach(w.Chat, ticketing.Outreach{Echo: "a", Text: "x"})
	wantInvalid(t, err, "inbox_id", "no_session")
	for n := range 20 {
		phone := fmt.Sprintf("+62812345010%02d", n)
		if _, err := w.Desk.ReachOut(ctx, w.staff.Actor(), w.SMS, ticketing.Outreach{Echo: "a", Phone: phone, Text: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	_, err = w.reach(w.SMS, ticketing.Outreach{Echo: "a", Text: "x"})
	wantInvalid(t, err, "phone", "outreach_cap")
	if err := w.Desk.Receive(ctx, w.SMS, []channels.Event{{
		Kind: channels.EventMessage, ProviderID: "SMstop", At: w.Clock.Now(), Text: "STOP", Consent: channels.ConsentOut,
		From: channels.Address{Kind: channels.AddressPhone, Value: dialled, Verified: true},
	}}); err != nil {
		t.Fatal(err)
	}
	w.Clock.Add(2 * time.Hour)
	_, err = w.reach(w.SMS, ticketing.Outreach{Echo: "stop", Text: "x"})
	wantBlocked(t, err, channels.OptedOut)
}

// The window has closed in an open conversation: free text is refused, an approved
// message goes.
func TestTemplateInAClosedWindow(t *testing.T) {
	t.Parallel()
	w := newTexter(t)
	ctx := context.Background()
	err := w.Desk.CreateTemplate(ctx, w.Staff(access.Admin).Actor(), channels.Template{Name: "kabar", Language: "ind", Category: "utility", Ref: "HX1", Body: "Ada kabar, {{1}}."})
	if err != nil {
		t.Fatal(err)
	}
	list, err := channels.Templates(ctx, w.DB)
	if err != nil {
		t.Fatal(err)
	}
	w.Clock.Add(24*time.Hour + time.Second)
	_, err = w.Desk.Reply(ctx, w.agent.Actor(), w.id, ticketing.Reply{Echo: "a", Text: "halo"})
	wantBlocked(t, err, channels.WindowClosed)
	for _, tt := range []struct {
		values []string
		rule   string
	}{{nil, "required"}, {[]string{"satu\ndua"}, "template_value"}} {
		_, err = w.Desk.Reply(ctx, w.agent.Actor(), w.id, ticketing.Reply{Echo: "b", Template: &ticketing.Templated{ID: list[0].ID, Values: tt.values}})
		var invalid *channels.Invalid
		if !errors.As(err, &invalid) || invalid.Rule != tt.rule {
			t.Errorf("%q: %v, want %s", tt.values, err, tt.rule)
		}
	}
	sent, err := w.Desk.Reply(ctx, w.agent.Actor(), w.id, ticketing.Reply{Echo: "c", Template: &ticketing.Templated{ID: list[0].ID, Values: []string{"Bapak Budi"}}})
	if err != nil || sent.Text != "Ada kabar, Bapak Budi." {
		t.Errorf("sent %q, %v", sent.Text, err)
	}
}

func wantBlocked(t *testing.T, err error, reason channels.Reason) {
	t.Helper()
	var blocked *channels.Blocked
	if !errors.As(err, &blocked) || blocked.Reason != reason {
		t.Errorf("%v, want %s", err, reason)
	}
}
