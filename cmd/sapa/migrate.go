package main

import (
	"context"
	"fmt"

	"sapa/migrations"
)

// migrate needs only the database, so that it can run before anything else is set.
func migrate(ctx context.Context, c call) int {
	r := &reader{env: c.env}
	address := r.required("SAPA_DATABASE_URL", "postgres://user@host:5432/sapa")
	partitions := r.count("SAPA_PARTITIONS", 0)
	if len(r.faults) > 0 {
		return c.fail(r.faults[0])
	}
	db, err := migrations.Open(address)
	if err != nil {
		return c.fail(err)
	}
	defer db.Close()
	applied, err := migrations.Up(ctx, db, migrations.Options{Partitions: partitions})
	if err != nil {
		return c.fail(err)
	}
	for _, name := range applied {
		fmt.Fprintln(c.stdout, "applied", name)
	}
	if len(applied) == 0 {
		fmt.Fprintln(c.stdout, "the schema is up to date")
	}
	return 0
}
