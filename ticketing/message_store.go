package ticketing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"sapa/channels"
)

// Page asks for lines after one sequence number (ascending from it), or before
// another (the newest ones before it); both zero ask for the newest, FromStart
// for the oldest. Limit is at most 200, 50 when zero. Public leaves notes and
// system lines out.
type Page struct {
	After, Before int64
	FromStart     bool
	Limit         int
	Public        bool
}

func (p Page) limit() int {
	if p.Limit <= 0 {
		return 50
	}
	return min(p.Limit, 200)
}

// Messages reads lines of a conversation with their delivery, ascending, in two
// queries.
func Messages(ctx context.Context, db bun.IDB, id ConversationID, page Page) ([]Message, error) {
	var list []Message
	query := db.NewSelect().Model(&list).Where("m.conversation_id = ?", id).Limit(int64(page.limit()))
	if page.Public {
		query = query.Where("m.kind = ?", LineMessage)
	}
	forward := page.After > 0 || page.FromStart
	if forward {
		query = query.Where("m.seq > ?", page.After).OrderExpr("m.seq")
	} else {
		query = query.OrderExpr("m.seq DESC")
	}
	if page.Before > 0 {
		query = query.Where("m.seq < ?", page.Before)
	}
	if err := query.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read messages of %s: %w", id, err)
	}
	if !forward {
		slices.Reverse(list)
	}
	return list, deliveries(ctx, db, list)
}

// MessageBySeq reads one line. Error: ErrNotFound.
func MessageBySeq(ctx context.Context, db bun.IDB, id ConversationID, seq int64) (Message, error) {
	list, err := Messages(ctx, db, id, Page{After: seq - 1, Before: seq + 1, Limit: 1})
	if err != nil {
		return Message{}, err
	}
	if len(list) == 0 {
		return Message{}, ErrNotFound
	}
	return list[0], nil
}

// deliveries joins the outbox rows of the lines that went out, in one query.
func deliveries(ctx context.Context, db bun.IDB, list []Message) error {
	var ids []channels.OutboxID
	for _, m := range list {
		if m.OutboxID != "" {
			ids = append(ids, m.OutboxID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	found, err := channels.Deliveries(ctx, db, ids...)
	if err != nil {
		return err
	}
	for i := range list {
		if delivery, ok := found[list[i].OutboxID]; ok {
			list[i].Delivery = &delivery
		}
	}
	return nil
}

// byEcho finds the line that somebody already sent under this echo, nil for
// none.
func (w *work) byEcho(ctx context.Context, c *Conversation, author Author, authorID, echo string) (*Message, error) {
	if echo == "" {
		return nil, nil
	}
	m := new(Message)
	err := w.NewSelect().Model(m).Where("m.conversation_id = ? AND m.author = ? AND m.author_id = ? AND m.echo = ?",
		c.ID, author, authorID, echo).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find echo: %w", err)
	}
	list := []Message{*m}
	if err := deliveries(ctx, w, list); err != nil {
		return nil, err
	}
	return &list[0], nil
}
