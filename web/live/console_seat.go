package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"sapa/channels/bus"
	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/team"
	"sapa/web/auth"
	"sapa/web/wire"
)

// seat is one console's socket.
type seat struct {
	console *Console
	socket  *Socket
	session string // key of the session it lives by
	actor   access.Actor
	voice   wire.Voice

	heard   atomic.Int64                      // when a frame last came, Unix milliseconds
	greeted bool                              // owned by the socket's reader
	opened  map[ticketing.ConversationID]bool // likewise: what the reader has let be opened

	// Owned by the hub.
	reads  bool // may read conversations at all
	reader ticketing.Reader
	lists  []string
	open   map[ticketing.ConversationID]bool
	board  bool
	counts wire.Counts
}

// Subject begins what a console's socket ticket stands for; the session's key
// follows.
const Subject = "console:"

// Serve turns a request with a ticket into a console's socket. It returns when
// the socket is over. Errors come before the upgrade and are the caller's to
// answer: auth.ErrTicket, auth.ErrSession.
func (c *Console) Serve(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	subject, err := auth.UseTicket(ctx, c.o.DB, r.URL.Query().Get("ticket"), c.o.Now())
	if err != nil {
		return err
	}
	if len(subject) <= len(Subject) || subject[:len(Subject)] != Subject {
		return auth.ErrTicket
	}
	identity, err := c.o.Auth.Check(ctx, subject[len(Subject):])
	if err != nil {
		return err
	}
	s := &seat{console: c, session: subject[len(Subject):], actor: identity.Actor(), voice: c.o.Voice(identity.Staff.Language),
		opened: map[ticketing.ConversationID]bool{}, open: map[ticketing.ConversationID]bool{}}
	if err := s.refresh(ctx); err != nil {
		return err
	}
	conn, err := Upgrade(w, r, func(origin string) bool { return origin == c.o.Origin })
	if err != nil {
		return nil // answered
	}
	s.socket = NewSocket(SocketOptions{Conn: conn, Frame: s.frame, Log: c.o.Log})
	ctx = context.WithoutCancel(ctx) // of a request that is over; the socket has its own end
	defer func() {
		bounded, cancel := context.WithTimeout(ctx, readWithin) // the hub may have ended before its sockets
		defer cancel()
		c.later(bounded, func() { c.leave(s) })
	}()
	if err := s.socket.Run(ctx); err != nil && !errors.Is(err, ErrDropped) {
		return err
	}
	return nil
}

func (s *seat) staff() team.StaffID { return team.StaffID(s.actor.ID) }

// refresh reads what the person may see.
func (s *seat) refresh(ctx context.Context) error {
	reader, err := s.console.o.Desk.Reader(ctx, s.actor)
	if errors.Is(err, ticketing.ErrForbidden) {
		return nil
	}
	s.reader, s.reads = reader, err == nil
	return err
}

// frame takes what the console sends, on the socket's reader. An error closes
// the socket.
func (s *seat) frame(ctx context.Context, body []byte) error {
	s.heard.Store(time.Now().UnixMilli())
	var f clientFrame
	if err := json.Unmarshal(body, &f); err != nil {
		return fmt.Errorf("frame: %w", err)
	}
	if !s.greeted && f.Type != "hello" {
		return errors.New("hello must come first")
	}
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	switch f.Type {
	case "hello":
		return s.hello(ctx, f.Lists)
	case "lists":
		s.console.later(ctx, func() { s.lists = known(f.Lists) })
	case "open":
		s.openThread(ctx, ticketing.ConversationID(f.Conversation), f.After)
	case "close":
		delete(s.opened, ticketing.ConversationID(f.Conversation))
		s.console.later(ctx, func() { s.console.shut(s, ticketing.ConversationID(f.Conversation)) })
	case "typing":
		say := s.console.o.Desk.Typing
		if f.Note {
			say = s.console.o.Desk.Noting
		}
		if id := ticketing.ConversationID(f.Conversation); s.opened[id] {
			say(ctx, s.actor, id, f.On)
		}
	case "wallboard":
		s.console.later(ctx, func() { s.console.watch(s, f.On) })
	case "ping":
		s.socket.Send(Encode(bareFrame{Type: "pong"}))
	default:
		s.fault("unknown")
	}
	return nil
}

// known keeps the lists that there are.
func known(lists []string) []string {
	all := append(ticketing.CountedLists(), ticketing.ListEnded, ticketing.ListMentioned)
	var kept []string
	for _, list := range lists {
		if slices.Contains(all, list) && !slices.Contains(kept, list) {
			kept = append(kept, list)
		}
	}
	return kept
}

// hello seats the console first and then tells where things stand, so that
// nothing falls between.
func (s *seat) hello(ctx context.Context, lists []string) error {
	first := !s.greeted
	s.greeted = true
	s.console.later(ctx, func() {
		s.lists = known(lists)
		if first {
			s.console.sit(s)
		}
	})
	if first && s.actor.May(access.PresenceSet) {
		if err := s.console.o.Desk.Heartbeat(ctx, s.staff()); err != nil {
			s.console.o.Log.WarnContext(ctx, "heartbeat lost", "error", err)
		}
	}
	s.welcome(ctx)
	return nil
}

// welcome tells presence and counts. When they cannot be read the console is
// told so, and keeps asking by itself.
func (s *seat) welcome(ctx context.Context) {
	frame := welcomeFrame{Type: "welcome", At: s.console.o.Now().UTC()}
	presence, err := s.console.o.Desk.PresenceOf(ctx, s.staff())
	if err == nil && s.actor.May(access.ConversationRead) {
		var reader ticketing.Reader
		if reader, err = s.console.o.Desk.Reader(ctx, s.actor); err == nil {
			var counts map[string]int
			counts, err = s.console.o.Desk.Counts(ctx, reader)
			frame.Counts = wire.CountsOf(counts)
		}
	}
	if err != nil {
		s.console.o.Log.WarnContext(ctx, "console not greeted", "error", err)
		s.fault("away")
		return
	}
	frame.Presence = wire.PresenceOf(presence)
	s.socket.Send(Encode(frame))
}

// openThread follows a conversation, if the person may see it.
func (s *seat) openThread(ctx context.Context, id ticketing.ConversationID, after int64) {
	row, err := s.look(ctx, id)
	if errors.Is(err, ticketing.ErrNotFound) || errors.Is(err, ticketing.ErrForbidden) {
		s.fault("forbidden")
		return
	}
	if err != nil {
		s.console.o.Log.WarnContext(ctx, "conversation not opened", "error", err)
		s.fault("away")
		return
	}
	s.opened[id] = true
	s.console.later(ctx, func() { s.console.opens(s, row) })
	if row.LastSeq > after {
		s.socket.Send(Encode(threadFrame{Type: "thread", Conversation: string(id), Seq: row.LastSeq}))
	}
}

// look reads a conversation that the person may see now. Errors:
// ticketing.ErrNotFound, ticketing.ErrForbidden.
func (s *seat) look(ctx context.Context, id ticketing.ConversationID) (ticketing.Row, error) {
	if uuid.Validate(string(id)) != nil {
		return ticketing.Row{}, ticketing.ErrNotFound
	}
	reader, err := s.console.o.Desk.Reader(ctx, s.actor)
	if err != nil {
		return ticketing.Row{}, err
	}
	rows, err := s.console.o.Desk.RowsByID(ctx, id)
	if err != nil {
		return ticketing.Row{}, err
	}
	if len(rows) == 0 || !reader.Sees(rows[0].Conversation) {
		return ticketing.Row{}, ticketing.ErrNotFound
	}
	return rows[0], nil
}

func (s *seat) fault(code string) {
	s.socket.Send(Encode(errorFrame{Type: "error", Code: code, Text: s.voice.Say("socket."+code, nil)}))
}

func (s *seat) stale(key string) {
	s.socket.Patch("stale:"+key, Encode(staleFrame{Type: "stale", Keys: []string{key}}))
}

// end tells the console that its session is over and closes it.
func (s *seat) end() {
	s.socket.Send(Encode(bareFrame{Type: "session_end"}))
	s.socket.Close(CloseSessionEnd, "session_end")
}

// sit adds a console; somebody with too many loses the new one.
func (c *Console) sit(s *seat) {
	held := 0
	for other := range c.seats {
		if other.staff() == s.staff() {
			held++
		}
	}
	if held >= seatsEach {
		s.socket.Close(CloseTooMuch, "too many sockets")
		return
	}
	c.names[s.staff()] = s.actor.Name
	c.seats[s] = true
}

// leave forgets a console.
func (c *Console) leave(s *seat) {
	for id := range maps.Clone(s.open) {
		c.shut(s, id)
	}
	delete(c.seats, s)
}

// opens notes that a console has a conversation open, and tells colleagues.
func (c *Console) opens(s *seat, row ticketing.Row) {
	c.rows.remember(row)
	s.open[row.ID] = true
	c.say(bus.Signal{Topic: bus.Viewing, ID: string(row.ID), Data: map[string]string{"staff": s.actor.ID, "on": "1"}})
	s.socket.Patch("viewers:"+string(row.ID), c.viewersOf(row.ID))
}

// shut notes that it no longer has; another window of the same person may.
func (c *Console) shut(s *seat, id ticketing.ConversationID) {
	if !s.open[id] {
		return
	}
	delete(s.open, id)
	for other := range c.seats {
		if other.staff() == s.staff() && other.open[id] {
			return
		}
	}
	c.say(bus.Signal{Topic: bus.Viewing, ID: string(id), Data: map[string]string{"staff": s.actor.ID, "on": "0"}})
}
