package fault

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"sapa/program/access"
	"sapa/ticketing/team"
	"sapa/web/auth"
)

const password = "kopi tubruk pagi hari"

// passwordHash is made once: a hash takes 60 ms and 64 MiB by design.
var passwordHash = sync.OnceValues(func() (string, error) { return auth.HashPassword(password) })

// agent is a member of staff at a browser of their own, who is in every team.
type agent struct {
	d      *desk
	client *http.Client
	csrf   string
	id     string
}

// agent adds one and signs in.
func (d *desk) agent(name string) *agent {
	d.t.Helper()
	hash, err := passwordHash()
	must(d.t, err)
	teams, err := team.Teams(d.t.Context(), d.db)
	must(d.t, err)
	added, err := team.Add(d.t.Context(), d.db, team.Staff{
		Email: name + "@contoh.id", Name: name + " Contoh", Role: access.Agent, Teams: teams, PasswordHash: hash,
		Languages: []string{"ind"}, Capacity: 9, Status: team.StatusActive,
	}, time.Now())
	must(d.t, err)
	jar, err := cookiejar.New(nil)
	must(d.t, err)
	a := &agent{d: d, id: string(added.ID), client: &http.Client{Jar: jar, Timeout: patience, Transport: caller.Transport}}
	var session struct{ CSRF string }
	a.must(http.StatusOK, "POST", "/session", fields{"email": name + "@contoh.id", "password": password}, &session)
	a.csrf = session.CSRF
	return a
}

// call asks the API and returns the status, 0 when no answer came.
func (a *agent) call(method, path string, body any) (int, []byte) {
	payload, err := json.Marshal(body)
	if err != nil {
		return 0, nil
	}
	request, err := http.NewRequest(method, a.d.public+"/api/v1"+path, bytes.NewReader(payload))
	if err != nil {
		return 0, nil
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set(auth.CSRFHeader, a.csrf)
	response, err := a.client.Do(request)
	if err != nil {
		return 0, nil
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, nil
	}
	return response.StatusCode, answer
}

// must is call for what has to succeed.
func (a *agent) must(status int, method, path string, body, into any) {
	a.d.t.Helper()
	got, answer := a.call(method, path, body)
	if got != status {
		a.d.t.Fatalf("%s %s: %d %s, want %d", method, path, got, answer, status)
	}
	if into != nil {
		must(a.d.t, json.Unmarshal(answer, into))
	}
}

func (a *agent) claim(conversation string) {
	a.d.t.Helper()
	a.must(http.StatusOK, "POST", "/conversations/"+conversation+"/claim", fields{}, nil)
}

// line is a message as the console reads it.
type line struct {
	ID       string
	Seq      int64
	From     string
	Text     string
	Delivery *struct {
		State     string
		Retryable bool
	}
}

func reply(echo, text string) fields { return fields{"echo": echo, "kind": "reply", "text": text} }

// say replies, without a look at the answer.
func (a *agent) say(conversation, echo, text string) (int, []byte) {
	return a.call("POST", "/conversations/"+conversation+"/messages", reply(echo, text))
}

// says replies and must be let.
func (a *agent) says(conversation, echo, text string) line {
	a.d.t.Helper()
	var said line
	a.must(http.StatusOK, "POST", "/conversations/"+conversation+"/messages", reply(echo, text), &said)
	return said
}

// after reads the thread past a sequence number.
func (a *agent) after(conversation string, seq int64) []line {
	a.d.t.Helper()
	var page struct{ Items []line }
	a.must(http.StatusOK, "GET", fmt.Sprintf("/conversations/%s/messages?after=%d", conversation, seq), nil, &page)
	return page.Items
}

// console opens the console's socket and greets.
func (a *agent) console() *socket {
	a.d.t.Helper()
	var opened struct{ Ticket string }
	a.must(http.StatusOK, "POST", "/session/socket-ticket", fields{}, &opened)
	s := a.d.dial("/ws/console?ticket=" + opened.Ticket)
	s.send(fields{"type": "hello", "lists": []string{"mine"}})
	s.awaits("welcome")
	return s
}

// socket is the browser's end of one; a test reads it from one goroutine.
type socket struct {
	t    *testing.T
	conn *websocket.Conn
}

// frame is what the desk sends; each type fills its own fields.
type frame struct {
	Type         string
	Seq          int64
	From         string
	Text         string
	Echo         string
	State        string
	Conversation string
}

func (d *desk) dial(path string) *socket {
	d.t.Helper()
	dialer := websocket.Dialer{HandshakeTimeout: patience}
	conn, response, err := dialer.Dial("ws"+d.public[len("http"):]+path, http.Header{"Origin": {d.public}})
	if err != nil {
		d.t.Fatalf("open %s: %v %v", path, err, response)
	}
	d.t.Cleanup(func() { _ = conn.Close() })
	return &socket{t: d.t, conn: conn}
}

func (s *socket) send(f fields) {
	s.t.Helper()
	must(s.t, s.conn.WriteJSON(f))
}

// next reads one frame.
func (s *socket) next() frame {
	s.t.Helper()
	var f frame
	must(s.t, s.conn.SetReadDeadline(time.Now().Add(patience)))
	must(s.t, s.conn.ReadJSON(&f))
	return f
}

// awaits reads on to the first frame of a type.
func (s *socket) awaits(kind string) frame {
	s.t.Helper()
	for {
		if f := s.next(); f.Type == kind {
			return f
		}
	}
}

// last is next for a line that may be closed by the desk: then nil.
func (s *socket) last() *frame {
	s.t.Helper()
	var f frame
	must(s.t, s.conn.SetReadDeadline(time.Now().Add(patience)))
	if s.conn.ReadJSON(&f) != nil {
		return nil
	}
	return &f
}

// drop ends the line without a farewell, as a network does.
func (s *socket) drop() { _ = s.conn.NetConn().Close() }
