package live

import (
	"context"
	"maps"
	"slices"
	"time"

	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/team"
	"sapa/web/auth"
	"sapa/web/wire"
)

// batch bounds how many rows one look reads.
const batch = 200

// readDirty reads again what signals have marked, one look at a time, shared by
// all consoles.
func (c *Console) readDirty(ctx context.Context) {
	if len(c.seats) == 0 {
		c.dirty.rows, c.dirty.presence = map[ticketing.ConversationID]bool{}, map[team.StaffID]bool{}
		return
	}
	c.readRows(ctx)
	c.readPresence(ctx)
	now := time.Now() // paces are of this process, whatever the desk's clock says
	if c.dirty.counts && now.Sub(c.counted) >= countEvery && !c.busy["counts"] {
		c.counted, c.dirty.counts = now, false
		c.readCounts(ctx)
	}
	since := now.Sub(c.boarded)
	if (c.dirty.board && since >= boardEvery || since >= boardRest) && !c.busy["board"] {
		c.boarded, c.dirty.board = now, false
		c.readBoard(ctx)
	}
}

func (c *Console) readRows(ctx context.Context) {
	if len(c.dirty.rows) == 0 || c.busy["rows"] {
		return
	}
	ids := make([]ticketing.ConversationID, 0, batch)
	for id := range c.dirty.rows {
		if len(ids) < batch {
			ids = append(ids, id)
			delete(c.dirty.rows, id)
		}
	}
	c.aside(ctx, "rows", func(ctx context.Context) func() {
		rows, err := c.o.Desk.RowsByID(ctx, ids...)
		if err != nil {
			c.o.Log.WarnContext(ctx, "rows not read, trying again", "error", err)
			return func() {
				for _, id := range ids {
					c.dirty.rows[id] = true
				}
			}
		}
		return func() {
			for _, row := range rows {
				c.spread(row)
			}
		}
	})
}

func (c *Console) readPresence(ctx context.Context) {
	if len(c.dirty.presence) == 0 || c.busy["presence"] {
		return
	}
	ids := c.staffHere(func(s *seat) bool { return c.dirty.presence[s.staff()] })
	c.dirty.presence = map[team.StaffID]bool{}
	if len(ids) == 0 {
		return
	}
	c.aside(ctx, "presence", func(ctx context.Context) func() {
		list, err := ticketing.Presences(ctx, c.o.DB, ids...)
		if err != nil {
			c.o.Log.WarnContext(ctx, "presence not read", "error", err)
			return nil
		}
		return func() {
			for _, p := range list {
				frame := Encode(presenceFrame{Type: "presence", Presence: wire.PresenceOf(p)})
				c.toStaff(p.Staff, func(s *seat) { s.socket.Patch("presence", frame) })
			}
		}
	})
}

// staffHere lists the people at consoles, each once.
func (c *Console) staffHere(want func(*seat) bool) []team.StaffID {
	ids := map[team.StaffID]bool{}
	for s := range c.seats {
		if want(s) {
			ids[s.staff()] = true
		}
	}
	return slices.Collect(maps.Keys(ids))
}

func (c *Console) toStaff(id team.StaffID, do func(*seat)) {
	for s := range c.seats {
		if s.staff() == id {
			do(s)
		}
	}
}

// readCounts counts the lists of everybody who sits here, once for all windows of
// a person.
func (c *Console) readCounts(ctx context.Context) {
	readers := map[team.StaffID]ticketing.Reader{}
	for s := range c.seats {
		if s.reads {
			readers[s.staff()] = s.reader
		}
	}
	c.aside(ctx, "counts", func(ctx context.Context) func() {
		counts := map[team.StaffID]wire.Counts{}
		for staff, reader := range readers {
			found, err := c.o.Desk.Counts(ctx, reader)
			if err != nil {
				c.o.Log.WarnContext(ctx, "lists not counted", "error", err)
				break
			}
			counts[staff] = wire.CountsOf(found)
		}
		return func() { c.tellCounts(counts) }
	})
}

func (c *Console) tellCounts(counts map[team.StaffID]wire.Counts) {
	for s := range c.seats {
		now, counted := counts[s.staff()]
		if !counted || now == s.counts {
			continue
		}
		s.counts = now
		s.socket.Patch("counts", Encode(countsFrame{Type: "counts", Counts: now}))
	}
}

// watch begins or ends sending the wallboard to a console.
func (c *Console) watch(s *seat, on bool) {
	s.board = on && s.actor.May(access.WallboardRead)
	if s.board {
		c.dirty.board = true
	}
}

// looker is a sort of reader of the board: everybody of one sort gets one frame.
type looker struct {
	names    bool
	language string
}

func (s *seat) looker() looker {
	return looker{names: s.actor.May(access.WallboardAgents), language: s.voice.Language}
}

func (c *Console) readBoard(ctx context.Context) {
	lookers := map[looker]access.Actor{}
	for s := range c.seats {
		if s.board {
			lookers[s.looker()] = s.actor
		}
	}
	if len(lookers) == 0 {
		return
	}
	since := time.Now()
	c.aside(ctx, "board", func(ctx context.Context) func() {
		frames := map[looker][]byte{}
		for l, actor := range lookers {
			snapshot, err := c.o.Board(ctx, actor, l.language, since)
			if err != nil {
				c.o.Log.WarnContext(ctx, "wallboard not read", "error", err)
				return nil
			}
			frames[l] = Encode(boardFrame{Type: "wallboard", Snapshot: snapshot})
		}
		return func() {
			for s := range c.seats {
				if s.board {
					s.socket.Patch("wallboard", frames[s.looker()])
				}
			}
		}
	})
}

// checkSessions ends the sockets whose sessions are over.
func (c *Console) checkSessions(ctx context.Context) {
	var held []auth.Held
	for s := range c.seats {
		held = append(held, s.held())
	}
	if len(held) == 0 {
		return
	}
	c.aside(ctx, "check", func(ctx context.Context) func() {
		ended, err := c.o.Auth.Ended(ctx, held)
		if err != nil {
			c.o.Log.WarnContext(ctx, "sessions not checked", "error", err)
			return nil
		}
		return func() {
			for s := range c.seats {
				if slices.Contains(ended, s.held()) {
					s.end()
				}
			}
		}
	})
}

func (s *seat) held() auth.Held {
	return auth.Held{Key: s.session, Staff: s.staff(), Role: s.actor.Role}
}

// beat keeps everybody here present and reads anew what each may see: teams
// change.
func (c *Console) beat(ctx context.Context) {
	people := map[team.StaffID]access.Actor{}
	for s := range c.seats {
		people[s.staff()] = s.actor
	}
	if len(people) == 0 {
		return
	}
	c.aside(ctx, "beat", func(ctx context.Context) func() {
		readers := map[team.StaffID]ticketing.Reader{}
		for id, actor := range people {
			if actor.May(access.PresenceSet) {
				if err := c.o.Desk.Heartbeat(ctx, id); err != nil {
					c.o.Log.WarnContext(ctx, "heartbeat lost", "error", err)
					break
				}
			}
			if reader, err := c.o.Desk.Reader(ctx, actor); err == nil {
				readers[id] = reader
			}
		}
		return func() {
			for s := range c.seats {
				if reader, ok := readers[s.staff()]; ok {
					s.reader, s.reads = reader, true
				}
			}
		}
	})
}

// greetAll welcomes every console again after signals may have been missed; a
// console that is welcomed a second time asks for everything anew.
func (c *Console) greetAll(ctx context.Context) {
	clear(c.rows)
	c.begun = c.o.Now()
	seats := slices.Collect(maps.Keys(c.seats))
	if len(seats) == 0 {
		return
	}
	c.aside(ctx, "greet", func(ctx context.Context) func() {
		for _, s := range seats {
			s.welcome(ctx)
		}
		return nil
	})
}
