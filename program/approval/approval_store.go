package approval

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"sapa/program/access"
	"sapa/program/record"
)

type row struct {
	bun.BaseModel `bun:"table:approvals"`

	ID             string               `bun:"id,pk,type:uuid"`
	Act            string               `bun:"act"`
	Kind           string               `bun:"kind"`
	State          string               `bun:"state"`
	ParticipantID  record.ParticipantID `bun:"participant_id,type:uuid,nullzero"`
	ObjectID       string               `bun:"object_id"`
	Amount         int64                `bun:"amount"`
	InputSealed    []byte               `bun:"input_sealed"`
	Before         []record.Line        `bun:"before,type:jsonb"`
	After          []record.Line        `bun:"after,type:jsonb"`
	Reason         string               `bun:"reason"`
	Evidence       []string             `bun:"evidence,array"`
	ConversationID string               `bun:"conversation_id"`
	TicketID       string               `bun:"ticket_id"`
	RequesterKind  access.ActorKind     `bun:"requester_kind"`
	RequesterID    string               `bun:"requester_id"`
	RequesterName  string               `bun:"requester_name"`
	RequesterRole  access.Role          `bun:"requester_role"`
	RequestedAt    time.Time            `bun:"requested_at"`
	ExpiresAt      time.Time            `bun:"expires_at"`
	DeciderKind    access.ActorKind     `bun:"decider_kind"`
	DeciderID      string               `bun:"decider_id"`
	DeciderName    string               `bun:"decider_name"`
	DeciderRole    access.Role          `bun:"decider_role"`
	DecidedAt      time.Time            `bun:"decided_at,nullzero"`
	Note           string               `bun:"note"`
	ChangeID       string               `bun:"change_id"`
}

// Request is what is asked of the second person. Input is sealed already: it
// may hold an account number.
type Request struct {
	Approval    record.Approval // without ID, state and decision
	InputSealed []byte
}

// Ask opens an approval and returns it. record.ErrStale means that the same act
// on the same thing waits already.
func Ask(ctx context.Context, tx bun.IDB, r Request) (record.Approval, error) {
	a := r.Approval
	a.ID, a.State = uuid.Must(uuid.NewV7()).String(), Open
	made := row{
		ID: a.ID, Act: a.Act, Kind: a.Kind, State: a.State, ParticipantID: a.ParticipantID, ObjectID: a.ObjectID, Amount: a.Amount,
		InputSealed: r.InputSealed, Before: lines(a.Before), After: lines(a.After), Reason: a.Reason, Evidence: texts(a.Evidence),
		ConversationID: a.Case.ConversationID, TicketID: a.Case.TicketID,
		RequesterKind: a.RequestedBy.Kind, RequesterID: a.RequestedBy.ID, RequesterName: a.RequestedBy.Name, RequesterRole: a.RequestedBy.Role,
		RequestedAt: a.RequestedAt.UTC(), ExpiresAt: a.ExpiresAt.UTC(),
	}
	result, err := tx.NewInsert().Model(&made).On("CONFLICT DO NOTHING").Exec(ctx)
	if err != nil {
		return record.Approval{}, fmt.Errorf("open approval: %w", err)
	}
	if n, _ := result.RowsAffected(); n == 0 {
		return record.Approval{}, fmt.Errorf("%s waits for approval already: %w", a.Act, record.ErrStale)
	}
	return a, nil
}

// Locked is an approval held until the transaction ends, with its sealed input.
type Locked struct {
	record.Approval
	InputSealed []byte
}

// Lock reads one approval and holds it, so that of two deciders one waits and
// then finds it decided.
func Lock(ctx context.Context, tx bun.IDB, id string) (Locked, error) {
	rows, err := read(ctx, tx.NewSelect().Where("id = ?", id).For("UPDATE"))
	if err != nil {
		return Locked{}, err
	}
	if len(rows) == 0 {
		return Locked{}, fmt.Errorf("approval %s: %w", id, record.ErrUnknown)
	}
	return Locked{Approval: rows[0].approval(), InputSealed: rows[0].InputSealed}, nil
}

// Decision is how an approval ended.
type Decision struct {
	State    string
	By       access.Actor
	Note     string
	ChangeID string
	At       time.Time
}

// Close writes the decision; record.ErrDecided when the approval was no longer
// open.
func Close(ctx context.Context, tx bun.IDB, id string, d Decision) error {
	result, err := tx.ExecContext(ctx, `UPDATE approvals SET state = ?, decider_kind = ?, decider_id = ?, decider_name = ?, decider_role = ?,
		decided_at = ?, note = ?, change_id = ? WHERE id = ? AND state = 'open'`,
		d.State, d.By.Kind, d.By.ID, d.By.Name, d.By.Role, d.At.UTC(), d.Note, d.ChangeID, id)
	if err != nil {
		return fmt.Errorf("close approval %s: %w", id, err)
	}
	if n, _ := result.RowsAffected(); n == 0 {
		return fmt.Errorf("approval %s: %w", id, record.ErrDecided)
	}
	return nil
}

// Due locks open approvals whose time is over; rows another process is closing
// are left to it.
func Due(ctx context.Context, tx bun.IDB, now time.Time, limit int) ([]record.Approval, error) {
	rows, err := read(ctx, tx.NewSelect().Where("state = 'open'").Where("expires_at < ?", now).
		OrderExpr("expires_at").Limit(int64(limit)).For("UPDATE SKIP LOCKED"))
	return approvals(rows), err
}

// One reads an approval; record.ErrUnknown when there is none.
func One(ctx context.Context, db bun.IDB, id string) (record.Approval, error) {
	rows, err := read(ctx, db.NewSelect().Where("id = ?", id))
	if err != nil {
		return record.Approval{}, err
	}
	if len(rows) == 0 {
		return record.Approval{}, fmt.Errorf("approval %s: %w", id, record.ErrUnknown)
	}
	return rows[0].approval(), nil
}

func read(ctx context.Context, query *bun.SelectQuery) ([]row, error) {
	var rows []row
	if err := query.Model(&rows).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read approvals: %w", err)
	}
	return rows, nil
}

func approvals(rows []row) []record.Approval {
	list := make([]record.Approval, len(rows))
	for i, r := range rows {
		list[i] = r.approval()
	}
	return list
}

func (r row) approval() record.Approval {
	a := record.Approval{
		ID: r.ID, Act: r.Act, ObjectID: r.ObjectID, Kind: r.Kind, State: r.State, Amount: r.Amount, ParticipantID: r.ParticipantID,
		Before: r.Before, After: r.After, Reason: r.Reason, Evidence: r.Evidence,
		Case:        record.CaseRef{ConversationID: r.ConversationID, TicketID: r.TicketID},
		RequestedBy: access.Actor{Kind: r.RequesterKind, ID: r.RequesterID, Name: r.RequesterName, Role: r.RequesterRole},
		RequestedAt: r.RequestedAt.UTC(), ExpiresAt: r.ExpiresAt.UTC(), Note: r.Note, ChangeID: r.ChangeID,
	}
	if !r.DecidedAt.IsZero() {
		a.DecidedAt = r.DecidedAt.UTC()
		a.DecidedBy = &access.Actor{Kind: r.DeciderKind, ID: r.DeciderID, Name: r.DeciderName, Role: r.DeciderRole}
	}
	return a
}

func lines(l []record.Line) []record.Line {
	if l == nil {
		return []record.Line{}
	}
	return l
}

func texts(t []string) []string {
	if t == nil {
		return []string{}
	}
	return t
}

// Filter chooses approvals for a list; zero fields do not narrow.
type Filter struct {
	// List is open (oldest first), mine (asked by ActorID) or done.
	List          string
	ActorID       string
	ParticipantID record.ParticipantID
	// After continues a list behind this approval's time and id.
	After string
	Limit int
}

// cursor is where a page ended.
type cursor struct {
	At time.Time `json:"at"`
	ID string    `json:"id"`
}

// List returns a page and the cursor of the next one, "" at the end.
func List(ctx context.Context, db bun.IDB, f Filter) ([]record.Approval, string, error) {
	limit := max(1, min(f.Limit, 100))
	query := db.NewSelect().Limit(int64(limit) + 1)
	column, order := "requested_at", "DESC"
	switch f.List {
	case "open":
		query.Where("state = 'open'")
		order = "ASC"
	case "mine":
		query.Where("requester_id = ?", f.ActorID)
	case "done":
		query.Where("state <> 'open'")
		column = "decided_at"
	}
	if f.ParticipantID != "" {
		query.Where("participant_id = ?", f.ParticipantID)
	}
	if err := page(query, f.After, column, order); err != nil {
		return nil, "", err
	}
	rows, err := read(ctx, query.OrderExpr(column+" "+order+", id "+order))
	if err != nil {
		return nil, "", err
	}
	if len(rows) <= limit {
		return approvals(rows), "", nil
	}
	last := rows[limit-1]
	at := last.RequestedAt
	if column == "decided_at" {
		at = last.DecidedAt
	}
	next, err := json.Marshal(cursor{At: at.UTC(), ID: last.ID})
	return approvals(rows[:limit]), string(next), err
}

func page(query *bun.SelectQuery, after, column, order string) error {
	if after == "" {
		return nil
	}
	var from cursor
	if err := json.Unmarshal([]byte(after), &from); err != nil {
		return fmt.Errorf("cursor of approvals: %w", record.ErrUnknown)
	}
	sign := ">"
	if order == "DESC" {
		sign = "<"
	}
	query.Where("("+column+", id) "+sign+" (?, ?)", from.At, from.ID)
	return nil
}
