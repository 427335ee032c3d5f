package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"sapa/program/calendar"
)

// ErrCapped: no code leaves the house now, whosever the number is, since the
// network has asked for too many today or all codes of the day are spent. It
// passes at midnight, WIB.
var ErrCapped = errors.New("account: no more codes today")

// PerNetwork is how many codes one network may ask for in a day, sent or not.
// Carriers hide thousands of phones behind one address, so it is wide: one in
// fifty of the chats of a peak day (41,000), with a fifth of them asking twice.
// At some Rp500 an SMS one address costs at most Rp500,000 a day.
const PerNetwork = 1000

// capped holds a network, and everybody together, to what a day may cost. Whose
// number it is plays no part. Requests that run at the same instant may each take
// the last code, so a cap is passed by a few at most.
func (d *Desk) capped(ctx context.Context, tx bun.IDB, network string, now time.Time) error {
	if network != "" {
		asked, err := askedToday(ctx, tx, network, now)
		if err != nil {
			return err
		}
		if asked >= PerNetwork {
			d.options.Log.WarnContext(ctx, "one-time codes stopped for a network")
			return ErrCapped
		}
	}
	sent, err := SentToday(ctx, tx, now)
	if err != nil {
		return err
	}
	if sent < d.options.Daily {
		return nil
	}
	if err := d.noteStop(ctx, tx, sent, now); err != nil {
		return err
	}
	return ErrCapped
}

func askedToday(ctx context.Context, tx bun.IDB, network string, now time.Time) (int, error) {
	var asked int
	err := tx.NewRaw(`SELECT count(*) FROM (SELECT FROM one_time_codes WHERE network = ? AND network <> '' AND created_at >= ? LIMIT ?) AS asked`,
		network, calendar.DayStart(now), PerNetwork).Scan(ctx, &asked)
	if err != nil {
		return 0, fmt.Errorf("count codes of a network: %w", err)
	}
	return asked, nil
}

// SentToday is how many codes went into the outbox since midnight, WIB.
func SentToday(ctx context.Context, db bun.IDB, now time.Time) (int, error) {
	var sent int
	err := db.NewRaw(`SELECT count(*) FROM one_time_codes WHERE sent AND created_at >= ?`, calendar.DayStart(now)).Scan(ctx, &sent)
	if err != nil {
		return 0, fmt.Errorf("count codes sent today: %w", err)
	}
	return sent, nil
}

// noteStop tells the operators once a day, however many processes refuse.
func (d *Desk) noteStop(ctx context.Context, tx bun.IDB, sent int, now time.Time) error {
	noted, err := tx.NewRaw(`INSERT INTO code_stops (day, at) VALUES (?, ?) ON CONFLICT DO NOTHING`,
		calendar.DateIn(now, calendar.WIB).String(), now).Exec(ctx)
	if err != nil {
		return fmt.Errorf("note stop of codes: %w", err)
	}
	if first, err := noted.RowsAffected(); err == nil && first > 0 {
		d.options.Log.ErrorContext(ctx, "one-time codes stopped for today", "sent", sent, "limit", d.options.Daily)
	}
	return nil
}

// TrimCodes forgets codes and wrong tries that no limit counts any more.
func TrimCodes(ctx context.Context, db bun.IDB, now time.Time) error {
	yesterday := now.Add(-24 * time.Hour) // before today's midnight, and longer ago than any code lives
	if _, err := db.NewRaw(`DELETE FROM one_time_codes WHERE created_at <= ?`, yesterday).Exec(ctx); err != nil {
		return fmt.Errorf("trim codes: %w", err)
	}
	_, err := db.NewRaw(`DELETE FROM code_locks WHERE failed_since <= ? AND (locked_until IS NULL OR locked_until <= ?)`, yesterday, now).Exec(ctx)
	if err != nil {
		return fmt.Errorf("trim locks: %w", err)
	}
	return nil
}
