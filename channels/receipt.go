package channels

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"
)

// ReceiptLife is how long receipts are kept: providers deliver again for up to
// 7 days, and we double it.
const ReceiptLife = 14 * 24 * time.Hour

// Receipt names one event of a provider.
type Receipt struct {
	Inbox      InboxID
	ProviderID string
}

// ClaimReceipt says whether the provider's event is here for the first time. It
// belongs into the transaction that stores the event: if that fails, the
// provider's next attempt is fresh again. Of many concurrent claims of one
// event, the others wait for the first transaction and then are not fresh.
func ClaimReceipt(ctx context.Context, db bun.IDB, inbox InboxID, providerID string, at time.Time) (fresh bool, err error) {
	receipt := Receipt{inbox, providerID}
	claimed, err := ClaimReceipts(ctx, db, at, receipt)
	return claimed[receipt], err
}

// ClaimReceipts is ClaimReceipt of several events: the fresh ones are true. It
// claims in one order, so that two callers with the same events never wait for
// each other.
func ClaimReceipts(ctx context.Context, db bun.IDB, at time.Time, receipts ...Receipt) (map[Receipt]bool, error) {
	slices.SortFunc(receipts, func(a, b Receipt) int {
		return cmp.Or(cmp.Compare(a.Inbox, b.Inbox), cmp.Compare(a.ProviderID, b.ProviderID))
	})
	rows := make([]any, 0, len(receipts))
	for _, receipt := range receipts {
		if receipt.ProviderID == "" {
			return nil, &Invalid{Field: "provider_id", Rule: "required"}
		}
		rows = append(rows, bun.Tuple([]any{receipt.Inbox, receipt.ProviderID, at}))
	}
	var claimed []Receipt
	err := db.NewRaw("INSERT INTO receipts (inbox_id, provider_id, at) VALUES ? ON CONFLICT DO NOTHING RETURNING inbox_id AS inbox, provider_id",
		bun.List(rows)).Scan(ctx, &claimed)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("claim receipts: %w", err)
	}
	fresh := make(map[Receipt]bool, len(claimed))
	for _, receipt := range claimed {
		fresh[receipt] = true
	}
	return fresh, nil
}

// TrimReceipts forgets what is older than ReceiptLife.
func TrimReceipts(ctx context.Context, db bun.IDB, now time.Time) (int64, error) {
	result, err := db.NewRaw("DELETE FROM receipts WHERE at < ?", now.Add(-ReceiptLife)).Exec(ctx)
	if err != nil {
		return 0, fmt.Errorf("trim receipts: %w", err)
	}
	return result.RowsAffected()
}
