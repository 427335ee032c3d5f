package ticketing

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"sapa/channels/bus"
	"sapa/program/access"
	"sapa/ticketing/team"
)

// mostMentions bounds whom one note calls: more is a broadcast, which a note is not.
const mostMentions = 10

// Mentioned is a colleague whom a note calls, as the note keeps it: by id, with
// the name that stands in its text.
type Mentioned struct {
	ID   team.StaffID `json:"id"`
	Name string       `json:"name"`
}

// Mentions are those whom the line calls; none but a note calls anybody.
func (m Message) Mentions() []Mentioned {
	var kept struct {
		Mentions []Mentioned `json:"mentions"`
	}
	if m.Kind == LineNote && len(m.Data) > 0 {
		_ = json.Unmarshal(m.Data, &kept) // written by us; a foreign shape calls nobody
	}
	return kept.Mentions
}

// Mention is a note that calls its reader. ReadAt is nil until they opened it.
type Mention struct {
	Conversation ConversationID
	Seq          int64
	At           time.Time
	ReadAt       *time.Time
	By           string
	Text         string
	PersonName   string
}

// Colleagues lists whom a note in a conversation may call: everybody who may open
// it, but for the actor. Error: ErrNotFound.
func (d *Desk) Colleagues(ctx context.Context, actor access.Actor, id ConversationID) ([]Mentioned, error) {
	reader, err := d.Reader(ctx, actor)
	if err != nil {
		return nil, err
	}
	c, err := conversationByID(ctx, d.db, id)
	if err != nil {
		return nil, err
	}
	if !reader.Sees(*c) {
		return nil, fmt.Errorf("conversation %s: %w", id, ErrNotFound)
	}
	list, err := readersOf(ctx, d.db, c)
	return slices.DeleteFunc(list, func(one Mentioned) bool { return one.ID == reader.Staff }), err
}

// mentioned finds those whom a note calls. Whoever may not open the conversation
// cannot be called into it: nobody is shown a case by being named. Error: Invalid.
func (w *work) mentioned(ctx context.Context, c *Conversation, ids []team.StaffID) ([]Mentioned, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	if len(ids) > mostMentions {
		return nil, &Invalid{Field: "mentions", Rule: "too_many"}
	}
	readers, err := readersOf(ctx, w, c)
	if err != nil {
		return nil, err
	}
	var list []Mentioned
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		at := slices.IndexFunc(readers, func(one Mentioned) bool { return one.ID == id })
		if at < 0 {
			return nil, &Invalid{Field: "mentions", Rule: "cannot_open"}
		}
		list = append(list, readers[at])
	}
	return list, nil
}

// call stores whom a note calls and tells their consoles.
func (w *work) call(ctx context.Context, note Message) error {
	for _, one := range note.Mentions() {
		_, err := w.NewRaw("INSERT INTO mentions (conversation_id, seq, staff_id, at) VALUES (?, ?, ?, ?)",
			note.Conversation, note.Seq, one.ID, w.at).Exec(ctx)
		if err != nil {
			return fmt.Errorf("mention: %w", err)
		}
		w.signal(bus.Mention, string(one.ID), 0)
	}
	return nil
}

// MyMentions reads a page of the notes that call the actor, newest first, in
// conversations that they may still open. Error: Invalid.
func (d *Desk) MyMentions(ctx context.Context, actor access.Actor, cursor string, limit int) (PageOf[Mention], error) {
	reader, err := d.Reader(ctx, actor)
	if err != nil {
		return PageOf[Mention]{}, err
	}
	limit = pageLimit(limit)
	list, err := mentionsOf(ctx, d.db, reader, cursor, limit+1)
	if err != nil {
		return PageOf[Mention]{}, err
	}
	page := PageOf[Mention]{Items: list}
	if len(list) > limit {
		page.Items = list[:limit]
		last := page.Items[limit-1]
		page.Next = makeCursor(last.At, string(last.Conversation))
	}
	return page, nil
}

// UnreadMentions counts the notes that call the actor and that they have not
// opened, at most CountCap.
func (d *Desk) UnreadMentions(ctx context.Context, actor access.Actor) (int, error) {
	reader, err := d.Reader(ctx, actor)
	if err != nil {
		return 0, err
	}
	return unreadMentions(ctx, d.db, reader)
}

// ReadMentions says that the actor has opened a conversation in which notes call
// them.
func (d *Desk) ReadMentions(ctx context.Context, actor access.Actor, id ConversationID) error {
	return d.do(ctx, actor, func(ctx context.Context, w *work) error {
		result, err := w.NewRaw("UPDATE mentions SET read_at = ? WHERE staff_id = ? AND conversation_id = ? AND read_at IS NULL",
			w.at, actor.ID, id).Exec(ctx)
		if err != nil {
			return fmt.Errorf("read mentions: %w", err)
		}
		if n, _ := result.RowsAffected(); n > 0 {
			w.signal(bus.Mention, actor.ID, 0)
		}
		return nil
	})
}
