package incentive

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"sapa/channels/seal"
	"sapa/program/record"
)

// LoadedAccount is a payout account as it is loaded, number in clear.
type LoadedAccount struct {
	ID            string
	ParticipantID record.ParticipantID
	Institution   Institution
	Number        string
	Holder        string
	State         string
	LinkedAt      time.Time
	ReplacedAt    time.Time
}

// LoadedIncentive is an incentive as it is loaded.
type LoadedIncentive struct {
	ID                      string
	ParticipantID           record.ParticipantID
	Kind                    string
	Sequence                int
	Amount                  int64
	State, WaitsFor         string
	EarnedAt, DueAt, PaidAt time.Time
}

// LoadedTransfer is a transfer as it is loaded.
type LoadedTransfer struct {
	ID, OrderRef, IncentiveID, AccountID     string
	ParticipantID                            record.ParticipantID
	Attempt                                  int
	Amount                                   int64
	State                                    string
	OrderedAt, SentAt, SettledAt, ReturnedAt time.Time
	ReturnCode                               string
}

// Batch is what Load copies in, all or none.
type Batch struct {
	Accounts   []LoadedAccount
	Incentives []LoadedIncentive
	Transfers  []LoadedTransfer
}

// Load copies a batch in.
func Load(ctx context.Context, tx pgx.Tx, box *seal.Box, b Batch) error {
	accounts := pgx.CopyFromSlice(len(b.Accounts), func(i int) ([]any, error) { return b.Accounts[i].values(box) })
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"payout_accounts"}, []string{"id", "participant_id", "kind", "institution", "number_sealed",
		"number_lookup", "number_last4", "holder", "state", "linked_at", "replaced_at"}, accounts)
	if err != nil {
		return fmt.Errorf("load payout accounts: %w", err)
	}
	incentives := pgx.CopyFromSlice(len(b.Incentives), func(i int) ([]any, error) {
		n := b.Incentives[i]
		return []any{n.ID, string(n.ParticipantID), n.Kind, n.Sequence, n.Amount, n.State, n.WaitsFor, when(n.EarnedAt), when(n.DueAt), when(n.PaidAt)}, nil
	})
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"incentives"}, []string{"id", "participant_id", "kind", "sequence", "amount", "state",
		"waits_for", "earned_at", "due_at", "paid_at"}, incentives)
	if err != nil {
		return fmt.Errorf("load incentives: %w", err)
	}
	transfers := pgx.CopyFromSlice(len(b.Transfers), func(i int) ([]any, error) {
		n := b.Transfers[i]
		return []any{n.ID, n.OrderRef, n.IncentiveID, string(n.ParticipantID), n.AccountID, n.Attempt, n.Amount, n.State,
			n.OrderedAt, when(n.SentAt), when(n.SettledAt), when(n.ReturnedAt), n.ReturnCode}, nil
	})
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"transfers"}, []string{"id", "order_ref", "incentive_id", "participant_id", "payout_account_id",
		"attempt", "amount", "state", "ordered_at", "sent_at", "settled_at", "returned_at", "return_code"}, transfers)
	if err != nil {
		return fmt.Errorf("load transfers: %w", err)
	}
	return nil
}

func (a LoadedAccount) values(box *seal.Box) ([]any, error) {
	sealed, err := box.Seal([]byte(a.Number), sealContext(a.ID))
	if err != nil {
		return nil, err
	}
	return []any{a.ID, string(a.ParticipantID), a.Institution.Kind, a.Institution.Code, sealed, lookup(box, a.Institution.Code, a.Number),
		a.Number[len(a.Number)-4:], strings.ToUpper(a.Holder), a.State, a.LinkedAt, when(a.ReplacedAt)}, nil
}

// when is NULL for the zero time.
func when(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}
