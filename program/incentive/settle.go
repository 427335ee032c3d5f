package incentive

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"sapa/program/record"
)

// Answer is what the bank says of one order.
type Answer struct {
	OrderRef string
	// ReturnCode is "" when the money arrived, else why it came back.
	ReturnCode string
	At         time.Time
}

// Settlement tells what a batch of answers did.
type Settlement struct {
	Settled  []Done
	Returned []Done
	// Repeated counts answers that were known already.
	Repeated int
	// Contradicted and Unknown list order references a person must look at: an
	// answer other than the first, or to an order that was never given.
	Contradicted []string
	Unknown      []string
}

// Done is one transfer that an answer ended.
type Done struct {
	TransferID    string
	OrderRef      string
	IncentiveID   string
	ParticipantID record.ParticipantID
	Kind          string
	Amount        int64
	ReturnCode    string
	At            time.Time
}

// Settle takes the bank's answers to orders. The same answer twice has one
// effect; an order is never moved from settled to returned or back. Give it
// thousands of answers at a time, not millions: they go to the database as one
// value.
func Settle(ctx context.Context, tx bun.IDB, answers []Answer) (Settlement, error) {
	answers = firstOfEach(answers)
	moved, err := applyAnswers(ctx, tx, answers)
	if err != nil {
		return Settlement{}, err
	}
	var result Settlement
	byRef := map[string]bool{}
	events := make([]record.Event, 0, len(moved))
	for _, d := range moved {
		byRef[d.OrderRef] = true
		kind := record.EventTransferSettled
		if d.ReturnCode == "" {
			result.Settled = append(result.Settled, d)
		} else {
			kind = record.EventTransferReturned
			result.Returned = append(result.Returned, d)
		}
		events = append(events, record.Event{Kind: kind, ParticipantID: d.ParticipantID, ObjectID: d.TransferID, At: d.At,
			Data: map[string]any{"incentive": d.IncentiveID, "amount": d.Amount, "code": d.ReturnCode}})
	}
	if err := record.Emit(ctx, tx, events...); err != nil {
		return Settlement{}, err
	}
	return result, sortRest(ctx, tx, answers, byRef, &result)
}

// firstOfEach keeps the first answer to each order of the batch.
func firstOfEach(answers []Answer) []Answer {
	seen := map[string]bool{}
	var kept []Answer
	for _, a := range answers {
		if !seen[a.OrderRef] {
			seen[a.OrderRef] = true
			kept = append(kept, a)
		}
	}
	return kept
}

// settleQuery ends the transfers and moves their incentives in one statement.
const settleQuery = `
WITH answer AS (
	SELECT * FROM jsonb_to_recordset(?::jsonb) AS a(order_ref text, code text, at timestamptz)
), ended AS (
	UPDATE transfers AS t SET
		state = CASE WHEN a.code = '' THEN 'settled' ELSE 'returned' END,
		settled_at = CASE WHEN a.code = '' THEN a.at END,
		returned_at = CASE WHEN a.code <> '' THEN a.at END,
		return_code = a.code
	FROM answer AS a WHERE t.order_ref = a.order_ref AND t.state IN ('ordered', 'sent')
	RETURNING t.id, t.order_ref, t.incentive_id, t.participant_id, t.amount, a.code, a.at
), moved AS (
	UPDATE incentives AS i SET
		state = CASE WHEN e.code = '' THEN 'paid' ELSE 'returned' END,
		paid_at = CASE WHEN e.code = '' THEN e.at END
	FROM ended AS e WHERE i.id = e.incentive_id
	RETURNING i.id, i.kind
)
SELECT e.id AS transfer_id, e.order_ref, e.incentive_id, e.participant_id, m.kind, e.amount, e.code AS return_code, e.at
FROM ended AS e JOIN moved AS m ON m.id = e.incentive_id ORDER BY e.order_ref`

func applyAnswers(ctx context.Context, tx bun.IDB, answers []Answer) ([]Done, error) {
	type line struct {
		OrderRef string    `json:"order_ref"`
		Code     string    `json:"code"`
		At       time.Time `json:"at"`
	}
	lines := make([]line, len(answers))
	for i, a := range answers {
		lines[i] = line{a.OrderRef, a.ReturnCode, a.At.UTC()}
	}
	raw, err := json.Marshal(lines)
	if err != nil {
		return nil, fmt.Errorf("encode answers: %w", err)
	}
	var moved []Done
	if err := tx.NewRaw(settleQuery, string(raw)).Scan(ctx, &moved); err != nil {
		return nil, fmt.Errorf("settle transfers: %w", err)
	}
	return moved, nil
}

// sortRest tells known, contradicting and unknown answers apart.
func sortRest(ctx context.Context, tx bun.IDB, answers []Answer, moved map[string]bool, result *Settlement) error {
	codes := map[string]string{}
	var refs []string
	for _, a := range answers {
		if !moved[a.OrderRef] {
			codes[a.OrderRef] = a.ReturnCode
			refs = append(refs, a.OrderRef)
		}
	}
	if len(refs) == 0 {
		return nil
	}
	var known []struct{ OrderRef, ReturnCode string }
	err := tx.NewRaw(`SELECT order_ref, return_code FROM transfers WHERE order_ref IN (?)`, bun.List(refs)).Scan(ctx, &known)
	if err != nil {
		return fmt.Errorf("look for answered orders: %w", err)
	}
	found := map[string]bool{}
	for _, k := range known {
		found[k.OrderRef] = true
		if k.ReturnCode == codes[k.OrderRef] {
			result.Repeated++
		} else {
			result.Contradicted = append(result.Contradicted, k.OrderRef)
		}
	}
	for _, ref := range refs {
		if !found[ref] {
			result.Unknown = append(result.Unknown, ref)
		}
	}
	return nil
}

func isNoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }
