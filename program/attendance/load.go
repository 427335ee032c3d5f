package attendance

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Mark is one attendance as it is loaded.
type Mark struct {
	PurchaseID, SessionID, State, Method, Reason string
	At                                           time.Time
}

// Load copies marks in, all or none.
func Load(ctx context.Context, tx pgx.Tx, marks []Mark) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"attendance"}, []string{"purchase_id", "session_id", "state", "method", "reason", "at"},
		pgx.CopyFromSlice(len(marks), func(i int) ([]any, error) {
			m := marks[i]
			return []any{m.PurchaseID, m.SessionID, m.State, m.Method, m.Reason, m.At}, nil
		}))
	if err != nil {
		return fmt.Errorf("load attendance: %w", err)
	}
	return nil
}
