package ticketing

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/program/access"
	"sapa/ticketing/team"
)

// lock reads a conversation and holds its row until the transaction ends: it
// orders everything that happens in one conversation. Error: ErrNotFound.
//
// A conversation locked before in the same transaction is the same value, so
// that two parts of one use-case never write over each other.
func (w *work) lock(ctx context.Context, id ConversationID) (*Conversation, error) {
	if held := w.held[id]; held != nil {
		return held, nil
	}
	c := new(Conversation)
	err := w.NewSelect().Model(c).Where("c.id = ?", id).For("UPDATE").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("conversation %s: %w", id, ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("lock conversation %s: %w", id, err)
	}
	return w.hold(c), nil
}

// lockWithPoint holds the address of a conversation and then the conversation, in
// the order in which a message of the citizen takes them: whatever changes both
// never waits for a message that waits for it. Error: ErrNotFound.
func (w *work) lockWithPoint(ctx context.Context, id ConversationID) (*Conversation, error) {
	c, err := conversationByID(ctx, w, id) // its point never changes
	if err != nil {
		return nil, err
	}
	if _, err := w.holdPoint(ctx, c.Point); err != nil {
		return nil, err
	}
	return w.lock(ctx, id)
}

// hold keeps a locked conversation for the rest of the transaction.
func (w *work) hold(c *Conversation) *Conversation {
	if held := w.held[c.ID]; held != nil {
		return held
	}
	w.held[c.ID] = c
	return c
}

// conversationByID reads a conversation without holding it. Error: ErrNotFound.
func conversationByID(ctx context.Context, db bun.IDB, id ConversationID) (*Conversation, error) {
	c := new(Conversation)
	err := db.NewSelect().Model(c).Where("c.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("conversation %s: %w", id, ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("read conversation %s: %w", id, err)
	}
	return c, nil
}

// save writes what a use-case may change. The row must be locked by the same
// transaction.
func (w *work) save(ctx context.Context, c *Conversation) error {
	_, err := w.NewUpdate().Model(c).ExcludeColumn("id", "inbox_id", "kind", "contact_id", "point_id", "opened_at").
		WherePK().Exec(ctx)
	if err != nil {
		return fmt.Errorf("save conversation %s: %w", c.ID, err)
	}
	w.signal("conversation", string(c.ID), c.LastSeq)
	w.schedule(c)
	return nil
}

// schedule asks for the conversation's next timer. The bot's is left to the
// sweeper: it is for a bot that died, and each message of a citizen sets it anew.
func (w *work) schedule(c *Conversation) {
	var due time.Time
	for _, at := range []*time.Time{c.RingUntil, c.WrapUntil, c.SilenceDue, c.SnoozedUntil} {
		if at != nil && (due.IsZero() || at.Before(due)) {
			due = *at
		}
	}
	if !due.IsZero() {
		w.tasks = append(w.tasks, task{name: TaskDue, id: string(c.ID), at: due.Add(time.Second)})
	}
}

// open starts a conversation for a point, whose row the caller holds. The
// sequence goes on from the last conversation of the same inbox and address.
func (w *work) open(ctx context.Context, inbox channels.Inbox, point Point, language string) (*Conversation, error) {
	var last int64
	err := w.NewRaw(`SELECT last_seq FROM conversations WHERE point_id = ? AND inbox_id = ?
		ORDER BY opened_at DESC LIMIT 1 FOR UPDATE`, point.ID, inbox.ID).Scan(ctx, &last)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("last sequence of point %s: %w", point.ID, err)
	}
	c := &Conversation{
		ID: ConversationID(team.NewID()), InboxID: inbox.ID, Kind: inbox.Kind, Contact: point.Contact, Point: point.ID,
		Language: language, State: StateBot, Priority: PriorityNormal, Declined: Declines{}, Assurance: AssuranceNone,
		Participant: point.Participant, OpenedAt: w.at, LastAt: w.at, PreviewFrom: FromCitizen,
		LastSeq: last, CitizenSeq: last, AgentReadSeq: last, VisitorReadSeq: last, BotSeq: last,
	}
	if c.Participant != "" {
		c.SubjectBy, c.SubjectConfidence = point.LinkedBy, Claimed
	}
	if _, err := w.NewInsert().Model(c).Exec(ctx); err != nil {
		return nil, fmt.Errorf("open conversation: %w", err)
	}
	return w.hold(c), w.event(ctx, c, "opened", nil)
}

// current finds the open conversation of a point and holds it; nil when there is
// none.
func (w *work) current(ctx context.Context, inbox channels.InboxID, point PointID) (*Conversation, error) {
	c := new(Conversation)
	err := w.NewSelect().Model(c).Where("c.inbox_id = ? AND c.point_id = ? AND c.ended_at IS NULL", inbox, point).
		For("UPDATE").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open conversation of point %s: %w", point, err)
	}
	return w.hold(c), nil
}

// event writes one line of the conversation's history.
func (w *work) event(ctx context.Context, c *Conversation, name string, data any) error {
	return w.eventBy(ctx, c, w.actor, name, data)
}

func (w *work) eventBy(ctx context.Context, c *Conversation, actor access.Actor, name string, data any) error {
	body := json.RawMessage("{}")
	if data != nil {
		var err error
		if body, err = json.Marshal(data); err != nil {
			return fmt.Errorf("event %s: %w", name, err)
		}
	}
	row := conversationEvent{Conversation: c.ID, ID: team.NewID(), At: w.at, Event: name,
		ActorKind: string(actor.Kind), ActorID: actor.ID, ActorName: actor.Name, Data: body}
	if _, err := w.NewInsert().Model(&row).Exec(ctx); err != nil {
		return fmt.Errorf("event %s of %s: %w", name, c.ID, err)
	}
	w.tellEvent(c, name, body)
	return nil
}
