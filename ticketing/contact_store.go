package ticketing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/program/access"
	"sapa/ticketing/team"
)

// point finds or makes the contact point of an address and holds its row until
// the transaction ends, so that two first messages of one number become one
// contact and one conversation. A point never loses confidence by a message.
func (w *work) point(ctx context.Context, address channels.Address) (Point, error) {
	confidence := Claimed
	if address.Verified {
		confidence = ProvedProvider
	}
	var point Point
	err := w.NewRaw(`WITH p AS (
			INSERT INTO contact_points AS p (id, contact_id, kind, value, confidence, seen_at)
			VALUES (?0, ?1, ?2, ?3, ?4, ?5)
			ON CONFLICT (kind, value) DO UPDATE SET seen_at = EXCLUDED.seen_at,
				confidence = CASE WHEN p.confidence = 'claimed' THEN EXCLUDED.confidence ELSE p.confidence END
			RETURNING p.*
		), made AS (
			INSERT INTO contacts (id, name, created_at) SELECT contact_id, ?6, ?5 FROM p WHERE id = ?0
		)
		SELECT * FROM p`,
		team.NewID(), team.NewID(), string(address.Kind), address.Value, confidence, w.at, name(address.Name)).Scan(ctx, &point)
	if err != nil {
		return Point{}, fmt.Errorf("contact point: %w", err)
	}
	return point, nil
}

// maxName is how many characters of a sender's name are kept.
const maxName = 80

func name(text string) string {
	runes := []rune(clean(text))
	return string(runes[:min(len(runes), maxName)])
}

// holdPoint reads a point and holds its row. Error: ErrNotFound. The lock lets
// rows that refer to the point be written: whoever ends the conversation asks
// for its rating while the citizen's next message waits for that end.
func (w *work) holdPoint(ctx context.Context, id PointID) (Point, error) {
	return selectPoint(ctx, w.NewSelect().For("NO KEY UPDATE"), id)
}

func pointByID(ctx context.Context, db bun.IDB, id PointID) (Point, error) {
	return selectPoint(ctx, db.NewSelect(), id)
}

func selectPoint(ctx context.Context, query *bun.SelectQuery, id PointID) (Point, error) {
	var point Point
	err := query.Model(&point).Where("p.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return Point{}, fmt.Errorf("contact point %s: %w", id, ErrNotFound)
	}
	if err != nil {
		return Point{}, fmt.Errorf("read contact point: %w", err)
	}
	return point, nil
}

// link remembers that a point was proved to belong to a participant, or undoes
// it when participant is empty.
func (w *work) link(ctx context.Context, id PointID, participant string, by access.Actor) error {
	_, err := w.NewRaw(`UPDATE contact_points SET participant_id = nullif(?, '')::uuid, linked_by = ?, linked_at = ? WHERE id = ?`,
		participant, actorLabel(by), w.at, id).Exec(ctx)
	if err != nil {
		return fmt.Errorf("link contact point: %w", err)
	}
	return nil
}

// actorLabel says who did something in one word: the id of staff, else the kind.
func actorLabel(a access.Actor) string {
	if a.ID != "" {
		return a.ID
	}
	return string(a.Kind)
}
