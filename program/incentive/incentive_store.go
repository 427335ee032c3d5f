package incentive

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"sapa/program/record"
)

// The states of an incentive and of a transfer.
const (
	Waiting   = "waiting"
	Scheduled = "scheduled"
	Ordered   = "ordered"
	Paid      = "paid"
	Returned  = "returned"
	Cancelled = "cancelled"
	Sent      = "sent"
	Settled   = "settled"
)

// The kinds of incentives and what each is worth in the normal scheme since
// 2023, whole rupiah (DOMAIN.md part 3, step 10).
const (
	Completion = "completion"
	ForSurvey  = "survey"
	Monthly    = "monthly"

	CompletionAmount = 600_000
	SurveyAmount     = 50_000
)

type incentiveRow struct {
	ID       string
	Kind     string
	Sequence int
	Amount   int64
	State    string
	WaitsFor string
	EarnedAt time.Time
	DueAt    time.Time
	PaidAt   time.Time
}

type transferRow struct {
	ID              string
	OrderRef        string
	IncentiveID     string
	PayoutAccountID string
	Amount          int64
	State           string
	OrderedAt       time.Time
	SentAt          time.Time
	SettledAt       time.Time
	ReturnedAt      time.Time
	ReturnCode      string
	Institution     string
	NumberLast4     string
	Holder          string
}

// Read returns a participant's incentives with their transfers, completion
// first, and transfers oldest first.
func Read(ctx context.Context, db bun.IDB, id record.ParticipantID) ([]record.Incentive, error) {
	var rows []incentiveRow
	err := db.NewRaw(`SELECT id, kind, sequence, amount, state, waits_for, earned_at, due_at, paid_at
		FROM incentives WHERE participant_id = ? ORDER BY kind, sequence`, id).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read incentives of %s: %w", id, err)
	}
	transfers, err := readTransfers(ctx, db, id)
	if err != nil {
		return nil, err
	}
	list := make([]record.Incentive, len(rows))
	for i, r := range rows {
		list[i] = record.Incentive{
			ID: r.ID, Kind: r.Kind, Sequence: r.Sequence, Amount: r.Amount, State: r.State, WaitsFor: r.WaitsFor,
			EarnedAt: r.EarnedAt.UTC(), DueAt: r.DueAt.UTC(), PaidAt: r.PaidAt.UTC(), Transfers: transfers[r.ID],
		}
	}
	return list, nil
}

func readTransfers(ctx context.Context, db bun.IDB, id record.ParticipantID) (map[string][]record.Transfer, error) {
	var rows []transferRow
	err := db.NewRaw(`SELECT t.id, t.order_ref, t.incentive_id, t.payout_account_id, t.amount, t.state, t.ordered_at, t.sent_at,
			t.settled_at, t.returned_at, t.return_code, a.institution, a.number_last4, a.holder
		FROM transfers AS t JOIN payout_accounts AS a ON a.id = t.payout_account_id
		WHERE t.participant_id = ? ORDER BY t.ordered_at, t.attempt`, id).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read transfers of %s: %w", id, err)
	}
	byIncentive := map[string][]record.Transfer{}
	for _, r := range rows {
		byIncentive[r.IncentiveID] = append(byIncentive[r.IncentiveID], record.Transfer{
			ID: r.ID, OrderRef: r.OrderRef, At: r.OrderedAt.UTC(), Amount: r.Amount, State: r.State,
			SentAt: r.SentAt.UTC(), SettledAt: r.SettledAt.UTC(), ReturnedAt: r.ReturnedAt.UTC(), ReturnCode: r.ReturnCode,
			Institution: institutionName(r.Institution), AccountID: r.PayoutAccountID,
			NumberMasked: maskNumber(r.NumberLast4), Holder: r.Holder,
		})
	}
	return byIncentive, nil
}

// lockIncentive reads one incentive and holds it until the transaction ends.
func lockIncentive(ctx context.Context, tx bun.IDB, id string, participant record.ParticipantID) (incentiveRow, error) {
	var rows []incentiveRow
	err := tx.NewRaw(`SELECT id, kind, sequence, amount, state, waits_for, earned_at, due_at, paid_at
		FROM incentives WHERE id = ? AND participant_id = ? FOR UPDATE`, id, participant).Scan(ctx, &rows)
	if err != nil {
		return incentiveRow{}, fmt.Errorf("lock incentive %s: %w", id, err)
	}
	if len(rows) == 0 {
		return incentiveRow{}, fmt.Errorf("incentive %s: %w", id, record.ErrUnknown)
	}
	return rows[0], nil
}
