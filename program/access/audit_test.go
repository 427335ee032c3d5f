package access_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"sapa/migrations/dbtest"
	"sapa/program/access"
)

var noon = time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC)

func agent() access.Actor {
	return access.Actor{Kind: access.Staff, ID: uuid.Must(uuid.NewV7()).String(), Name: "Rani", Role: access.Agent}
}

func TestLedgerIsAppendOnly(t *testing.T) {
	t.Parallel()
	ctx, db := t.Context(), dbtest.New(t)
	person, staff := uuid.Must(uuid.NewV7()).String(), agent()
	for i, action := range []access.Action{"", access.Unmask, access.Unmask} {
		entry := access.Entry{Actor: staff, ParticipantID: person, Action: action, Fields: []string{"phone"}, Reason: "case", At: noon.Add(time.Duration(i) * time.Minute)}
		if err := access.Record(ctx, db, entry); err != nil {
			t.Fatal(err)
		}
	}
	got, err := access.Entries(ctx, db, access.Filter{ParticipantID: person, Limit: 10})
	if err != nil || len(got) != 3 {
		t.Fatalf("entries = %d, %v, want 3", len(got), err)
	}
	if got[2].Action != access.Read || got[0].Actor != staff || got[0].Fields[0] != "phone" {
		t.Errorf("entry read back as %+v", got[0])
	}
	if n, err := access.CountUnmasks(ctx, db, staff.ID, noon); n != 2 || err != nil {
		t.Errorf("unmasks = %d, %v, want 2", n, err)
	}
	for _, query := range []string{"UPDATE access_ledger SET reason = ''", "DELETE FROM access_ledger", "TRUNCATE access_ledger"} {
		if _, err := db.ExecContext(ctx, query); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v, want a refusal", query, err)
		}
	}
	if err := access.Record(ctx, db, access.Entry{Actor: staff, At: noon}); !errors.Is(err, access.ErrIncomplete) {
		t.Errorf("entry without person: %v, want ErrIncomplete", err)
	}
}

func audit(t *testing.T, db bun.IDB, object string) {
	t.Helper()
	err := access.Audit(t.Context(), db, access.AuditEntry{
		Actor: agent(), Action: "settings.changed", Object: "inbox", ObjectID: object,
		Before: json.RawMessage(`{"name":"a"}`), After: json.RawMessage(`{"name":"b"}`), Reason: "new name", At: noon,
	})
	if err != nil {
		t.Fatal(err)
	}
}

func seal(t *testing.T, db *bun.DB) access.Seal {
	t.Helper()
	var made access.Seal
	err := db.RunInTx(t.Context(), nil, func(ctx context.Context, tx bun.Tx) (err error) {
		made, err = access.SealAudit(ctx, tx, noon)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestSealDetectsTampering(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, tamper string }{
		{"changed reason", "UPDATE audit_log SET reason = 'forged' WHERE object_id = '2'"},
		{"changed time", "UPDATE audit_log SET at = at + interval '1 day' WHERE object_id = '1'"},
		{"removed row", "DELETE FROM audit_log WHERE object_id = '3'"},
		{"row slipped in", `INSERT INTO audit_log (tx, at, actor_kind, actor_id, actor_name, actor_role, action, object, object_id, reason)
			SELECT tx, at, actor_kind, actor_id, actor_name, actor_role, action, object, 'x', reason FROM audit_log WHERE object_id = '1'`},
		{"removed seal", "DELETE FROM audit_seals WHERE id = (SELECT min(id) FROM audit_seals)"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ctx, db := t.Context(), dbtest.New(t)
			for _, object := range []string{"1", "2"} {
				audit(t, db, object)
			}
			if got := seal(t, db); got.Rows != 2 {
				t.Fatalf("sealed %d rows, want 2", got.Rows)
			}
			audit(t, db, "3")
			audit(t, db, "4")
			last := seal(t, db)
			if empty := seal(t, db); empty.Rows != 0 {
				t.Fatalf("sealed %d rows twice", empty.Rows)
			}
			if good, err := access.VerifyAudit(ctx, db); err != nil || good.ID != last.ID {
				t.Fatalf("untouched log: %v", err)
			}
			forge(t, db, c.tamper)
			if _, err := access.VerifyAudit(ctx, db); !errors.Is(err, access.ErrBroken) {
				t.Errorf("after %q: %v, want ErrBroken", c.tamper, err)
			}
		})
	}
}

// forge acts as somebody who has the database in his hands and switches the
// triggers off.
func forge(t *testing.T, db *bun.DB, query string) {
	t.Helper()
	err := db.RunInTx(t.Context(), nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.ExecContext(ctx, "SET LOCAL session_replication_role = replica"); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, query)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAuditRefusesChange(t *testing.T) {
	t.Parallel()
	ctx, db := t.Context(), dbtest.New(t)
	audit(t, db, "1")
	seal(t, db)
	for _, query := range []string{"UPDATE audit_log SET reason = ''", "DELETE FROM audit_log", "TRUNCATE audit_log", "DELETE FROM audit_seals"} {
		if _, err := db.ExecContext(ctx, query); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v, want a refusal", query, err)
		}
	}
	lines, err := access.AuditEntries(ctx, db, access.AuditFilter{Object: "inbox", Limit: 5})
	if err != nil || len(lines) != 1 || string(lines[0].After) != `{"name": "b"}` {
		t.Errorf("audit lines = %+v, %v", lines, err)
	}
}

// TestSealWaitsForOpenTransactions: a row written by a transaction that began
// earlier and commits later must be sealed, not skipped.
func TestSealWaitsForOpenTransactions(t *testing.T) {
	t.Parallel()
	ctx, db := t.Context(), dbtest.New(t)
	slow, err := db.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	audit(t, slow, "slow")
	audit(t, db, "quick")
	if got := seal(t, db); got.Rows != 0 {
		t.Fatalf("sealed %d rows past a running transaction", got.Rows)
	}
	if err := slow.Commit(); err != nil {
		t.Fatal(err)
	}
	if got := seal(t, db); got.Rows != 2 {
		t.Errorf("sealed %d rows, want 2", got.Rows)
	}
	if _, err := access.VerifyAudit(ctx, db); err != nil {
		t.Error(err)
	}
}

// TestSealMissesNothing writes from many sides while sealing goes on: in the end
// every row lies under a seal.
func TestSealMissesNothing(t *testing.T) {
	t.Parallel()
	ctx, db := t.Context(), dbtest.New(t)
	const writers, each = 4, 25
	done := make(chan error, writers)
	for range writers {
		go func() {
			for range each {
				err := db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
					return access.Audit(ctx, tx, access.AuditEntry{Actor: access.Timer(), Action: "x", Object: "y", At: noon})
				})
				if err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	sealed, running := 0, writers
	for running > 0 {
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			running--
		default:
			sealed += seal(t, db).Rows
		}
	}
	sealed += seal(t, db).Rows
	if _, err := access.VerifyAudit(ctx, db); err != nil || sealed != writers*each {
		t.Errorf("%d rows sealed, %v, want %d", sealed, err, writers*each)
	}
}
