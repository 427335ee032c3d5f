// Package dbtest gives each test a PostgreSQL database of its own, cloned in
// some 50 ms from a template that is named by the hash of the migrations.
package dbtest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"sapa/migrations"
)

// fallbackURL is what a developer's own PostgreSQL usually answers to.
const fallbackURL = "postgres://postgres@127.0.0.1:5432/postgres?sslmode=disable"

// partitions of the big tables in a test: more than one, so that rows spread, and
// few, since every table makes each clone slower.
const partitions = 2

// cloneLock lets one clone at a time copy the template: "clon" in ASCII.
const cloneLock = 0x636c6f6e

// New returns an open database with the whole schema, empty otherwise. It is
// dropped when the test passes; a failed test keeps it and prints its address.
// The server comes from SAPA_DATABASE_URL; the role must be allowed to create
// databases.
func New(t testing.TB) *bun.DB {
	t.Helper()
	db, _ := NewWithURL(t)
	return db
}

// NewWithURL is New for tests that start a program and must tell it where the
// database is.
func NewWithURL(t testing.TB) (*bun.DB, string) {
	t.Helper()
	return newFrom(t, "")
}

// newFrom copies the named database; "" means the one with the bare schema.
func newFrom(t testing.TB, source string) (*bun.DB, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	name := clone(t, ctx, administration(t), source)
	address := withDatabase(t, name)
	db := open(t, address)
	db.SetMaxOpenConns(8)
	t.Cleanup(func() { drop(t, db, name, address) })
	return db, address
}

// administer opens the handle through which all tests of a package make and drop
// their databases. It stays open until the process ends: to begin a session costs
// PostgreSQL more than to copy a database.
var administer = sync.OnceValues(func() (*bun.DB, error) {
	db, err := migrations.Open(serverURL())
	if err == nil {
		db.SetMaxIdleConns(2) // one that clones, one that drops
	}
	return db, err
})

func administration(t testing.TB) *bun.DB {
	t.Helper()
	admin, err := administer()
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	return admin
}

func serverURL() string {
	if set := os.Getenv("SAPA_DATABASE_URL"); set != "" {
		return set
	}
	return fallbackURL
}

func open(t testing.TB, address string) *bun.DB {
	t.Helper()
	db, err := migrations.Open(address)
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	return db
}

func withDatabase(t testing.TB, name string) string {
	t.Helper()
	address, err := url.Parse(serverURL())
	if err != nil {
		t.Fatalf("dbtest: SAPA_DATABASE_URL is not a URL: %v", err)
	}
	address.Path = "/" + name
	return address.String()
}

// clone copies the template under a session lock, since PostgreSQL refuses to
// copy a database that another session is copying from at that instant.
func clone(t testing.TB, ctx context.Context, admin *bun.DB, source string) string {
	t.Helper()
	conn, err := admin.Conn(ctx)
	if err != nil {
		t.Fatalf("dbtest: PostgreSQL does not answer (set SAPA_DATABASE_URL, or run `make test`): %v", err)
	}
	defer conn.Close()
	must := func(query string, args ...any) {
		t.Helper()
		if _, err := conn.ExecContext(ctx, query, args...); err != nil {
			t.Fatalf("dbtest: %s: %v", query, err)
		}
	}
	must("SELECT pg_advisory_lock(?)", cloneLock)
	defer must("SELECT pg_advisory_unlock(?)", cloneLock) // the session lives on
	if source == "" {
		source = ensureTemplate(t, ctx, admin)
	}
	name := "sapa_t_" + random()
	must("CREATE DATABASE ? TEMPLATE ? STRATEGY file_copy", bun.Ident(name), bun.Ident(source))
	return name
}

func ensureTemplate(t testing.TB, ctx context.Context, admin *bun.DB) string {
	t.Helper()
	hash, err := migrations.Hash()
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	template := "sapa_tpl_" + hash
	var ready bool
	err = admin.NewRaw("SELECT EXISTS (SELECT FROM pg_database WHERE datname = ?)", template).Scan(ctx, &ready)
	if err != nil {
		t.Fatalf("dbtest: look for template: %v", err)
	}
	if ready {
		return template
	}
	if err := buildTemplate(ctx, t, admin, template); err != nil {
		t.Fatalf("dbtest: build template: %v", err)
	}
	return template
}

// buildTemplate migrates under another name and renames at the end, so that a
// half-built template is never cloned.
func buildTemplate(ctx context.Context, t testing.TB, admin *bun.DB, template string) error {
	draft := template + "_" + random()
	if _, err := admin.ExecContext(ctx, "CREATE DATABASE ?", bun.Ident(draft)); err != nil {
		return err
	}
	db := open(t, withDatabase(t, draft))
	_, err := migrations.Up(ctx, db, migrations.Options{Partitions: partitions})
	db.Close()
	if err == nil {
		_, err = admin.ExecContext(ctx, "ALTER DATABASE ? RENAME TO ?", bun.Ident(draft), bun.Ident(template))
	}
	if err != nil {
		_, _ = admin.ExecContext(ctx, "DROP DATABASE IF EXISTS ? WITH (FORCE)", bun.Ident(draft))
	}
	return err
}

func drop(t testing.TB, db *bun.DB, name, address string) {
	_ = db.Close()
	if t.Failed() {
		t.Logf("dbtest: database kept: psql %q", strings.Replace(address, "sslmode=disable", "", 1))
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if _, err := administration(t).ExecContext(ctx, "DROP DATABASE IF EXISTS ? WITH (FORCE)", bun.Ident(name)); err != nil {
		t.Logf("dbtest: drop %s: %v", name, err)
	}
}

func random() string {
	var raw [6]byte
	if _, err := rand.Read(raw[:]); err != nil {
		panic(fmt.Sprintf("dbtest: no randomness: %v", err))
	}
	return hex.EncodeToString(raw[:])
}

// URL is the address of a database that New returned.
func URL(t testing.TB, db *bun.DB) string {
	t.Helper()
	var name string
	if err := db.NewRaw("SELECT current_database()").Scan(context.Background(), &name); err != nil {
		t.Fatalf("dbtest: name of database: %v", err)
	}
	return withDatabase(t, name)
}
