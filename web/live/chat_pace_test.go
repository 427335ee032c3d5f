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
	request, err := http.NewRequest(method, s.server.URL+path, strings.NewReader(`{"inbox":"web","language":"eng"}`))
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
