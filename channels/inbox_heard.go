package channels

import (
	"context"
	"time"

	"github.com/uptrace/bun"
)

// heardEvery is how exactly it is kept when a webhook was last seen, and heardFor
// bounds the write: a webhook must be answered in time even when PostgreSQL hangs.
const (
	heardEvery = time.Minute
	heardFor   = time.Second
)

// Heard notes that a webhook of the inbox proved itself, or did not. It writes at
// most once a minute in each process, however many come, and fails nobody.
func (c *InboxCache) Heard(ctx context.Context, id InboxID, proved bool) {
	column, mark := "seen_at", heardMark{id, proved}
	if !proved {
		column = "refused_at"
	}
	now := c.now()
	if !c.heardLongAgo(mark, now) {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), heardFor)
	defer cancel()
	_, err := c.db.NewUpdate().Table("inboxes").Set("? = ?", bun.Ident(column), now).
		Where("id = ?", id).Where("? IS NULL OR ? <= ?", bun.Ident(column), bun.Ident(column), now.Add(-heardEvery)).Exec(ctx)
	if err != nil {
		c.log.Warn("webhook of inbox not noted", "inbox", id, "error", err)
	}
}

// heardMark is one of the two things that are noted of an inbox.
type heardMark struct {
	inbox  InboxID
	proved bool
}

func (c *InboxCache) heardLongAgo(mark heardMark, now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.Sub(c.heard[mark]) < heardEvery {
		return false
	}
	c.heard[mark] = now
	return true
}
