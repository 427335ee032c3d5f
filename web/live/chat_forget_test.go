package live_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"sapa/ticketing"
)

func (b *browser) lives() int {
	b.T.Helper()
	status, _ := b.call("POST", "/chat/tickets", b.session, b.origin, nil, "application/json")
	return status
}

// A chat in use goes on; one that nobody opened for a month is over.
func TestAChatEndsAfterThirtyIdleDays(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	used, idle := s.begin(), s.begin()
	for range 3 {
		s.Clock.Add(20 * 24 * time.Hour)
		if status := used.lives(); status != http.StatusOK {
			t.Fatalf("a chat in use: %d", status)
		}
	}
	if status := idle.lives(); status != http.StatusUnauthorized {
		t.Fatalf("a chat idle for sixty days: %d", status)
	}
	if err := s.chat.Sweep(context.Background()); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := s.DB.NewRaw("SELECT count(*) FROM chat_sessions").Scan(context.Background(), &left); err != nil || left != 1 {
		t.Fatalf("%d sessions left, %v, want the one in use", left, err)
	}
}

// Forgetting kills the secret, ends the conversation and closes its windows; the
// next chat in that browser begins with nothing.
func TestAForgottenChatIsOverEverywhere(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	b := s.begin()
	b.open(0)
	b.writes("e1", "insentif saya belum cair")
	b.until("ack")
	ticket := b.ticket()
	if status, _ := s.call("DELETE", "/chat/sessions", b.session, s.origin, nil, ""); status != http.StatusNoContent {
		t.Fatalf("forget: %d", status)
	}
	_ = b.socket.SetReadDeadline(time.Now().Add(patience))
	for {
		_, _, err := b.socket.ReadMessage()
		if websocket.IsCloseError(err, websocket.ClosePolicyViolation) && strings.Contains(err.Error(), "forgotten") {
			break
		}
		if err != nil {
			t.Fatalf("the open window: %v", err)
		}
	}
	if status := b.lives(); status != http.StatusUnauthorized {
		t.Errorf("the old secret: %d", status)
	}
	if _, status := b.dial(ticket, s.origin); status != http.StatusUnauthorized {
		t.Errorf("a ticket from before: %d", status)
	}
	var c ticketing.Conversation
	if err := s.DB.NewSelect().Model(&c).Scan(context.Background()); err != nil || c.State != ticketing.StateEnded || c.EndedBy != ticketing.ByCitizen {
		t.Errorf("conversation %s by %s, %v", c.State, c.EndedBy, err)
	}
	next := s.begin()
	if _, read := s.call("GET", "/chat/messages?after=0&wait=0", next.session, s.origin, nil, ""); strings.Contains(read["frames"].([]any)[0].(map[string]any)["type"].(string), "message") {
		t.Errorf("the next person reads %v", read)
	}
}

// A poll under way ends when its chat is forgotten in another tab.
func TestAPollOfAForgottenChatEnds(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	b := s.begin()
	answered := make(chan int, 1)
	go func() {
		request, _ := http.NewRequest("GET", s.server.URL+"/chat/messages?after=0&wait=25", nil)
		request.Header.Set("Authorization", "Bearer "+b.session)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			answered <- 0
			return
		}
		defer response.Body.Close()
		answered <- response.StatusCode
	}()
	s.call("DELETE", "/chat/sessions", b.session, s.origin, nil, "")
	select {
	case <-answered:
	case <-time.After(patience):
		t.Fatal("it waits on")
	}
}
