package program_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"sapa/program"
	"sapa/program/access"
	"sapa/program/incentive"
)

// TestReturnedMoneyArrives is the desk's main job on the record: another account
// with evidence, the payment ordered anew by two people, the bank's answer.
func TestReturnedMoneyArrives(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx, p := t.Context(), h.persona("returned_name")
	done, err := h.run(agent(), relink(p, "relink-0001"))
	if err != nil || done.Status != program.Applied {
		t.Fatalf("relink: %+v, %v", done, err)
	}
	asked, err := h.run(agent(), h.reissue(p, "reissue-0001"))
	if err != nil || asked.Status != program.AwaitingApproval {
		t.Fatalf("reissue: %+v, %v", asked, err)
	}
	if r := h.record(p.ID); len(r.Approvals) != 1 || r.Approvals[0].Amount != 600_000 || r.Incentives[0].State != incentive.Returned {
		t.Fatalf("while waiting: approvals %+v, incentive %s", r.Approvals, r.Incentives[0].State)
	}
	decided, err := h.decide(approver(), asked.ApprovalID, true, "")
	if err != nil || decided.State != "approved" || decided.ChangeID == "" {
		t.Fatalf("decide: %+v, %v", decided, err)
	}
	r := h.record(p.ID)
	transfers := r.Incentives[0].Transfers
	fresh := transfers[len(transfers)-1]
	if fresh.State != incentive.Ordered || fresh.Institution != "Bank Lentera Desa" || diagnosed(r, "transfer_returned_name_mismatch") || !diagnosed(r, "transfer_under_way") {
		t.Fatalf("after approval: %+v, %+v", fresh, r.Diagnoses)
	}
	checkHistory(t, r)
	settled, err := h.core.SettleTransfers(ctx, h.db, []incentive.Answer{{OrderRef: fresh.OrderRef, At: h.clock.now()}})
	if err != nil || len(settled.Settled) != 1 {
		t.Fatalf("settle: %+v, %v", settled, err)
	}
	if r := h.record(p.ID); r.Incentives[0].State != incentive.Paid || r.Participant.Stage != "paid" || len(r.Diagnoses) != 0 {
		t.Errorf("at the end: %s, %s, %+v", r.Incentives[0].State, r.Participant.Stage, r.Diagnoses)
	}
}

// checkHistory: who, when, why, before and after of both corrections.
func checkHistory(t *testing.T, r program.Record) {
	t.Helper()
	if len(r.Changes) != 2 {
		t.Fatalf("%d changes, want 2", len(r.Changes))
	}
	money, account := r.Changes[0], r.Changes[1]
	if money.Actor.Name != "Rani" || money.Approver == nil || money.Approver.Name != "Bayu" || money.Reason == "" || money.Case.TicketID != "t1" {
		t.Errorf("payment's history: %+v", money)
	}
	if value(money.Before, "transfer_state") != "@transfer_state.returned" || value(money.After, "transfer_state") != "@transfer_state.ordered" {
		t.Errorf("payment's before and after: %+v %+v", money.Before, money.After)
	}
	if value(account.Before, "holder") != "KUSNADI HARTONO" || value(account.After, "holder") != "WULANDARI KUSUMANINGRUM" || !slices.Equal(account.Evidence, []string{"foto-1"}) {
		t.Errorf("account's history: %+v", account)
	}
	if value(account.After, "number") != "******7890" {
		t.Errorf("account number in history: %v", value(account.After, "number"))
	}
}

func TestRelinkRefuses(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.persona("returned_name")
	other := h.persona("waiting_rating")
	used := relink(other, "other-00001")
	if _, err := h.run(agent(), used); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name   string
		actor  access.Actor
		change func(*program.RemedyRequest)
		want   string
	}{
		{"another person's name", agent(), func(q *program.RemedyRequest) { q.Input["holder"] = "Kusnadi Hartono" }, "holder name_differs"},
		{"letters in the number", agent(), func(q *program.RemedyRequest) { q.Input["number"] = "12345678AB" }, "number format"},
		{"too short", agent(), func(q *program.RemedyRequest) { q.Input["number"] = "1234567" }, "number format"},
		{"e-wallet without 08", agent(), func(q *program.RemedyRequest) {
			q.Input["institution"], q.Input["number"] = "cakra", "9912345678"
		}, "number format"},
		{"unknown bank", agent(), func(q *program.RemedyRequest) { q.Input["institution"] = "bank-lain" }, "institution unknown"},
		{"number of another participant", agent(), func(q *program.RemedyRequest) {}, "number taken"},
		{"nothing filled in", agent(), func(q *program.RemedyRequest) { q.Input = program.Input{} }, "institution required, number required, holder required"},
		{"field that is not there", agent(), func(q *program.RemedyRequest) { q.Input["amount"], q.Input["number"] = "1", "999988887777" }, "amount unknown"},
		{"no evidence", agent(), func(q *program.RemedyRequest) { q.Evidence = nil }, program.ErrEvidence.Error()},
		{"no reason", agent(), func(q *program.RemedyRequest) { q.Reason = "" }, program.ErrReason.Error()},
		{"no key", agent(), func(q *program.RemedyRequest) { q.Key = "" }, "key format"},
		{"unknown remedy", agent(), func(q *program.RemedyRequest) { q.Code = "give_money" }, program.ErrUnknown.Error()},
		{"the bot", access.Robot(), func(q *program.RemedyRequest) {}, program.ErrForbidden.Error()},
		{"the approver himself", approver(), func(q *program.RemedyRequest) {}, program.ErrForbidden.Error()},
		{"the participant", access.Actor{Kind: access.Participant, ID: string(p.ID)}, func(q *program.RemedyRequest) {}, program.ErrForbidden.Error()},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			q := relink(p, "relink-"+strings.ReplaceAll(c.name, " ", "-"))
			c.change(&q)
			_, err := h.run(c.actor, q)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	if r := h.record(p.ID); len(r.Changes) != 0 || !diagnosed(r, "transfer_returned_name_mismatch") {
		t.Errorf("a refused remedy changed the record: %+v", r.Changes)
	}
}

func TestBlockedRemedies(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	cases := []struct{ persona, remedy, want string }{
		{"returned_name", "reissue_transfer", "remedy.blocked.account_name"},
		{"returned_closed", "reissue_transfer", "remedy.blocked.account_not_usable"},
		{"no_account", "reissue_transfer", "remedy.blocked.nothing_returned"},
		{"transfer_late", "relink_payout_account", "remedy.blocked.transfer_under_way"},
		{"not_selected", "relink_payout_account", "remedy.blocked.no_participation"},
		{"all_well", "correct_attendance", "remedy.blocked.nothing_missing"},
		{"all_well", "reissue_certificate", "remedy.blocked.certificate_right"},
		{"revoked", "extend_first_purchase_deadline", "remedy.blocked.revoked"},
		{"all_well", "extend_first_purchase_deadline", "remedy.blocked.already_bought"},
		{"all_well", "unlock_account", "remedy.blocked.not_locked"},
		{"returned_name", "relink_payout_account", ""},
		{"deadline_near", "extend_first_purchase_deadline", ""},
		{"otp_locked", "unlock_account", ""},
	}
	for _, c := range cases {
		t.Run(c.persona+" "+c.remedy, func(t *testing.T) {
			p := h.persona(c.persona)
			got := ""
			for _, offer := range h.record(p.ID).Remedies {
				if offer.Code == c.remedy && offer.Blocked != nil {
					got = offer.Blocked.Key
				}
			}
			if got != c.want {
				t.Errorf("offered with %q, want %q", got, c.want)
			}
			if c.want == "" {
				return
			}
			q := program.RemedyRequest{ParticipantID: p.ID, Code: c.remedy, Key: "blocked-key", Reason: "test", Evidence: []string{"x"}}
			var refused *program.Refused
			if _, err := h.run(agent(), q); !errors.As(err, &refused) || refused.Because.Key != c.want {
				t.Errorf("run: %v, want %s", err, c.want)
			}
		})
	}
}

// TestSmallRemedies runs those without approval and looks at what they did.
func TestSmallRemedies(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	cases := []struct {
		persona, remedy, gone string
		input                 func(program.Record) program.Input
	}{
		{"otp_locked", "unlock_account", "otp_locked", func(program.Record) program.Input { return nil }},
		{"deadline_near", "extend_first_purchase_deadline", "purchase_deadline_near", func(program.Record) program.Input { return program.Input{"days": "7"} }},
		{"certificate_name", "reissue_certificate", "certificate_name_wrong", func(r program.Record) program.Input {
			return program.Input{"training": r.Trainings[0].ID}
		}},
		{"kyc_missing", "relink_payout_account", "account_kyc_missing", func(r program.Record) program.Input {
			return program.Input{"institution": "arunika", "number": "5550001112", "holder": strings.ToUpper(r.Participant.Name)}
		}},
		{"no_account", "relink_payout_account", "account_not_linked", func(r program.Record) program.Input {
			return program.Input{"institution": "sakuria", "number": "0820-1111-222", "holder": r.Participant.Name}
		}},
	}
	for _, c := range cases {
		t.Run(c.persona, func(t *testing.T) {
			p := h.persona(c.persona)
			before := h.record(p.ID)
			if !diagnosed(before, c.gone) {
				t.Fatalf("%s is not there at first", c.gone)
			}
			q := program.RemedyRequest{ParticipantID: p.ID, Code: c.remedy, Key: "small-" + c.persona, Reason: "test", Input: c.input(before), Evidence: []string{"x"}}
			done, err := h.run(agent(), q)
			if err != nil || done.Status != program.Applied || done.ChangeID == "" {
				t.Fatalf("run: %+v, %v", done, err)
			}
			after := h.record(p.ID)
			if diagnosed(after, c.gone) || len(after.Changes) != 1 {
				t.Errorf("still there: %+v, changes %d", after.Diagnoses, len(after.Changes))
			}
			if strings.HasPrefix(c.remedy, "relink") && after.Incentives[0].State != incentive.Scheduled {
				t.Errorf("incentive that waited for the account is %s", after.Incentives[0].State)
			}
		})
	}
}

// TestKeyRunsOnce: the same request twice has one effect and one answer.
func TestKeyRunsOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.persona("returned_name")
	first, err := h.run(agent(), relink(p, "same-key-1"))
	if err != nil {
		t.Fatal(err)
	}
	results := make(chan error, 6)
	for range 6 {
		go func() {
			again, err := h.run(agent(), relink(p, "same-key-1"))
			if err == nil && again.ChangeID != first.ChangeID {
				err = errors.New("another change")
			}
			results <- err
		}()
	}
	for range 6 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	if n := len(h.record(p.ID).Changes); n != 1 {
		t.Errorf("%d changes, want 1", n)
	}
	other := relink(p, "same-key-1")
	other.Input["number"] = "888877776666"
	if _, err := h.run(agent(), other); !errors.Is(err, program.ErrStale) {
		t.Errorf("the key with another input: %v, want ErrStale", err)
	}
	if _, err := h.run(staff(access.Agent, "Sari"), relink(p, "same-key-1")); err == nil {
		t.Error("another agent's equal key led to nothing new, want the plain refusal of an unchanged account")
	}
}

func TestPreviewWritesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx, p := t.Context(), h.persona("returned_name")
	q := relink(p, "")
	shown, err := h.core.PreviewRemedy(ctx, h.db, agent(), p.ID, q.Code, q.Input)
	if err != nil || len(shown.Errors) > 0 {
		t.Fatalf("preview: %+v, %v", shown, err)
	}
	if !slices.Equal(shown.Changed, []string{"institution", "number", "holder"}) {
		t.Errorf("changed %v", shown.Changed)
	}
	bad, err := h.core.PreviewRemedy(ctx, h.db, agent(), p.ID, q.Code, program.Input{"institution": "lentera", "number": "1", "holder": "Orang Lain"})
	if err != nil || len(bad.Errors) != 2 {
		t.Errorf("preview of a bad form: %+v, %v", bad, err)
	}
	if r := h.record(p.ID); r.PayoutAccount.Holder != "KUSNADI HARTONO" || len(r.Changes) != 0 {
		t.Error("the preview changed the record")
	}
	if _, err := h.core.PreviewRemedy(ctx, h.db, access.Robot(), p.ID, q.Code, q.Input); !errors.Is(err, program.ErrForbidden) {
		t.Errorf("preview by the bot: %v", err)
	}
}
