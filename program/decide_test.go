package program_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"sapa/program"
	"sapa/program/access"
)

// waiting brings a payment to the second person and returns its approval.
func (h *house) waiting(p program.Persona) string {
	h.t.Helper()
	if _, err := h.run(agent(), relink(p, "relink-0001")); err != nil {
		h.t.Fatal(err)
	}
	asked, err := h.run(agent(), h.reissue(p, "reissue-0001"))
	if err != nil {
		h.t.Fatal(err)
	}
	return asked.ApprovalID
}

func TestWhoMayDecide(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.waiting(h.persona("returned_name"))
	requesterPromoted := agent()
	requesterPromoted.Role = access.Approver
	cases := []struct {
		name  string
		actor access.Actor
		want  error
	}{
		{"the requester, even as approver", requesterPromoted, program.ErrSamePerson},
		{"another agent", staff(access.Agent, "Sari"), program.ErrForbidden},
		{"a quality reviewer", staff(access.QualityReviewer, "Tono"), program.ErrForbidden},
		{"the admin", staff(access.Admin, "Admin"), program.ErrForbidden},
		{"the bot", access.Robot(), program.ErrForbidden},
		{"the system", access.Timer(), program.ErrForbidden},
		{"a participant", access.Actor{Kind: access.Participant, ID: "x"}, program.ErrForbidden},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if _, err := h.decide(c.actor, id, true, ""); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
	if _, err := h.decide(approver(), id, false, ""); !errors.Is(err, program.ErrReason) {
		t.Errorf("refusal without a reason: %v", err)
	}
	if a, err := h.decide(staff(access.Supervisor, "Ibu Ratna"), id, true, ""); err != nil || a.DecidedBy.Name != "Ibu Ratna" {
		t.Errorf("supervisor: %+v, %v", a, err)
	}
}

// TestTwoDeciders: of eight at once one wins, and money is ordered once.
func TestTwoDeciders(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.persona("returned_name")
	id := h.waiting(p)
	results := make(chan error, 8)
	for i := range 8 {
		go func() {
			_, err := h.decide(staff(access.Approver, string(rune('A'+i))), id, i%2 == 0, "dicek")
			results <- err
		}()
	}
	won := 0
	for range 8 {
		if err := <-results; err == nil {
			won++
		} else if !errors.Is(err, program.ErrDecided) {
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d deciders won, want 1", won)
	}
	decided, err := h.core.Approval(t.Context(), h.db, id)
	if err != nil {
		t.Fatal(err)
	}
	want := 1
	if decided.State == "approved" {
		want = 2
	}
	if n := len(h.record(p.ID).Incentives[0].Transfers); n != want {
		t.Errorf("%s, and %d transfers, want %d", decided.State, n, want)
	}
}

// TestStaleApproval: when the account was changed after the approver saw it,
// nothing is paid.
func TestStaleApproval(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.persona("returned_name")
	id := h.waiting(p)
	again := relink(p, "relink-0002")
	again.Input["number"] = "777766665555"
	if _, err := h.run(agent(), again); err != nil {
		t.Fatal(err)
	}
	if _, err := h.decide(approver(), id, true, ""); !errors.Is(err, program.ErrStale) {
		t.Errorf("approving what was shown before: %v, want ErrStale", err)
	}
	a, err := h.core.Approval(t.Context(), h.db, id)
	if err != nil || a.State != "open" {
		t.Errorf("approval is %s, %v, want open", a.State, err)
	}
	if _, err := h.decide(approver(), id, false, "rekening berubah"); err != nil {
		t.Fatal(err)
	}
	if n := len(h.record(p.ID).Incentives[0].Transfers); n != 1 {
		t.Errorf("%d transfers, want 1", n)
	}
	if _, err := h.run(agent(), h.reissue(p, "reissue-0002")); err != nil {
		t.Errorf("asking anew: %v", err)
	}
}

func TestApprovalExpires(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx, p := t.Context(), h.persona("returned_name")
	id := h.waiting(p)
	if _, err := h.run(agent(), h.reissue(p, "reissue-0009")); !errors.Is(err, program.ErrStale) {
		t.Errorf("asking for the same twice: %v, want ErrStale", err)
	}
	a, err := h.core.Approval(ctx, h.db, id)
	if want := time.Date(2026, 11, 25, 16, 59, 59, 0, time.UTC); err != nil || !a.ExpiresAt.Equal(want) {
		t.Fatalf("expires %s, %v, want %s (end of Wednesday in WIB)", a.ExpiresAt, err, want)
	}
	expire := func() (n int) {
		err := h.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) (err error) {
			n, err = h.core.ExpireApprovals(ctx, tx)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := expire(); n != 0 {
		t.Errorf("%d expired at once", n)
	}
	h.clock.forward(4 * 24 * time.Hour)
	if _, err := h.decide(approver(), id, true, ""); !errors.Is(err, program.ErrDecided) {
		t.Errorf("deciding too late: %v, want ErrDecided", err)
	}
	if n, again := expire(), expire(); n != 1 || again != 0 {
		t.Errorf("%d expired, then %d, want 1 and 0", n, again)
	}
	if a, _ := h.core.Approval(ctx, h.db, id); a.State != "expired" || a.DecidedBy == nil || a.DecidedBy.Kind != access.System {
		t.Errorf("approval ended as %+v", a)
	}
}

// TestAttendanceOverride: two people count a session, and certificate and
// incentive follow in the same transaction.
func TestAttendanceOverride(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.persona("attendance")
	before := h.record(p.ID)
	var session string
	for _, offer := range before.Remedies {
		if offer.Code == "correct_attendance" {
			session = offer.Fields[0].Options[0].Value
		}
	}
	q := program.RemedyRequest{ParticipantID: p.ID, Code: "correct_attendance", Key: "attendance-1", Reason: "ada di daftar hadir lembaga",
		Evidence: []string{"daftar"}, Input: program.Input{"session": session}}
	asked, err := h.run(agent(), q)
	if err != nil || asked.Status != program.AwaitingApproval {
		t.Fatalf("%+v, %v", asked, err)
	}
	if _, err := h.decide(approver(), asked.ApprovalID, true, ""); err != nil {
		t.Fatal(err)
	}
	after := h.record(p.ID)
	if diagnosed(after, "attendance_missing") || after.Trainings[0].Certificate == nil || after.Trainings[0].Certificate.Name != p.Name {
		t.Errorf("training after the correction: %+v", after.Trainings[0])
	}
	if after.Participant.Stage != "finished" || !diagnosed(after, "incentive_waiting_rating") {
		t.Errorf("stage %s, diagnoses %+v", after.Participant.Stage, after.Diagnoses)
	}
}

// TestApprovalLists pages through open and decided ones.
func TestApprovalLists(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	first := h.waiting(h.persona("returned_name"))
	wife := h.persona("household_wife")
	other := relink(wife, "relink-0002")
	other.Input["number"] = "444455556666"
	if _, err := h.run(agent(), other); err != nil {
		t.Fatal(err)
	}
	h.clock.forward(time.Minute)
	second, err := h.run(staff(access.Agent, "Sari"), h.reissue(wife, "reissue-0002"))
	if err != nil {
		t.Fatal(err)
	}
	page, next, err := h.core.Approvals(ctx, h.db, program.ApprovalFilter{List: "open", Limit: 1})
	if err != nil || len(page) != 1 || page[0].ID != first || next == "" {
		t.Fatalf("first page %+v, %q, %v", page, next, err)
	}
	page, next, err = h.core.Approvals(ctx, h.db, program.ApprovalFilter{List: "open", Limit: 1, After: next})
	if err != nil || len(page) != 1 || page[0].ID != second.ApprovalID || next != "" {
		t.Errorf("second page %+v, %q, %v", page, next, err)
	}
	if mine, _, err := h.core.Approvals(ctx, h.db, program.ApprovalFilter{List: "mine", ActorID: agent().ID}); err != nil || len(mine) != 1 || mine[0].ID != first {
		t.Errorf("mine %+v, %v", mine, err)
	}
	if _, err := h.decide(approver(), first, false, "bukti kurang jelas"); err != nil {
		t.Fatal(err)
	}
	if done, _, err := h.core.Approvals(ctx, h.db, program.ApprovalFilter{List: "done"}); err != nil || len(done) != 1 || done[0].Note != "bukti kurang jelas" {
		t.Errorf("done %+v, %v", done, err)
	}
	if _, _, err := h.core.Approvals(ctx, h.db, program.ApprovalFilter{List: "open", After: "x"}); !errors.Is(err, program.ErrUnknown) {
		t.Errorf("broken cursor: %v", err)
	}
}
