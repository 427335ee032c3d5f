package live

import (
	"cmp"
	"context"
	"slices"
	"time"

	"sapa/channels"
	"sapa/channels/bus"
	"sapa/ticketing"
	"sapa/ticketing/team"
)

const (
	// viewFor is how long somebody counts as viewing without being heard of, across
	// processes: two looks and some.
	viewFor = 7 * time.Second
	// quietAfter is how long a console says nothing before it counts as vanished:
	// it pings every 4 s.
	quietAfter = 6 * time.Second
	// typingFor is how long somebody counts as typing; consoles say so every 3 s.
	typingFor = 6 * time.Second
)

// viewerBook says who has which conversation open, on all processes.
type viewerBook map[ticketing.ConversationID]map[team.StaffID]view

type view struct {
	until time.Time
	// typing is what is being written, reply (agent) or note, until typed.
	typing string
	typed  time.Time
}

// look says which conversations the consoles here have open, as far as they are
// heard of, and forgets who was not.
func (c *Console) look(now time.Time) {
	for s := range c.seats {
		if now.Sub(time.UnixMilli(s.heard.Load())) > quietAfter {
			continue
		}
		for id := range s.open {
			c.say(bus.Signal{Topic: bus.Viewing, ID: string(id), Data: map[string]string{"staff": s.actor.ID, "on": "1"}})
		}
	}
	c.forgetViewers(now)
}

// receipt passes on how far an outgoing message has come.
func (c *Console) receipt(s bus.Signal) {
	id := ticketing.ConversationID(s.ID)
	if id == "" {
		return
	}
	state := channels.State(s.Data["state"])
	if state == channels.StateFailed || state == channels.StateUnknown || state == channels.StateQueued || c.rows[id].Failed {
		c.dirty.rows[id] = true // the row shows that something failed, or no longer does
	}
	c.toOpen(id, func(seat *seat) {
		frame := receiptFrame{Type: "receipt", Conversation: s.ID, Seq: s.Seq, State: string(state), Error: seat.voice.DeliveryError(s.Data["error"])}
		seat.socket.Send(Encode(frame))
	})
}

// typing passes on that somebody types, to those who have the thread open.
func (c *Console) typing(ctx context.Context, s bus.Signal) {
	id, staff, on := ticketing.ConversationID(s.ID), team.StaffID(s.Data["staff"]), s.Data["on"] == "1"
	name := c.rows[id].Person.Name
	if staff != "" {
		name = c.name(ctx, staff)
		c.noteTyping(id, staff, s.Data["who"], on)
	}
	frame := Encode(typingFrame{Type: "typing", Conversation: s.ID, Who: s.Data["who"], Name: name, On: on})
	c.toOpen(id, func(seat *seat) {
		if seat.staff() != staff {
			seat.socket.Patch("typing:"+s.ID+s.Data["who"], frame)
		}
	})
}

func (c *Console) noteTyping(id ticketing.ConversationID, staff team.StaffID, what string, on bool) {
	v, views := c.viewers[id][staff]
	if !views {
		return
	}
	before := v.typing
	v.typing, v.typed = what, time.Now().Add(typingFor)
	if !on {
		v.typing = ""
	}
	c.viewers[id][staff] = v
	if v.typing != before {
		c.spreadViewers(id)
	}
}

// viewing notes that a colleague has a conversation open, or no longer.
func (c *Console) viewing(ctx context.Context, s bus.Signal) {
	id, staff := ticketing.ConversationID(s.ID), team.StaffID(s.Data["staff"])
	v, known := c.viewers[id][staff]
	if s.Data["on"] != "1" {
		delete(c.viewers[id], staff)
		c.dropEmpty(id)
		if known {
			c.spreadViewers(id)
		}
		return
	}
	if c.viewers[id] == nil {
		c.viewers[id] = map[team.StaffID]view{}
	}
	v.until = time.Now().Add(viewFor)
	c.viewers[id][staff] = v
	c.name(ctx, staff)
	if !known {
		c.spreadViewers(id)
	}
}

func (c *Console) dropEmpty(id ticketing.ConversationID) {
	if len(c.viewers[id]) == 0 {
		delete(c.viewers, id)
	}
}

func (c *Console) spreadViewers(id ticketing.ConversationID) {
	frame := c.viewersOf(id)
	c.toOpen(id, func(s *seat) { s.socket.Patch("viewers:"+string(id), frame) })
}

// viewersOf lists who has a conversation open, by name.
func (c *Console) viewersOf(id ticketing.ConversationID) []byte {
	frame := viewersFrame{Type: "viewers", Conversation: string(id), Staff: []viewer{}}
	for staff, v := range c.viewers[id] {
		if name := c.names[staff]; name != "" {
			frame.Staff = append(frame.Staff, viewer{ID: string(staff), Name: name, Typing: v.typing == string(ticketing.FromAgent), Noting: v.typing == string(ticketing.LineNote)})
		}
	}
	slices.SortFunc(frame.Staff, func(a, b viewer) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return Encode(frame)
}

// name is a colleague's name; one who sits at another process is looked up, and
// whoever waits for it is told again.
func (c *Console) name(ctx context.Context, staff team.StaffID) string {
	if name, known := c.names[staff]; known || staff == "" {
		return name
	}
	c.aside(ctx, "name:"+string(staff), func(ctx context.Context) func() {
		found, err := team.ByID(ctx, c.o.DB, staff)
		if err != nil {
			return nil
		}
		return func() {
			c.names[staff] = found.Name
			for id, views := range c.viewers {
				if _, here := views[staff]; here {
					c.spreadViewers(id)
				}
			}
		}
	})
	return ""
}

// forgetViewers drops those who were not heard of, and what nobody types any more.
func (c *Console) forgetViewers(now time.Time) {
	for id, views := range c.viewers {
		gone := false
		for staff, v := range views {
			if now.After(v.until) {
				delete(views, staff)
				gone = true
			} else if v.typing != "" && now.After(v.typed) {
				v.typing = ""
				views[staff] = v
				gone = true
			}
		}
		if gone {
			c.spreadViewers(id)
		}
		c.dropEmpty(id)
	}
}
