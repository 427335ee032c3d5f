package channels

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

// DeadLetter is a message that will not arrive unless a person does something.
type DeadLetter struct {
	Delivery
	Address string // unmasked: mask before showing
	Text    string // as it would have been sent, a one-time password hidden
	At      time.Time
}

// DeadLetters lists failed and unknown messages, newest first. The cursor is the
// one returned with the page before, empty at the beginning and at the end.
func (o *Outbox) DeadLetters(ctx context.Context, db bun.IDB, cursor string, limit int) ([]DeadLetter, string, error) {
	query := db.NewSelect().Model((*outboxRow)(nil)).Where("state IN ('failed','unknown')").
		Order("updated_at DESC", "id DESC").Limit(int64(limit) + 1)
	if cursor != "" {
		at, id, err := splitCursor(cursor)
		if err != nil {
			return nil, "", err
		}
		query.Where("(updated_at, id) < (?, ?)", at, id)
	}
	var rows []outboxRow
	if err := query.Scan(ctx, &rows); err != nil {
		return nil, "", fmt.Errorf("list dead letters: %w", err)
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		last := rows[limit-1]
		next = last.UpdatedAt.UTC().Format(time.RFC3339Nano) + "," + string(last.ID)
	}
	letters := make([]DeadLetter, len(rows))
	for i, row := range rows {
		letters[i] = DeadLetter{Delivery: row.delivery(), Address: row.Address, Text: o.shown(row), At: row.CreatedAt}
	}
	return letters, next, nil
}

// shown is the row's text for staff.
func (o *Outbox) shown(row outboxRow) string {
	text, err := o.render(row, "••••••")
	if err != nil {
		return row.Key
	}
	return text
}

func splitCursor(cursor string) (time.Time, string, error) {
	moment, id, _ := strings.Cut(cursor, ",")
	at, err := time.Parse(time.RFC3339Nano, moment)
	if err != nil || len(id) != len("00000000-0000-0000-0000-000000000000") {
		return time.Time{}, "", &Invalid{Field: "cursor", Rule: "format"}
	}
	return at, id, nil
}

// Retry puts a failed or unknown message back to queued; actor is the id of the
// person who wants it. The gate is passed again (*Blocked). ErrStale: it is no
// longer in such a state, or its secret is erased; a one-time password is never
// sent again. Call Wake
// after the commit.
func (o *Outbox) Retry(ctx context.Context, db bun.IDB, actor string, id OutboxID) error {
	row, err := findRow(ctx, db, id)
	if err != nil {
		return err
	}
	if !row.retryable() {
		return fmt.Errorf("retry outbox %s: %w", id, ErrStale)
	}
	if err := o.passAgain(ctx, db, row); err != nil {
		return err
	}
	var again string
	err = db.NewRaw(`UPDATE outbox AS o SET state = 'queued', attempts = 0, asked = 0, due_at = ?1, slot_at = NULL, expires_at = NULL,
		former_ids = CASE WHEN provider_id IS NULL THEN former_ids ELSE array_append(former_ids, provider_id) END,
		provider_id = NULL, error_code = '', error_key = '', failed_at = NULL, retried_by = ?2, updated_at = ?1
		WHERE id = ?0 AND state = ?3 RETURNING id`, id, o.now(), actor, row.State).Scan(ctx, &again)
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("retry outbox %s: %w", id, ErrStale)
	}
	if err != nil {
		return fmt.Errorf("retry outbox %s: %w", id, err)
	}
	return nil
}

func (o *Outbox) passAgain(ctx context.Context, db bun.IDB, row outboxRow) error {
	inbox, adapter, err := o.carrier(ctx, db, row.InboxID)
	if err != nil {
		return err
	}
	text, err := o.render(row, "")
	if err != nil {
		return err
	}
	draft := Draft{
		To: row.Address, Purpose: row.Purpose, Buttons: row.Buttons,
		Attachments: row.attachments(), Template: row.Template,
	}
	return gate{draft: draft, inbox: inbox, limits: adapter.Limits(), text: text, now: o.now()}.pass(ctx, db)
}
