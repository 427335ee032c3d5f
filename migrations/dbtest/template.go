package dbtest

import (
	"context"
	"sync"
	"testing"

	"github.com/uptrace/bun"
)

// Template is a filled database that the tests of one package begin with. The first
// test that asks for it fills it, the others get copies, which is cheaper from a few
// hundred rows on. Its package drops it in TestMain.
type Template struct {
	// Fill puts in what the tests share; it may call t.Fatal.
	Fill func(t testing.TB, db *bun.DB)

	mu   sync.Mutex
	name string
}

// New returns a copy, as New of the package does.
func (m *Template) New(t testing.TB) *bun.DB {
	t.Helper()
	db, _ := newFrom(t, m.ensure(t))
	return db
}

func (m *Template) ensure(t testing.TB) string {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.name != "" {
		return m.name
	}
	ctx := context.Background()
	name := clone(t, ctx, administration(t), "")
	db := open(t, withDatabase(t, name))
	defer db.Close() // nobody may be in a database that is copied
	m.Fill(t, db)
	m.name = name
	return name
}

// Drop deletes the template after the last test.
func (m *Template) Drop() error {
	if m.name == "" {
		return nil
	}
	admin, err := administer()
	if err != nil {
		return err
	}
	_, err = admin.ExecContext(context.Background(), "DROP DATABASE IF EXISTS ? WITH (FORCE)", bun.Ident(m.name))
	return err
}
