package channels

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"
)

// Reveal says rows whose secret is still sealed in full, by id. It is for the
// window of the person they are addressed to, which reads our lines instead of
// being sent them; nobody else may be shown them.
func (o *Outbox) Reveal(ctx context.Context, db bun.IDB, ids ...OutboxID) (map[OutboxID]string, error) {
	full := make(map[OutboxID]string, len(ids))
	if len(ids) == 0 {
		return full, nil
	}
	var rows []outboxRow
	if err := db.NewSelect().Model(&rows).Where("id IN (?)", bun.List(ids)).Where("secret IS NOT NULL").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read sealed rows: %w", err)
	}
	for _, row := range rows {
		secret, err := row.openSecret(o.seal)
		if err != nil {
			return nil, err
		}
		if full[row.ID], err = o.render(row, secret); err != nil {
			return nil, err
		}
	}
	return full, nil
}
