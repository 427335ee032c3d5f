package ticketing

import (
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// TicketNumbers reads the numbers by which people know these tickets; empty and
// unknown ids are left out.
func TicketNumbers(ctx context.Context, db bun.IDB, ids ...TicketID) (map[string]string, error) {
	numbers := map[string]string{}
	var plain []string
	for _, id := range ids {
		if id != "" && !slices.Contains(plain, string(id)) {
			plain = append(plain, string(id))
		}
	}
	if len(plain) == 0 {
		return numbers, nil
	}
	var found []struct{ ID, Number string }
	err := db.NewRaw("SELECT id, number FROM tickets WHERE id = ANY(?::uuid[])", pgdialect.Array(plain)).Scan(ctx, &found)
	if err != nil {
		return nil, fmt.Errorf("read ticket numbers: %w", err)
	}
	for _, f := range found {
		numbers[f.ID] = f.Number
	}
	return numbers, nil
}
