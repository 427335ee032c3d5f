package migrations_test

import (
	"context"
	"testing"

	"sapa/migrations"
	"sapa/migrations/dbtest"
)

func TestUpTwiceAppliesNothingMore(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	applied, err := migrations.Up(context.Background(), db, migrations.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(applied) != 0 {
		t.Fatalf("applied = %v, want none", applied)
	}
}

func TestHashIsStable(t *testing.T) {
	t.Parallel()
	first, err := migrations.Hash()
	if err != nil {
		t.Fatal(err)
	}
	second, _ := migrations.Hash()
	if first != second || len(first) != 12 {
		t.Fatalf("hashes = %q, %q, want the same 12 characters", first, second)
	}
}
