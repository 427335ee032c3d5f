// Package batch holds the batches (gelombang) participants join, how the
// selection ended, and the terms of those selected.
package batch

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"sapa/program/record"
)

// FirstPurchase is the time a recipient has for the first training (public rule,
// DOMAIN.md part 3, step 7).
const FirstPurchase = 15 * 24 * time.Hour

// Videos is how many instruction videos come before the scholarship appears.
const Videos = 3

type applicationRow struct {
	ID          string
	Number      int
	JoinedAt    time.Time
	AnnouncesAt time.Time
	Result      string
	Reason      string
	DecidedAt   time.Time
}

// Applications returns the batches a participant joined, newest first.
func Applications(ctx context.Context, db bun.IDB, id record.ParticipantID) ([]record.Application, error) {
	var rows []applicationRow
	err := db.NewRaw(`SELECT a.id, b.number, a.joined_at, b.announces_at, a.result, a.reason, a.decided_at
		FROM applications AS a JOIN batches AS b ON b.id = a.batch_id WHERE a.participant_id = ? ORDER BY a.joined_at DESC`, id).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read applications of %s: %w", id, err)
	}
	next, err := nextOpening(ctx, db, rows)
	if err != nil {
		return nil, err
	}
	list := make([]record.Application, len(rows))
	for i, r := range rows {
		list[i] = record.Application{
			ID: r.ID, BatchNumber: r.Number, JoinedAt: r.JoinedAt.UTC(), AnnouncedAt: r.AnnouncesAt.UTC(),
			Result: r.Result, Reason: r.Reason, DecidedAt: r.DecidedAt.UTC(), NextOpensAt: next,
		}
	}
	return list, nil
}

// nextOpening is when the batch after the newest joined one opens, zero when it
// is not announced.
func nextOpening(ctx context.Context, db bun.IDB, joined []applicationRow) (time.Time, error) {
	if len(joined) == 0 {
		return time.Time{}, nil
	}
	var opens []time.Time
	err := db.NewRaw(`SELECT opens_at FROM batches WHERE number > ? ORDER BY number LIMIT 1`, joined[0].Number).Scan(ctx, &opens)
	if err != nil {
		return time.Time{}, fmt.Errorf("read next batch: %w", err)
	}
	if len(opens) == 0 {
		return time.Time{}, nil
	}
	return opens[0].UTC(), nil
}

type participationRow struct {
	Number         int
	SelectedAt     time.Time
	VideosWatched  int
	PurchaseDueAt  time.Time
	ExtendedTimes  int
	FirstBoughtAt  time.Time
	RevokedAt      time.Time
	RevokedBecause string
}

const participationQuery = `SELECT b.number, p.selected_at, p.videos_watched, p.purchase_due_at, p.extended_times,
		p.first_bought_at, p.revoked_at, p.revoked_because
	FROM participations AS p JOIN batches AS b ON b.id = p.batch_id WHERE p.participant_id = ? `

// Participation returns the terms of a selected participant, nil when not selected.
func Participation(ctx context.Context, db bun.IDB, id record.ParticipantID) (*record.Participation, error) {
	return participation(ctx, db, id, "")
}

func participation(ctx context.Context, db bun.IDB, id record.ParticipantID, lock string) (*record.Participation, error) {
	var rows []participationRow
	if err := db.NewRaw(participationQuery+lock, id).Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("read participation of %s: %w", id, err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	r := rows[0]
	return &record.Participation{
		BatchNumber: r.Number, SelectedAt: r.SelectedAt.UTC(), VideosWatched: r.VideosWatched, PurchaseDueAt: r.PurchaseDueAt.UTC(),
		ExtendedTimes: r.ExtendedTimes, FirstBoughtAt: r.FirstBoughtAt.UTC(), RevokedAt: r.RevokedAt.UTC(), RevokedBecause: r.RevokedBecause,
	}, nil
}
