package batch

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"sapa/program/record"
)

// Batch is one intake as it is loaded.
type Batch struct {
	ID                             string
	Number                         int
	Scheme                         string
	OpensAt, ClosesAt, AnnouncesAt time.Time
	Seats                          int
}

// LoadedApplication is one participant's application as it is loaded.
type LoadedApplication struct {
	ID            string
	ParticipantID record.ParticipantID
	BatchID       string
	JoinedAt      time.Time
	Result        string
	Reason        string
	DecidedAt     time.Time
}

// LoadedParticipation is a recipient's terms as they are loaded.
type LoadedParticipation struct {
	ParticipantID  record.ParticipantID
	BatchID        string
	SelectedAt     time.Time
	Videos         int
	PurchaseDueAt  time.Time
	FirstBoughtAt  time.Time
	RevokedAt      time.Time
	RevokedBecause string
}

// LoadBatches copies batches in.
func LoadBatches(ctx context.Context, tx pgx.Tx, list []Batch) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"batches"}, []string{"id", "number", "scheme", "opens_at", "closes_at", "announces_at", "seats"},
		pgx.CopyFromSlice(len(list), func(i int) ([]any, error) {
			b := list[i]
			return []any{b.ID, b.Number, b.Scheme, b.OpensAt, b.ClosesAt, b.AnnouncesAt, b.Seats}, nil
		}))
	if err != nil {
		return fmt.Errorf("load batches: %w", err)
	}
	return nil
}

// Load copies applications and participations in, all or none.
func Load(ctx context.Context, tx pgx.Tx, applications []LoadedApplication, participations []LoadedParticipation) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"applications"}, []string{"id", "participant_id", "batch_id", "joined_at", "result", "reason", "decided_at"},
		pgx.CopyFromSlice(len(applications), func(i int) ([]any, error) {
			a := applications[i]
			return []any{a.ID, string(a.ParticipantID), a.BatchID, a.JoinedAt, a.Result, a.Reason, when(a.DecidedAt)}, nil
		}))
	if err != nil {
		return fmt.Errorf("load applications: %w", err)
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"participations"}, []string{"participant_id", "batch_id", "selected_at", "videos_watched",
		"purchase_due_at", "first_bought_at", "revoked_at", "revoked_because"}, pgx.CopyFromSlice(len(participations), func(i int) ([]any, error) {
		p := participations[i]
		return []any{string(p.ParticipantID), p.BatchID, p.SelectedAt, p.Videos, p.PurchaseDueAt, when(p.FirstBoughtAt), when(p.RevokedAt), p.RevokedBecause}, nil
	}))
	if err != nil {
		return fmt.Errorf("load participations: %w", err)
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
