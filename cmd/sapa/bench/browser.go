package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"time"

	"github.com/gorilla/websocket"

	"sapa/program/access"
	"sapa/ticketing/team"
	"sapa/web/auth"
)

// browser is one person's: cookies, an address of their own on the loopback, and
// whatever the API wants to see.
type browser struct {
	ground *Ground
	client *http.Client
	dial   *net.Dialer
	csrf   string
	bearer string
}

// newBrowser comes from the n-th address of 127.0.0.0/8, as people come from
// addresses of their own.
func (g *Ground) newBrowser(n int) (*browser, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	host := n%60_000 + 1
	dial := &net.Dialer{Timeout: 10 * time.Second, LocalAddr: &net.TCPAddr{IP: net.IPv4(127, byte(1+host>>16), byte(host>>8), byte(host))}}
	return &browser{ground: g, dial: dial, client: &http.Client{Jar: jar, Timeout: 30 * time.Second,
		Transport: &http.Transport{DialContext: dial.DialContext, MaxIdleConnsPerHost: 4}}}, nil
}

// call asks and reads the JSON answer into into, unless that is nil.
func (b *browser) call(ctx context.Context, method, path string, body, into any) error {
	var payload io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return err
		}
		payload = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, method, b.ground.public+path, payload)
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	if b.csrf != "" {
		request.Header.Set(auth.CSRFHeader, b.csrf)
	}
	if b.bearer != "" {
		request.Header.Set("Authorization", "Bearer "+b.bearer)
	}
	response, err := b.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("bench: %s %s: %s %s", method, path, response.Status, answer[:min(len(answer), 200)])
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer, into)
}

// socket opens one with a ticket.
func (b *browser) socket(ctx context.Context, path, ticket string) (*websocket.Conn, error) {
	dialer := websocket.Dialer{NetDialContext: b.dial.DialContext, HandshakeTimeout: 30 * time.Second}
	conn, response, err := dialer.DialContext(ctx, "ws"+b.ground.public[len("http"):]+path+"?ticket="+ticket, http.Header{"Origin": {b.ground.public}})
	if err != nil {
		return nil, fmt.Errorf("bench: open %s: %w (%v)", path, err, response)
	}
	return conn, nil
}

// chat begins a live chat and opens its socket.
func (b *browser) chat(ctx context.Context) (*websocket.Conn, error) {
	var begun struct{ Session, Ticket string }
	if err := b.call(ctx, http.MethodPost, "/chat/sessions", map[string]string{"inbox": "web", "language": "ind"}, &begun); err != nil {
		return nil, err
	}
	b.bearer = begun.Session
	conn, err := b.socket(ctx, "/ws/chat", begun.Ticket)
	if err != nil {
		return nil, err
	}
	return conn, conn.WriteJSON(map[string]any{"type": "resume", "after": 0})
}

// staffPassword is that of all staff of a desk that lives for minutes.
const staffPassword = "kopi tubruk pagi hari"

// hire adds people of a role, who are in every team, and signs them in.
func (g *Ground) hire(ctx context.Context, role access.Role, people int) ([]*browser, error) {
	hash, err := auth.HashPassword(staffPassword)
	if err != nil {
		return nil, err
	}
	teams, err := team.Teams(ctx, g.db)
	if err != nil {
		return nil, err
	}
	staff := make([]*browser, people)
	for n := range staff {
		email := fmt.Sprintf("%s.%d@contoh.id", role, n)
		if _, err := team.Add(ctx, g.db, team.Staff{
			Email: email, Name: fmt.Sprintf("Petugas %d", n), Role: role, Teams: teams, PasswordHash: hash,
			Languages: []string{"ind"}, Capacity: 20, Status: team.StatusActive,
		}, time.Now()); err != nil {
			return nil, err
		}
		if staff[n], err = g.newBrowser(50_000 + n); err != nil {
			return nil, err
		}
		var session struct{ CSRF string }
		if err := staff[n].call(ctx, http.MethodPost, "/api/v1/session", map[string]string{"email": email, "password": staffPassword}, &session); err != nil {
			return nil, err
		}
		staff[n].csrf = session.CSRF
	}
	return staff, nil
}
