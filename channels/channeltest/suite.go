// Package channeltest is the suite that every adapter passes, so that channels
// behave alike: who sent it is proved, what came in is clean, and what became of
// a call is told in the same four ways.
package channeltest

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"sapa/channels"
)

// Suite describes one adapter to the tests.
type Suite struct {
	// Adapter makes the adapter; its calls go through the client given here.
	Adapter func(*http.Client) channels.Adapter
	Inbox   channels.Inbox
	// Sign puts the provider's proof on a request; nil for a channel without
	// webhooks, whose Parse must refuse everything.
	Sign     func(channels.Inbox, channels.Request) channels.Request
	Fixtures []Fixture
	// Unprove are ways to spoil a signed request, beside those of the suite.
	Unprove map[string]func(*channels.Request)
	// Provider describes the API that Send calls; nil when there is none.
	Provider *Provider
}

// Fixture is a request as the provider sends it, unsigned, and what it means.
// Only the fields of Want that are set are compared.
type Fixture struct {
	Name    string
	Request channels.Request
	Want    []channels.Event
	Err     error // channels.ErrMalformed for proved nonsense
}

// Provider are the answers of the API in its own format.
type Provider struct {
	Accepted  string // body of a success
	ID        string // the provider's id in it
	Busy      Answer // too many requests
	Down      Answer
	Refused   Answer // for good
	RefusedAs string // words key of Refused
	NoEntry   Answer // credentials refused
}

// Answer is one HTTP answer.
type Answer struct {
	Status int
	Header map[string]string
	Body   string
}

// longWait is how long a call may take that must not hang.
const longWait = 20 * time.Second

// Run runs the suite.
func Run(t *testing.T, s Suite) {
	t.Run("limits", s.limits)
	t.Run("ack", s.ack)
	if s.Sign == nil {
		t.Run("refuses webhooks", s.refusesAll)
	} else {
		t.Run("translates", s.translates)
		t.Run("proves", s.proves)
		t.Run("survives", s.survives)
	}
	if s.Provider != nil {
		t.Run("sends", s.sends)
		t.Run("hangs", s.hangs)
	}
}

func (s Suite) limits(t *testing.T) {
	t.Parallel()
	limits := s.Adapter(http.DefaultClient).Limits()
	switch {
	case limits.TextRunes <= 0:
		t.Error("no limit of text: a citizen's phone has one")
	case limits.CaptionRunes > limits.TextRunes:
		t.Error("a caption may be longer than a text")
	case limits.Buttons > 0 && limits.LabelRunes == 0:
		t.Error("buttons without a limit of their labels")
	case limits.MediaCount > 0 && !limits.Local && limits.MediaBytes == 0:
		t.Error("files without a limit of their size")
	case !limits.Local && limits.PerSecond == 0:
		t.Error("no pace: providers have one")
	}
}

func (s Suite) ack(t *testing.T) {
	t.Parallel()
	recorder := httptest.NewRecorder()
	s.Adapter(http.DefaultClient).Ack(recorder)
	if recorder.Code < 200 || recorder.Code > 299 {
		t.Fatalf("ack answers %d", recorder.Code)
	}
}

func (s Suite) refusesAll(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "{}", "a=b"} {
		events, err := s.Adapter(http.DefaultClient).Parse(t.Context(), s.Inbox, channels.Request{Body: []byte(body), Header: http.Header{}})
		if !errors.Is(err, channels.ErrForged) || len(events) > 0 {
			t.Errorf("%q: %d events, %v, want ErrForged", body, len(events), err)
		}
	}
}

func (s Suite) translates(t *testing.T) {
	t.Parallel()
	adapter := s.Adapter(http.DefaultClient)
	for _, f := range s.Fixtures {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			request := s.Sign(s.Inbox, f.Request)
			for range 2 { // the second time proves that nothing is kept
				events, err := adapter.Parse(t.Context(), s.Inbox, request)
				if !errors.Is(err, f.Err) {
					t.Fatalf("err = %v, want %v", err, f.Err)
				}
				if len(events) != len(f.Want) {
					t.Fatalf("%d events, want %d", len(events), len(f.Want))
				}
				for i, event := range events {
					compare(t, event, f.Want[i])
					checkClean(t, event)
				}
			}
		})
	}
}

func compare(t *testing.T, got, want channels.Event) {
	t.Helper()
	for _, c := range []struct {
		name      string
		got, want string
	}{
		{"kind", string(got.Kind), string(want.Kind)},
		{"provider id", got.ProviderID, want.ProviderID},
		{"sender", got.From.Value, want.From.Value},
		{"kind of sender", string(got.From.Kind), string(want.From.Kind)},
		{"name", got.From.Name, want.From.Name},
		{"text", got.Text, want.Text},
		{"button", got.Button, want.Button},
		{"reply to", got.ReplyTo, want.ReplyTo},
		{"consent", string(got.Consent), string(want.Consent)},
		{"outbox", string(got.Outbox), string(want.Outbox)},
		{"status", string(got.Status), string(want.Status)},
		{"error code", got.ErrorCode, want.ErrorCode},
		{"error key", got.ErrorKey, want.ErrorKey},
	} {
		if c.got != c.want {
			t.Errorf("%s = %q, want %q", c.name, c.got, c.want)
		}
	}
	if got.Masked != want.Masked {
		t.Errorf("masked = %v, want %v", got.Masked, want.Masked)
	}
	if !slices.Equal(got.Media, want.Media) {
		t.Errorf("media = %v, want %v", got.Media, want.Media)
	}
}

// checkClean: what leaves an adapter is fit for the database and holds no
// identity number; the raw record repeats neither text nor sender.
func checkClean(t *testing.T, event channels.Event) {
	t.Helper()
	if event.ProviderID == "" || event.At.IsZero() {
		t.Error("event without id or time")
	}
	if event.Text != channels.CleanText(event.Text) || event.Text != channels.MaskIdentity(event.Text) {
		t.Errorf("text is not clean: %q", event.Text)
	}
	raw := string(event.Raw)
	if strings.Contains(raw, "\\u0000") || raw != channels.MaskIdentity(raw) {
		t.Errorf("raw is not clean: %s", raw)
	}
	if len(event.Text) > 8 && strings.Contains(raw, event.Text) {
		t.Error("raw repeats the text")
	}
	if event.From.Value != "" && strings.Contains(raw, event.From.Value) {
		t.Error("raw repeats the sender")
	}
}

func (s Suite) proves(t *testing.T) {
	t.Parallel()
	adapter := s.Adapter(http.DefaultClient)
	spoil := map[string]func(*channels.Inbox, *channels.Request){
		"another body": func(_ *channels.Inbox, r *channels.Request) { r.Body = append(slices.Clone(r.Body), "&X=1"...) },
		"a byte of body": func(_ *channels.Inbox, r *channels.Request) {
			r.Body = slices.Clone(r.Body)
			r.Body[len(r.Body)-1] ^= 1
		},
		"no headers":        func(_ *channels.Inbox, r *channels.Request) { r.Header = http.Header{} },
		"another token":     func(i *channels.Inbox, _ *channels.Request) { i.Settings.AuthToken += "x" },
		"an empty token":    func(i *channels.Inbox, _ *channels.Request) { i.Settings.AuthToken = "" },
		"an empty body":     func(_ *channels.Inbox, r *channels.Request) { r.Body = nil },
		"an endless body":   func(_ *channels.Inbox, r *channels.Request) { r.Body = make([]byte, 2<<20) },
		"no headers at all": func(_ *channels.Inbox, r *channels.Request) { r.Header = nil },
	}
	for name, change := range s.Unprove {
		spoil[name] = func(_ *channels.Inbox, r *channels.Request) { change(r) }
	}
	for name, change := range spoil {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, f := range s.Fixtures {
				inbox, request := s.Inbox, s.Sign(s.Inbox, f.Request)
				request.Header = request.Header.Clone()
				change(&inbox, &request)
				events, err := adapter.Parse(t.Context(), inbox, request)
				if !errors.Is(err, channels.ErrForged) || len(events) > 0 {
					t.Fatalf("%s: %d events, %v, want ErrForged", f.Name, len(events), err)
				}
			}
		})
	}
}

// survives: proved nonsense makes no event and no panic.
func (s Suite) survives(t *testing.T) {
	t.Parallel()
	adapter := s.Adapter(http.DefaultClient)
	for _, f := range s.Fixtures {
		for cut := 0; cut < len(f.Request.Body); cut += 1 + len(f.Request.Body)/40 {
			request := f.Request
			request.Body = f.Request.Body[:cut]
			_, err := adapter.Parse(t.Context(), s.Inbox, s.Sign(s.Inbox, request))
			if err != nil && !errors.Is(err, channels.ErrForged) && !errors.Is(err, channels.ErrMalformed) {
				t.Fatalf("%s cut at %d: %v", f.Name, cut, err)
			}
		}
	}
}

// context for a call that must come back by itself.
func bounded(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), longWait)
	t.Cleanup(cancel)
	return ctx
}
