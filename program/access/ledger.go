package access

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Action is what was done with a person's data.
type Action string

// Read is a masked look at a record, Unmask one field in clear, Export a copy
// that left the screen.
const (
	Read   Action = "read"
	Unmask Action = "unmask"
	Export Action = "export"
)

// ErrIncomplete is returned when an entry lacks what makes it a proof.
var ErrIncomplete = errors.New("access: entry lacks actor, object, action or time")

// Entry is one line of the access ledger: who saw which fields of whom, when,
// and for which case. It never holds a value.
type Entry struct {
	Actor         Actor
	ParticipantID string
	// Action is Read when left empty.
	Action Action
	Fields []string
	Reason string
	// CaseID is the conversation or ticket for which it was done, may be "".
	CaseID string
	At     time.Time
}

type ledgerRow struct {
	bun.BaseModel `bun:"table:access_ledger"`

	ID            string    `bun:"id,pk,type:uuid"`
	At            time.Time `bun:"at"`
	ActorKind     ActorKind `bun:"actor_kind"`
	ActorID       string    `bun:"actor_id"`
	ActorName     string    `bun:"actor_name"`
	ActorRole     Role      `bun:"actor_role"`
	ParticipantID string    `bun:"participant_id,type:uuid"`
	Action        Action    `bun:"action"`
	Fields        []string  `bun:"fields,array"`
	Reason        string    `bun:"reason"`
	CaseID        string    `bun:"case_id"`
}

// Record writes the entry. Call it in the transaction that reads the record, so
// that nothing is seen without leaving a row.
func Record(ctx context.Context, db bun.IDB, e Entry) error {
	if e.Actor.Kind == "" || e.ParticipantID == "" || e.At.IsZero() {
		return ErrIncomplete
	}
	if e.Action == "" {
		e.Action = Read
	}
	row := ledgerRow{
		ID: uuid.Must(uuid.NewV7()).String(), At: e.At.UTC(),
		ActorKind: e.Actor.Kind, ActorID: e.Actor.ID, ActorName: e.Actor.Name, ActorRole: e.Actor.Role,
		ParticipantID: e.ParticipantID, Action: e.Action, Fields: e.Fields, Reason: e.Reason, CaseID: e.CaseID,
	}
	if row.Fields == nil {
		row.Fields = []string{}
	}
	if _, err := db.NewInsert().Model(&row).Exec(ctx); err != nil {
		return fmt.Errorf("write access ledger: %w", err)
	}
	return nil
}

// Filter narrows a reading of the ledger; zero fields do not narrow.
type Filter struct {
	ParticipantID string
	ActorID       string
	Action        Action
	From, To      time.Time
	Limit         int
}

// Entries reads the ledger, newest first: a person's processing log, or all
// persons an account has touched in a span of time.
func Entries(ctx context.Context, db bun.IDB, f Filter) ([]Entry, error) {
	var rows []ledgerRow
	query := db.NewSelect().Model(&rows).OrderExpr("at DESC, id DESC").Limit(int64(max(1, min(f.Limit, 1000))))
	if f.ParticipantID != "" {
		query.Where("participant_id = ?", f.ParticipantID)
	}
	if f.ActorID != "" {
		query.Where("actor_id = ?", f.ActorID)
	}
	if f.Action != "" {
		query.Where("action = ?", f.Action)
	}
	if !f.From.IsZero() {
		query.Where("at >= ?", f.From)
	}
	if !f.To.IsZero() {
		query.Where("at < ?", f.To)
	}
	if err := query.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read access ledger: %w", err)
	}
	entries := make([]Entry, len(rows))
	for i, row := range rows {
		entries[i] = row.entry()
	}
	return entries, nil
}

func (r ledgerRow) entry() Entry {
	return Entry{
		Actor:         Actor{Kind: r.ActorKind, ID: r.ActorID, Name: r.ActorName, Role: r.ActorRole},
		ParticipantID: r.ParticipantID, Action: r.Action, Fields: r.Fields, Reason: r.Reason, CaseID: r.CaseID, At: r.At.UTC(),
	}
}

// CountUnmasks says how many fields the actor has unmasked since then; over 100
// a day a supervisor is alarmed (ISO 27001 A.8.15-16).
func CountUnmasks(ctx context.Context, db bun.IDB, actorID string, since time.Time) (int, error) {
	count, err := db.NewSelect().Model((*ledgerRow)(nil)).
		Where("actor_id = ?", actorID).Where("action = ?", Unmask).Where("at >= ?", since).Count(ctx)
	if err != nil {
		return 0, fmt.Errorf("count unmasks: %w", err)
	}
	return int(count), nil
}
