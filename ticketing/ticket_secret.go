package ticketing

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
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
