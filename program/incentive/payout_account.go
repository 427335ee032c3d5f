package incentive

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"sapa/channels/seal"
	"sapa/program/record"
)

// The states of a payout account.
const (
	Linked     = "linked"
	Unverified = "unverified" // the owner has not finished KYC
	Closed     = "closed"
	Blocked    = "blocked"
	Replaced   = "replaced"
)

type accountRow struct {
	ID           string
	Kind         string
	Institution  string
	NumberLookup []byte
	NumberLast4  string
	Holder       string
	State        string
	LinkedAt     time.Time
}

const accountColumns = `id, kind, institution, number_lookup, number_last4, holder, state, linked_at`

// ReadAccount returns the account in use, nil when none is linked. The name is
// the participant's, to compare the holder with.
func ReadAccount(ctx context.Context, db bun.IDB, id record.ParticipantID, name string) (*record.PayoutAccount, error) {
	row, err := current(ctx, db, id, "")
	if err != nil || row == nil {
		return nil, err
	}
	return &record.PayoutAccount{
		ID: row.ID, Kind: row.Kind, Institution: institutionName(row.Institution), NumberMasked: maskNumber(row.NumberLast4),
		Holder: row.Holder, State: row.State, LinkedAt: row.LinkedAt.UTC(), NameMatches: record.SameName(row.Holder, name),
	}, nil
}

// current reads the account in use; lock is "" or "FOR UPDATE".
func current(ctx context.Context, db bun.IDB, id record.ParticipantID, lock string) (*accountRow, error) {
	var rows []accountRow
	err := db.NewRaw(`SELECT `+accountColumns+` FROM payout_accounts WHERE participant_id = ? AND state <> 'replaced' `+lock, id).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read payout account of %s: %w", id, err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	return &rows[0], nil
}

func sealContext(id string) string { return "payout_accounts.number:" + id }

func lookup(box *seal.Box, institution, number string) []byte {
	return box.Lookup(number, "payout_accounts.number/"+institution)
}

// RevealAccount opens the number of the account in use. Callers check permission
// and write the ledger in the same transaction.
func RevealAccount(ctx context.Context, db bun.IDB, box *seal.Box, id record.ParticipantID) (string, error) {
	var rows []struct {
		ID           string
		NumberSealed []byte
	}
	err := db.NewRaw(`SELECT id, number_sealed FROM payout_accounts WHERE participant_id = ? AND state <> 'replaced'`, id).Scan(ctx, &rows)
	if err != nil {
		return "", fmt.Errorf("read account number of %s: %w", id, err)
	}
	if len(rows) == 0 {
		return "", fmt.Errorf("payout account of %s: %w", id, record.ErrUnknown)
	}
	plain, err := box.Open(rows[0].NumberSealed, sealContext(rows[0].ID))
	if err != nil {
		return "", fmt.Errorf("open account number of %s: %w", id, err)
	}
	return string(plain), nil
}

// taken reports whether another participant uses this account.
func taken(ctx context.Context, db bun.IDB, id record.ParticipantID, institution string, number []byte) (bool, error) {
	var found bool
	err := db.NewRaw(`SELECT EXISTS (SELECT FROM payout_accounts
		WHERE institution = ? AND number_lookup = ? AND state <> 'replaced' AND participant_id <> ?)`, institution, number, id).Scan(ctx, &found)
	if err != nil {
		return false, fmt.Errorf("look for account: %w", err)
	}
	return found, nil
}

// NewAccount is an account to be linked, number in clear.
type NewAccount struct {
	ParticipantID record.ParticipantID
	Institution   Institution
	Number        string
	Holder        string
}

// link replaces the account in use by the new one and lets incentives that
// waited for an account go on.
func link(ctx context.Context, tx bun.IDB, box *seal.Box, a NewAccount, now time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE payout_accounts SET state = 'replaced', replaced_at = ?
		WHERE participant_id = ? AND state <> 'replaced'`, now, a.ParticipantID)
	if err != nil {
		return fmt.Errorf("replace payout account: %w", err)
	}
	id := uuid.Must(uuid.NewV7()).String()
	sealed, err := box.Seal([]byte(a.Number), sealContext(id))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO payout_accounts
		(id, participant_id, kind, institution, number_sealed, number_lookup, number_last4, holder, state, linked_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'linked', ?)`, id, a.ParticipantID, a.Institution.Kind, a.Institution.Code, sealed,
		lookup(box, a.Institution.Code, a.Number), a.Number[len(a.Number)-4:], strings.ToUpper(a.Holder), now)
	if err != nil {
		return fmt.Errorf("link payout account: %w", err)
	}
	_, err = tx.ExecContext(ctx, `UPDATE incentives SET state = 'scheduled', waits_for = '', due_at = ?
		WHERE participant_id = ? AND state = 'waiting' AND waits_for = 'account'`, now.Add(payoutDelay), a.ParticipantID)
	if err != nil {
		return fmt.Errorf("schedule incentives that waited for an account: %w", err)
	}
	return nil
}

// payoutDelay is what passes between earning and payment: three to five working
// days, told as the later (DOMAIN.md part 3, step 10).
const payoutDelay = 5 * 24 * time.Hour
