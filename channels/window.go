package channels

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// Window is what an address allows at an inbox.
type Window struct {
	LastInboundAt *time.Time // nil: never heard from
	ClosesAt      *time.Time // free text until then; nil where the channel has no window, or it never opened
	OptedInAt     *time.Time
	OptedOutAt    *time.Time
}

// TouchWindow notes that the citizen wrote, and what they said about being
// written to, and tells whether that changed their wish. Call it for every message
// event, in its transaction; a late event never moves the window back.
func TouchWindow(ctx context.Context, db bun.IDB, inbox InboxID, event Event) (changed bool, err error) {
	before, err := readWindow(ctx, db, inbox, event.From.Value)
	if err != nil {
		return false, err
	}
	var in, out *time.Time
	switch event.Consent {
	case ConsentIn:
		in = &event.At
	case ConsentOut:
		out = &event.At
	}
	_, err = db.NewRaw(`INSERT INTO reachability AS r (inbox_id, address, last_inbound_at, opted_in_at, opted_out_at, opted_in_source)
		VALUES (?0, ?1, ?2, ?3, ?4, CASE WHEN ?3::timestamptz IS NULL THEN '' ELSE 'message' END)
		ON CONFLICT (inbox_id, address) DO UPDATE SET
			last_inbound_at = greatest(r.last_inbound_at, excluded.last_inbound_at),
			opted_in_at     = greatest(r.opted_in_at, excluded.opted_in_at),
			opted_in_source = CASE WHEN excluded.opted_in_at IS NULL THEN r.opted_in_source ELSE excluded.opted_in_source END,
			opted_out_at    = greatest(r.opted_out_at, excluded.opted_out_at)`,
		inbox, event.From.Value, event.At, in, out).Exec(ctx)
	if err != nil {
		return false, fmt.Errorf("touch window: %w", err)
	}
	switch event.Consent {
	case ConsentIn:
		return before.OptedInAt == nil || before.OptedOut(), nil
	case ConsentOut:
		return !before.OptedOut(), nil
	}
	return false, nil
}

// Heard is that somebody wrote to an inbox, and nothing about consent.
type Heard struct {
	Inbox   InboxID
	Address string
	At      time.Time
}

// TouchWindows is TouchWindow of several messages without a word on consent, in
// one statement. Error: the database's, also when one address stands there twice.
func TouchWindows(ctx context.Context, db bun.IDB, heard ...Heard) error {
	rows := make([]any, 0, len(heard))
	for _, h := range heard {
		rows = append(rows, bun.Tuple([]any{h.Inbox, h.Address, h.At}))
	}
	_, err := db.NewRaw(`INSERT INTO reachability AS r (inbox_id, address, last_inbound_at) VALUES ?
		ON CONFLICT (inbox_id, address) DO UPDATE SET last_inbound_at = greatest(r.last_inbound_at, excluded.last_inbound_at)`,
		bun.List(rows)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("touch windows: %w", err)
	}
	return nil
}

// readWindow reads the row as it is, without the channel's window.
func readWindow(ctx context.Context, db bun.IDB, inbox InboxID, address string) (Window, error) {
	var w Window
	err := db.NewRaw("SELECT last_inbound_at, opted_in_at, opted_out_at FROM reachability WHERE inbox_id = ? AND address = ?",
		inbox, address).Scan(ctx, &w.LastInboundAt, &w.OptedInAt, &w.OptedOutAt)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Window{}, fmt.Errorf("read window: %w", err)
	}
	return w, nil
}

// close fills ClosesAt for a channel whose window is that long.
func (w Window) close(length time.Duration) Window {
	if length > 0 && w.LastInboundAt != nil {
		at := w.LastInboundAt.Add(length)
		w.ClosesAt = &at
	}
	return w
}

// OptedOut: the last wish was not to be written to.
func (w Window) OptedOut() bool {
	return w.OptedOutAt != nil && (w.OptedInAt == nil || w.OptedInAt.Before(*w.OptedOutAt))
}

// wroteSince: the citizen has written again after asking not to be written to.
func (w Window) wroteSince() bool {
	return w.OptedOutAt != nil && w.LastInboundAt != nil && w.LastInboundAt.After(*w.OptedOutAt)
}

// WindowOf tells what the address allows now; ClosesAt is what a composer counts
// down to.
func (o *Outbox) WindowOf(ctx context.Context, db bun.IDB, inbox InboxID, address string) (Window, error) {
	_, adapter, err := o.carrier(ctx, db, inbox)
	if err != nil {
		return Window{}, err
	}
	window, err := readWindow(ctx, db, inbox, address)
	return window.close(adapter.Limits().Window), err
}
