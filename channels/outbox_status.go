package channels

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// applyReport moves one row up. A report is matched by the provider's id, or by
// our own id while no provider id is stored. Reports about a call before a retry
// count only when they say that the message arrived.
const applyReport = `UPDATE outbox AS o SET
	state        = ?2,
	provider_id  = coalesce(provider_id, ?3),
	error_code   = ?4,
	error_key    = ?5,
	sent_at      = CASE WHEN ?2 IN ('sent','delivered','read') THEN coalesce(sent_at, ?6) ELSE sent_at END,
	delivered_at = CASE WHEN ?2 IN ('delivered','read') THEN coalesce(delivered_at, ?6) ELSE delivered_at END,
	read_at      = CASE WHEN ?2 = 'read' THEN coalesce(read_at, ?6) ELSE read_at END,
	failed_at    = CASE WHEN ?2 = 'failed' THEN coalesce(failed_at, ?6) ELSE failed_at END,
	secret       = CASE WHEN purpose <> 'otp' AND ?2 NOT IN ('delivered','read') THEN secret END,
	updated_at   = ?7
	WHERE inbox_id = ?0 AND state IN (?1) AND `

const (
	byProvider = `provider_id = ?3 RETURNING ` + deliveryColumns
	byOurs     = `id = ?8 AND (provider_id IS NULL OR provider_id = ?3 OR ?2 IN ('delivered','read'))
	AND (?2 IN ('delivered','read') OR (state <> 'queued' AND ?3 <> ALL (former_ids))) RETURNING ` + deliveryColumns
)

// ApplyStatus moves a message up by a status event, in the caller's
// transaction, and returns nil when nothing changed: the report is old news, or
// the message is not ours. A report that comes before the provider's id is
// stored is kept and attached later. Call Announce with the change after the
// commit.
func (o *Outbox) ApplyStatus(ctx context.Context, db bun.IDB, inbox Inbox, event Event) (*Delivery, error) {
	if event.Kind != EventStatus || event.Status == "" {
		return nil, nil
	}
	change, err := o.apply(ctx, db, inbox.ID, event)
	if err != nil || change != nil || event.Outbox != "" {
		return change, err
	}
	return nil, keepOrphan(ctx, db, inbox.ID, event)
}

func (o *Outbox) apply(ctx context.Context, db bun.IDB, inbox InboxID, event Event) (*Delivery, error) {
	query, args := applyReport+byProvider, []any{
		inbox, bun.List(event.Status.Below()), event.Status, event.ProviderID,
		event.ErrorCode, event.ErrorKey, event.At, o.now(),
	}
	if event.Outbox != "" {
		query, args = applyReport+byOurs, append(args, event.Outbox)
	}
	var row outboxRow
	err := db.NewRaw(query, args...).Scan(ctx, &row)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("apply status: %w", err)
	}
	change := row.delivery()
	return &change, nil
}

// keepOrphan stores a report for which there is no row with that provider id.
func keepOrphan(ctx context.Context, db bun.IDB, inbox InboxID, event Event) error {
	_, err := db.NewRaw(`INSERT INTO outbox_orphan_statuses (inbox_id, provider_id, state, error_code, error_key, at)
		SELECT ?0, ?1, ?2, ?3, ?4, ?5
		WHERE NOT EXISTS (SELECT FROM outbox WHERE inbox_id = ?0 AND provider_id = ?1)
		ON CONFLICT DO NOTHING`,
		inbox, event.ProviderID, event.Status, event.ErrorCode, event.ErrorKey, event.At).Exec(ctx)
	if err != nil {
		return fmt.Errorf("keep early status: %w", err)
	}
	return nil
}

// orphan is a kept report.
type orphan struct {
	InboxID    InboxID
	ProviderID string
	State      State
	ErrorCode  string
	ErrorKey   string
	At         time.Time
}

// orphanLife: what has found no row within a day never will.
const orphanLife = 24 * time.Hour

// adopt attaches kept reports whose rows have their provider id by now, and
// forgets those that are too old.
func (o *Outbox) adopt(ctx context.Context) ([]Delivery, error) {
	var found []orphan
	err := o.db.NewRaw(`SELECT s.inbox_id, s.provider_id, s.state, s.error_code, s.error_key, s.at
		FROM outbox_orphan_statuses s WHERE EXISTS (
			SELECT FROM outbox b WHERE b.inbox_id = s.inbox_id AND b.provider_id = s.provider_id) LIMIT 1000`).Scan(ctx, &found)
	if err != nil {
		return nil, fmt.Errorf("find early statuses: %w", err)
	}
	var changes []Delivery
	for _, s := range found {
		change, err := o.adoptOne(ctx, s)
		if err != nil {
			return changes, err
		}
		if change != nil {
			changes = append(changes, *change)
		}
	}
	_, err = o.db.NewRaw("DELETE FROM outbox_orphan_statuses WHERE at < ?", o.now().Add(-orphanLife)).Exec(ctx)
	if err != nil {
		return changes, fmt.Errorf("forget early statuses: %w", err)
	}
	return changes, nil
}

func (o *Outbox) adoptOne(ctx context.Context, s orphan) (change *Delivery, err error) {
	err = o.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		change, err = o.apply(ctx, tx, s.InboxID, Event{
			Kind: EventStatus, ProviderID: s.ProviderID, Status: s.State,
			ErrorCode: s.ErrorCode, ErrorKey: s.ErrorKey, At: s.At,
		})
		if err != nil {
			return err
		}
		_, err = tx.NewRaw("DELETE FROM outbox_orphan_statuses WHERE inbox_id = ? AND provider_id = ? AND state = ?",
			s.InboxID, s.ProviderID, s.State).Exec(ctx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("attach early status: %w", err)
	}
	return change, nil
}

// MarkDelivered notes that the visitor's browser has every message of the
// conversation up to a sequence. Call Announce with the changes.
func (o *Outbox) MarkDelivered(ctx context.Context, db bun.IDB, conversation string, upTo int64) ([]Delivery, error) {
	return o.mark(ctx, db, conversation, upTo, StateDelivered)
}

// MarkRead notes that the visitor has seen them.
func (o *Outbox) MarkRead(ctx context.Context, db bun.IDB, conversation string, upTo int64) ([]Delivery, error) {
	return o.mark(ctx, db, conversation, upTo, StateRead)
}

func (o *Outbox) mark(ctx context.Context, db bun.IDB, conversation string, upTo int64, state State) ([]Delivery, error) {
	var rows []outboxRow
	err := db.NewRaw(`UPDATE outbox AS o SET state = ?2, updated_at = ?3, sent_at = coalesce(sent_at, ?3),
		delivered_at = coalesce(delivered_at, ?3), read_at = CASE WHEN ?2 = 'read' THEN coalesce(read_at, ?3) ELSE read_at END
		WHERE conversation_id = ?0 AND message_seq <= ?1 AND state IN (?4) RETURNING `+deliveryColumns,
		conversation, upTo, state, o.now(), bun.List(state.Below())).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("mark %s: %w", state, err)
	}
	changes := make([]Delivery, len(rows))
	for i, row := range rows {
		changes[i] = row.delivery()
	}
	return changes, nil
}
