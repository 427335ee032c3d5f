package scholarship

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sapa/program/record"
)

// Opened is a participant's account as it is loaded.
type Opened struct {
	ID            string
	ParticipantID record.ParticipantID
}

// Moved is one journal as it is loaded, between account ids.
type Moved struct {
	ID        string
	Kind      Kind
	Reference string
	From, To  string
	Amount    int64
	At        time.Time
}

// OpenShared opens the fund's and the providers' accounts and returns their ids.
func OpenShared(ctx context.Context, tx pgx.Tx, providers []string) (fund string, byProvider map[string]string, err error) {
	fund, byProvider = uuid.Must(uuid.NewV7()).String(), map[string]string{}
	rows := [][]any{{fund, "fund", nil}}
	for _, provider := range providers {
		byProvider[provider] = uuid.Must(uuid.NewV7()).String()
		rows = append(rows, []any{byProvider[provider], "provider", provider})
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"ledger_accounts"}, []string{"id", "kind", "provider_id"}, pgx.CopyFromRows(rows))
	if err != nil {
		return "", nil, fmt.Errorf("load shared ledger accounts: %w", err)
	}
	return fund, byProvider, nil
}

// Load copies accounts and journals in, all or none. The triggers of the ledger
// check them as they check every entry.
func Load(ctx context.Context, tx pgx.Tx, accounts []Opened, journals []Moved) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"ledger_accounts"}, []string{"id", "kind", "participant_id"},
		pgx.CopyFromSlice(len(accounts), func(i int) ([]any, error) {
			return []any{accounts[i].ID, "scholarship", string(accounts[i].ParticipantID)}, nil
		}))
	if err != nil {
		return fmt.Errorf("load ledger accounts: %w", err)
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"ledger_journals"}, []string{"id", "kind", "reference", "actor_kind", "actor_id", "at"},
		pgx.CopyFromSlice(len(journals), func(i int) ([]any, error) {
			j := journals[i]
			return []any{j.ID, string(j.Kind), j.Reference, "system", "", j.At}, nil
		}))
	if err != nil {
		return fmt.Errorf("load ledger journals: %w", err)
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"ledger_entries"}, []string{"journal_id", "place", "account_id", "amount"},
		pgx.CopyFromSlice(2*len(journals), func(i int) ([]any, error) {
			j := journals[i/2]
			if i%2 == 0 {
				return []any{j.ID, 1, j.From, -j.Amount}, nil
			}
			return []any{j.ID, 2, j.To, j.Amount}, nil
		}))
	if err != nil {
		return fmt.Errorf("load ledger entries: %w", err)
	}
	return nil
}
