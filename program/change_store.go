package program

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"sapa/program/access"
)

type changeRow struct {
	bun.BaseModel `bun:"table:changes"`

	ID             string           `bun:"id,pk,type:uuid"`
	ParticipantID  ParticipantID    `bun:"participant_id,type:uuid"`
	Remedy         string           `bun:"remedy"`
	At             time.Time        `bun:"at"`
	ActorKind      access.ActorKind `bun:"actor_kind"`
	ActorID        string           `bun:"actor_id"`
	ActorName      string           `bun:"actor_name"`
	ActorRole      access.Role      `bun:"actor_role"`
	ApproverKind   access.ActorKind `bun:"approver_kind"`
	ApproverID     string           `bun:"approver_id"`
	ApproverName   string           `bun:"approver_name"`
	ApproverRole   access.Role      `bun:"approver_role"`
	Reason         string           `bun:"reason"`
	Before         []Line           `bun:"before,type:jsonb"`
	After          []Line           `bun:"after,type:jsonb"`
	Evidence       []string         `bun:"evidence,array"`
	ConversationID string           `bun:"conversation_id"`
	TicketID       string           `bun:"ticket_id"`
	ApprovalID     string           `bun:"approval_id"`
}

// writeChange appends one correction to the record's history.
func writeChange(ctx context.Context, tx bun.IDB, id ParticipantID, c Change) error {
	row := changeRow{
		ID: c.ID, ParticipantID: id, Remedy: c.Remedy, At: c.At, ActorKind: c.Actor.Kind, ActorID: c.Actor.ID, ActorName: c.Actor.Name, ActorRole: c.Actor.Role,
		Reason: c.Reason, Before: c.Before, After: c.After, Evidence: c.Evidence,
		ConversationID: c.Case.ConversationID, TicketID: c.Case.TicketID, ApprovalID: c.ApprovalID,
	}
	if row.Evidence == nil {
		row.Evidence = []string{}
	}
	if c.Approver != nil {
		row.ApproverKind, row.ApproverID, row.ApproverName, row.ApproverRole = c.Approver.Kind, c.Approver.ID, c.Approver.Name, c.Approver.Role
	}
	if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
		return fmt.Errorf("write change of %s: %w", id, err)
	}
	return nil
}

// mostChanges bounds a list of corrections: a record has a handful.
const mostChanges = 200

// ChangeFilter chooses corrections; at least one of the first three is needed.
// Limit is at most 200, which a zero stands for.
type ChangeFilter struct {
	ParticipantID  ParticipantID
	TicketID       string
	ConversationID string
	Limit          int
}

// Changes returns corrections, newest first: of a record, or those done for a
// ticket or conversation.
func (c *Core) Changes(ctx context.Context, db bun.IDB, f ChangeFilter) ([]Change, error) {
	return changes(ctx, db, f)
}

func changes(ctx context.Context, db bun.IDB, f ChangeFilter) ([]Change, error) {
	var rows []changeRow
	if f.Limit <= 0 || f.Limit > mostChanges {
		f.Limit = mostChanges
	}
	query := db.NewSelect().Model(&rows).OrderExpr("at DESC, id DESC").Limit(int64(f.Limit))
	switch {
	case f.ParticipantID != "":
		query.Where("participant_id = ?", f.ParticipantID)
	case f.TicketID != "":
		query.Where("ticket_id = ?", f.TicketID)
	case f.ConversationID != "":
		query.Where("conversation_id = ?", f.ConversationID)
	default:
		return nil, fmt.Errorf("changes of nothing: %w", ErrUnknown)
	}
	if err := query.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read changes: %w", err)
	}
	list := make([]Change, len(rows))
	for i, r := range rows {
		list[i] = r.change()
	}
	return list, nil
}

func (r changeRow) change() Change {
	c := Change{
		ID: r.ID, Remedy: r.Remedy, At: r.At.UTC(), Actor: access.Actor{Kind: r.ActorKind, ID: r.ActorID, Name: r.ActorName, Role: r.ActorRole},
		Reason: r.Reason, Before: r.Before, After: r.After, Evidence: r.Evidence,
		Case: CaseRef{ConversationID: r.ConversationID, TicketID: r.TicketID}, ApprovalID: r.ApprovalID,
	}
	if r.ApproverKind != "" {
		c.Approver = &access.Actor{Kind: r.ApproverKind, ID: r.ApproverID, Name: r.ApproverName, Role: r.ApproverRole}
	}
	return c
}
