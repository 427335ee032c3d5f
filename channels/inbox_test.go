package channels_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"sapa/channels"
	"sapa/channels/bus"
	"sapa/channels/words"
)

func TestSaveInbox(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	good := channels.Inbox{Kind: channels.WhatsApp, Slug: "second", Name: "Second", Settings: channels.Settings{AuthToken: "canary-token-2"}}
	tests := []struct {
		name   string
		change func(*channels.Inbox)
		field  string
	}{
		{"good", func(*channels.Inbox) {}, ""},
		{"unknown kind", func(i *channels.Inbox) { i.Kind = "pigeon" }, "kind"},
		{"slug with a slash", func(i *channels.Inbox) { i.Slug = "a/b" }, "slug"},
		{"no name", func(i *channels.Inbox) { i.Name = " " }, "name"},
		{"strange status", func(i *channels.Inbox) { i.Status = "broken" }, "status"},
		{"language of two letters", func(i *channels.Inbox) { i.Language = "id" }, "language"},
		{"API base without host", func(i *channels.Inbox) { i.Settings.APIBase = "api.twilio.com" }, "api_base"},
		{"API base of another scheme", func(i *channels.Inbox) { i.Settings.APIBase = "ftp://x" }, "api_base"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inbox := good
			test.change(&inbox)
			_, err := channels.SaveInbox(t.Context(), r.db, r.box, inbox, r.clock.Now())
			var invalid *channels.Invalid
			if errors.As(err, &invalid) != (test.field != "") || (invalid != nil && invalid.Field != test.field) {
				t.Fatalf("err = %v, want field %q", err, test.field)
			}
		})
	}
	first, err := channels.SaveInbox(t.Context(), r.db, r.box, good, r.clock.Now())
	r.must(err)
	good.Settings.AuthToken = "canary-token-3"
	again, err := channels.SaveInbox(t.Context(), r.db, r.box, good, r.clock.Now())
	r.must(err)
	loaded, err := channels.LoadInbox(t.Context(), r.db, r.box, channels.WhatsApp, "second")
	if err != nil || first != again || loaded.ID != first || loaded.Settings.AuthToken != "canary-token-3" || loaded.Language != "ind" {
		t.Fatalf("loaded %+v, %v, want the same inbox with the new token", loaded, err)
	}
	var dump string
	r.must(r.db.NewRaw("SELECT string_agg(i::text || encode(settings, 'escape'), ' ') FROM inboxes i").Scan(t.Context(), &dump))
	if strings.Contains(dump, "canary-token") {
		t.Fatal("a token is readable in the table")
	}
	if _, err := channels.LoadInbox(t.Context(), r.db, r.box, channels.WhatsApp, "third"); !errors.Is(err, channels.ErrNoInbox) {
		t.Fatalf("err = %v, want ErrNoInbox", err)
	}
}

func TestInboxCache(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	find := func(slug string) (channels.Inbox, error) { return r.cache.BySlug(t.Context(), channels.WhatsApp, slug) }
	if _, err := find("wa"); err != nil {
		t.Fatal(err)
	}
	if _, err := find("later"); !errors.Is(err, channels.ErrNoInbox) {
		t.Fatalf("err = %v, want ErrNoInbox", err)
	}
	id := r.inbox(channels.WhatsApp, "later", "")
	if _, err := find("later"); !errors.Is(err, channels.ErrNoInbox) {
		t.Fatalf("err = %v, want ErrNoInbox: a scanner must not reach the database each time", err)
	}
	if _, err := r.cache.ByID(t.Context(), r.db, id); err != nil {
		t.Fatalf("an id is looked up at once: %v", err)
	}
	r.clock.Add(11 * time.Second)
	if _, err := find("later"); err != nil {
		t.Fatalf("not found after 11 s: %v", err)
	}
	if all, err := r.cache.All(t.Context()); err != nil || len(all) != 4 {
		t.Fatalf("%d inboxes, %v, want 4", len(all), err)
	}

	// PostgreSQL goes away: what was read stays in use, also when it is old.
	r.must(r.db.Close())
	r.clock.Add(time.Hour)
	if inbox, err := find("wa"); err != nil || inbox.Settings.AuthToken != "canary-token" {
		t.Fatalf("inbox = %v, %v, want the last known", inbox, err)
	}
	// One that is not in the list may have been made since.
	if _, err := find("newer"); err == nil || errors.Is(err, channels.ErrNoInbox) {
		t.Fatalf("err = %v, want another error than ErrNoInbox", err)
	}
	if _, err := r.cache.ByID(t.Context(), r.db, channels.InboxID(uuid.NewString())); err == nil || errors.Is(err, channels.ErrNoInbox) {
		t.Fatalf("err = %v, want another error than ErrNoInbox", err)
	}
	cold := channels.NewInboxCache(channels.InboxCacheOptions{DB: r.db, Seal: r.box, Now: r.clock.Now})
	if _, err := cold.BySlug(t.Context(), channels.WhatsApp, "wa"); err == nil || errors.Is(err, channels.ErrNoInbox) {
		t.Fatalf("err = %v, want another error than ErrNoInbox", err)
	}
	if strings.Contains(r.log.String(), "canary") {
		t.Fatal("the log holds a token")
	}
}

// One inbox whose row is damaged takes no other with it.
func TestInboxThatDoesNotOpen(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.wrote(visitor)
	id := r.post(r.draft())
	_, err := r.db.NewRaw("UPDATE inboxes SET settings = '\\x00' WHERE id = ?", r.whatsapp).Exec(t.Context())
	r.must(err)
	r.cache.Forget()

	list, err := channels.ListInboxes(t.Context(), r.db, r.box)
	r.must(err)
	for _, inbox := range list {
		if broken := inbox.ID == r.whatsapp; inbox.Sealed() != broken || (inbox.Trouble != "") != broken || (inbox.Settings.AuthToken == "") != broken {
			t.Errorf("%s/%s: trouble %q", inbox.Kind, inbox.Slug, inbox.Trouble)
		}
		if inbox.Trouble != "" && !words.Notices().Has(inbox.Trouble) {
			t.Errorf("no words for %s", inbox.Trouble)
		}
	}
	if _, err := r.cache.BySlug(t.Context(), channels.WhatsApp, "wa"); !errors.Is(err, channels.ErrSealed) {
		t.Fatalf("err = %v, want ErrSealed", err)
	}
	if _, err := r.cache.BySlug(t.Context(), channels.SMS, "sms"); err != nil {
		t.Fatalf("another inbox: %v", err)
	}
	if !strings.Contains(r.log.String(), "settings of inbox do not open") {
		t.Error("the log does not name it")
	}

	// Its messages wait, however long it takes, and go once it is mended.
	for range 10 {
		r.send(id)
		r.clock.Add(time.Minute)
	}
	other := r.post(channels.Draft{InboxID: r.sms, To: visitor, Purpose: channels.PurposeReply, Text: "Halo"})
	r.send(other)
	r.wantState(other, channels.StateSent)
	if got := r.wantState(id, channels.StateQueued); got.Attempts != 0 || got.ErrorKey != "channels.error.inbox_sealed" {
		t.Fatalf("got %+v, want it waiting with the reason", got)
	}
	later := r.post(r.draft()) // what is written meanwhile waits too
	if r.inbox(channels.WhatsApp, "wa", "+628001503001") != r.whatsapp {
		t.Fatal("saving the inbox anew made another")
	}
	r.cache.Forget()
	r.send(id)
	r.send(later)
	r.wantState(later, channels.StateSent)
	if got := r.wantState(id, channels.StateSent); got.ErrorKey != "" {
		t.Fatalf("got %+v, want it sent without a reason", got)
	}
}

func TestAllowsOrigin(t *testing.T) {
	t.Parallel()
	settings := channels.Settings{Origins: []string{"https://desk.example.id", "*"}}
	for origin, want := range map[string]bool{
		"https://desk.example.id": true, "http://desk.example.id": false, "https://desk.example.id.evil.example": false,
		"https://evil.example": false, "": false, "*": false, "null": false,
	} {
		if got := settings.AllowsOrigin(origin); got != want {
			t.Errorf("%q allowed = %v, want %v", origin, got, want)
		}
	}
}

// A change in one process is seen in the others before their lists grow old.
func TestInboxesFollowOtherProcesses(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	if _, err := r.cache.BySlug(t.Context(), channels.WhatsApp, "wa"); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); _ = r.cache.Follow(ctx, r.bus) }()
	t.Cleanup(func() { stop(); <-done })
	before, err := r.cache.Stored(t.Context(), r.db, r.whatsapp)
	r.must(err)
	before.Status = channels.InboxClosed
	_, err = channels.SaveInbox(t.Context(), r.db, r.box, before, r.clock.Now()) // as another process does
	r.must(err)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(20 * time.Second); ; {
		r.must(r.bus.Publish(t.Context(), bus.Signal{Topic: bus.Setting, ID: channels.InboxObject})) // lost before it listens
		inbox, err := r.cache.BySlug(t.Context(), channels.WhatsApp, "wa")
		r.must(err)
		if inbox.Closed() {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("the change is not seen, though the clock stands still")
		}
	}
}
