package account

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"sapa/program/record"
)

// Loaded is an account as it is loaded; zero times stay empty.
type Loaded struct {
	ParticipantID         record.ParticipantID
	LastLoginAt           time.Time
	FailedCodes           int
	LockedAt, LockedUntil time.Time
}

// Load copies accounts in, all or none.
func Load(ctx context.Context, tx pgx.Tx, list []Loaded) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"accounts"}, []string{"participant_id", "last_login_at", "failed_codes", "failed_since", "locked_at", "locked_until"},
		pgx.CopyFromSlice(len(list), func(i int) ([]any, error) {
			a := list[i]
			return []any{string(a.ParticipantID), when(a.LastLoginAt), a.FailedCodes, when(a.LockedAt), when(a.LockedAt), when(a.LockedUntil)}, nil
		}))
	if err != nil {
		return fmt.Errorf("load accounts: %w", err)
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
