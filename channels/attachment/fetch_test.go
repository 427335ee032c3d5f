package attachment_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sapa/channels"
	"sapa/channels/attachment"
	"sapa/channels/bus"
	"sapa/migrations/redistest"
)

// provider serves files as Twilio does: behind basic auth, by a redirect.
type provider struct {
	*httptest.Server
	calls atomic.Int64
	serve http.HandlerFunc
}

func newProvider(t *testing.T, serve http.HandlerFunc) *provider {
	t.Helper()
	p := &provider{serve: serve}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.calls.Add(1)
		p.serve(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

func (r *room) inbox(settings channels.Settings) channels.InboxID {
	r.t.Helper()
	id, err := channels.SaveInbox(r.t.Context(), r.db, r.box, channels.Inbox{
		Kind: channels.WhatsApp, Slug: "wa-" + settings.APIBase[strings.LastIndex(settings.APIBase, ":")+1:], Name: "wa", Settings: settings}, r.Now())
	r.must(err)
	return id
}

func (r *room) expect(inbox channels.InboxID, conversation string, media channels.Media) channels.AttachmentID {
	r.t.Helper()
	id, err := r.store.Expect(r.t.Context(), r.db, attachment.Expected{InboxID: inbox, ConversationID: conversation, Reporter: "visitor", Media: media})
	r.must(err)
	return id
}

func (r *room) found(id channels.AttachmentID) attachment.Attachment {
	r.t.Helper()
	got, err := attachment.Find(r.t.Context(), r.db, id)
	r.must(err)
	return got[0]
}

func TestFetch(t *testing.T) {
	t.Parallel()
	photo := jpegPhoto(t, 1)
	file := func(kind string, body []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			_, _ = w.Write(body)
		}
	}
	tests := []struct {
		name   string
		serve  http.HandlerFunc
		url    string // %s is the provider
		mime   string
		want   attachment.State
		reason attachment.Reason
	}{
		{name: "photograph", serve: file("image/jpeg", photo), mime: "image/jpeg", want: attachment.Ready},
		{name: "type only in the answer", serve: file("image/jpeg", photo), want: attachment.Ready},
		{name: "by a redirect", mime: "image/jpeg", want: attachment.Ready, serve: func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/media" {
				http.Redirect(w, r, "/signed", http.StatusTemporaryRedirect)
				return
			}
			_, _ = w.Write(photo)
		}},
		{name: "another type than declared", serve: file("image/jpeg", []byte(page)), mime: "image/jpeg", want: attachment.Refused, reason: attachment.BadType},
		{name: "type we do not take", serve: file("text/vcard", []byte("BEGIN:VCARD")), mime: "text/vcard", want: attachment.Refused, reason: attachment.BadType},
		{name: "gone", serve: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) }, want: attachment.Missing, reason: attachment.Gone},
		{name: "says it is too large", serve: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(attachment.MaxBytes+1))
			w.WriteHeader(http.StatusOK)
		}, want: attachment.Refused, reason: attachment.TooLarge},
		{name: "never ends", serve: func(w http.ResponseWriter, _ *http.Request) {
			block := make([]byte, 1<<20)
			for range 25 {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		}, want: attachment.Refused, reason: attachment.TooLarge},
		{name: "another host", url: "https://evil.example/x.jpg", want: attachment.Refused, reason: attachment.Foreign},
		{name: "Twilio without TLS", url: "http://api.twilio.com/x.jpg", want: attachment.Refused, reason: attachment.Foreign},
		{name: "a host that ends alike", url: "https://eviltwilio.com/x.jpg", want: attachment.Refused, reason: attachment.Foreign},
		{name: "another port of this machine", url: "http://127.0.0.1:1/x.jpg", want: attachment.Refused, reason: attachment.Foreign},
		{name: "a file of this machine", url: "file:///etc/passwd", want: attachment.Refused, reason: attachment.Foreign},
		{name: "redirect to the cloud's metadata", want: attachment.Refused, reason: attachment.Foreign, serve: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data", http.StatusFound)
		}},
		{name: "redirect to this machine", want: attachment.Refused, reason: attachment.Foreign, serve: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://[::1]:8080/admin", http.StatusFound)
		}},
		{name: "allowed name that leads home", url: "https://localhost/x.jpg", want: attachment.Refused, reason: attachment.Foreign},
		{name: "allowed private address", url: "https://10.0.0.1/x.jpg", want: attachment.Refused, reason: attachment.Foreign},
		{name: "redirects for ever", want: attachment.Refused, reason: attachment.Foreign, serve: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
		}},
	}
	r := newRoom(t, nil)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := newProvider(t, func(w http.ResponseWriter, request *http.Request) {
				if name, password, _ := request.BasicAuth(); name != "AC1" || password != "token" {
					t.Error("asked without the account's credentials")
				}
				test.serve(w, request)
			})
			address := test.url
			if address == "" {
				address = p.URL + "/media"
			}
			inbox := r.inbox(channels.Settings{APIBase: p.URL, AccountSID: "AC1", AuthToken: "token", MediaHosts: []string{"localhost", "10.0.0.1"}})
			id := r.expect(inbox, newConversation(), channels.Media{URL: address, Mime: test.mime})
			r.must(r.store.Fetch(t.Context(), id))
			got := r.found(id)
			if got.State != test.want || got.Reason != test.reason {
				t.Fatalf("got %s %q, want %s %q", got.State, got.Reason, test.want, test.reason)
			}
			if test.want == attachment.Ready && (got.Name != "image.jpg" || got.Width != 24) {
				t.Fatalf("got %+v", got)
			}
		})
	}
}

// The credentials of the account stay with the account.
func TestCredentialsDoNotFollowRedirects(t *testing.T) {
	t.Parallel()
	r := newRoom(t, nil)
	p := newProvider(t, nil)
	p.serve = func(w http.ResponseWriter, request *http.Request) {
		_, _, authorised := request.BasicAuth()
		if request.URL.Path == "/signed" {
			if !authorised {
				t.Log("same host: the header stays")
			}
			_, _ = w.Write(jpegPhoto(t, 1))
			return
		}
		// 127.0.0.1 and localhost are two hosts to a browser and to Go.
		http.Redirect(w, request, strings.Replace(p.URL, "127.0.0.1", "localhost", 1)+"/signed", http.StatusFound)
	}
	inbox := r.inbox(channels.Settings{APIBase: p.URL, AccountSID: "AC1", AuthToken: "token"})
	id := r.expect(inbox, newConversation(), channels.Media{URL: p.URL + "/media", Mime: "image/jpeg"})
	r.must(r.store.Fetch(t.Context(), id))
	if got := r.found(id); got.State != attachment.Refused || got.Reason != attachment.Foreign || p.calls.Load() != 1 {
		t.Fatalf("got %+v after %d calls, want refused at the redirect", got, p.calls.Load())
	}
}

func TestFetchIsTriedAgainAndGivenUp(t *testing.T) {
	t.Parallel()
	r := newRoom(t, nil)
	p := newProvider(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	inbox := r.inbox(channels.Settings{APIBase: p.URL, AccountSID: "AC1", AuthToken: "token"})
	conversation := newConversation()
	signals, err := redistest.Bus(t).Subscribe(t.Context(), bus.Attachment)
	r.must(err)
	id := r.expect(inbox, conversation, channels.Media{URL: p.URL + "/media", Mime: "image/jpeg"})
	r.must(r.store.Fetch(t.Context(), id))
	r.must(r.store.Fetch(t.Context(), id)) // too early
	if n := p.calls.Load(); n != 1 {
		t.Fatalf("%d calls, want 1", n)
	}
	for range 5 {
		r.pass(time.Hour)
		if n, err := r.store.Sweep(t.Context()); n != 1 || err != nil {
			t.Fatalf("swept %d, %v, want the late one", n, err)
		}
		r.must(r.store.Fetch(t.Context(), id))
	}
	if got := r.found(id); got.State != attachment.Missing || p.calls.Load() != 6 {
		t.Fatalf("got %s after %d calls, want missing after 6", got.State, p.calls.Load())
	}
	deadline := time.After(20 * time.Second)
	for told := false; !told; {
		select {
		case signal := <-signals:
			told = signal.ID == conversation && signal.Data["state"] == "missing" && signal.Data["attachment"] == string(id)
		case <-deadline:
			t.Fatal("the screens were not told")
		}
	}
	p.serve = func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(jpegPhoto(t, 1)) }
	again, err := r.store.Refetch(t.Context(), id)
	if err != nil || again.State != attachment.Fetching {
		t.Fatalf("%+v, %v, want it on its way", again, err)
	}
	r.must(r.store.Fetch(t.Context(), id))
	if got := r.found(id); got.State != attachment.Ready {
		t.Fatalf("got %s after asking again, want ready", got.State)
	}
	if _, err := r.store.Refetch(t.Context(), id); !errors.Is(err, channels.ErrStale) {
		t.Fatalf("err = %v, want ErrStale", err)
	}
}
