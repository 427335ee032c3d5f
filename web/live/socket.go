// Package live keeps browsers' sockets: the agents' console and the citizens'
// chat. What is told on them is always in PostgreSQL first; a socket only says
// it sooner.
//
// This file is what both share: a Socket has one reader and one writer, bounded
// buffers, deadlines and limits. A browser that does not keep up is dropped; it
// reconnects and asks for what it missed by sequence.
package live

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"
)

// Limits of a socket. Sources: security tests 13 (64 queued frames or 10 s) and
// 14 (64 KiB a frame, 20 frames a second); browsers answer pings by themselves.
const (
	FrameBytes      = 64 << 10
	FramesPerSecond = 20
	QueueFrames     = 64
	// PatchFrames is how many different coalesced frames may wait: a quarter of
	// a second of the busiest hour, several times over.
	PatchFrames = 256
	WriteWait   = 10 * time.Second
	PingEvery   = 25 * time.Second
	PongWait    = 60 * time.Second
	// FirstWait is how long a browser may be silent after connecting.
	FirstWait = 10 * time.Second
	// CoalesceEvery is decision 9: at most four patches a second of each thing.
	CoalesceEvery = 250 * time.Millisecond
)

// Why a socket was closed by us, as close codes of RFC 6455 and of our own.
const (
	CloseTooMuch    = websocket.ClosePolicyViolation // 1008: limits broken
	CloseTooBig     = websocket.CloseMessageTooBig   // 1009
	CloseNotText    = websocket.CloseInvalidFramePayloadData
	CloseGoingAway  = websocket.CloseGoingAway // 1001: the server restarts
	CloseSlow       = 4008                     // the browser does not read fast enough
	CloseSessionEnd = 4001                     // signed out, disabled or another role
)

// ErrDropped ends Run when we closed the socket ourselves.
var ErrDropped = errors.New("live: socket dropped")

// SocketOptions are what a Socket needs. Conn and Frame are required.
type SocketOptions struct {
	Conn *websocket.Conn
	// Frame takes one frame of the browser, in order; it runs on the reader, so
	// what it waits for the browser waits for too. An error closes the socket.
	Frame func(ctx context.Context, frame []byte) error
	Log   *slog.Logger
}

// Socket is one browser. Send, Patch, Close and Feed may be called from anywhere;
// only Feed ever waits.
type Socket struct {
	conn  *websocket.Conn
	frame func(context.Context, []byte) error
	log   *slog.Logger

	out   chan []byte
	dirty chan struct{} // a patch waits

	mu      sync.Mutex
	patches map[string][]byte
	order   []string
	closing []byte // close frame to be written last

	once sync.Once
	done chan struct{}
}

// NewSocket wraps an upgraded connection; Run makes it live.
func NewSocket(o SocketOptions) *Socket {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Socket{conn: o.Conn, frame: o.Frame, log: o.Log, out: make(chan []byte, QueueFrames),
		dirty: make(chan struct{}, 1), patches: map[string][]byte{}, done: make(chan struct{})}
}

// Upgrade turns the request into a socket connection if allow accepts the Origin
// header; it answers the browser itself when not. A missing Origin is refused:
// every browser sends one.
func Upgrade(w http.ResponseWriter, r *http.Request, allow func(origin string) bool) (*websocket.Conn, error) {
	upgrader := websocket.Upgrader{
		HandshakeTimeout: WriteWait, ReadBufferSize: 4 << 10, WriteBufferSize: 4 << 10,
		CheckOrigin: func(r *http.Request) bool {
			origin := r.Header.Get("Origin")
			return origin != "" && allow(origin)
		},
	}
	return upgrader.Upgrade(w, r, nil)
}

// Encode makes a frame of a value. Our frames are plain structs, so a failure is
// a fault of the program and gives an empty frame that Send ignores.
func Encode(frame any) []byte {
	body, err := json.Marshal(frame)
	if err != nil {
		return nil
	}
	return body
}

// Send queues a frame; frames arrive in the order of sending. A browser whose
// queue is full is dropped.
func (s *Socket) Send(frame []byte) {
	if len(frame) == 0 {
		return
	}
	select {
	case <-s.done:
	case s.out <- frame:
	default:
		s.Close(CloseSlow, "slow")
	}
}

// Feed is Send that waits for room: whoever catches up is told more than the queue
// holds. A browser that takes nothing for WriteWait is dropped.
func (s *Socket) Feed(frame []byte) {
	if len(frame) == 0 {
		return
	}
	select {
	case s.out <- frame:
		return
	default:
	}
	slow := time.NewTimer(WriteWait)
	defer slow.Stop()
	select {
	case <-s.done:
	case s.out <- frame:
	case <-slow.C:
		s.Close(CloseSlow, "slow")
	}
}

// Patch queues a frame that replaces an earlier one of the same key which has not
// gone out yet. Patches go out at most every CoalesceEvery.
func (s *Socket) Patch(key string, frame []byte) {
	if len(frame) == 0 {
		return
	}
	s.mu.Lock()
	if _, waits := s.patches[key]; !waits {
		s.order = append(s.order, key)
	}
	s.patches[key] = frame
	full := len(s.order) > PatchFrames
	s.mu.Unlock()
	if full {
		s.Close(CloseSlow, "slow")
		return
	}
	select {
	case s.dirty <- struct{}{}:
	default:
	}
}

// Close ends the socket with a code and a short reason that the browser sees.
// Frames sent before are written first, as far as the browser takes them.
func (s *Socket) Close(code int, reason string) {
	s.once.Do(func() {
		s.mu.Lock()
		s.closing = websocket.FormatCloseMessage(code, reason)
		s.mu.Unlock()
		close(s.done)
		_ = s.conn.NetConn().SetWriteDeadline(time.Now().Add(farewellWait)) // a write that hangs ends too
	})
}

// Done is closed when the socket is over.
func (s *Socket) Done() <-chan struct{} { return s.done }

// Run reads and writes until the socket ends: nil when the browser left,
// ErrDropped when we ended it or ctx did. It closes the connection.
func (s *Socket) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { s.Close(CloseGoingAway, "restart") })
	defer stop()
	written := make(chan struct{})
	go func() {
		defer close(written)
		s.write()
	}()
	err := s.read(ctx)
	stop()
	s.Close(websocket.CloseNormalClosure, "")
	<-written
	_ = s.conn.Close()
	return err
}

func (s *Socket) read(ctx context.Context) error {
	s.conn.SetReadLimit(FrameBytes)
	_ = s.conn.SetReadDeadline(time.Now().Add(FirstWait))
	s.conn.SetPongHandler(func(string) error { return s.conn.SetReadDeadline(time.Now().Add(PongWait)) })
	pace := rate.NewLimiter(FramesPerSecond, FramesPerSecond)
	for {
		kind, frame, err := s.conn.ReadMessage()
		if err != nil {
			return s.readFailed(err)
		}
		_ = s.conn.SetReadDeadline(time.Now().Add(PongWait))
		if kind != websocket.TextMessage || !utf8.Valid(frame) { // the library does not check the encoding
			s.Close(CloseNotText, "text only")
			return ErrDropped
		}
		if !pace.Allow() {
			s.Close(CloseTooMuch, "too many frames")
			return ErrDropped
		}
		if err := s.frame(ctx, frame); err != nil {
			s.log.DebugContext(ctx, "socket ended by its frame", "error", err)
			s.Close(CloseTooMuch, "refused")
			return ErrDropped
		}
	}
}

// readFailed tells a browser that left from one that we dropped.
func (s *Socket) readFailed(err error) error {
	if errors.Is(err, websocket.ErrReadLimit) {
		s.Close(CloseTooBig, "frame too big")
		return ErrDropped
	}
	select {
	case <-s.done:
		return ErrDropped
	default:
		return nil
	}
}

// write is the only writer. Closing the connection at its end is what wakes the
// reader.
func (s *Socket) write() {
	defer func() { _ = s.conn.Close() }()
	ping := time.NewTicker(PingEvery)
	defer ping.Stop()
	var flush <-chan time.Time
	var last time.Time
	for {
		var err error
		select {
		case frame := <-s.out:
			err = s.writeOne(frame)
		case <-s.dirty:
			if flush == nil {
				flush = time.After(max(0, CoalesceEvery-time.Since(last)))
			}
		case <-flush:
			flush, last = nil, time.Now()
			err = s.writePatches()
		case <-ping.C:
			err = s.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(WriteWait))
		case <-s.done:
			s.farewell()
			return
		}
		if err != nil {
			s.Close(CloseSlow, "slow")
			return
		}
	}
}

func (s *Socket) writeOne(frame []byte) error {
	_ = s.conn.SetWriteDeadline(time.Now().Add(WriteWait))
	return s.conn.WriteMessage(websocket.TextMessage, frame)
}

func (s *Socket) writePatches() error {
	s.mu.Lock()
	order, patches := s.order, s.patches
	s.order, s.patches = nil, map[string][]byte{}
	s.mu.Unlock()
	for _, key := range order {
		if err := s.writeOne(patches[key]); err != nil {
			return err
		}
	}
	return nil
}

// farewellWait bounds the last words to a browser that may not be listening.
const farewellWait = time.Second

func (s *Socket) farewell() {
	_ = s.conn.SetWriteDeadline(time.Now().Add(farewellWait))
	for {
		select {
		case frame := <-s.out:
			if s.conn.WriteMessage(websocket.TextMessage, frame) != nil {
				return
			}
			continue
		default:
		}
		break
	}
	s.mu.Lock()
	closing := s.closing
	s.mu.Unlock()
	_ = s.conn.WriteControl(websocket.CloseMessage, closing, time.Now().Add(farewellWait))
}
