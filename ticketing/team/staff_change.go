package team

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// SetPassword stores a new argon2id hash.
func SetPassword(ctx context.Context, db bun.IDB, id StaffID, hash string, now time.Time) error {
	return change(ctx, db, id, now, "password_hash = ?", hash)
}

// SetTOTP stores the sealed secret of the second factor; enabled becomes true
// when the person proved to hold it.
func SetTOTP(ctx context.Context, db bun.IDB, id StaffID, sealed []byte, enabled bool, now time.Time) error {
	return change(ctx, db, id, now, "totp_secret = ?, totp_enabled = ?", sealed, enabled)
}

// UseTOTPStep remembers the time step of an accepted code, so that the same code
// is refused the second time. Error: ErrStale when the step was used already.
func UseTOTPStep(ctx context.Context, db bun.IDB, id StaffID, step int64) error {
	result, err := db.NewRaw("UPDATE staff SET totp_step = ?1 WHERE id = ?0 AND totp_step < ?1", id, step).Exec(ctx)
	if err != nil {
		return fmt.Errorf("use totp step of %s: %w", id, err)
	}
	if n, _ := result.RowsAffected(); n == 0 {
		return ErrStale
	}
	return nil
}

// SetLooks stores the language and the theme of the person's screens; an empty
// value keeps the old one.
func SetLooks(ctx context.Context, db bun.IDB, id StaffID, language, theme string, now time.Time) error {
	return change(ctx, db, id, now, "language = coalesce(nullif(?, ''), language), theme = coalesce(nullif(?, ''), theme)",
		language, theme)
}

// SetUndo stores for how long the person's replies wait to be taken back.
func SetUndo(ctx context.Context, db bun.IDB, id StaffID, seconds int, now time.Time) error {
	if seconds != 0 && seconds != 5 && seconds != 10 {
		return Invalid{"undo_seconds", "unknown"}
	}
	return change(ctx, db, id, now, "undo_seconds = ?", seconds)
}

// SetStatus disables or enables the account.
func SetStatus(ctx context.Context, db bun.IDB, id StaffID, status string, now time.Time) error {
	if status != StatusActive && status != StatusDisabled {
		return Invalid{"status", "unknown"}
	}
	return change(ctx, db, id, now, "status = ?", status)
}

func change(ctx context.Context, db bun.IDB, id StaffID, now time.Time, set string, arguments ...any) error {
	arguments = append(arguments, now, id)
	result, err := db.NewRaw("UPDATE staff SET "+set+", updated_at = ? WHERE id = ?", arguments...).Exec(ctx)
	if err != nil {
		return fmt.Errorf("change staff %s: %w", id, err)
	}
	if n, _ := result.RowsAffected(); n == 0 {
		return ErrNotFound
	}
	return nil
}
