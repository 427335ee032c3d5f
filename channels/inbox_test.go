package channels_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"sapa/channels"
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
