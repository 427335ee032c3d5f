package webhook

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// States of a delivery.
const (
	pending   = "pending"
	delivered = "delivered"
	dead      = "dead" // given up after the last of tries
)

// Delivery is one event on its way to one endpoint. ID is its place in the order.
type Delivery struct {
	bun.BaseModel `bun:"table:webhook_deliveries,alias:d"`

	ID        int64           `bun:"id,pk"`
	MessageID string          `bun:"message_id"`
	Endpoint  string          `bun:"endpoint_id"`
	Event     string          `bun:"event"`
	Object    string          `bun:"object_id"`
	Data      json.RawMessage `bun:"data"`
	At        time.Time       `bun:"at"`
	State     string          `bun:"state"`
	Attempts  int             `bun:"attempts"`
	DueAt     time.Time       `bun:"due_at"`
	// Of the last try: Status is 0 when nobody answered, Fault says why.
	Status    int        `bun:"status"`
	Fault     string     `bun:"fault"`
	LatencyMS int        `bun:"latency_ms"`
	Snippet   string     `bun:"snippet"`
	TriedAt   *time.Time `bun:"tried_at"`
}

// logPage is how many deliveries are listed at a time.
const logPage = 50

// Log lists deliveries of an endpoint, newest first, before one when it is not 0.
// An empty state lists all.
func Log(ctx context.Context, db bun.IDB, endpoint, state string, before int64) ([]Delivery, error) {
	var list []Delivery
	query := db.NewSelect().Model(&list).Where("d.endpoint_id = ?", endpoint).OrderExpr("d.id DESC").Limit(logPage)
	if state != "" {
		query = query.Where("d.state = ?", state)
	}
	if before > 0 {
		query = query.Where("d.id < ?", before)
	}
	if err := query.Scan(ctx); err != nil {
		return nil, fmt.Errorf("log of endpoint %s: %w", endpoint, err)
	}
	return list, nil
}

// Replay sends deliveries of an endpoint again, from one number to another, both
// included; receivers know them by their id. What is on its way already is left
// alone. It returns how many.
func (h *Hooks) Replay(ctx context.Context, db bun.IDB, endpoint string, from, to int64) (int64, error) {
	result, err := db.NewRaw(`UPDATE webhook_deliveries SET state = 'pending', attempts = 0, due_at = ?
		WHERE endpoint_id = ? AND id BETWEEN ? AND ? AND state <> 'pending'`, h.now().UTC(), endpoint, from, to).Exec(ctx)
	if err != nil {
		return 0, fmt.Errorf("replay to %s: %w", endpoint, err)
	}
	return result.RowsAffected()
}

// keep is for how long deliveries are kept, arrived or not.
const keep = 30 * 24 * time.Hour

// Trim forgets old deliveries.
func (h *Hooks) Trim(ctx context.Context) error {
	if _, err := h.db.NewRaw("DELETE FROM webhook_deliveries WHERE at < ?", h.now().Add(-keep).UTC()).Exec(ctx); err != nil {
		return fmt.Errorf("trim deliveries: %w", err)
	}
	return nil
}
