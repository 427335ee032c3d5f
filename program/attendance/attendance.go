// Package attendance holds who was present at which session of a training.
package attendance

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"sapa/program/record"
)

// The states of a session in a record.
const (
	Planned    = "planned"
	Present    = "present"
	Absent     = "absent"
	Unverified = "unverified" // scanned, but face or code did not match
	Missing    = "missing"    // held, and no attendance was ever received
)

type sessionRow struct {
	PurchaseID string
	ID         string
	StartsAt   time.Time
	EndsAt     time.Time
	State      string
	Reason     string
}

const sessionQuery = `SELECT b.id AS purchase_id, s.id, s.starts_at, s.ends_at, coalesce(a.state, '') AS state, coalesce(a.reason, '') AS reason
	FROM purchases AS b JOIN training_sessions AS s ON s.class_id = b.class_id
	LEFT JOIN attendance AS a ON a.purchase_id = b.id AND a.session_id = s.id `

// Sessions returns the sessions of a participant's purchases, in order, by
// purchase id.
func Sessions(ctx context.Context, db bun.IDB, id record.ParticipantID, now time.Time) (map[string][]record.Session, error) {
	var rows []sessionRow
	err := db.NewRaw(sessionQuery+`WHERE b.participant_id = ? ORDER BY b.id, s.place`, id).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read sessions of %s: %w", id, err)
	}
	byPurchase := map[string][]record.Session{}
	for _, r := range rows {
		byPurchase[r.PurchaseID] = append(byPurchase[r.PurchaseID], r.session(now))
	}
	return byPurchase, nil
}

func (r sessionRow) session(now time.Time) record.Session {
	s := record.Session{ID: r.ID, At: r.StartsAt.UTC(), State: r.State, Reason: r.Reason}
	if s.State == "" {
		s.State = Planned
		if now.After(r.EndsAt) {
			s.State = Missing
		}
	}
	return s
}

// wanting reports whether a session was held and does not count as attended.
func wanting(s record.Session) bool {
	return s.State == Absent || s.State == Unverified || s.State == Missing
}
