package auth

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Limits of guessing. Source: security test 26 (10 failures an account or 100 an
// address in 15 minutes slow down without locking the real person out).
const (
	failureWindow     = 15 * time.Minute
	failuresAnAccount = 10
	failuresAnAddress = 100
	// slowestAnswer bounds the delay: the real person still gets in, a guesser
	// manages 450 tries an hour and connection.
	slowestAnswer = 8 * time.Second
)

// slowDown delays a try on an account under attack, a second more for every
// failure over the limit, and refuses an address that fails everywhere.
func (a *Auth) slowDown(ctx context.Context, account []byte, address string) error {
	var failures struct {
		Account int `bun:"account"`
		Address int `bun:"address"`
	}
	since := a.options.Now().Add(-failureWindow)
	err := a.options.DB.NewRaw(`SELECT
  (SELECT count(*) FROM sign_in_failures WHERE account = ? AND at > ?) AS account,
  (SELECT count(*) FROM sign_in_failures WHERE address = ? AND at > ?) AS address`,
		account, since, address, since).Scan(ctx, &failures)
	if err != nil {
		return fmt.Errorf("count failures: %w", err)
	}
	if failures.Address >= failuresAnAddress {
		return ErrSlowDown
	}
	return wait(ctx, delay(failures.Account))
}

func delay(failures int) time.Duration {
	if failures < failuresAnAccount {
		return 0
	}
	return min(time.Duration(failures-failuresAnAccount+1)*time.Second, slowestAnswer)
}

func wait(ctx context.Context, d time.Duration) error {
	if d == 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (a *Auth) noteFailure(ctx context.Context, account []byte, address string) error {
	_, err := a.options.DB.NewRaw("INSERT INTO sign_in_failures (id, account, address, at) VALUES (?, ?, ?, ?)",
		uuid.Must(uuid.NewV7()).String(), account, address, a.options.Now()).Exec(ctx)
	if err != nil {
		return fmt.Errorf("note failure: %w", err)
	}
	return nil
}
