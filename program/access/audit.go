package access

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// AuditEntry is one act of staff or system worth proving later: settings,
// roles, approvals, remedies, unmasking. Before and After are JSON without
// personal values.
type AuditEntry struct {
	Actor    Actor
	Action   string
	Object   string
	ObjectID string
	Before   json.RawMessage
	After    json.RawMessage
	Reason   string
	At       time.Time
}

type auditRow struct {
	bun.BaseModel `bun:"table:audit_log"`

	ID        int64           `bun:"id,pk,autoincrement"`
	At        time.Time       `bun:"at"`
	ActorKind ActorKind       `bun:"actor_kind"`
	ActorID   string          `bun:"actor_id"`
	ActorName string          `bun:"actor_name"`
	ActorRole Role            `bun:"actor_role"`
	Action    string          `bun:"action"`
	Object    string          `bun:"object"`
	ObjectID  string          `bun:"object_id"`
	Before    json.RawMessage `bun:"before,type:jsonb,nullzero"`
	After     json.RawMessage `bun:"after,type:jsonb,nullzero"`
	Reason    string          `bun:"reason"`
}

// Audit appends the entry to the audit log, in the transaction of the act.
func Audit(ctx context.Context, db bun.IDB, e AuditEntry) error {
	if e.Actor.Kind == "" || e.Action == "" || e.Object == "" || e.At.IsZero() {
		return ErrIncomplete
	}
	row := auditRow{
		At: e.At.UTC(), ActorKind: e.Actor.Kind, ActorID: e.Actor.ID, ActorName: e.Actor.Name, ActorRole: e.Actor.Role,
		Action: e.Action, Object: e.Object, ObjectID: e.ObjectID, Before: e.Before, After: e.After, Reason: e.Reason,
	}
	if _, err := db.NewInsert().Model(&row).Exec(ctx); err != nil {
		return fmt.Errorf("write audit log: %w", err)
	}
	return nil
}

// AuditChange appends the entry with before and after as JSON; nothing is written
// when they are the same. before is nil for something new.
func AuditChange(ctx context.Context, db bun.IDB, e AuditEntry, before, after any) error {
	var err error
	if before != nil {
		if e.Before, err = json.Marshal(before); err != nil {
			return fmt.Errorf("encode audit: %w", err)
		}
	}
	if e.After, err = json.Marshal(after); err != nil {
		return fmt.Errorf("encode audit: %w", err)
	}
	if bytes.Equal(e.Before, e.After) {
		return nil
	}
	return Audit(ctx, db, e)
}

// AuditFilter narrows a reading of the audit log; zero fields do not narrow.
type AuditFilter struct {
	Object, ObjectID, ActorID string
	// BeforeID pages backwards: only rows with a smaller number.
	BeforeID int64
	Limit    int
}

// AuditLine is an entry as read back, with its place in the log.
type AuditLine struct {
	ID int64
	AuditEntry
}

// AuditEntries reads the audit log, newest first.
func AuditEntries(ctx context.Context, db bun.IDB, f AuditFilter) ([]AuditLine, error) {
	var rows []auditRow
	query := db.NewSelect().Model(&rows).OrderExpr("id DESC").Limit(int64(max(1, min(f.Limit, 1000))))
	if f.Object != "" {
		query.Where("object = ?", f.Object)
	}
	if f.ObjectID != "" {
		query.Where("object_id = ?", f.ObjectID)
	}
	if f.ActorID != "" {
		query.Where("actor_id = ?", f.ActorID)
	}
	if f.BeforeID > 0 {
		query.Where("id < ?", f.BeforeID)
	}
	if err := query.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read audit log: %w", err)
	}
	lines := make([]AuditLine, len(rows))
	for i, row := range rows {
		lines[i] = AuditLine{ID: row.ID, AuditEntry: row.entry()}
	}
	return lines, nil
}

func (r auditRow) entry() AuditEntry {
	return AuditEntry{
		Actor:  Actor{Kind: r.ActorKind, ID: r.ActorID, Name: r.ActorName, Role: r.ActorRole},
		Action: r.Action, Object: r.Object, ObjectID: r.ObjectID,
		Before: r.Before, After: r.After, Reason: r.Reason, At: r.At.UTC(),
	}
}
