package live

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"

	"sapa/web/auth"
)

// ticketSubject begins the subject of a visitor's socket ticket.
const ticketSubject = "chat:"

// errOrder: the first frame must be resume.
var errOrder = errors.New("live: first frame must be resume")

// window is a visitor's open socket.
type window struct {
	chat    *Chat
	visitor visitor
	socket  *Socket
	hears   *listener

	telling sync.Mutex // held while news are read and sent, which keeps their order
	told    progress

	mu      sync.Mutex // held for moments only, so that poke never waits
	resumed bool
	pumping bool
	dirty   bool
}

// socket opens the live chat of a ticket.
func (c *Chat) socket(w http.ResponseWriter, r *http.Request) {
	subject, err := auth.UseTicket(r.Context(), c.o.DB, r.URL.Query().Get("ticket"), c.o.Now())
	session, ours := strings.CutPrefix(subject, ticketSubject)
	if err != nil || !ours {
		c.refuse(w, r, err, http.StatusUnauthorized, "ticket")
		return
	}
	v, err := c.byID(r.Context(), session)
	if err != nil {
		c.refuse(w, r, err, http.StatusUnauthorized, "session")
		return
	}
	conn, err := Upgrade(w, r, func(origin string) bool { return c.allowed(v, origin) })
	if err != nil {
		return // the browser has its answer
	}
	v.network = c.network(r)
	win := &window{chat: c, visitor: v}
	win.socket = NewSocket(SocketOptions{Conn: conn, Frame: win.frame, Log: c.o.Log})
	win.hears = &listener{session: session, poke: win.poke, typing: win.typing, end: func() { win.socket.Close(CloseTooMuch, closeForgotten) }}
	defer c.enter(win.hears)()
	_ = win.socket.Run(context.WithoutCancel(r.Context()))
}

// frame takes one frame of the browser; it runs on the socket's reader, so
// frames of one window are done one after the other.
func (win *window) frame(ctx context.Context, raw []byte) error {
	var f visitorFrame
	if err := json.Unmarshal(raw, &f); err != nil {
		return err
	}
	if f.Type == "resume" {
		return win.resume(ctx, f.After)
	}
	if !win.resumed {
		return errOrder
	}
	answer, err := win.chat.act(ctx, win.visitor, f)
	if err != nil {
		win.chat.o.Log.ErrorContext(ctx, "chat frame failed", "session", win.visitor.session, "type", f.Type, "error", err)
		answer = win.chat.reject(win.visitor, f.Echo, "other")
		if f.Type != "message" {
			answer = win.chat.fault(win.visitor, "other")
		}
	}
	if answer != nil {
		win.socket.Send(Encode(answer))
	}
	if f.Type == "message" || f.Type == "end" || f.Type == "csat" {
		win.poke()
	}
	return nil
}

func (win *window) resume(ctx context.Context, after int64) error {
	win.telling.Lock()
	defer win.telling.Unlock()
	win.mu.Lock()
	win.resumed = true
	win.mu.Unlock()
	win.told = progress{seq: max(0, after)}
	return win.tell(ctx, "welcome")
}

// tell sends what is new, page by page; win.telling is held.
func (win *window) tell(ctx context.Context, first string) error {
	before := win.told.seq
	for {
		frames, chat, err := win.chat.news(ctx, win.visitor, &win.told, first)
		if err != nil {
			return err
		}
		win.chat.hear(win.hears, chat)
		for _, frame := range frames {
			win.socket.Feed(Encode(frame))
		}
		if win.told.more {
			first = ""
			continue
		}
		if win.told.seq > before && chat.Conversation != "" {
			return win.chat.o.Desk.VisitorDelivered(ctx, chat.Conversation, win.told.seq)
		}
		return nil
	}
}

// poke has the window look for news. Looks are never doubled: one that comes
// while another is under way makes that one look again.
func (win *window) poke() {
	win.mu.Lock()
	defer win.mu.Unlock()
	if !win.resumed {
		return
	}
	win.dirty = true
	if !win.pumping {
		win.pumping = true
		go win.pump()
	}
}

func (win *window) pump() {
	for win.again() {
		if err := win.look(); err != nil {
			win.chat.o.Log.Error("chat window not told", "session", win.visitor.session, "error", err)
			win.socket.Close(CloseGoingAway, "try again") // it reconnects and asks by sequence
		}
	}
}

// again tells whether there was a poke since the last look.
func (win *window) again() bool {
	win.mu.Lock()
	defer win.mu.Unlock()
	win.pumping, win.dirty = win.dirty, false
	return win.pumping
}

// lookWithin bounds one look: it takes milliseconds, or as long as a slow browser
// takes to be told; a hanging database must not pile them up.
const lookWithin = 2 * WriteWait

func (win *window) look() error {
	select {
	case <-win.socket.Done():
		return nil
	default:
	}
	ctx, cancel := context.WithTimeout(context.Background(), lookWithin)
	defer cancel()
	win.telling.Lock()
	defer win.telling.Unlock()
	return win.tell(ctx, "")
}

func (win *window) typing(on bool) {
	win.socket.Patch("typing", Encode(chatTyping{"typing", on}))
}
