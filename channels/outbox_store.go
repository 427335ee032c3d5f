package channels

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// holdFor: an earlier message of the conversation that is due again this soon
// holds the later ones back, so that they arrive in order; one that waits longer
// does not.
const holdFor = time.Minute

// claimOne takes a row that belongs to no ordered conversation.
const claimOne = `UPDATE outbox AS o SET state = 'sending', attempts = attempts + 1, called_at = ?1, updated_at = ?1
	WHERE id = ?0 AND state = 'queued' AND due_at <= ?1 RETURNING *`

// claimNext takes the earliest due row of a conversation, unless one of it is
// with the provider now or an earlier one is due again shortly. Of two workers
// that choose the same row, the second finds it no longer queued.
const claimNext = `UPDATE outbox AS o SET state = 'sending', attempts = attempts + 1, called_at = ?1, updated_at = ?1
	WHERE state = 'queued' AND id = (
		SELECT e.id FROM outbox e
		WHERE e.conversation_id = ?0 AND e.message_seq IS NOT NULL AND e.state = 'queued' AND e.due_at <= ?1
		  AND NOT EXISTS (SELECT FROM outbox s
			WHERE s.conversation_id = ?0 AND s.message_seq IS NOT NULL AND s.state IN ('queued','sending')
			  AND (s.state = 'sending' OR (s.message_seq < e.message_seq AND s.due_at > ?1 AND s.due_at <= ?2)))
		ORDER BY e.message_seq LIMIT 1)
	RETURNING *`

// claim marks a row as sending before the call is made, and returns nil when
// there is nothing to do: it was sent, or is being sent, or must wait.
func claim(ctx context.Context, db bun.IDB, id OutboxID, conversation string, now time.Time) (*outboxRow, error) {
	var row outboxRow
	query := db.NewRaw(claimOne, id, now)
	if conversation != "" {
		query = db.NewRaw(claimNext, conversation, now, now.Add(holdFor))
	}
	err := query.Scan(ctx, &row)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("claim outbox row: %w", err)
	}
	return &row, nil
}

// ordered names the conversation whose order the row keeps, or "".
func ordered(ctx context.Context, db bun.IDB, id OutboxID) (string, error) {
	var conversation string
	err := db.NewRaw("SELECT conversation_id FROM outbox WHERE id = ? AND message_seq IS NOT NULL AND conversation_id IS NOT NULL",
		id).Scan(ctx, &conversation)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("look at outbox %s: %w", id, err)
	}
	return conversation, nil
}

// findRow is ErrNotFound when there is none.
func findRow(ctx context.Context, db bun.IDB, id OutboxID) (outboxRow, error) {
	var row outboxRow
	err := db.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return row, fmt.Errorf("outbox %s: %w", id, ErrNotFound)
	}
	if err != nil {
		return row, fmt.Errorf("find outbox %s: %w", id, err)
	}
	return row, nil
}

// outcome is what is stored after a call. Only a row that is still sending or
// unknown takes the state: a report may have overtaken the answer.
type outcome struct {
	state      State
	providerID string
	errorCode  string
	errorKey   string
	dueAt      time.Time // of queued and unknown
	slotAt     time.Time // of a row put back by the throttle
	uncall     bool      // the provider was not called after all
}

const storeOutcome = `UPDATE outbox AS o SET
	provider_id = coalesce(nullif(?2, ''), provider_id),
	state      = CASE WHEN state IN ('sending','unknown') THEN ?1 ELSE state END,
	error_code = CASE WHEN state IN ('sending','unknown') THEN ?3 ELSE error_code END,
	error_key  = CASE WHEN state IN ('sending','unknown') THEN ?4 ELSE error_key END,
	due_at     = coalesce(?5, due_at),
	slot_at    = ?6,
	attempts   = attempts - ?7,
	secret     = CASE WHEN ?1 IN ('queued','unknown') AND state IN ('sending','unknown') THEN secret
		WHEN purpose <> 'otp' AND ?1 NOT IN ('delivered','read') THEN secret END,
	sent_at    = CASE WHEN ?1 IN ('sent','delivered','read') THEN coalesce(sent_at, ?8) ELSE sent_at END,
	failed_at  = CASE WHEN ?1 = 'failed' THEN coalesce(failed_at, ?8) ELSE failed_at END,
	updated_at = ?8
	WHERE id = ?0 RETURNING ` + deliveryColumns

func settle(ctx context.Context, db bun.IDB, id OutboxID, o outcome, now time.Time) (Delivery, error) {
	var row outboxRow
	back := 0
	if o.uncall {
		back = 1
	}
	err := db.NewRaw(storeOutcome, id, o.state, o.providerID, o.errorCode, o.errorKey,
		orNull(o.dueAt), orNull(o.slotAt), back, now).Scan(ctx, &row)
	if err != nil {
		return Delivery{}, fmt.Errorf("store outcome of outbox %s: %w", id, err)
	}
	return row.delivery(), nil
}

func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// takenIDs lists provider ids of other messages to the same address, called at
// about the same time.
func takenIDs(ctx context.Context, db bun.IDB, row outboxRow) ([]string, error) {
	var taken []string
	err := db.NewRaw(`SELECT provider_id FROM outbox WHERE inbox_id = ? AND address = ? AND id <> ?
		AND provider_id IS NOT NULL AND called_at BETWEEN ? AND ?`,
		row.InboxID, row.Address, row.ID, row.CalledAt.Add(-time.Hour), row.CalledAt.Add(24*time.Hour)).Scan(ctx, &taken)
	if err != nil {
		return nil, fmt.Errorf("other messages beside outbox %s: %w", row.ID, err)
	}
	return append(taken, row.FormerIDs...), nil
}

// Deliveries reads the states of rows, by id.
func Deliveries(ctx context.Context, db bun.IDB, ids ...OutboxID) (map[OutboxID]Delivery, error) {
	found := make(map[OutboxID]Delivery, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	var rows []outboxRow
	err := db.NewRaw("SELECT "+deliveryColumns+" FROM outbox WHERE id IN (?)", bun.List(ids)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read deliveries: %w", err)
	}
	for _, row := range rows {
		found[row.ID] = row.delivery()
	}
	return found, nil
}

// Backlog is the work that waits, for health and metrics.
type Backlog struct {
	Queued, Sending, Unknown int
	Oldest                   time.Time // when the oldest queued row was due; zero when none waits
}

// CountBacklog counts rows that are due, with the provider, or unknown.
func CountBacklog(ctx context.Context, db bun.IDB, now time.Time) (Backlog, error) {
	var b Backlog
	var oldest *time.Time
	err := db.NewRaw(`SELECT count(*) FILTER (WHERE state = 'queued' AND due_at <= ?0), count(*) FILTER (WHERE state = 'sending'),
		count(*) FILTER (WHERE state = 'unknown'), min(due_at) FILTER (WHERE state = 'queued' AND due_at <= ?0)
		FROM outbox WHERE state IN ('queued','sending','unknown')`, now).Scan(ctx, &b.Queued, &b.Sending, &b.Unknown, &oldest)
	if err != nil {
		return Backlog{}, fmt.Errorf("count backlog: %w", err)
	}
	if oldest != nil {
		b.Oldest = *oldest
	}
	return b, nil
}
