// Package scholarship keeps the training scholarship as a double-entry ledger in
// whole rupiah: append-only, balanced per journal, and no participant's balance
// ever below zero. The database enforces all three.
package scholarship

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/uptrace/bun"

	"sapa/program/access"
	"sapa/program/record"
)

// Grants per scheme, whole rupiah: normal since 2023, semi-social-aid 2020-2022
// (DOMAIN.md part 3, step 10).
const (
	NormalGrant     = 3_500_000
	SemiSocialGrant = 1_000_000
)

// Kind says why money moved.
type Kind string

// The kinds of journals. Each moves one sum between two accounts.
const (
	Grant      Kind = "grant"      // fund -> participant
	Purchase   Kind = "purchase"   // participant -> provider
	Refund     Kind = "refund"     // provider -> participant
	Expiry     Kind = "expiry"     // participant -> fund, unused at the end
	Revocation Kind = "revocation" // participant -> fund, first purchase missed
)

// Errors of a journal.
var (
	// ErrTooLittle: the balance does not cover the sum.
	ErrTooLittle = errors.New("scholarship: balance too small")
	// ErrPosted: a journal of this kind and reference exists already.
	ErrPosted = errors.New("scholarship: already posted")
)

// Journal is one movement. Reference names what it is for (a purchase, a batch
// and person) and makes it happen once per kind.
type Journal struct {
	Kind        Kind
	Reference   string
	Participant record.ParticipantID
	// Provider is needed for purchase and refund.
	Provider string
	Amount   int64 // whole rupiah, above zero
	Actor    access.Actor
	At       time.Time
}

// Post writes the journal with its two entries and returns its id.
func Post(ctx context.Context, tx bun.IDB, j Journal) (string, error) {
	if j.Amount <= 0 {
		return "", fmt.Errorf("amount %d: %w", j.Amount, ErrTooLittle)
	}
	from, to, err := sides(ctx, tx, j)
	if err != nil {
		return "", err
	}
	id := uuid.Must(uuid.NewV7()).String()
	result, err := tx.ExecContext(ctx, `INSERT INTO ledger_journals (id, kind, reference, actor_kind, actor_id, at)
		VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`, id, j.Kind, j.Reference, j.Actor.Kind, j.Actor.ID, j.At.UTC())
	if err != nil {
		return "", fmt.Errorf("write journal: %w", err)
	}
	if n, _ := result.RowsAffected(); n == 0 {
		return "", fmt.Errorf("%s %s: %w", j.Kind, j.Reference, ErrPosted)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO ledger_entries (journal_id, place, account_id, amount) VALUES (?, 1, ?, ?), (?, 2, ?, ?)`,
		id, from, -j.Amount, id, to, j.Amount)
	if short(err) {
		return "", fmt.Errorf("%s of %d: %w", j.Kind, j.Amount, ErrTooLittle)
	}
	if err != nil {
		return "", fmt.Errorf("write entries: %w", err)
	}
	return id, nil
}

// sides finds, or opens, the account that pays and the one that receives.
func sides(ctx context.Context, tx bun.IDB, j Journal) (from, to string, err error) {
	person, err := open(ctx, tx, "scholarship", "participant_id", string(j.Participant))
	if err != nil {
		return "", "", err
	}
	other := ""
	switch j.Kind {
	case Purchase, Refund:
		other, err = open(ctx, tx, "provider", "provider_id", j.Provider)
	case Grant, Expiry, Revocation:
		other, err = openFund(ctx, tx)
	default:
		err = fmt.Errorf("journal kind %q: %w", j.Kind, record.ErrUnknown)
	}
	if j.Kind == Grant || j.Kind == Refund {
		return other, person, err
	}
	return person, other, err
}

func open(ctx context.Context, tx bun.IDB, kind, column, owner string) (string, error) {
	_, err := tx.ExecContext(ctx, `INSERT INTO ledger_accounts (id, kind, ?) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
		bun.Ident(column), uuid.Must(uuid.NewV7()).String(), kind, owner)
	if err != nil {
		return "", fmt.Errorf("open %s account: %w", kind, err)
	}
	return accountID(ctx, tx, `SELECT id FROM ledger_accounts WHERE ? = ?`, bun.Ident(column), owner)
}

func openFund(ctx context.Context, tx bun.IDB) (string, error) {
	_, err := tx.ExecContext(ctx, `INSERT INTO ledger_accounts (id, kind) VALUES (?, 'fund') ON CONFLICT DO NOTHING`, uuid.Must(uuid.NewV7()).String())
	if err != nil {
		return "", fmt.Errorf("open fund account: %w", err)
	}
	return accountID(ctx, tx, `SELECT id FROM ledger_accounts WHERE kind = 'fund'`)
}

func accountID(ctx context.Context, tx bun.IDB, query string, args ...any) (string, error) {
	var id string
	if err := tx.NewRaw(query, args...).Scan(ctx, &id); err != nil {
		return "", fmt.Errorf("find ledger account: %w", err)
	}
	return id, nil
}

// short recognises the constraint that keeps balances at zero or above.
func short(err error) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) && refused.ConstraintName == "ledger_accounts_balance_check"
}

// Balance is what a participant may still spend, 0 before the grant.
func Balance(ctx context.Context, db bun.IDB, id record.ParticipantID) (int64, error) {
	var balance int64
	err := db.NewRaw(`SELECT coalesce((SELECT balance FROM ledger_accounts WHERE participant_id = ?), 0)`, id).Scan(ctx, &balance)
	if err != nil {
		return 0, fmt.Errorf("read balance of %s: %w", id, err)
	}
	return balance, nil
}

// Audit compares every kept balance with the sum of its entries and every
// journal with zero, and returns how many of either disagree: 0 unless somebody
// went around the triggers.
func Audit(ctx context.Context, db bun.IDB) (int, error) {
	var wrong int
	err := db.NewRaw(`SELECT (SELECT count(*) FROM ledger_accounts AS a WHERE a.kind = 'scholarship' AND a.balance <>
			coalesce((SELECT sum(e.amount) FROM ledger_entries AS e WHERE e.account_id = a.id), 0))
		+ (SELECT count(*) FROM (SELECT FROM ledger_entries GROUP BY journal_id HAVING sum(amount) <> 0 OR count(*) < 2) AS j)`).Scan(ctx, &wrong)
	if err != nil {
		return 0, fmt.Errorf("audit ledger: %w", err)
	}
	return wrong, nil
}
