package live_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// ask returns status, Retry-After and body code of one call from an address.
func (s *site) ask(method, path, session, from string) (int, string) {
	s.T.Helper()
	return s.tell(method, path, session, from, `{"inbox":"web","language":"eng"}`)
}

// tell is ask with a body of one's own.
func (s *site) tell(method, path, session, from, body string) (int, string) {
	s.T.Helper()
	request, err := http.NewRequest(method, s.server.URL+path, strings.NewReader(body))
	if err != nil {
		s.T.Fatal(err)
	}
	request.Header.Set("Test-Address", from)
	if session != "" {
		request.Header.Set("Authorization", "Bearer "+session)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.T.Fatal(err)
	}
	defer response.Body.Close()
	return response.StatusCode, response.Header.Get("Retry-After")
}

// Each kind of request of one session slows down, says for how long, and goes on
// after that; other sessions of the same address never notice.
func TestASessionSlowsDownAlone(t *testing.T) {
	t.Parallel()
	for name, call := range map[string][2]string{
		"tickets": {"POST", "/chat/tickets"}, "polls": {"GET", "/chat/messages?after=0&wait=0"}, "files": {"POST", "/chat/attachments"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openSite(t)
			b, other := s.begin(), s.begin()
			status, after := 0, ""
			for range 60 {
				if status, after = s.ask(call[0], call[1], b.session, "192.0.2.1"); status == http.StatusTooManyRequests {
					break
				}
			}
			if status != http.StatusTooManyRequests || after == "" || after == "0" {
				t.Fatalf("status %d, Retry-After %q", status, after)
			}
			if status, _ := s.ask(call[0], call[1], other.session, "192.0.2.1"); status == http.StatusTooManyRequests {
				t.Error("another session of the address was slowed down")
			}
			s.Clock.Add(10 * time.Second)
			if status, _ := s.ask(call[0], call[1], b.session, "192.0.2.1"); status == http.StatusTooManyRequests {
				t.Error("it was not let on")
			}
		})
	}
}

// Guessed secrets count against the network; walking through a /64 does not help.
func TestANetworkSlowsDownAlone(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	status := 0
	for i := 0; i < 3100 && status != http.StatusTooManyRequests; i++ {
		status, _ = s.ask("POST", "/chat/tickets", "guess", fmt.Sprintf("2001:db8::%x", i))
	}
	if status != http.StatusTooManyRequests {
		t.Fatalf("3,100 guesses from one network: %d", status)
	}
	if status, _ := s.ask("POST", "/chat/sessions", "", "2001:db8:0:1::1"); status != http.StatusCreated {
		t.Errorf("the neighbour: %d", status)
	}
	s.Clock.Add(time.Second)
	if status, _ := s.ask("POST", "/chat/sessions", "", "2001:db8::1"); status != http.StatusCreated {
		t.Errorf("a second later: %d", status)
	}
}

// The conversation knows the network of its newest message, for the limits of
// one-time codes, and forgets it with its end.
func TestTheNetworkIsKnownWhileTheChatLasts(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	b := s.begin()
	network := func() (found string) {
		s.T.Helper()
		if err := s.DB.NewRaw("SELECT network FROM conversations ORDER BY opened_at DESC LIMIT 1").Scan(t.Context(), &found); err != nil {
			t.Fatal(err)
		}
		return found
	}
	for _, step := range []struct{ frame, from, want string }{
		{`{"type":"message","echo":"1","text":"halo"}`, "192.0.2.7", "192.0.2.7"},
		{`{"type":"message","echo":"2","text":"halo"}`, "2001:db8::7", "2001:db8::/64"},
		{`{"type":"end"}`, "2001:db8::7", ""},
	} {
		s.tell("POST", "/chat/messages", b.session, step.from, step.frame)
		if got := network(); got != step.want {
			t.Errorf("after %s from %s: %q, want %q", step.frame, step.from, got, step.want)
		}
	}
	s.Clock.Add(time.Minute)
	b.from = "198.51.100.7"
	b.open(0)
	b.writes("3", "halo lagi")
	b.until("ack")
	if got := network(); got != b.from {
		t.Errorf("after a socket's message: %q, want %q", got, b.from)
	}
}
