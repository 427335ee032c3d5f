package live_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
	"sapa/ticketing/team"
	"sapa/web/live"
)

// site is a desk with a chat in front of it.
type site struct {
	*fix.World
	server *httptest.Server
	chat   *live.Chat
	origin string
}

func openSite(t *testing.T) *site {
	t.Helper()
	w := fix.New(t)
	said, err := live.Words()
	if err != nil {
		t.Fatal(err)
	}
	s := &site{World: w, origin: "https://desk.example"}
	chat := live.NewChat(live.ChatOptions{
		DB: w.DB, Desk: w.Desk, Inboxes: w.Inboxes, Files: w.Files, Bus: w.Bus, Words: said, Origin: s.origin, Now: w.Clock.Now,
		Address: func(r *http.Request) string { return r.Header.Get("Test-Address") },
	})
	mux := http.NewServeMux()
	s.chat = chat
	chat.Routes(mux)
	s.server = httptest.NewServer(mux)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = chat.Run(ctx) }()
	t.Cleanup(func() { stop(); <-ended; s.server.Close() })
	return s
}

// browser is one visitor's page.
type browser struct {
	*site
	session string
	from    string // address of its sockets
	socket  *websocket.Conn
}

func (s *site) call(method, path, session, origin string, body []byte, kind string) (int, map[string]any) {
	s.T.Helper()
	request, err := http.NewRequest(method, s.server.URL+path, bytes.NewReader(body))
	if err != nil {
		s.T.Fatal(err)
	}
	request.Header.Set("Origin", origin)
	request.Header.Set("Content-Type", kind)
	if session != "" {
		request.Header.Set("Authorization", "Bearer "+session)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.T.Fatal(err)
	}
	defer response.Body.Close()
	var answer map[string]any
	_ = json.NewDecoder(response.Body).Decode(&answer)
	return response.StatusCode, answer
}

func (s *site) begin() *browser {
	s.T.Helper()
	status, answer := s.call("POST", "/chat/sessions", "", s.origin, []byte(`{"inbox":"web","language":"ind"}`), "application/json")
	if status != http.StatusCreated {
		s.T.Fatalf("begin: %d %v", status, answer)
	}
	return &browser{site: s, session: answer["session"].(string)}
}

func (b *browser) dial(ticket, origin string) (*websocket.Conn, int) {
	conn, response, err := websocket.DefaultDialer.Dial(strings.Replace(b.server.URL, "http", "ws", 1)+"/ws/chat?ticket="+ticket, http.Header{"Origin": {origin}, "Test-Address": {b.from}})
	if err != nil {
		if response == nil {
			b.T.Fatal(err)
		}
		return nil, response.StatusCode
	}
	b.T.Cleanup(func() { conn.Close() })
	return conn, http.StatusSwitchingProtocols
}

func (b *browser) ticket() string {
	b.T.Helper()
	status, answer := b.call("POST", "/chat/tickets", b.session, b.origin, nil, "application/json")
	if status != http.StatusOK {
		b.T.Fatalf("ticket: %d", status)
	}
	return answer["ticket"].(string)
}

// open connects and resumes after a sequence.
func (b *browser) open(after int64) {
	b.T.Helper()
	socket, status := b.dial(b.ticket(), b.origin)
	if socket == nil {
		b.T.Fatalf("socket: %d", status)
	}
	b.socket = socket
	b.send(fmt.Sprintf(`{"type":"resume","after":%d}`, after))
	b.until("welcome")
}

func (b *browser) send(frame string) {
	b.T.Helper()
	if err := b.socket.WriteMessage(websocket.TextMessage, []byte(frame)); err != nil {
		b.T.Fatal(err)
	}
}

// until reads frames up to one of a type and returns it with those before it.
func (b *browser) until(kind string) (frame map[string]any, before []map[string]any) {
	b.T.Helper()
	_ = b.socket.SetReadDeadline(time.Now().Add(patience))
	for {
		_, raw, err := b.socket.ReadMessage()
		if err != nil {
			b.T.Fatalf("waiting for %s: %v, before it %v", kind, err, before)
		}
		frame = map[string]any{}
		if err := json.Unmarshal(raw, &frame); err != nil {
			b.T.Fatal(err)
		}
		if frame["type"] == kind {
			return frame, before
		}
		before = append(before, frame)
	}
}

func (b *browser) writes(echo, text string) {
	b.T.Helper()
	b.send(fmt.Sprintf(`{"type":"message","echo":%q,"text":%q}`, echo, text))
}

func TestAMessageIsConfirmedOnceStored(t *testing.T) {
	t.Parallel()
	b := openSite(t).begin()
	b.open(0)
	b.writes("e1", "insentif saya belum cair")
	ack, _ := b.until("ack")
	if ack["echo"] != "e1" || ack["seq"] != float64(1) {
		t.Fatalf("ack = %v", ack)
	}
	var stored int
	if err := b.DB.NewRaw("SELECT count(*) FROM messages WHERE echo = 'e1'").Scan(context.Background(), &stored); err != nil || stored != 1 {
		t.Fatalf("%d rows, %v", stored, err)
	}
}

func TestTheSameEchoIsOneMessageAndTheSameAck(t *testing.T) {
	t.Parallel()
	b := openSite(t).begin()
	b.open(0)
	b.writes("e1", "halo")
	first, _ := b.until("ack")
	b.writes("e1", "halo")
	second, _ := b.until("ack")
	if first["seq"] != second["seq"] || first["at"] != second["at"] {
		t.Fatalf("acks = %v and %v", first, second)
	}
}

func TestCatchesUpInOrderOnce(t *testing.T) {
	t.Parallel()
	b := openSite(t).begin()
	b.open(0)
	for i := range 3 {
		b.writes(fmt.Sprintf("e%d", i), fmt.Sprintf("pesan %d", i))
		b.until("ack")
	}
	_ = b.socket.Close()
	id := conversationOf(b.site)
	b.HandOver(id)
	b.open(1)
	var seqs []float64
	for len(seqs) < 2 {
		frame, _ := b.until("message")
		seqs = append(seqs, frame["seq"].(float64))
	}
	if seqs[0] != 2 || seqs[1] != 3 {
		t.Fatalf("resumed after 1 with %v, want 2, 3, ...", seqs)
	}
}

func conversationOf(s *site) ticketing.ConversationID {
	s.T.Helper()
	var id ticketing.ConversationID
	if err := s.DB.NewRaw("SELECT id FROM conversations ORDER BY opened_at DESC LIMIT 1").Scan(context.Background(), &id); err != nil {
		s.T.Fatal(err)
	}
	return id
}

// served is a visitor whose conversation an agent holds.
func served(t *testing.T) (*site, *browser, team.Staff, ticketing.ConversationID) {
	t.Helper()
	s := openSite(t)
	b := s.begin()
	b.open(0)
	b.writes("e1", "halo")
	b.until("ack")
	agent := s.Agent()
	s.Available(agent)
	id := conversationOf(s)
	s.HandOver(id)
	return s, b, agent, id
}

func TestAnAgentsReplyArrivesByItself(t *testing.T) {
	t.Parallel()
	s, b, agent, id := served(t)
	for {
		state, _ := b.until("state")
		if state["state"] == "agent" {
			break
		}
	}
	if _, err := s.Desk.Reply(context.Background(), agent.Actor(), id, ticketing.Reply{Echo: "r1", Text: "Selamat pagi"}); err != nil {
		t.Fatal(err)
	}
	for {
		frame, _ := b.until("message")
		if frame["text"] == "Selamat pagi" {
			if frame["from"] != "agent" {
				t.Fatalf("from = %v", frame["from"])
			}
			break
		}
	}
	s.Desk.Typing(context.Background(), agent.Actor(), id, true)
	if typing, _ := b.until("typing"); typing["on"] != true {
		t.Fatalf("typing = %v", typing)
	}
}

func TestNotesNeverReachTheVisitor(t *testing.T) {
	t.Parallel()
	s, b, agent, id := served(t)
	ctx := context.Background()
	s.Desk.Noting(ctx, agent.Actor(), id, true)
	if _, err := s.Desk.Note(ctx, agent.Actor(), id, ticketing.Reply{Echo: "n1", Text: "rahasia dapur"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Desk.Reply(ctx, agent.Actor(), id, ticketing.Reply{Echo: "r1", Text: "akhir"}); err != nil {
		t.Fatal(err)
	}
	for {
		frame, before := b.until("message")
		for _, seen := range append(before, frame) {
			if seen["type"] == "typing" || strings.Contains(fmt.Sprint(seen), "rahasia") {
				t.Fatalf("the visitor was sent %v", seen)
			}
		}
		if frame["text"] == "akhir" {
			return
		}
	}
}

func TestTheQuestionOfSatisfaction(t *testing.T) {
	t.Parallel()
	s, b, agent, id := served(t)
	ctx := context.Background()
	if _, err := s.Desk.Reply(ctx, agent.Actor(), id, ticketing.Reply{Echo: "r1", Text: "beres"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Desk.End(ctx, agent.Actor(), id, ticketing.EndSolved); err != nil {
		t.Fatal(err)
	}
	csat, _ := b.until("csat")
	if csat["scale"] != float64(5) || csat["question"] == "" {
		t.Fatalf("csat = %v", csat)
	}
	b.send(`{"type":"csat","score":9}`)
	if refused, _ := b.until("error"); !strings.HasPrefix(refused["code"].(string), "csat_") {
		t.Fatalf("a score of 9: %v", refused)
	}
	b.send(`{"type":"csat","score":5,"comment":"bagus"}`)
	b.send(`{"type":"ping"}`)
	b.until("pong")
	var score int
	if err := s.DB.NewRaw("SELECT score FROM csat WHERE conversation_id = ?", id).Scan(ctx, &score); err != nil || score != 5 {
		t.Fatalf("score = %d, %v", score, err)
	}
}

func TestSocketsAreRefused(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	b := s.begin()
	used := b.ticket()
	if conn, status := b.dial(used, s.origin); conn == nil {
		t.Fatalf("a fresh ticket: %d", status)
	}
	staff := s.Staff(access.Agent)
	cases := map[string]struct {
		ticket, origin string
		want           int
	}{
		"no ticket":      {"", s.origin, http.StatusUnauthorized},
		"used ticket":    {used, s.origin, http.StatusUnauthorized},
		"foreign origin": {b.ticket(), "https://evil.example", http.StatusForbidden},
		"no origin":      {b.ticket(), "", http.StatusForbidden},
		"staff's ticket": {staffTicket(s, string(staff.ID)), s.origin, http.StatusUnauthorized},
	}
	for name, test := range cases {
		if _, status := b.dial(test.ticket, test.origin); status != test.want {
			t.Errorf("%s: status = %d, want %d", name, status, test.want)
		}
	}
}

func TestTheFirstFrameMustBeResume(t *testing.T) {
	t.Parallel()
	b := openSite(t).begin()
	socket, _ := b.dial(b.ticket(), b.origin)
	b.socket = socket
	b.writes("e1", "halo")
	_ = socket.SetReadDeadline(time.Now().Add(patience))
	if _, _, err := socket.ReadMessage(); !websocket.IsCloseError(err, websocket.ClosePolicyViolation) {
		t.Fatalf("err = %v, want the socket closed", err)
	}
}

// A chat of many lines is told whole to a window that asks for all of it, and one
// file that is gone hides nothing.
func TestALongChatIsToldWhole(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	b := s.begin()
	b.open(0)
	b.writes("e1", "halo")
	b.until("ack")
	_ = b.socket.Close()
	const lines = 450
	_, err := s.DB.NewRaw(`WITH c AS (UPDATE conversations SET last_seq = ?0 RETURNING id)
		INSERT INTO messages (conversation_id, seq, id, author, kind, text, attachments, at)
		SELECT c.id, n, gen_random_uuid(), 'citizen', 'message', repeat('panjang ', 200), ARRAY[gen_random_uuid()], ?1
		FROM c, generate_series(2, ?0) AS n`, lines, s.Clock.Now()).Exec(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	b.open(0)
	for seq := 1; seq <= lines; seq++ {
		if frame, _ := b.until("message"); frame["seq"] != float64(seq) {
			t.Fatalf("line %v, want %d", frame["seq"], seq)
		}
	}
}

func TestAnOutageIsToldInTheWindow(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	b := s.begin()
	b.open(0)
	now := s.Clock.Now()
	err := s.Desk.CreateOutage(context.Background(), s.Staff(access.Admin).Actor(), ticketing.Outage{
		Texts: map[string]string{"ind": "Pencairan terlambat.", "eng": "Payments are late."}, Places: []string{ticketing.OutageWidget},
		FromAt: now, UntilAt: now.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	state, _ := b.until("state")
	told, _ := state["outages"].([]any)
	if len(told) != 1 || told[0].(map[string]any)["text"] != "Pencairan terlambat." {
		t.Errorf("state = %v", state)
	}
}
