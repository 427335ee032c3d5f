package live_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"sapa/web/live"
)

// patience bounds what a test waits for; it ends by a signal long before.
const patience = 20 * time.Second

// socketPair is a server's Socket and the browser at its other end.
type socketPair struct {
	socket *live.Socket
	client *websocket.Conn
	ended  chan error
}

func connect(t *testing.T, frame func([]byte) error) *socketPair {
	t.Helper()
	p := &socketPair{ended: make(chan error, 1)}
	ready := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := live.Upgrade(w, r, func(string) bool { return true })
		if err != nil {
			t.Errorf("upgrade: %v", err)
			return
		}
		p.socket = live.NewSocket(live.SocketOptions{Conn: conn, Frame: func(_ context.Context, f []byte) error { return frame(f) }})
		close(ready)
		p.ended <- p.socket.Run(context.WithoutCancel(r.Context()))
	}))
	t.Cleanup(server.Close)
	var err error
	p.client, _, err = websocket.DefaultDialer.Dial(strings.Replace(server.URL, "http", "ws", 1), http.Header{"Origin": {server.URL}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.client.Close() })
	<-ready
	return p
}

func (p *socketPair) wait(t *testing.T) error {
	t.Helper()
	select {
	case err := <-p.ended:
		return err
	case <-time.After(patience):
		t.Fatal("socket did not end")
		return nil
	}
}

// closeCode reads until the server closes and returns its code.
func (p *socketPair) closeCode(t *testing.T) int {
	t.Helper()
	_ = p.client.SetReadDeadline(time.Now().Add(patience))
	for {
		_, _, err := p.client.ReadMessage()
		var closed *websocket.CloseError
		if errors.As(err, &closed) {
			return closed.Code
		}
		if err != nil {
			return 0
		}
	}
}

func nothing([]byte) error { return nil }

func TestSocketRefuses(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		write func(*websocket.Conn)
		want  int
	}{
		{"a frame over 64 KiB", func(c *websocket.Conn) {
			_ = c.WriteMessage(websocket.TextMessage, []byte(strings.Repeat("a", live.FrameBytes+1)))
		}, live.CloseTooBig},
		{"more than 20 frames a second", func(c *websocket.Conn) {
			for range 3 * live.FramesPerSecond {
				_ = c.WriteMessage(websocket.TextMessage, []byte("{}"))
			}
		}, live.CloseTooMuch},
		{"binary", func(c *websocket.Conn) { _ = c.WriteMessage(websocket.BinaryMessage, []byte("{}")) }, live.CloseNotText},
		{"text that is not UTF-8", func(c *websocket.Conn) { _ = c.WriteMessage(websocket.TextMessage, []byte{'"', 0xff, '"'}) }, live.CloseNotText},
		{"a frame its taker refuses", func(c *websocket.Conn) { _ = c.WriteMessage(websocket.TextMessage, []byte("bad")) }, live.CloseTooMuch},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := connect(t, func(f []byte) error {
				if string(f) == "bad" {
					return errors.New("no such frame")
				}
				return nil
			})
			c.write(p.client)
			if got := p.closeCode(t); got != c.want {
				t.Errorf("close code %d, want %d", got, c.want)
			}
			if err := p.wait(t); !errors.Is(err, live.ErrDropped) {
				t.Errorf("ended with %v, want ErrDropped", err)
			}
		})
	}
}

func TestSocketTakesFramesInOrder(t *testing.T) {
	t.Parallel()
	got := make(chan string, 10)
	p := connect(t, func(f []byte) error { got <- string(f); return nil })
	for i := range 5 {
		_ = p.client.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, "%d", i))
	}
	for i := range 5 {
		if f := <-got; f != fmt.Sprint(i) {
			t.Errorf("frame %d is %q", i, f)
		}
	}
	_ = p.client.Close()
	if err := p.wait(t); err != nil {
		t.Errorf("a browser that left ended the socket with %v", err)
	}
}

func TestSocketDropsSlowReader(t *testing.T) {
	t.Parallel()
	p := connect(t, nothing)
	frame := []byte(`"` + strings.Repeat("x", 256<<10) + `"`)
	deadline := time.After(patience)
	for { // the client never reads: buffers of the kernel fill, then our queue
		select {
		case <-p.socket.Done():
			if err := p.wait(t); !errors.Is(err, live.ErrDropped) {
				t.Errorf("ended with %v, want ErrDropped", err)
			}
			return
		case <-deadline:
			t.Fatal("a reader that reads nothing was kept")
		default:
			p.socket.Send(frame)
		}
	}
}

func TestSocketCoalesces(t *testing.T) {
	t.Parallel()
	p := connect(t, nothing)
	p.socket.Patch("a", []byte(`"first"`)) // goes out at once: nothing went before
	read := func() string {
		_ = p.client.SetReadDeadline(time.Now().Add(patience))
		_, frame, err := p.client.ReadMessage()
		if err != nil {
			t.Fatal(err)
		}
		return string(frame)
	}
	if got := read(); got != `"first"` {
		t.Fatalf("first frame is %s", got)
	}
	for i := range 100 {
		p.socket.Patch("a", fmt.Appendf(nil, "%d", i))
	}
	p.socket.Patch("b", []byte(`"b"`))
	var got []string
	for len(got) == 0 || got[len(got)-1] != `"b"` {
		got = append(got, read())
	}
	if len(got) > 10 || got[len(got)-2] != "99" {
		t.Errorf("frames %v, want the newest of a, once or a few times, then b", got)
	}
}

func TestSocketSaysWhyItCloses(t *testing.T) {
	t.Parallel()
	p := connect(t, nothing)
	p.socket.Send([]byte(`{"type":"session_end"}`))
	p.socket.Close(live.CloseSessionEnd, "session_end")
	_ = p.client.SetReadDeadline(time.Now().Add(patience))
	_, frame, err := p.client.ReadMessage()
	if err != nil || string(frame) != `{"type":"session_end"}` {
		t.Fatalf("last words are %s, %v", frame, err)
	}
	if got := p.closeCode(t); got != live.CloseSessionEnd {
		t.Errorf("close code %d, want %d", got, live.CloseSessionEnd)
	}
}

func TestUpgradeChecksOrigin(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := live.Upgrade(w, r, func(origin string) bool { return origin == "https://desk.example" })
		if err == nil {
			conn.Close()
		}
	}))
	t.Cleanup(server.Close)
	cases := []struct {
		name, origin string
		want         int
	}{
		{"ours", "https://desk.example", http.StatusSwitchingProtocols},
		{"foreign", "https://evil.example", http.StatusForbidden},
		{"none", "", http.StatusForbidden},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{}
			if c.origin != "" {
				header.Set("Origin", c.origin)
			}
			_, response, _ := websocket.DefaultDialer.Dial(strings.Replace(server.URL, "http", "ws", 1), header)
			if response == nil || response.StatusCode != c.want {
				t.Errorf("answer %v, want %d", response, c.want)
			}
		})
	}
}
