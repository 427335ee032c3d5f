package account

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"sapa/program/record"
)

// Loaded is an account as it is loaded; zero times stay empty. Phone is where the
// wrong codes went, when there were some.
type Loaded struct {
	ParticipantID         record.ParticipantID
	Phone                 string
	LastLoginAt           time.Time
	FailedCodes           int
	LockedAt, LockedUntil time.Time
}

// Load copies accounts in, all or none.
func Load(ctx context.Context, tx pgx.Tx, list []Loaded) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"accounts"}, []string{"participant_id", "last_login_at"},
		pgx.CopyFromSlice(len(list), func(i int) ([]any, error) {
			return []any{string(list[i].ParticipantID), when(list[i].LastLoginAt)}, nil
		}))
	if err != nil {
		return fmt.Errorf("load accounts: %w", err)
	}
	seen := map[string]bool{} // of those who share a phone the first tells
	locked := slices.DeleteFunc(slices.Clone(list), func(a Loaded) bool {
		known := seen[a.Phone]
		seen[a.Phone] = known || a.FailedCodes > 0
		return known || a.FailedCodes == 0
	})
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"code_locks"}, []string{"address", "failed_codes", "failed_since", "locked_at", "locked_until"},
		pgx.CopyFromSlice(len(locked), func(i int) ([]any, error) {
			a := locked[i]
			return []any{a.Phone, a.FailedCodes, when(a.LockedAt), when(a.LockedAt), when(a.LockedUntil)}, nil
		}))
	if err != nil {
		return fmt.Errorf("load locks: %w", err)
	}
	return nil
}

// when is NULL for the zero time.
func when(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}
