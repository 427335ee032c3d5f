package training

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"sapa/program/record"
)

// CertificateNumber makes a fresh number: year and 50 random bits.
func CertificateNumber(at time.Time) string {
	return "SP/" + at.UTC().Format("2006") + "/" + rand.Text()[:10]
}

// Finish closes a purchase whose sessions were attended and whose post-test was
// passed, and issues the certificate in this name. record.ErrStale when it was
// finished already.
func Finish(ctx context.Context, tx bun.IDB, purchaseID, name string, now time.Time) error {
	result, err := tx.ExecContext(ctx, `UPDATE purchases SET finished_at = ? WHERE id = ? AND finished_at IS NULL AND redeem_state = 'redeemed'`, now, purchaseID)
	if err != nil {
		return fmt.Errorf("finish purchase %s: %w", purchaseID, err)
	}
	if n, _ := result.RowsAffected(); n == 0 {
		return fmt.Errorf("finish purchase %s: %w", purchaseID, record.ErrStale)
	}
	return issue(ctx, tx, purchaseID, CertificateNumber(now), name, now)
}

func issue(ctx context.Context, tx bun.IDB, purchaseID, number, name string, now time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO certificates (id, purchase_id, number, name, issued_at, state) VALUES (?, ?, ?, ?, ?, 'valid')`,
		uuid.Must(uuid.NewV7()).String(), purchaseID, number, name, now)
	if err != nil {
		return fmt.Errorf("issue certificate for %s: %w", purchaseID, err)
	}
	return nil
}
