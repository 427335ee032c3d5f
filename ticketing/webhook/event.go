// Package webhook tells other systems what happened on the desk: rows written in
// the transaction of the act, sent afterwards, signed, in order per conversation
// or ticket, and again until they arrive. See README.md for receivers.
package webhook

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Kinds of events. They are a contract with receivers: added to, never renamed.
const (
	ConversationOpened = "conversation.opened"
	ConversationEnded  = "conversation.ended"
	MessageReceived    = "message.received"
	MessageSent        = "message.sent"
	TicketCreated      = "ticket.created"
	TicketStateChanged = "ticket.state_changed"
	TicketResolved     = "ticket.resolved"
	CSATAnswered       = "csat.answered"
	// Test is sent by hand and cannot be chosen.
	Test = "test"
)

// Kinds lists what an endpoint may choose.
func Kinds() []string {
	return []string{ConversationOpened, ConversationEnded, MessageReceived, MessageSent, TicketCreated, TicketStateChanged, TicketResolved, CSATAnswered}
}

// Event is something that happened to an object. Data holds ids and codes, never
// what somebody said or who they are.
type Event struct {
	Kind   string         `json:"kind"`
	Object string         `json:"object"`
	Data   map[string]any `json:"data"`
}

// row is an event with the message id that one endpoint will see.
type row struct {
	Event
	Order int `json:"ord"`
}

// Record writes one row for each endpoint that wants an event, in one statement.
// Call it in the transaction of what happened, while the object is locked. A paused
// endpoint is told later, a closed one never.
func Record(ctx context.Context, db bun.IDB, events []Event, at time.Time) error {
	if len(events) == 0 {
		return nil
	}
	rows := make([]row, len(events))
	for i, e := range events {
		rows[i] = row{Event: e, Order: i}
	}
	list, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("encode events: %w", err)
	}
	_, err = db.NewRaw(`INSERT INTO webhook_deliveries (message_id, endpoint_id, event, object_id, data, at, due_at)
		SELECT gen_random_uuid(), e.id, w.kind, w.object, w.data, ?0, ?0
		FROM jsonb_to_recordset(?1::jsonb) AS w(ord int, kind text, object uuid, data jsonb)
		JOIN webhook_endpoints e ON e.state <> 'closed' AND w.kind = ANY(e.events) ORDER BY w.ord`, at, string(list)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("record events: %w", err)
	}
	return nil
}

// SendTest puts a test event on its way to one endpoint.
func SendTest(ctx context.Context, db bun.IDB, id string, at time.Time) error {
	_, err := db.NewRaw(`INSERT INTO webhook_deliveries (message_id, endpoint_id, event, object_id, data, at, due_at)
		SELECT ?, id, ?, id, '{}', ?, ? FROM webhook_endpoints WHERE id = ? AND state = 'active'`, uuid.NewString(), Test, at, at, id).Exec(ctx)
	if err != nil {
		return fmt.Errorf("send a test to %s: %w", id, err)
	}
	return nil
}
