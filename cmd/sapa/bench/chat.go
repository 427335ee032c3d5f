package bench

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"sapa/program/access"
)

// Chat says how much is going on.
type Chat struct {
	Idle    int           // sockets that only listen
	Agents  int           // each with open conversations on the screen
	Talking int           // visitors who write, one conversation each
	Rate    int           // messages a second of all visitors together
	Length  time.Duration // of writing
}

// Chat measures live chat: what an open window costs, and how long a visitor's
// message takes to the screen of the agent who has it open.
func (g *Ground) Chat(ctx context.Context, how Chat) error {
	if err := g.serve(ctx); err != nil {
		return err
	}
	if how.Idle > 0 {
		if err := g.idle(ctx, how.Idle); err != nil {
			return err
		}
	}
	if how.Talking > 0 {
		if err := g.talkAll(ctx, how); err != nil {
			return err
		}
	}
	return g.stop()
}

// openers at a time: enough to keep both sides busy, too few to fill a backlog.
const openers = 16

// atOnce does n things, a few at a time, and returns the first error.
func atOnce(n, workers int, do func(int) error) error {
	next, faults := make(chan int), make(chan error, workers)
	for range workers {
		go func() {
			var fault error
			for i := range next {
				if fault == nil {
					fault = do(i)
				}
			}
			faults <- fault
		}()
	}
	for i := range n {
		next <- i
	}
	close(next)
	var first error
	for range workers {
		if err := <-faults; first == nil {
			first = err
		}
	}
	return first
}

func (g *Ground) idle(ctx context.Context, sockets int) error {
	before, err := g.used()
	if err != nil {
		return err
	}
	conns := make([]*websocket.Conn, sockets)
	defer func() {
		for _, conn := range conns {
			if conn != nil {
				_ = conn.Close()
			}
		}
	}()
	began := time.Now()
	err = atOnce(sockets, openers, func(n int) error {
		b, err := g.newBrowser(n)
		if err != nil {
			return err
		}
		conns[n], err = b.chat(ctx)
		b.client.CloseIdleConnections()
		return err
	})
	if err != nil {
		return err
	}
	took := time.Since(began)
	if err := rest(ctx, 3*time.Second); err != nil { // so that what opening needed is collected
		return err
	}
	after, err := g.used()
	if err != nil {
		return err
	}
	fmt.Fprintf(g.o.Out, "\nchat: %d windows opened at %.0f a second; resident memory %.1f KiB each\n", sockets,
		float64(sockets)/took.Seconds(), float64(after.resident-before.resident)/1024/float64(sockets))
	return nil
}

func rest(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// stage is a talk between one visitor and the agent who has it open.
type stage struct {
	visitor      *websocket.Conn
	conversation string
	agent        *screen
	seq          int64 // the last line that the agent has on the screen
}

// screen is an agent's console: a socket that says what is stale, and requests
// that fetch it.
type screen struct {
	*browser
	conn *websocket.Conn

	mu     sync.Mutex
	stages map[string]*stage
	seen   sample
	faults int
}

func (g *Ground) talkAll(ctx context.Context, how Chat) error {
	screens, err := g.screens(ctx, how.Agents)
	if err != nil {
		return err
	}
	stages := make([]*stage, how.Talking)
	if err := atOnce(how.Talking, openers, func(n int) (err error) {
		stages[n], err = g.meet(ctx, n, screens[n%len(screens)])
		return err
	}); err != nil {
		return err
	}
	for _, s := range screens {
		go s.watch(ctx)
	}
	sent, err := write(ctx, stages, how)
	if err != nil {
		return err
	}
	if err := rest(ctx, 2*time.Second); err != nil { // the last ones arrive
		return err
	}
	parts, faults := make([]sample, 0, len(screens)), 0
	for _, s := range screens {
		s.mu.Lock()
		parts, faults = append(parts, s.seen), faults+s.faults
		s.mu.Unlock()
	}
	seen := merge(parts)
	fmt.Fprintf(g.o.Out, "chat: %d visitors write %d a second to %d agents: message sent to shown  %s\n", how.Talking, how.Rate, how.Agents, seen)
	if len(seen) != sent || faults > 0 {
		return fmt.Errorf("bench: %d messages sent, %d shown, %d requests failed", sent, len(seen), faults)
	}
	return nil
}

func (g *Ground) screens(ctx context.Context, agents int) ([]*screen, error) {
	staff, err := g.hire(ctx, access.Agent, agents)
	if err != nil {
		return nil, err
	}
	screens := make([]*screen, agents)
	for n, b := range staff {
		var opened struct{ Ticket string }
		if err := b.call(ctx, http.MethodPost, "/api/v1/session/socket-ticket", map[string]string{}, &opened); err != nil {
			return nil, err
		}
		conn, err := b.socket(ctx, "/ws/console", opened.Ticket)
		if err != nil {
			return nil, err
		}
		if err := conn.WriteJSON(map[string]any{"type": "hello", "lists": []string{"mine", "all"}}); err != nil {
			return nil, err
		}
		screens[n] = &screen{browser: b, conn: conn, stages: map[string]*stage{}}
	}
	return screens, nil
}

// meet has a visitor write and the agent take and open the conversation.
func (g *Ground) meet(ctx context.Context, n int, s *screen) (*stage, error) {
	b, err := g.newBrowser(n)
	if err != nil {
		return nil, err
	}
	conn, err := b.chat(ctx)
	if err != nil {
		return nil, err
	}
	greeting := fmt.Sprintf("halo dari pengunjung %d", n)
	if err := conn.WriteJSON(map[string]any{"type": "message", "echo": "first", "text": greeting}); err != nil {
		return nil, err
	}
	for { // until it is stored
		var f struct{ Type string }
		if err := conn.ReadJSON(&f); err != nil {
			return nil, err
		}
		if f.Type == "ack" {
			break
		}
	}
	t := &stage{visitor: conn, agent: s}
	err = g.db.NewRaw("SELECT conversation_id FROM messages WHERE author = 'citizen' AND text = ?", greeting).Scan(ctx, &t.conversation)
	if err != nil {
		return nil, err
	}
	if err := s.call(ctx, http.MethodPost, "/api/v1/conversations/"+t.conversation+"/claim", map[string]string{}, nil); err != nil {
		return nil, err
	}
	go drain(conn)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stages[t.conversation] = t
	return t, s.conn.WriteJSON(map[string]any{"type": "open", "conversation": t.conversation})
}

// drain reads what the desk tells a visitor, as a browser does.
func drain(conn *websocket.Conn) {
	for {
		if _, _, err := conn.ReadMessage(); err != nil {
			return
		}
	}
}

// write has the visitors write in turn, each message naming when it was sent.
func write(ctx context.Context, stages []*stage, how Chat) (sent int, err error) {
	tick := time.NewTicker(time.Second / time.Duration(how.Rate))
	defer tick.Stop()
	end := time.After(how.Length)
	for {
		select {
		case <-ctx.Done():
			return sent, ctx.Err()
		case <-end:
			return sent, nil
		case <-tick.C:
			at := strconv.FormatInt(time.Now().UnixNano(), 36)
			err := stages[sent%len(stages)].visitor.WriteJSON(map[string]any{"type": "message", "echo": at, "text": "kirim " + at})
			if err != nil {
				return sent, err
			}
			sent++
		}
	}
}

// watch fetches what the socket calls stale and notes when it was there.
func (s *screen) watch(ctx context.Context) {
	for {
		var f struct {
			Type, Conversation string
			Seq                int64
		}
		if err := s.conn.ReadJSON(&f); err != nil {
			return // closed at the end
		}
		if f.Type == "thread" {
			s.fetch(ctx, f.Conversation)
		}
	}
}

func (s *screen) fetch(ctx context.Context, conversation string) {
	s.mu.Lock()
	t := s.stages[conversation]
	s.mu.Unlock()
	if t == nil {
		return
	}
	var page struct {
		Items []struct {
			Seq  int64
			Text string
		}
	}
	err := s.call(ctx, http.MethodGet, fmt.Sprintf("/api/v1/conversations/%s/messages?after=%d", conversation, t.seq), nil, &page)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.faults++
		return
	}
	for _, m := range page.Items {
		t.seq = max(t.seq, m.Seq)
		var at string
		if n, _ := fmt.Sscanf(m.Text, "kirim %s", &at); n == 1 {
			if sent, err := strconv.ParseInt(at, 36, 64); err == nil {
				s.seen = append(s.seen, time.Since(time.Unix(0, sent)))
			}
		}
	}
}
