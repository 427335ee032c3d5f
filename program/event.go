package program

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

// Cursor is a reader's place in the events; "" is the beginning. Keep it beside
// what was done with the events, in the same transaction.
type Cursor string

// Events returns up to limit events behind the cursor, and the cursor behind the
// last of them. Events of transactions that still run are held back together
// with all later ones, so that none is ever skipped; each comes at least once.
func (c *Core) Events(ctx context.Context, db bun.IDB, after Cursor, limit int) ([]Event, Cursor, error) {
	tx, id, err := after.parse()
	if err != nil {
		return nil, after, err
	}
	// The edge is read first: what is below it has ended, and its rows are
	// visible to the statement that follows.
	var edge int64
	if err := db.NewRaw("SELECT settled_before()").Scan(ctx, &edge); err != nil {
		return nil, after, fmt.Errorf("find edge of events: %w", err)
	}
	var rows []struct {
		ID            int64
		Tx            int64
		Kind          string
		ParticipantID ParticipantID
		ObjectID      string
		Data          json.RawMessage
		At            time.Time
	}
	err = db.NewRaw(`SELECT id, tx, kind, coalesce(participant_id::text, '') AS participant_id, object_id, data, at FROM program_events
		WHERE (tx, id) > (?, ?) AND tx < ? ORDER BY tx, id LIMIT ?`, tx, id, edge, max(1, min(limit, 1000))).Scan(ctx, &rows)
	if err != nil {
		return nil, after, fmt.Errorf("read program events: %w", err)
	}
	events := make([]Event, len(rows))
	for i, r := range rows {
		events[i] = Event{Kind: r.Kind, ParticipantID: r.ParticipantID, ObjectID: r.ObjectID, At: r.At.UTC()}
		if err := json.Unmarshal(r.Data, &events[i].Data); err != nil {
			return nil, after, fmt.Errorf("read event %d: %w", r.ID, err)
		}
		after = Cursor(fmt.Sprintf("%d.%d", r.Tx, r.ID))
	}
	return events, after, nil
}

func (c Cursor) parse() (tx, id int64, err error) {
	if c == "" {
		return 0, 0, nil
	}
	left, right, _ := strings.Cut(string(c), ".")
	tx, errTx := strconv.ParseInt(left, 10, 64)
	id, errID := strconv.ParseInt(right, 10, 64)
	if errTx != nil || errID != nil {
		return 0, 0, fmt.Errorf("cursor %q: %w", string(c), ErrUnknown)
	}
	return tx, id, nil
}
