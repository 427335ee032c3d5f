package auth

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// TicketLife is how long a socket ticket may lie about. Source: security test 10.
const TicketLife = 30 * time.Second

// IssueTicket returns a single-use ticket for one socket of subject.
func IssueTicket(ctx context.Context, db bun.IDB, subject string, now time.Time) (string, error) {
	ticket := token()
	hash := sha256.Sum256([]byte(ticket))
	_, err := db.NewRaw("INSERT INTO socket_tickets (token, subject, expires_at) VALUES (?, ?, ?)",
		hash[:], subject, now.Add(TicketLife)).Exec(ctx)
	if err != nil {
		return "", fmt.Errorf("issue socket ticket: %w", err)
	}
	return ticket, nil
}

// UseTicket takes a ticket and returns its subject. The second use, and one after
// TicketLife, is ErrTicket.
func UseTicket(ctx context.Context, db bun.IDB, ticket string, now time.Time) (string, error) {
	hash := sha256.Sum256([]byte(ticket))
	var subject string
	err := db.NewRaw("DELETE FROM socket_tickets WHERE token = ? AND expires_at > ? RETURNING subject", hash[:], now).Scan(ctx, &subject)
	if errors.Is(err, sql.ErrNoRows) {
		return "", ErrTicket
	}
	if err != nil {
		return "", fmt.Errorf("use socket ticket: %w", err)
	}
	return subject, nil
}
