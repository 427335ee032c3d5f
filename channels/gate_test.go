package channels_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"sapa/channels"
	"sapa/channels/words"
)

// gateCase prepares a room and a draft; an empty want passes the gate.
type gateCase struct {
	name    string
	prepare func(*room, *channels.Draft)
	want    channels.Reason
	limit   int64
}

func windowCases() []gateCase {
	return []gateCase{
		{name: "within the window", prepare: func(r *room, _ *channels.Draft) { r.wrote(visitor); r.clock.Add(24*time.Hour - time.Second) }},
		{name: "at 24 h", prepare: func(r *room, _ *channels.Draft) { r.wrote(visitor); r.clock.Add(24 * time.Hour) }, want: channels.WindowClosed},
		{name: "at 24 h and 1 s, bot", prepare: func(r *room, d *channels.Draft) {
			r.wrote(visitor)
			r.clock.Add(24*time.Hour + time.Second)
			d.Purpose = channels.PurposeBot
		}, want: channels.WindowClosed},
		{name: "never wrote", prepare: func(*room, *channels.Draft) {}, want: channels.WindowClosed},
		{name: "a later message opens it again", prepare: func(r *room, _ *channels.Draft) {
			r.wrote(visitor)
			r.clock.Add(25 * time.Hour)
			r.wrote(visitor)
		}},
		{name: "template after the window", prepare: func(r *room, d *channels.Draft) { d.Template = "HX1" }},
		{name: "template notice without consent", prepare: func(r *room, d *channels.Draft) {
			d.Template, d.Purpose = "HX1", channels.PurposeNotice
		}, want: channels.NoOptIn},
		{name: "template notice with consent", prepare: func(r *room, d *channels.Draft) {
			d.Template, d.Purpose = "HX1", channels.PurposeNotice
			r.wish(channels.ConsentIn)
		}},
		{name: "writing in is no consent", prepare: func(r *room, d *channels.Draft) {
			r.wrote(visitor)
			d.Template, d.Purpose = "HX1", channels.PurposeNotice
		}, want: channels.NoOptIn},
		{name: "after STOP", prepare: func(r *room, _ *channels.Draft) { r.stop() }, want: channels.OptedOut},
		{name: "in a conversation they began, after STOP", prepare: func(r *room, d *channels.Draft) {
			r.stop()
			d.ConversationID, d.MessageSeq = newConversation(), 1
		}},
		{name: "the answer to STOP itself", prepare: func(r *room, d *channels.Draft) { r.stop(); d.Purpose = channels.PurposeBot }},
		{name: "a code after STOP", prepare: func(r *room, d *channels.Draft) { r.stop(); d.Purpose = channels.PurposeOTP }},
		{name: "news of a case after STOP", prepare: func(r *room, d *channels.Draft) {
			r.stop()
			d.Purpose, d.ConversationID, d.MessageSeq = channels.PurposeSystem, newConversation(), 1
		}, want: channels.OptedOut},
		{name: "a question after STOP", prepare: func(r *room, d *channels.Draft) {
			r.stop()
			d.Purpose, d.ConversationID, d.MessageSeq = channels.PurposeCSAT, newConversation(), 1
		}, want: channels.OptedOut},
		{name: "a notice after START", prepare: func(r *room, d *channels.Draft) {
			r.stop()
			r.clock.Add(time.Minute)
			r.wish(channels.ConsentIn)
			d.Purpose = channels.PurposeNotice
		}},
		{name: "answered when they write again", prepare: func(r *room, _ *channels.Draft) {
			r.stop()
			r.clock.Add(time.Minute)
			r.wrote(visitor)
		}},
		{name: "but sent no notice", prepare: func(r *room, d *channels.Draft) {
			r.stop()
			r.clock.Add(time.Minute)
			r.wrote(visitor)
			d.Purpose = channels.PurposeNotice
		}, want: channels.OptedOut},
	}
}

func contentCases() []gateCase {
	return []gateCase{
		{name: "longest text", prepare: func(r *room, d *channels.Draft) { r.wrote(visitor); d.Text = strings.Repeat("é", 100) }},
		{name: "one more", prepare: func(r *room, d *channels.Draft) {
			r.wrote(visitor)
			d.Text = strings.Repeat("é", 101)
		}, want: channels.TooLong, limit: 100},
		{name: "buttons that become lines count", prepare: func(r *room, d *channels.Draft) {
			r.wrote(visitor)
			d.Text = strings.Repeat("a", 95)
			d.Buttons = []channels.Button{{ID: "x", Label: "Ya"}}
		}, want: channels.TooLong, limit: 100},
		{name: "nothing to say", prepare: func(r *room, d *channels.Draft) { r.wrote(visitor); d.Text = "" }, want: channels.Empty},
		{name: "no such inbox", prepare: func(r *room, d *channels.Draft) { d.InboxID = channels.NewInboxID() }, want: channels.NoInbox},
		{name: "no address", prepare: func(r *room, d *channels.Draft) { d.To = "" }, want: channels.BadAddress},
		{name: "toll-free number", prepare: func(r *room, d *channels.Draft) { d.To = "+628001503001" }, want: channels.BadAddress},
		{name: "fixed line by SMS", prepare: func(r *room, d *channels.Draft) {
			d.InboxID, d.To = r.sms, "+62218350123"
		}, want: channels.BadAddress},
		{name: "SMS has no window", prepare: func(r *room, d *channels.Draft) { d.InboxID = r.sms }},
		{name: "file by SMS", prepare: func(r *room, d *channels.Draft) {
			d.InboxID = r.sms
			d.Attachments = []channels.AttachmentID{r.file("ready", 10)}
		}, want: channels.Unsupported},
		{name: "file", prepare: func(r *room, d *channels.Draft) {
			r.wrote(visitor)
			d.Text, d.Attachments = "", []channels.AttachmentID{r.file("ready", 1000)}
		}},
		{name: "two files where one goes", prepare: func(r *room, d *channels.Draft) {
			r.wrote(visitor)
			d.Attachments = []channels.AttachmentID{r.file("ready", 10), r.file("ready", 10)}
		}, want: channels.TooManyFiles, limit: 1},
		{name: "file too large", prepare: func(r *room, d *channels.Draft) {
			r.wrote(visitor)
			d.Attachments = []channels.AttachmentID{r.file("ready", 1001)}
		}, want: channels.Unsupported, limit: 1000},
		{name: "file not here yet", prepare: func(r *room, d *channels.Draft) {
			r.wrote(visitor)
			d.Attachments = []channels.AttachmentID{r.file("fetching", 0)}
		}, want: channels.Unsupported},
		{name: "caption too long", prepare: func(r *room, d *channels.Draft) {
			r.wrote(visitor)
			d.Text = strings.Repeat("a", 51)
			d.Attachments = []channels.AttachmentID{r.file("ready", 10)}
		}, want: channels.TooLong, limit: 50},
		{name: "chat needs neither window nor consent", prepare: func(r *room, d *channels.Draft) {
			d.InboxID, d.To, d.ConversationID, d.MessageSeq = r.chat, newConversation(), newConversation(), 1
		}},
	}
}

func TestGate(t *testing.T) {
	t.Parallel()
	shared := newRoom(t)
	for _, test := range slices.Concat(windowCases(), contentCases()) {
		t.Run(test.name, func(t *testing.T) {
			r := shared.beside(t)
			draft := r.draft()
			test.prepare(r, &draft)
			_, err := r.outbox.Post(t.Context(), r.db, draft)
			var blocked *channels.Blocked
			if errors.As(err, &blocked) != (test.want != "") || (blocked == nil && err != nil) {
				t.Fatalf("err = %v, want reason %q", err, test.want)
			}
			if blocked == nil {
				return
			}
			if blocked.Reason != test.want || blocked.Limit != test.limit {
				t.Fatalf("blocked = %+v, want %s with limit %d", blocked, test.want, test.limit)
			}
			if !words.Notices().Has(blocked.Key()) {
				t.Fatalf("no words for %s", blocked.Key())
			}
			var rows int
			r.must(r.db.NewRaw("SELECT count(*) FROM outbox WHERE inbox_id = ?", draft.InboxID).Scan(t.Context(), &rows))
			if rows != 0 {
				t.Fatal("a blocked draft left a row")
			}
		})
	}
}

func TestPostRefusesWhatCannotBeSaid(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.wrote(visitor)
	for name, change := range map[string]func(*channels.Draft){
		"unknown key":       func(d *channels.Draft) { d.Text, d.Key = "", "no.such.key" },
		"missing parameter": func(d *channels.Draft) { d.Text, d.Key = "", "notice.ticket.registered" },
		"missing code":      func(d *channels.Draft) { d.Text, d.Key, d.Params = "", "notice.otp.code", map[string]any{"Minutes": 5} },
	} {
		draft := r.draft()
		change(&draft)
		if _, err := r.outbox.Post(t.Context(), r.db, draft); err == nil {
			t.Errorf("%s: posted, want an error", name)
		}
	}
}

func TestPausedInboxIsBlocked(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	_, err := channels.SaveInbox(t.Context(), r.db, r.box, channels.Inbox{
		Kind: channels.SMS, Slug: "sms", Name: "x", Status: channels.InboxPaused}, r.clock.Now())
	r.must(err)
	draft := r.draft()
	draft.InboxID = r.sms
	var blocked *channels.Blocked
	if _, err := r.outbox.Post(t.Context(), r.db, draft); !errors.As(err, &blocked) || blocked.Reason != channels.NoInbox {
		t.Fatalf("err = %v, want no_inbox", err)
	}
}

func TestWindowOf(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.wrote(visitor)
	opened := r.clock.Now()
	late := channels.Event{From: channels.Address{Value: visitor}, At: opened.Add(-time.Hour)}
	_, err := channels.TouchWindow(t.Context(), r.db, r.whatsapp, late)
	r.must(err)
	var window channels.Window
	window, err = r.outbox.WindowOf(t.Context(), r.db, r.whatsapp, visitor)
	r.must(err)
	if window.ClosesAt == nil || !window.ClosesAt.Equal(opened.Add(24*time.Hour)) {
		t.Fatalf("closes at %v, want 24 h after %v", window.ClosesAt, opened)
	}
	if window, err = r.outbox.WindowOf(t.Context(), r.db, r.sms, visitor); err != nil || window.ClosesAt != nil {
		t.Fatalf("SMS closes at %v, %v, want never", window.ClosesAt, err)
	}
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// stop is the citizen's STOP.
func (r *room) stop() {
	r.t.Helper()
	r.wish(channels.ConsentOut)
}

// wish says whether that changed anything.
func (r *room) wish(wish channels.Consent) bool {
	r.t.Helper()
	changed, err := channels.TouchWindow(r.t.Context(), r.db, r.whatsapp, channels.Event{
		From: channels.Address{Value: visitor}, At: r.clock.Now(), Consent: wish})
	r.must(err)
	return changed
}

func TestWishIsNewsOnce(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	for i, step := range []struct {
		wish channels.Consent
		want bool
	}{{"", false}, {channels.ConsentOut, true}, {channels.ConsentOut, false}, {"", false}, {channels.ConsentIn, true}, {channels.ConsentIn, false}, {channels.ConsentOut, true}} {
		if got := r.wish(step.wish); got != step.want {
			t.Errorf("step %d, wish %q: changed = %v, want %v", i, step.wish, got, step.want)
		}
		r.clock.Add(time.Minute)
	}
}

func (r *room) file(state string, bytes int64) channels.AttachmentID {
	r.t.Helper()
	id := channels.NewAttachmentID()
	_, err := r.db.NewRaw(`INSERT INTO attachments (id, reporter, name, mime, bytes, state, created_at, updated_at)
		VALUES (?, 'x', 'x.png', 'image/png', ?, ?, ?, ?)`, id, bytes, state, r.clock.Now(), r.clock.Now()).Exec(r.t.Context())
	r.must(err)
	return id
}
