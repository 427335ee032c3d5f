package record

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// Kinds of events, as rooms above read them.
const (
	EventChanged          = "record.changed"    // object: change
	EventTransferOrdered  = "transfer.ordered"  // object: transfer
	EventTransferSettled  = "transfer.settled"  // object: transfer
	EventTransferReturned = "transfer.returned" // object: transfer
	EventTrainingFinished = "training.finished" // object: purchase
	EventApprovalOpened   = "approval.opened"   // object: approval
	EventApprovalApproved = "approval.approved"
	EventApprovalRefused  = "approval.refused"
	EventApprovalExpired  = "approval.expired"
	EventUnmaskAlarm      = "access.unmask_alarm" // object: the staff id
)

// Event tells the rooms above what happened to a record. It is written in the
// transaction of the happening and read by cursor. Data holds codes and ids,
// never personal values.
type Event struct {
	ParticipantID ParticipantID
	Kind          string
	ObjectID      string
	Data          map[string]any
	At            time.Time
}

type eventRow struct {
	bun.BaseModel `bun:"table:program_events"`

	Kind          string          `bun:"kind"`
	ParticipantID ParticipantID   `bun:"participant_id,type:uuid,nullzero"`
	ObjectID      string          `bun:"object_id"`
	Data          json.RawMessage `bun:"data,type:jsonb"`
	At            time.Time       `bun:"at"`
}

// Emit writes the events.
func Emit(ctx context.Context, tx bun.IDB, events ...Event) error {
	if len(events) == 0 {
		return nil
	}
	rows := make([]eventRow, len(events))
	for i, e := range events {
		data := e.Data
		if data == nil {
			data = map[string]any{}
		}
		raw, err := json.Marshal(data)
		if err != nil {
			return fmt.Errorf("encode event %s: %w", e.Kind, err)
		}
		rows[i] = eventRow{Kind: e.Kind, ParticipantID: e.ParticipantID, ObjectID: e.ObjectID, Data: raw, At: e.At.UTC()}
	}
	if _, err := tx.NewInsert().Model(&rows).Exec(ctx); err != nil {
		return fmt.Errorf("write program events: %w", err)
	}
	return nil
}
