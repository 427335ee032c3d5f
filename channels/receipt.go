package channels

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// ReceiptLife is how long receipts are kept: providers deliver again for up to
// 7 days, and we double it.
const ReceiptLife = 14 * 24 * time.Hour

// ClaimReceipt says whether the provider's event is here for the first time. It
// belongs into the transaction that stores the event: if that fails, the
// provider's next attempt is fresh again. Of many concurrent claims of one
// event, the others wait for the first transaction and then are not fresh.
func ClaimReceipt(ctx context.Context, db bun.IDB, inbox InboxID, providerID string, at time.Time) (fresh bool, err error) {
	if providerID == "" {
		return false, &Invalid{Field: "provider_id", Rule: "required"}
	}
	result, err := db.NewRaw("INSERT INTO receipts (inbox_id, provider_id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
		inbox, providerID, at).Exec(ctx)
	if err != nil {
		return false, fmt.Errorf("claim receipt: %w", err)
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// TrimReceipts forgets what is older than ReceiptLife.
func TrimReceipts(ctx context.Context, db bun.IDB, now time.Time) (int64, error) {
	result, err := db.NewRaw("DELETE FROM receipts WHERE at < ?", now.Add(-ReceiptLife)).Exec(ctx)
	if err != nil {
		return 0, fmt.Errorf("trim receipts: %w", err)
	}
	return result.RowsAffected()
}
