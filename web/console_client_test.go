package web_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"sapa/web/wire"
)

// console is a browser's socket.
type console struct {
	t       *testing.T
	conn    *websocket.Conn
	writing sync.Mutex
	frozen  atomic.Bool
}

// frame is any frame of the server.
type frame struct {
	Type         string
	Row          wire.ConversationRow
	Lists        []string
	Counts       wire.Counts
	Presence     wire.Presence
	Conversation string
	Seq          int64
	State, Error string
	Who, Name    string
	On           bool
	Keys         []string
	Staff        []struct {
		ID, Name string
		Typing   bool
		Noting   bool
	}
	Until    time.Time
	Snapshot wire.Wallboard
	Code     string
}

// ticket is a fresh ticket for a socket.
func (b *browser) ticket() string {
	b.t.Helper()
	var made struct{ Ticket string }
	b.do("POST", "/session/socket-ticket", map[string]string{}).want(http.StatusOK).into(&made)
	return made.Ticket
}

func (e *edge) dial(ticket, origin string) (*websocket.Conn, *http.Response, error) {
	header := http.Header{}
	if origin != "" {
		header.Set("Origin", origin)
	}
	return websocket.DefaultDialer.Dial(strings.Replace(e.server.URL, "http", "ws", 1)+"/ws/console?ticket="+ticket, header)
}

// connect opens a socket, says hello and waits for the welcome.
func (b *browser) connect(lists ...string) *console {
	b.t.Helper()
	conn, _, err := b.e.dial(b.ticket(), b.e.server.URL)
	must(b.t, err)
	b.t.Cleanup(func() { _ = conn.Close() })
	c := &console{t: b.t, conn: conn}
	c.say(map[string]any{"type": "hello", "lists": lists})
	c.await("a welcome", func(f frame) bool { return f.Type == "welcome" })
	go c.pings()
	return c
}

func (c *console) say(f map[string]any) {
	c.t.Helper()
	c.writing.Lock()
	defer c.writing.Unlock()
	must(c.t, c.conn.WriteJSON(f))
}

// pings is heard of as a browser's console is, until the socket is over or the
// console is frozen.
func (c *console) pings() {
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	for range tick.C {
		if c.frozen.Load() {
			return
		}
		c.writing.Lock()
		err := c.conn.WriteMessage(websocket.TextMessage, []byte(`{"type":"ping"}`))
		c.writing.Unlock()
		if err != nil {
			return
		}
	}
}

// next reads one frame.
func (c *console) next() (frame, error) {
	_ = c.conn.SetReadDeadline(time.Now().Add(patience))
	_, body, err := c.conn.ReadMessage()
	if err != nil {
		return frame{}, err
	}
	var f frame
	return f, json.Unmarshal(body, &f)
}

// await reads until a frame is the wanted one.
func (c *console) await(what string, want func(frame) bool) frame {
	c.t.Helper()
	late := time.Now().Add(patience) // answers to pings keep coming whatever is missing
	for {
		f, err := c.next()
		if err == nil && time.Now().After(late) {
			err = errors.New("nothing but other frames")
		}
		if err != nil {
			c.t.Fatalf("waiting for %s: %v", what, err)
		}
		if want(f) {
			return f
		}
	}
}

// both reads until each of two frames has come, in any order, and returns the
// first wanted one.
func (c *console) both(what string, one, two func(frame) bool) frame {
	c.t.Helper()
	var first *frame
	second := false
	c.await(what, func(f frame) bool {
		if first == nil && one(f) {
			first = &f
		}
		second = second || two(f)
		return first != nil && second
	})
	return *first
}

// until reads to a frame that is sent last, and returns what came before.
func (c *console) until(what string, last func(frame) bool) []frame {
	c.t.Helper()
	var before []frame
	c.await(what, func(f frame) bool {
		before = append(before, f)
		return last(f)
	})
	return before
}

// closed reads until the server closes and returns its code.
func (c *console) closed() (code int, last frame) {
	c.t.Helper()
	for {
		f, err := c.next()
		var closing *websocket.CloseError
		if errors.As(err, &closing) {
			return closing.Code, last
		}
		if err != nil {
			c.t.Fatalf("waiting for the end: %v", err)
		}
		last = f
	}
}
