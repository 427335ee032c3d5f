package incentive_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/uptrace/bun"

	"sapa/migrations/dbtest"
	"sapa/migrations/sealtest"
	"sapa/program/incentive"
	"sapa/program/record"
)

var noon = time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)

// till is a database with participants who are owed money.
type till struct {
	t   *testing.T
	db  *bun.DB
	ids []record.ParticipantID
}

// newTill gives each person a scheduled incentive that is due and an account of
// this state and holder ("" is none).
func newTill(t *testing.T, accounts ...[2]string) *till {
	t.Helper()
	db, url := dbtest.NewWithURL(t)
	h := &till{t: t, db: db}
	box := sealtest.Box(t)
	var batch incentive.Batch
	for i, a := range accounts {
		id := h.person()
		h.ids = append(h.ids, id)
		batch.Incentives = append(batch.Incentives, incentive.LoadedIncentive{ID: newID(), ParticipantID: id, Kind: incentive.Completion, Sequence: 1,
			Amount: incentive.CompletionAmount, State: incentive.Scheduled, EarnedAt: noon.AddDate(0, 0, -5), DueAt: noon.AddDate(0, 0, -1)})
		if a[0] != "" {
			batch.Accounts = append(batch.Accounts, incentive.LoadedAccount{ID: newID(), ParticipantID: id, Institution: incentive.Institutions()[0],
				Number: fmt.Sprintf("99%08d", i), Holder: a[1], State: a[0], LinkedAt: noon.AddDate(0, 0, -9)})
		}
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	if err := pgx.BeginFunc(t.Context(), conn, func(tx pgx.Tx) error { return incentive.Load(t.Context(), tx, box, batch) }); err != nil {
		t.Fatal(err)
	}
	return h
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

func (h *till) person() record.ParticipantID {
	id := record.ParticipantID(newID())
	_, err := h.db.ExecContext(h.t.Context(), `INSERT INTO participants (id, name, sex, birth_date, region_code, rural, education, occupation, disability,
		returnee, language, scheme, stage, identity, identity_field, created_at, updated_at)
		VALUES (?, 'Siti Aminah', 'f', '1990-01-25', '31.71', false, 'sma', 'none', false, false, 'ind', 'normal', 'finished', 'matched', '', ?, ?)`, id, noon, noon)
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

func (h *till) tx(do func(context.Context, bun.Tx) error) {
	h.t.Helper()
	if err := h.db.RunInTx(h.t.Context(), nil, do); err != nil {
		h.t.Fatal(err)
	}
}

func (h *till) state(i int) record.Incentive {
	h.t.Helper()
	list, err := incentive.Read(h.t.Context(), h.db, h.ids[i])
	if err != nil {
		h.t.Fatal(err)
	}
	return list[0]
}

func (h *till) orderDue() (ordered, waiting int) {
	h.t.Helper()
	h.tx(func(ctx context.Context, tx bun.Tx) (err error) {
		ordered, waiting, err = incentive.OrderDue(ctx, tx, noon, 100)
		return err
	})
	return ordered, waiting
}

// TestPayoutDay walks one day: order, file, sent, the bank's answers.
func TestPayoutDay(t *testing.T) {
	t.Parallel()
	own, other := [2]string{incentive.Linked, "SITI AMINAH"}, [2]string{incentive.Linked, "BUDI"}
	h := newTill(t, own, own, other, [2]string{incentive.Unverified, "SITI AMINAH"}, [2]string{})
	if ordered, waiting := h.orderDue(); ordered != 2 || waiting != 3 {
		t.Fatalf("ordered %d, waiting %d, want 2 and 3", ordered, waiting)
	}
	if ordered, waiting := h.orderDue(); ordered+waiting != 0 {
		t.Errorf("the second run ordered %d and held %d", ordered, waiting)
	}
	if i := h.state(2); i.State != incentive.Waiting || i.WaitsFor != "account" {
		t.Errorf("account in another name: %s for %s", i.State, i.WaitsFor)
	}
	var file incentive.File
	h.tx(func(ctx context.Context, tx bun.Tx) (err error) {
		file, err = incentive.MakeFile(ctx, tx, noon)
		return err
	})
	if file.Lines != 2 || file.Total != 1_200_000 || file.Place != 1 {
		t.Errorf("file %+v", file)
	}
	if got := h.state(0).Transfers[0].State; got != incentive.Ordered {
		t.Errorf("in the file, yet not sent: %s, want ordered", got)
	}
	h.tx(func(ctx context.Context, tx bun.Tx) error {
		empty, err := incentive.MakeFile(ctx, tx, noon)
		if empty.Lines != 0 {
			t.Errorf("second file %+v", empty)
		}
		return err
	})
	h.tx(func(ctx context.Context, tx bun.Tx) error { return incentive.MarkSent(ctx, tx, file.ID, noon) })
	if got := h.state(0).Transfers[0].State; got != incentive.Sent {
		t.Errorf("after handing over: %s, want sent", got)
	}
	if err := incentive.MarkSent(t.Context(), h.db, file.ID, noon); err == nil {
		t.Error("the file was sent twice")
	}
	h.answers()
}

// answers gives the bank's answers: one settled, one returned, then again, then
// the contrary, and one that was never ordered.
func (h *till) answers() {
	good, bad := h.state(0).Transfers[0].OrderRef, h.state(1).Transfers[0].OrderRef
	settle := func(answers ...incentive.Answer) incentive.Settlement {
		h.t.Helper()
		var result incentive.Settlement
		h.tx(func(ctx context.Context, tx bun.Tx) (err error) {
			result, err = incentive.Settle(ctx, tx, answers)
			return err
		})
		return result
	}
	at := noon.AddDate(0, 0, 1)
	first := []incentive.Answer{{OrderRef: good, At: at}, {OrderRef: bad, ReturnCode: incentive.ReturnAccountClosed, At: at}}
	if got := settle(first...); len(got.Settled) != 1 || len(got.Returned) != 1 || got.Returned[0].ReturnCode != "AC04" {
		h.t.Errorf("first answers: %+v", got)
	}
	if got := settle(append(first, first...)...); got.Repeated != 2 || len(got.Settled)+len(got.Returned) != 0 {
		h.t.Errorf("the same answers again: %+v", got)
	}
	got := settle(incentive.Answer{OrderRef: good, ReturnCode: "AC04", At: at}, incentive.Answer{OrderRef: bad, At: at}, incentive.Answer{OrderRef: "SP-nothing", At: at})
	slices.Sort(got.Contradicted)
	if len(got.Contradicted) != 2 || !slices.Equal(got.Unknown, []string{"SP-nothing"}) || len(got.Settled)+len(got.Returned) != 0 {
		h.t.Errorf("contrary answers: %+v", got)
	}
	if h.state(0).State != incentive.Paid || h.state(1).State != incentive.Returned || h.state(1).Transfers[0].ReturnCode != "AC04" {
		h.t.Errorf("in the end %s and %s", h.state(0).State, h.state(1).State)
	}
	if got := settle(); len(got.Settled)+got.Repeated != 0 {
		h.t.Errorf("no answers: %+v", got)
	}
}

// TestOneOrderAlive: the database itself refuses a second payment under way.
func TestOneOrderAlive(t *testing.T) {
	t.Parallel()
	h := newTill(t, [2]string{incentive.Linked, "SITI AMINAH"})
	h.orderDue()
	_, err := h.db.ExecContext(t.Context(), `INSERT INTO transfers (id, order_ref, incentive_id, participant_id, payout_account_id, attempt, amount, state, ordered_at)
		SELECT gen_random_uuid(), 'SP-second', incentive_id, participant_id, payout_account_id, 2, amount, 'ordered', ordered_at FROM transfers`)
	if err == nil {
		t.Error("a second order for the same incentive was taken")
	}
}

// TestEarned schedules only what waits, once.
func TestEarned(t *testing.T) {
	t.Parallel()
	h := newTill(t, [2]string{incentive.Linked, "SITI AMINAH"})
	who := h.person()
	h.ids = append(h.ids, who)
	h.tx(func(ctx context.Context, tx bun.Tx) error {
		return incentive.TrainingFinished(ctx, tx, who, false, noon)
	})
	if i := h.state(1); i.State != incentive.Waiting || i.WaitsFor != "rating" || i.Amount != 600_000 {
		t.Fatalf("finished without a rating: %+v", i)
	}
	for range 2 {
		h.tx(func(ctx context.Context, tx bun.Tx) error {
			return incentive.Earned(ctx, tx, who, incentive.Completion, 1, noon)
		})
	}
	if i := h.state(1); i.State != incentive.Scheduled || !i.DueAt.Equal(noon.AddDate(0, 0, 5)) {
		t.Errorf("rated: %+v", i)
	}
	h.tx(func(ctx context.Context, tx bun.Tx) error {
		return incentive.TrainingFinished(ctx, tx, h.ids[0], true, noon)
	})
	if i := h.state(0); i.State != incentive.Scheduled || !i.DueAt.Equal(noon.AddDate(0, 0, -1)) {
		t.Errorf("one that was scheduled already: %+v", i)
	}
}
