package migrations

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/migrate"
)

// Pending returns the names of the migrations that Up would apply, and changes
// nothing.
func Pending(ctx context.Context, db *bun.DB) ([]string, error) {
	found := migrate.NewMigrations()
	if err := found.Discover(files); err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	var begun bool
	if err := db.NewRaw("SELECT to_regclass('bun_migrations') IS NOT NULL").Scan(ctx, &begun); err != nil {
		return nil, fmt.Errorf("look for migrations: %w", err)
	}
	applied := map[string]bool{}
	if begun {
		var names []string
		if err := db.NewRaw("SELECT name FROM bun_migrations").Scan(ctx, &names); err != nil {
			return nil, fmt.Errorf("read applied migrations: %w", err)
		}
		for _, name := range names {
			applied[name] = true
		}
	}
	var pending []string
	for _, migration := range found.Sorted() {
		if !applied[migration.Name] {
			pending = append(pending, migration.Name+"_"+migration.Comment)
		}
	}
	return pending, nil
}
