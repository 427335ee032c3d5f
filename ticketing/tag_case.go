package ticketing

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"sapa/channels/bus"
	"sapa/program/access"
	"sapa/ticketing/team"
)

// TagChange says which tags are put on a case and which are taken off. One that
// is there already, or is not, is no change.
type TagChange struct{ Add, Remove []TagID }

// TagConversation changes the tags of a conversation, open or ended: reports go by
// what is marked afterwards too. Errors: Invalid, ErrForbidden, ErrNotFound.
func (d *Desk) TagConversation(ctx context.Context, actor access.Actor, id ConversationID, change TagChange) error {
	if !actor.May(access.ConversationNote) {
		return fmt.Errorf("%s: %w", access.ConversationNote, ErrForbidden)
	}
	return d.do(ctx, actor, func(ctx context.Context, w *work) error {
		c, err := w.lock(ctx, id)
		if err != nil {
			return err
		}
		if err := w.maySee(ctx, c); err != nil {
			return err
		}
		return w.tag(ctx, c, change)
	})
}

// tag changes the tags of a held conversation and says so in its thread.
func (w *work) tag(ctx context.Context, c *Conversation, change TagChange) error {
	added, removed, err := w.changeTags(ctx, "conversation", string(c.ID), change)
	if err != nil || len(added)+len(removed) == 0 {
		return err
	}
	for _, part := range []struct {
		key   string
		names []string
	}{{"line.tagged", added}, {"line.untagged", removed}} {
		if len(part.names) == 0 {
			continue
		}
		if err := w.tell(ctx, c, part.key, map[string]any{"Tags": strings.Join(part.names, ", "), "By": w.actor.Name}); err != nil {
			return err
		}
	}
	if err := w.event(ctx, c, "tagged", map[string][]string{"added": added, "removed": removed}); err != nil {
		return err
	}
	return w.save(ctx, c)
}

// TicketTagEvent is one line of the history of a ticket's tags.
type TicketTagEvent struct {
	bun.BaseModel `bun:"table:ticket_tag_events"`

	ID        string    `bun:"id,pk,type:uuid"`
	Ticket    TicketID  `bun:"ticket_id,type:uuid"`
	At        time.Time `bun:"at"`
	Added     []string  `bun:"added,array"`
	Removed   []string  `bun:"removed,array"`
	ActorID   string    `bun:"actor_id"`
	ActorName string    `bun:"actor_name"`
}

// TagTicket changes the tags of a ticket in any state. Errors: Invalid,
// ErrForbidden, ErrNotFound, also when the actor may not see it.
func (d *Desk) TagTicket(ctx context.Context, actor access.Actor, id TicketID, change TagChange) error {
	if !actor.May(access.TicketWork) {
		return fmt.Errorf("%s: %w", access.TicketWork, ErrForbidden)
	}
	return d.do(ctx, actor, func(ctx context.Context, w *work) error {
		t, err := w.lockTicket(ctx, id)
		if err != nil {
			return err
		}
		if !maySeeTicket(actor, t) {
			return ErrNotFound
		}
		added, removed, err := w.changeTags(ctx, "ticket", string(id), change)
		if err != nil || len(added)+len(removed) == 0 {
			return err
		}
		event := TicketTagEvent{ID: team.NewID(), Ticket: id, At: w.at, Added: added, Removed: removed, ActorID: actor.ID, ActorName: actor.Name}
		if _, err := w.NewInsert().Model(&event).Exec(ctx); err != nil {
			return fmt.Errorf("tag event of ticket %s: %w", id, err)
		}
		w.signal(bus.Ticket, string(id), t.Version)
		return nil
	})
}

func ticketTagEvents(ctx context.Context, db bun.IDB, id TicketID) ([]TicketTagEvent, error) {
	var events []TicketTagEvent
	if err := db.NewSelect().Model(&events).Where("ticket_id = ?", id).OrderExpr("id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("tag history of ticket %s: %w", id, err)
	}
	return events, nil
}

// changeTags puts tags on a case of a kind, conversation or ticket, whose row the
// transaction holds, and takes others off. It returns the names of those that
// were new and of those that went.
func (w *work) changeTags(ctx context.Context, kind, id string, change TagChange) (added, removed []string, err error) {
	if len(change.Add) > mostTagsOnCase || len(change.Remove) > mostTagsOnCase {
		return nil, nil, &Invalid{Field: "tags", Rule: "too_many"}
	}
	for _, tag := range change.Add {
		known, err := lockTag(ctx, w, tag)
		if errors.Is(err, ErrNotFound) || err == nil && known.Status != team.StatusActive {
			return nil, nil, &Invalid{Field: "tags", Rule: "unknown"}
		}
		if err != nil {
			return nil, nil, err
		}
	}
	removed = []string{}
	err = w.NewRaw(fmt.Sprintf(`WITH gone AS (DELETE FROM %[1]s_tags WHERE %[1]s_id = ?0 AND tag_id = ANY(?1::uuid[]) RETURNING tag_id)
		SELECT g.name FROM gone JOIN tags g ON g.id = gone.tag_id ORDER BY lower(g.name)`, kind), id, tagArray(change.Remove)).Scan(ctx, &removed)
	if err != nil {
		return nil, nil, fmt.Errorf("take tags off: %w", err)
	}
	added = []string{}
	err = w.NewRaw(fmt.Sprintf(`WITH put AS (INSERT INTO %[1]s_tags (%[1]s_id, tag_id) SELECT ?0::uuid, unnest(?1::uuid[]) ON CONFLICT DO NOTHING RETURNING tag_id)
		SELECT g.name FROM put JOIN tags g ON g.id = put.tag_id ORDER BY lower(g.name)`, kind), id, tagArray(change.Add)).Scan(ctx, &added)
	if err != nil {
		return nil, nil, fmt.Errorf("put tags: %w", err)
	}
	var many bool
	if err := w.NewRaw(fmt.Sprintf("SELECT count(*) > ?1 FROM %[1]s_tags WHERE %[1]s_id = ?0", kind), id, mostTagsOnCase).Scan(ctx, &many); err != nil {
		return nil, nil, fmt.Errorf("count tags: %w", err)
	}
	if many {
		return nil, nil, &Invalid{Field: "tags", Rule: "too_many"}
	}
	return added, removed, nil
}

func tagArray(tags []TagID) any {
	plain := make([]string, len(tags))
	for i, tag := range tags {
		plain[i] = string(tag)
	}
	return pgdialect.Array(plain)
}
