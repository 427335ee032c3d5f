package ticketing

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"

	"sapa/program/access"
)

// hashSecret is what is kept of a ticket's secret. The secret has 52 bits of its
// own, so a fast hash bound to the number suffices.
func hashSecret(number, secret string) []byte {
	sum := sha256.Sum256([]byte(number + "|" + secret))
	return sum[:]
}

// Tracked reads a ticket for whoever holds number and secret. A wrong secret and
// an unknown number are the same ErrNotFound and take the same path.
func (d *Desk) Tracked(ctx context.Context, number, secret string) (Ticket, error) {
	code, err := ParseSecret(secret)
	if err != nil {
		return Ticket{}, ErrNotFound
	}
	t, err := TicketByNumber(ctx, d.db, number)
	var invalid *Invalid
	if errors.As(err, &invalid) {
		return Ticket{}, ErrNotFound
	}
	if err != nil {
		return Ticket{}, err
	}
	if subtle.ConstantTimeCompare(t.SecretHash, hashSecret(t.Number, code)) != 1 {
		return Ticket{}, ErrNotFound
	}
	return t, nil
}

// ActAsReporter does what a reporter may do with their ticket, proved by number
// and secret: confirm, reopen, appeal, withdraw, answer. Errors: ErrNotFound,
// ErrTransition, ErrRole, Invalid.
func (d *Desk) ActAsReporter(ctx context.Context, number, secret string, act TicketAct, fields map[string]string) (Ticket, error) {
	known, err := d.Tracked(ctx, number, secret)
	if err != nil {
		return Ticket{}, err
	}
	var t Ticket
	err = d.do(ctx, access.Actor{Kind: access.Reporter}, func(ctx context.Context, w *work) error {
		if t, err = w.lockCase(ctx, known.ID); err != nil {
			return err
		}
		facts, err := w.factsOf(ctx, t, TicketRequest{Ticket: t.ID, Act: act, Fields: fields})
		if err != nil {
			return err
		}
		facts.IsReporter = true
		return w.act(ctx, &t, act, facts)
	})
	return t, err
}
