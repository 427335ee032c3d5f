package ticketing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// OpenOutages lists what is told at an instant or later, the earliest first.
func OpenOutages(ctx context.Context, db bun.IDB, at time.Time) ([]Outage, error) {
	var list []Outage
	if err := db.NewSelect().Model(&list).Where("g.until_at > ?", at).OrderExpr("g.from_at, g.id").Limit(20).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read outages: %w", err)
	}
	return list, nil
}

// Outages lists the latest notices with how many conversations began during each.
func Outages(ctx context.Context, db bun.IDB) ([]Outage, error) {
	var list []Outage
	err := db.NewSelect().Model(&list).Column("g.*").
		ColumnExpr("(SELECT count(*) FROM conversations c WHERE c.opened_at >= g.from_at AND c.opened_at < g.until_at) AS came").
		OrderExpr("g.until_at DESC, g.id DESC").Limit(50).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list outages: %w", err)
	}
	return list, nil
}

func outageByID(ctx context.Context, db bun.IDB, id string) (Outage, error) {
	var o Outage
	err := db.NewSelect().Model(&o).Where("g.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return o, ErrNotFound
	}
	if err != nil {
		return o, fmt.Errorf("read outage: %w", err)
	}
	return o, nil
}

func insertOutage(ctx context.Context, db bun.IDB, o Outage) error {
	if _, err := db.NewInsert().Model(&o).Exec(ctx); err != nil {
		return fmt.Errorf("store outage: %w", err)
	}
	return nil
}

func updateOutage(ctx context.Context, db bun.IDB, o Outage) error {
	version := o.Version
	o.Version++
	result, err := db.NewUpdate().Model(&o).Column("version", "texts", "places", "from_at", "until_at").
		Where("g.id = ? AND g.version = ?", o.ID, version).Exec(ctx)
	return outageSaved(result, err)
}

// endOutage ends a notice at an instant; one that has not begun yet is over at
// once.
func endOutage(ctx context.Context, db bun.IDB, id string, version int64, at time.Time) error {
	result, err := db.NewRaw(`UPDATE outages SET from_at = least(from_at, ?0::timestamptz - interval '1 second'), until_at = ?0, version = version + 1
		WHERE id = ?1 AND version = ?2`, at, id, version).Exec(ctx)
	return outageSaved(result, err)
}

func outageSaved(result sql.Result, err error) error {
	if err != nil {
		return fmt.Errorf("save outage: %w", err)
	}
	if n, _ := result.RowsAffected(); n == 0 {
		return ErrStale
	}
	return nil
}
