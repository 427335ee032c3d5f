package incentive

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"sapa/program/record"
)

// TrainingFinished moves the completion incentive on when the first training
// ends with a certificate: it now waits for the rating, or is scheduled when the
// rating is there. It is created when the person had none yet.
func TrainingFinished(ctx context.Context, tx bun.IDB, id record.ParticipantID, rated bool, now time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO incentives (id, participant_id, kind, sequence, amount, state, waits_for)
		VALUES (?, ?, 'completion', 1, ?, 'waiting', 'finish') ON CONFLICT DO NOTHING`,
		uuid.Must(uuid.NewV7()).String(), id, CompletionAmount)
	if err != nil {
		return fmt.Errorf("open completion incentive of %s: %w", id, err)
	}
	if !rated {
		_, err = tx.ExecContext(ctx, `UPDATE incentives SET waits_for = 'rating'
			WHERE participant_id = ? AND kind = 'completion' AND state = 'waiting' AND waits_for = 'finish'`, id)
		if err != nil {
			return fmt.Errorf("let incentive of %s wait for the rating: %w", id, err)
		}
		return nil
	}
	return Earned(ctx, tx, id, Completion, 1, now)
}

// Earned schedules an incentive whose conditions are met.
func Earned(ctx context.Context, tx bun.IDB, id record.ParticipantID, kind string, sequence int, now time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE incentives SET state = 'scheduled', waits_for = '', earned_at = ?, due_at = ?
		WHERE participant_id = ? AND kind = ? AND sequence = ? AND state = 'waiting' AND waits_for <> 'account'`,
		now, now.Add(payoutDelay), id, kind, sequence)
	if err != nil {
		return fmt.Errorf("schedule incentive of %s: %w", id, err)
	}
	return nil
}
