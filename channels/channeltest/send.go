package channeltest

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sapa/channels"
	"sapa/channels/words"
)

// outgoing is a message whose contents must not show up in errors.
func outgoing() channels.Outgoing {
	return channels.Outgoing{
		ID: "01890000-0000-7000-8000-000000000001", To: "+6282012345678", Text: "canary-text",
		CalledAt: time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC),
	}
}

// at points the inbox to a provider of ours.
func (s Suite) at(address string) channels.Inbox {
	inbox := s.Inbox
	inbox.Settings.APIBase = address
	return inbox
}

// answering serves one answer to every call.
func answering(t *testing.T, a Answer) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for name, value := range a.Header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(a.Status)
		_, _ = w.Write([]byte(a.Body))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// result is what a call came to, in words a table can hold.
func result(err error) string {
	var temporary *channels.Temporary
	var permanent *channels.Permanent
	switch {
	case err == nil:
		return "sent"
	case errors.As(err, &permanent):
		return "permanent"
	case errors.As(err, &temporary) && temporary.Inbox:
		return "inbox in trouble"
	case errors.As(err, &temporary):
		return "temporary"
	case errors.Is(err, channels.ErrUnknown):
		return "unknown"
	case errors.Is(err, context.Canceled):
		return "canceled"
	}
	return "unjudged: " + err.Error()
}

func (s Suite) sends(t *testing.T) {
	t.Parallel()
	p := s.Provider
	tests := []struct {
		name   string
		answer Answer
		want   string
		key    string
	}{
		{"taken", Answer{Status: http.StatusCreated, Body: p.Accepted}, "sent", ""},
		{"busy", p.Busy, "temporary", "channels.error.busy"},
		{"down", p.Down, "temporary", "channels.error.down"},
		{"down without a body", Answer{Status: http.StatusBadGateway}, "temporary", "channels.error.down"},
		{"refused", p.Refused, "permanent", p.RefusedAs},
		{"refused without a body", Answer{Status: http.StatusBadRequest}, "permanent", "channels.error.rejected"},
		{"credentials refused", p.NoEntry, "inbox in trouble", "channels.error.credentials"},
		{"redirected", Answer{Status: http.StatusTemporaryRedirect, Header: map[string]string{"Location": "/elsewhere"}}, "temporary", "channels.error.down"},
		{"taken, but the answer is unreadable", Answer{Status: http.StatusCreated, Body: "{"}, "unknown", ""},
		{"taken, but without an id", Answer{Status: http.StatusCreated, Body: "{}"}, "unknown", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			sent, err := s.Adapter(http.DefaultClient).Send(bounded(t), s.at(answering(t, test.answer)), outgoing())
			if got := result(err); got != test.want {
				t.Fatalf("%s, want %s", got, test.want)
			}
			if err == nil && (sent.ProviderID != p.ID || !sent.Status.Climbs(channels.StateRead)) {
				t.Fatalf("sent = %+v, want id %s", sent, p.ID)
			}
			checkError(t, s.Inbox, err, test.key)
		})
	}
	t.Run("busy says for how long", func(t *testing.T) {
		t.Parallel()
		busy := p.Busy
		busy.Header = map[string]string{"Retry-After": "37"}
		_, err := s.Adapter(http.DefaultClient).Send(bounded(t), s.at(answering(t, busy)), outgoing())
		var temporary *channels.Temporary
		if !errors.As(err, &temporary) || temporary.After != 37*time.Second {
			t.Fatalf("err = %+v, want to wait 37 s", err)
		}
	})
}

// checkError: errors have words, and tell neither token nor person nor text.
func checkError(t *testing.T, inbox channels.Inbox, err error, want string) {
	t.Helper()
	if err == nil {
		return
	}
	key := ""
	var temporary *channels.Temporary
	var permanent *channels.Permanent
	if errors.As(err, &temporary) {
		key = temporary.Key
	}
	if errors.As(err, &permanent) {
		key = permanent.Key
	}
	if key != want || (key != "" && !words.Notices().Has(key)) {
		t.Errorf("key = %q, want %q, with words", key, want)
	}
	for _, secret := range []string{inbox.Settings.AuthToken, "82012345678", "canary-text"} {
		if secret != "" && strings.Contains(err.Error(), secret) {
			t.Errorf("the error tells %q: %v", secret, err)
		}
	}
}

// hangs: where a call stopped decides whether it may have been sent.
func (s Suite) hangs(t *testing.T) {
	t.Parallel()
	t.Run("nobody listens", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewServer(http.NotFoundHandler())
		server.Close()
		_, err := s.Adapter(http.DefaultClient).Send(bounded(t), s.at(server.URL), outgoing())
		s.want(t, err, "temporary")
	})
	t.Run("cut before the answer", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
		t.Cleanup(server.Close)
		_, err := s.Adapter(http.DefaultClient).Send(bounded(t), s.at(server.URL), outgoing())
		s.want(t, err, "unknown")
	})
	t.Run("cut within the answer", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			w.WriteHeader(http.StatusCreated)
			_, _ = w.Write([]byte(s.Provider.Accepted[:1]))
			panic(http.ErrAbortHandler)
		}))
		t.Cleanup(server.Close)
		_, err := s.Adapter(http.DefaultClient).Send(bounded(t), s.at(server.URL), outgoing())
		s.want(t, err, "unknown")
	})
	t.Run("no answer in time", func(t *testing.T) {
		t.Parallel()
		arrived, release := make(chan struct{}), make(chan struct{})
		server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			close(arrived)
			<-release
		}))
		t.Cleanup(server.Close)
		t.Cleanup(func() { close(release) })
		ctx, cancel := context.WithCancel(bounded(t))
		go func() {
			<-arrived
			cancel()
		}()
		_, err := s.Adapter(http.DefaultClient).Send(ctx, s.at(server.URL), outgoing())
		s.want(t, err, "unknown")
	})
	t.Run("stopped before it left", func(t *testing.T) {
		t.Parallel()
		dialing := make(chan struct{})
		client := &http.Client{Transport: &http.Transport{
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				close(dialing)
				<-ctx.Done()
				return nil, ctx.Err()
			},
		}}
		ctx, cancel := context.WithCancel(bounded(t))
		go func() {
			<-dialing
			cancel()
		}()
		_, err := s.Adapter(client).Send(ctx, s.at("http://127.0.0.1:9"), outgoing())
		s.want(t, err, "canceled")
	})
}

func (s Suite) want(t *testing.T, err error, want string) {
	t.Helper()
	if got := result(err); got != want {
		t.Fatalf("%s, want %s", got, want)
	}
}
