package live

import (
	"encoding/json"
	"slices"
	"strings"

	"sapa/ticketing"
	"sapa/web/wire"
)

// bookSize is how many conversations the hub remembers: a busy day's open ones,
// several times over, in some 10 MB.
const bookSize = 20_000

// rowBook is what the hub last told of each conversation: by it the hub knows who
// could see one before it moved, and whether its head changed.
type rowBook map[ticketing.ConversationID]ticketing.Row

func (b rowBook) remember(row ticketing.Row) {
	if _, known := b[row.ID]; !known && len(b) >= bookSize {
		for id := range b { // any of them: a forgotten one is read again
			delete(b, id)
			break
		}
	}
	b[row.ID] = row
}

// sees tells whether a console may still see a conversation, as far as the hub
// knows; one it has not heard of since was checked when it was opened.
func (b rowBook) sees(s *seat, id ticketing.ConversationID) bool {
	row, known := b[id]
	return s.reads && (!known || s.reader.Sees(row.Conversation))
}

// spread tells every console of a row that has changed: those who may see it get
// it, those who could and no longer can learn that it is gone.
func (c *Console) spread(row ticketing.Row) {
	before, known := c.rows[row.ID]
	news := rowNews{row: row, before: before, known: known, body: Encode(wire.Row(row)), frames: map[string][]byte{}}
	for s := range c.seats {
		if s.reads {
			c.tellRow(s, &news)
		}
	}
	c.rows.remember(row)
}

// rowNews is one changed row on its way to all consoles; a frame is encoded once
// for all who get the same.
type rowNews struct {
	row, before ticketing.Row
	known       bool
	body        json.RawMessage
	frames      map[string][]byte
}

func (n *rowNews) frame(lists []string) []byte {
	key := strings.Join(lists, ",")
	if n.frames[key] == nil {
		n.frames[key] = Encode(rowFrame{Type: "row", Row: n.body, Lists: lists})
	}
	return n.frames[key]
}

func (c *Console) tellRow(s *seat, n *rowNews) {
	id := string(n.row.ID)
	saw := n.known && s.reader.Sees(n.before.Conversation)
	if !s.reader.Sees(n.row.Conversation) {
		if saw || !n.known && n.row.OpenedAt.Before(c.begun) || s.open[n.row.ID] {
			c.tellGone(s, n.row.ID)
		}
		return
	}
	c.dirty.counts = true
	open := s.open[n.row.ID]
	lists := both(s.reader.Lists(n.row.Conversation), s.lists)
	had := !n.known || saw && len(both(s.reader.Lists(n.before.Conversation), s.lists)) > 0
	mine := n.row.Assignee == s.staff()
	// Who was mentioned is in no row: the console knows which it holds.
	had = had || slices.Contains(s.lists, ticketing.ListMentioned)
	if len(lists) > 0 || had || open || mine {
		s.socket.Patch("row:"+id, n.frame(lists))
	}
	if open && (!n.known || n.row.LastSeq != n.before.LastSeq) {
		s.socket.Patch("thread:"+id, Encode(threadFrame{Type: "thread", Conversation: id, Seq: n.row.LastSeq}))
	}
	if open && n.known && headChanged(n.before, n.row) {
		s.stale("conversation:" + id)
	}
	if mine && n.row.State == ticketing.StateRinging && n.row.RingUntil != nil {
		s.socket.Patch("offer", Encode(offerFrame{Type: "offer", Conversation: id, Until: n.row.RingUntil.UTC()}))
	}
}

// tellGone takes a conversation off the lists of somebody who may no longer see
// it: its id, and nothing of what it is.
func (c *Console) tellGone(s *seat, id ticketing.ConversationID) {
	row := wire.Row(ticketing.Row{Conversation: ticketing.Conversation{ID: id, State: ticketing.StateEnded}})
	s.socket.Patch("row:"+string(id), Encode(rowFrame{Type: "row", Row: Encode(row), Lists: []string{}}))
	if s.open[id] {
		s.stale("conversation:" + string(id))
		c.shut(s, id)
	}
	c.dirty.counts = true
}

// both are the lists in both, in the order of the first, never nil.
func both(a, b []string) []string {
	kept := []string{}
	for _, one := range a {
		if slices.Contains(b, one) {
			kept = append(kept, one)
		}
	}
	return kept
}

// headChanged tells whether more changed than a row and a thread show: what the
// reader may do now, whom it is about, what the bot found, tickets.
func headChanged(a, b ticketing.Row) bool {
	return a.State != b.State || a.Assignee != b.Assignee || a.Queue != b.Queue || a.Participant != b.Participant || a.Intent != b.Intent ||
		a.Summary != b.Summary || a.Language != b.Language || a.Outcome != b.Outcome || a.Assurance != b.Assurance ||
		!slices.Equal(a.TicketNumbers, b.TicketNumbers)
}
