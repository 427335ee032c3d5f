package main

import (
	"context"
	"errors"
	"fmt"

	"sapa/migrations"
	"sapa/program/access"
	"sapa/program/scholarship"
)

// audit proves that nobody went around the desk: the chain over the audit log is
// whole, and the scholarship ledger balances. It reads every sealed row, so years
// take a while; what was written since the last seal is not part of it yet.
func audit(ctx context.Context, c call) int {
	if len(c.args) > 0 {
		fmt.Fprintln(c.stderr, "usage: sapa audit")
		return 2
	}
	r := &reader{env: c.env}
	address := r.required("SAPA_DATABASE_URL", "postgres://user@host:5432/sapa")
	if err := errors.Join(r.faults...); err != nil {
		return c.fail(err)
	}
	db, err := migrations.Open(address)
	if err != nil {
		return c.fail(err)
	}
	defer db.Close()
	last, err := access.VerifyAudit(ctx, db)
	if err != nil {
		return c.fail(err)
	}
	fmt.Fprintf(c.stdout, "The audit log is whole up to seal %d.\n", last.ID)
	wrong, err := scholarship.Audit(ctx, db)
	if err == nil && wrong > 0 {
		err = fmt.Errorf("%d balances or journals of the scholarship ledger do not add up", wrong)
	}
	if err != nil {
		return c.fail(err)
	}
	fmt.Fprintln(c.stdout, "The scholarship ledger balances.")
	return 0
}
