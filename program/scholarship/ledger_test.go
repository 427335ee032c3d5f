package scholarship_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"sapa/migrations/dbtest"
	"sapa/program/access"
	"sapa/program/record"
	"sapa/program/scholarship"
)

var noon = time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC)

func person(t *testing.T, db *bun.DB) record.ParticipantID {
	t.Helper()
	id := record.ParticipantID(uuid.Must(uuid.NewV7()).String())
	_, err := db.ExecContext(t.Context(), `INSERT INTO participants (id, name, sex, birth_date, region_code, rural, education, occupation, disability,
		returnee, language, scheme, stage, identity, identity_field, created_at, updated_at)
		VALUES (?, 'Uji Coba', 'f', '1990-01-25', '31.71', false, 'sma', 'none', false, false, 'ind', 'normal', 'selected', 'matched', '', ?, ?)`, id, noon, noon)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func provider(t *testing.T, db *bun.DB, name string) string {
	t.Helper()
	id := uuid.Must(uuid.NewV7()).String()
	if _, err := db.ExecContext(t.Context(), `INSERT INTO providers (id, name, region_code, state) VALUES (?, ?, '31.71', 'active')`, id, name); err != nil {
		t.Fatal(err)
	}
	return id
}

func post(db *bun.DB, j scholarship.Journal) error {
	j.Actor, j.At = access.Timer(), noon
	return db.RunInTx(context.Background(), nil, func(ctx context.Context, tx bun.Tx) error {
		_, err := scholarship.Post(ctx, tx, j)
		return err
	})
}

// TestRandomJournals posts thousands of random movements and holds the ledger
// to a model in memory: refused exactly when the balance would fall below zero,
// always balanced.
func TestRandomJournals(t *testing.T) {
	t.Parallel()
	ctx, db := t.Context(), dbtest.New(t)
	rng := rand.New(rand.NewPCG(1, 2))
	people := []record.ParticipantID{person(t, db), person(t, db), person(t, db)}
	shops := []string{provider(t, db, "A"), provider(t, db, "B")}
	model := map[record.ParticipantID]int64{}
	kinds := []scholarship.Kind{scholarship.Grant, scholarship.Purchase, scholarship.Purchase, scholarship.Refund, scholarship.Expiry, scholarship.Revocation}
	for i := range 600 {
		who, kind := people[rng.IntN(len(people))], kinds[rng.IntN(len(kinds))]
		amount := 1 + rng.Int64N(2_000_000)
		err := post(db, scholarship.Journal{Kind: kind, Reference: fmt.Sprint(i), Participant: who, Provider: shops[rng.IntN(2)], Amount: amount})
		sum := amount
		if kind == scholarship.Purchase || kind == scholarship.Expiry || kind == scholarship.Revocation {
			sum = -amount
		}
		if model[who]+sum < 0 {
			if !errors.Is(err, scholarship.ErrTooLittle) {
				t.Fatalf("journal %d of %d on %d: %v, want ErrTooLittle", i, sum, model[who], err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("journal %d: %v", i, err)
		}
		model[who] += sum
	}
	for who, want := range model {
		if got, err := scholarship.Balance(ctx, db, who); got != want || err != nil {
			t.Errorf("balance of %s = %d, %v, want %d", who, got, err, want)
		}
	}
	if wrong, err := scholarship.Audit(ctx, db); wrong != 0 || err != nil {
		t.Errorf("%d accounts or journals disagree, %v", wrong, err)
	}
}

// TestConcurrentPurchases: of two purchases that each fit the balance and do not
// fit together, one wins.
func TestConcurrentPurchases(t *testing.T) {
	t.Parallel()
	ctx, db := t.Context(), dbtest.New(t)
	who, shop := person(t, db), provider(t, db, "A")
	if err := post(db, scholarship.Journal{Kind: scholarship.Grant, Reference: "g", Participant: who, Amount: 1_000_000}); err != nil {
		t.Fatal(err)
	}
	results := make(chan error, 8)
	for i := range 8 {
		go func() {
			results <- post(db, scholarship.Journal{Kind: scholarship.Purchase, Reference: fmt.Sprint(i), Participant: who, Provider: shop, Amount: 700_000})
		}()
	}
	won := 0
	for range 8 {
		if err := <-results; err == nil {
			won++
		} else if !errors.Is(err, scholarship.ErrTooLittle) {
			t.Error(err)
		}
	}
	if balance, _ := scholarship.Balance(ctx, db, who); won != 1 || balance != 300_000 {
		t.Errorf("%d purchases went through, balance %d, want 1 and 300000", won, balance)
	}
}

func TestLedgerRefuses(t *testing.T) {
	t.Parallel()
	ctx, db := t.Context(), dbtest.New(t)
	who := person(t, db)
	grant := scholarship.Journal{Kind: scholarship.Grant, Reference: "g", Participant: who, Amount: 3_500_000}
	if err := post(db, grant); err != nil {
		t.Fatal(err)
	}
	if err := post(db, grant); !errors.Is(err, scholarship.ErrPosted) {
		t.Errorf("the same journal twice: %v, want ErrPosted", err)
	}
	if err := post(db, scholarship.Journal{Kind: "gift", Reference: "x", Participant: who, Amount: 1}); !errors.Is(err, record.ErrUnknown) {
		t.Errorf("unknown kind: %v", err)
	}
	if err := post(db, scholarship.Journal{Kind: scholarship.Grant, Reference: "z", Participant: who, Amount: -5}); err == nil {
		t.Error("negative grant was taken")
	}
	cases := []struct{ name, query, want string }{
		{"half a journal", `WITH j AS (INSERT INTO ledger_journals (id, kind, reference, actor_kind, actor_id, at)
			VALUES (gen_random_uuid(), 'grant', 'half', 'system', '', now()) RETURNING id)
			INSERT INTO ledger_entries (journal_id, place, account_id, amount) SELECT j.id, 1, a.id, 5 FROM j, ledger_accounts AS a WHERE a.kind = 'scholarship'`, "out of balance"},
		{"changed entry", `UPDATE ledger_entries SET amount = amount * 2`, "append-only"},
		{"removed entry", `DELETE FROM ledger_entries`, "append-only"},
		{"emptied", `TRUNCATE ledger_entries`, "append-only"},
		{"removed journal", `DELETE FROM ledger_journals`, "append-only"},
	}
	for _, c := range cases {
		if _, err := db.ExecContext(ctx, c.query); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	if wrong, err := scholarship.Audit(ctx, db); wrong != 0 || err != nil {
		t.Errorf("%d disagree, %v", wrong, err)
	}
}
