package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"sapa/program/access"
)

// TestAudit: a desk that was left alone passes; one whose rows were changed behind
// the triggers does not, and what is wrong is named.
func TestAudit(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ forge, want string }{
		"left alone":     {"SELECT", ""},
		"row changed":    {"UPDATE audit_log SET reason = 'forged'", "link 1"},
		"balance forged": {`UPDATE ledger_accounts SET balance = balance + 1 WHERE kind = 'scholarship'`, "ledger"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newWorkbench(t)
			b.must("seed", "--participants", "30", "--conversations", "0")
			b.change(func(ctx context.Context, tx bun.Tx) error {
				return access.Audit(ctx, tx, access.AuditEntry{At: time.Now(), Actor: access.Robot(), Action: "inbox.change", Object: "inbox", ObjectID: "1"})
			})
			for made := (access.Seal{}); made.Rows == 0 && t.Context().Err() == nil; { // rows wait for transactions of other tests
				b.change(func(ctx context.Context, tx bun.Tx) (err error) {
					made, err = access.SealAudit(ctx, tx, time.Now())
					return err
				})
			}
			b.change(func(ctx context.Context, tx bun.Tx) error {
				if _, err := tx.ExecContext(ctx, "SET LOCAL session_replication_role = replica"); err != nil {
					return err
				}
				_, err := tx.ExecContext(ctx, test.forge)
				return err
			})
			code, out, fault := b.run("audit")
			if (code == 0) != (test.want == "") || !strings.Contains(fault, test.want) {
				t.Errorf("audit: %d, %q, %q; want %q", code, out, fault, test.want)
			}
		})
	}
}

func (b *workbench) change(do func(context.Context, bun.Tx) error) {
	b.t.Helper()
	if err := b.db.RunInTx(b.t.Context(), nil, do); err != nil {
		b.t.Fatal(err)
	}
}
