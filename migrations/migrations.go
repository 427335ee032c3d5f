// Package migrations holds the schema as forward-only SQL files and applies
// them. Only cmd and tests use it.
package migrations

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/migrate"
)

//go:embed *.sql
var files embed.FS

// DefaultPartitions is how many hash partitions the big tables get. Eight keeps
// a test database quick to clone (70 ms with 80 partitions, 300 ms with 640)
// and still spreads the inserts of one machine.
const DefaultPartitions = 8

// Options tune what a migration cannot know by itself.
type Options struct {
	// Partitions is the number of hash partitions of each big table, decided
	// once when the table is created. Zero means DefaultPartitions.
	Partitions int
}

// Open connects bun to PostgreSQL through pgx in its "exec" mode, which needs no
// prepared statements and so survives a pooler and a failover. Columns that this
// version does not know are passed over: while versions change, the older one runs
// on beside a schema that is ahead of it.
func Open(url string) (*bun.DB, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("parse database url: %w", err)
	}
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
	config.RuntimeParams["timezone"] = "UTC"
	return bun.NewDB(stdlib.OpenDB(*config), pgdialect.New(), bun.WithDiscardUnknownColumns()), nil
}

// Up brings the schema to the newest version and returns the names of the
// migrations it applied. Two processes may call it at once: an advisory lock
// lets one work while the other waits.
func Up(ctx context.Context, db *bun.DB, options Options) ([]string, error) {
	found := migrate.NewMigrations()
	if err := found.Discover(files); err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	unlock, err := lock(ctx, db)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := setPartitions(ctx, db, options.Partitions); err != nil {
		return nil, err
	}
	migrator := migrate.NewMigrator(db, found, migrate.WithMarkAppliedOnSuccess(true))
	if err := migrator.Init(ctx); err != nil {
		return nil, fmt.Errorf("prepare migration table: %w", err)
	}
	group, err := migrator.Migrate(ctx)
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	applied := make([]string, 0, len(group.Migrations))
	for _, migration := range group.Migrations {
		applied = append(applied, migration.Name+"_"+migration.Comment)
	}
	return applied, nil
}

// Hash names the schema: two trees with the same migrations have the same hash.
func Hash() (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := files.ReadFile(path)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s %d\n", path, len(body))
		sum.Write(body)
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("hash migrations: %w", err)
	}
	return hex.EncodeToString(sum.Sum(nil))[:12], nil
}

// lockKey is an arbitrary constant: "sapa" in ASCII.
const lockKey = 0x73617061

func lock(ctx context.Context, db *bun.DB) (func(), error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect for migration lock: %w", err)
	}
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock(?)", lockKey); err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("take migration lock: %w", err)
	}
	return func() {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock(?)", lockKey)
		_ = conn.Close()
	}, nil
}

// setPartitions stores the count where the migrations read it, as a setting of
// the database, since bun gives each migration a connection of its own choosing.
func setPartitions(ctx context.Context, db *bun.DB, count int) error {
	if count == 0 {
		count = DefaultPartitions
	}
	var name string
	if err := db.NewRaw("SELECT current_database()").Scan(ctx, &name); err != nil {
		return fmt.Errorf("name of database: %w", err)
	}
	query := "ALTER DATABASE ? SET sapa.partitions = " + strconv.Itoa(count)
	if _, err := db.ExecContext(ctx, query, bun.Ident(name)); err != nil {
		return fmt.Errorf("set partition count: %w", err)
	}
	// A pooled connection keeps the settings it began with; new ones read the count.
	db.SetMaxIdleConns(0)
	db.SetMaxIdleConns(2)
	return nil
}
