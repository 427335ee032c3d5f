package account

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// limit holds an address to its lock and its rate. The advisory lock lets two
// requests for one address follow one another.
func limit(ctx context.Context, tx bun.IDB, address string, now time.Time) error {
	if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", "otp:"+address); err != nil {
		return fmt.Errorf("lock address: %w", err)
	}
	until, err := lockedUntil(ctx, tx, address, now)
	if err != nil {
		return err
	}
	if !until.IsZero() {
		return &Wait{For: until.Sub(now), Locked: true}
	}
	var sent []time.Time
	err = tx.NewRaw(`SELECT created_at FROM one_time_codes WHERE address = ? AND created_at > ? ORDER BY created_at DESC LIMIT ?`,
		address, now.Add(-24*time.Hour), PerDay).Scan(ctx, &sent)
	if err != nil {
		return fmt.Errorf("count codes: %w", err)
	}
	return busy(sent, now)
}

// busy decides on the times of earlier codes, newest first.
func busy(sent []time.Time, now time.Time) error {
	for _, rule := range []struct {
		count  int
		within time.Duration
	}{{1, ResendAfter}, {PerHour, time.Hour}, {PerDay, 24 * time.Hour}} {
		if len(sent) < rule.count {
			continue
		}
		if wait := sent[rule.count-1].Add(rule.within).Sub(now); wait > 0 {
			return &Wait{For: wait}
		}
	}
	return nil
}

// lockedUntil is zero when the address is open.
func lockedUntil(ctx context.Context, tx bun.IDB, address string, now time.Time) (time.Time, error) {
	var found []time.Time
	err := tx.NewRaw(`SELECT locked_until FROM code_locks WHERE address = ? AND locked_until > ?`, address, now).Scan(ctx, &found)
	if err != nil {
		return time.Time{}, fmt.Errorf("read lock: %w", err)
	}
	if len(found) == 0 {
		return time.Time{}, nil
	}
	return found[0].UTC(), nil
}

// countWrong counts a wrong code against the address and returns until when that
// locks it, zero when it does not.
func countWrong(ctx context.Context, tx bun.IDB, address string, now time.Time) (time.Time, error) {
	var locked []time.Time
	yesterday := now.Add(-24 * time.Hour)
	err := tx.NewRaw(`INSERT INTO code_locks AS l (address, failed_codes, failed_since) VALUES (?, 1, ?)
		ON CONFLICT (address) DO UPDATE SET
			failed_codes = CASE WHEN l.failed_since > ? THEN l.failed_codes + 1 ELSE 1 END,
			failed_since = CASE WHEN l.failed_since > ? THEN l.failed_since ELSE excluded.failed_since END,
			locked_at = CASE WHEN l.failed_since > ? AND l.failed_codes + 1 >= ? THEN excluded.failed_since ELSE l.locked_at END,
			locked_until = CASE WHEN l.failed_since > ? AND l.failed_codes + 1 >= ? THEN ?::timestamptz ELSE l.locked_until END
		RETURNING locked_until`, address, now, yesterday, yesterday,
		yesterday, LockAfter, yesterday, LockAfter, now.Add(LockFor)).Scan(ctx, &locked)
	if err != nil {
		return time.Time{}, fmt.Errorf("count wrong codes: %w", err)
	}
	if len(locked) == 1 && locked[0].After(now) {
		return locked[0].UTC(), nil
	}
	return time.Time{}, nil
}

func unlock(ctx context.Context, tx bun.IDB, address string) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM code_locks WHERE address = ?`, address); err != nil {
		return fmt.Errorf("unlock address: %w", err)
	}
	return nil
}
