package live_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestLongPollCarriesTheSameFrames(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	b := s.begin()
	status, ack := s.call("POST", "/chat/messages", b.session, s.origin, []byte(`{"type":"message","echo":"e1","text":"halo"}`), "application/json")
	if status != 200 || ack["type"] != "ack" {
		t.Fatalf("post: %d %v", status, ack)
	}
	_, first := s.call("GET", "/chat/messages?after=0&wait=0", b.session, s.origin, nil, "")
	if got := kinds(first); got != "state message" {
		t.Fatalf("frames = %q, want state and message", got)
	}
	polled := make(chan map[string]any, 1)
	go func() {
		_, answer := s.call("GET", "/chat/messages?after=1&wait=25", b.session, s.origin, nil, "")
		polled <- answer
	}()
	s.HandOver(conversationOf(s))
	select {
	case answer := <-polled:
		if !strings.Contains(kinds(answer), "message") && !strings.Contains(kinds(answer), "state") {
			t.Fatalf("frames = %v", answer)
		}
	case <-time.After(patience):
		t.Fatal("the poll did not end with the news")
	}
}

func kinds(answer map[string]any) string {
	var out []string
	frames, _ := answer["frames"].([]any)
	for _, frame := range frames {
		out = append(out, frame.(map[string]any)["type"].(string))
	}
	return strings.Join(out, " ")
}

func TestRequestsAreRefused(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	b := s.begin()
	cases := map[string]struct {
		method, path, session, origin, body string
		want                                int
	}{
		"unknown inbox":  {"POST", "/chat/sessions", "", s.origin, `{"inbox":"nope"}`, http.StatusNotFound},
		"foreign page":   {"POST", "/chat/sessions", "", "https://evil.example", `{"inbox":"web"}`, http.StatusForbidden},
		"no body":        {"POST", "/chat/sessions", "", s.origin, ``, http.StatusBadRequest},
		"no secret":      {"POST", "/chat/tickets", "", s.origin, ``, http.StatusUnauthorized},
		"wrong secret":   {"POST", "/chat/tickets", "guess", s.origin, ``, http.StatusUnauthorized},
		"foreign origin": {"POST", "/chat/tickets", b.session, "https://evil.example", ``, http.StatusForbidden},
		"garbage":        {"POST", "/chat/messages", b.session, s.origin, strings.Repeat("x", 1<<20), http.StatusBadRequest},
	}
	for name, test := range cases {
		if status, _ := s.call(test.method, test.path, test.session, test.origin, []byte(test.body), "application/json"); status != test.want {
			t.Errorf("%s: status = %d, want %d", name, status, test.want)
		}
	}
}

func TestTooFastIsRefusedAndNothingLost(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	b := s.begin()
	refused := 0
	for i := range 15 {
		_, answer := s.call("POST", "/chat/messages", b.session, s.origin, []byte(fmt.Sprintf(`{"type":"message","echo":"e%d","text":"halo"}`, i)), "application/json")
		if answer["type"] == "reject" && answer["code"] == "slow_down" {
			refused++
		}
	}
	var stored int
	if err := s.DB.NewRaw("SELECT count(*) FROM messages WHERE author = 'citizen'").Scan(context.Background(), &stored); err != nil {
		t.Fatal(err)
	}
	if refused == 0 || stored+refused != 15 {
		t.Fatalf("%d stored, %d told to slow down, of 15", stored, refused)
	}
}

// A chat has one of the twelve languages; what a page asks for beside them becomes
// the inbox's own.
func TestAChatHasAKnownLanguage(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	for asked, want := range map[string]string{"jav": "jav", "bbc": "bbc", "xxx": "ind", "id": "ind", "": "ind", "'; ": "ind"} {
		body, err := json.Marshal(map[string]string{"inbox": "web", "language": asked})
		if err != nil {
			t.Fatal(err)
		}
		if status, answer := s.call("POST", "/chat/sessions", "", s.origin, body, "application/json"); status != http.StatusCreated {
			t.Fatalf("%q: %d %v", asked, status, answer)
		}
		var got string
		if err := s.DB.NewRaw("SELECT language FROM chat_sessions ORDER BY id DESC LIMIT 1").Scan(context.Background(), &got); err != nil || got != want {
			t.Errorf("%q became %q, %v, want %q", asked, got, err, want)
		}
	}
}
