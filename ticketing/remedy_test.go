package ticketing_test

import (
	"context"
	"errors"
	"testing"

	"sapa/program"
	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
	"sapa/ticketing/team"
)

// moneyCase is a conversation about a participant whose incentive came back, with
// a ticket in the agent's hands.
func moneyCase(t *testing.T, w *fix.World) (c *fix.Citizen, agent team.Staff, ticket ticketing.Ticket, request program.RemedyRequest) {
	t.Helper()
	ctx := context.Background()
	c, id, agent := answeredChat(t, w)
	participant := w.Participant("Siti Contoh", phone)
	incentive := w.Returned(participant, "Siti Contoh")
	if err := w.Desk.SetSubject(ctx, agent.Actor(), id, participant, "mengaku sebagai Siti"); err != nil {
		t.Fatal(err)
	}
	ticket = register(t, w, agent.Actor(), id).Ticket
	return c, agent, ticket, program.RemedyRequest{
		ParticipantID: program.ParticipantID(participant), Code: "reissue_transfer", Input: program.Input{"incentive": incentive},
		Reason: "Nama rekening sudah sesuai", Evidence: []string{team.NewID()}, Key: "kunci-satu", Case: program.CaseRef{ConversationID: string(id)},
	}
}

// The main road of money: asked by one, approved by another; both histories, the
// thread and the citizen know, each once.
func TestMoneyRemedyNeedsASecondPerson(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	_, agent, ticket, request := moneyCase(t, w)
	first, err := w.Desk.RunRemedy(ctx, agent.Actor(), request)
	if err != nil || first.Status != program.AwaitingApproval {
		t.Fatalf("got %+v, %v", first, err)
	}
	if again, err := w.Desk.RunRemedy(ctx, agent.Actor(), request); err != nil || again.ApprovalID != first.ApprovalID {
		t.Errorf("the same key: got %+v, %v", again, err)
	}
	var invalid *ticketing.Invalid
	if _, err := act(w, agent.Actor(), ticket, ticketing.ActResolve, resolution()); !errors.As(err, &invalid) || invalid.Field != "approval" {
		t.Errorf("resolved while the approval is open: %v", err)
	}
	supervisor := w.Staff(access.Supervisor)
	approval, err := w.Desk.Decide(ctx, supervisor.Actor(), first.ApprovalID, true, "")
	if err != nil || approval.State != "approved" {
		t.Fatalf("got %+v, %v", approval, err)
	}
	if err := w.Desk.FollowProgram(ctx); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]int{"line.remedy.awaiting": 1, "line.approval.approved": 1, "notice.remedy.approved": 1} {
		if n := count(t, w, "SELECT count(*) FROM messages WHERE data->>'key' = ?", key); n != want {
			t.Errorf("%s: %d lines, want %d", key, n, want)
		}
	}
	v := ticketOf(t, w, agent, ticket.ID)
	if len(v.Changes) != 1 || v.Changes[0].Approver == nil || v.Changes[0].Approver.ID != string(supervisor.ID) || v.Changes[0].Reason != request.Reason {
		t.Fatalf("ticket's changes: %+v", v.Changes)
	}
	done := mustAct(t, w, agent.Actor(), v.Ticket, ticketing.ActResolve, resolution())
	if done.State != ticketing.TicketResolved { // the approver is the co-signer
		t.Errorf("got %s", done.State)
	}
	last := ticketOf(t, w, agent, ticket.ID).History
	if facts := last[len(last)-1].Facts; facts.CoSigner != string(supervisor.ID) || !facts.MoneyCorrection {
		t.Errorf("co-signer %q", facts.CoSigner)
	}
}

// Money stays money, whatever was corrected for the same ticket afterwards.
func TestALaterCorrectionHidesNoMoney(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	_, agent, ticket, request := moneyCase(t, w)
	asked, err := w.Desk.RunRemedy(ctx, agent.Actor(), request)
	if err != nil {
		t.Fatal(err)
	}
	supervisor := w.Staff(access.Supervisor)
	if _, err := w.Desk.Decide(ctx, supervisor.Actor(), asked.ApprovalID, true, ""); err != nil {
		t.Fatal(err)
	}
	_, err = w.DB.NewRaw(`INSERT INTO changes (id, participant_id, remedy, at, actor_kind, actor_id, actor_name, actor_role, reason, before, after,
			evidence, conversation_id, ticket_id)
		SELECT ?, participant_id, 'unlock_account', at + interval '1 hour', actor_kind, actor_id, actor_name, actor_role, reason, '[]', '[]',
			'{}', conversation_id, ticket_id FROM changes WHERE ticket_id = ?`, team.NewID(), ticket.ID).Exec(ctx)
	if err != nil {
		t.Fatal(err)
	}
	v := ticketOf(t, w, agent, ticket.ID)
	if len(v.Changes) != 2 {
		t.Errorf("%d corrections shown, want 2", len(v.Changes))
	}
	mustAct(t, w, agent.Actor(), v.Ticket, ticketing.ActResolve, resolution())
	history := ticketOf(t, w, agent, ticket.ID).History
	if facts := history[len(history)-1].Facts; facts.CoSigner != string(supervisor.ID) || !facts.MoneyCorrection {
		t.Errorf("resolved without the second person: %+v", facts)
	}
}

func TestRequesterMayNotApprove(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	_, _, _, request := moneyCase(t, w)
	supervisor := w.Staff(access.Supervisor)
	outcome, err := w.Desk.RunRemedy(ctx, supervisor.Actor(), request)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Desk.Decide(ctx, supervisor.Actor(), outcome.ApprovalID, true, ""); !errors.Is(err, program.ErrSamePerson) {
		t.Errorf("got %v, want ErrSamePerson", err)
	}
	other := w.Staff(access.Approver)
	if _, err := w.Desk.Decide(ctx, other.Actor(), outcome.ApprovalID, false, "Bukti tidak jelas"); err != nil {
		t.Fatal(err)
	}
	if n := count(t, w, "SELECT count(*) FROM messages WHERE data->>'key' = 'line.approval.refused' AND data->'params'->>'Reason' = 'Bukti tidak jelas'"); n != 1 {
		t.Error("the requester was not told why")
	}
	if n := count(t, w, "SELECT count(*) FROM transfers"); n != 1 {
		t.Errorf("%d transfers after a refusal, want 1", n)
	}
}

func TestRemedyIsForTheSubjectOnly(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	_, agent, _, request := moneyCase(t, w)
	request.ParticipantID = program.ParticipantID(w.Participant("Orang Lain", "+6282012345679"))
	if _, err := w.Desk.RunRemedy(ctx, agent.Actor(), request); !errors.Is(err, ticketing.ErrNoSubject) {
		t.Errorf("got %v, want ErrNoSubject", err)
	}
}

// Every read of a record leaves a row; a conversation about nobody has none.
func TestReadingTheRecordLeavesARow(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	_, agent, _, request := moneyCase(t, w)
	id := ticketing.ConversationID(request.Case.ConversationID)
	if record, err := w.Desk.Record(ctx, agent.Actor(), id); err != nil || len(record.Incentives) != 1 {
		t.Fatalf("got %+v, %v", record.Incentives, err)
	}
	if n := count(t, w, "SELECT count(*) FROM access_ledger WHERE actor_id = ? AND case_id = ?", agent.ID, id); n != 1 {
		t.Errorf("%d rows, want 1", n)
	}
	if _, err := w.Desk.Record(ctx, agent.Actor(), w.Citizen().Writes("halo").Conversation); !errors.Is(err, ticketing.ErrNoSubject) {
		t.Errorf("got %v, want ErrNoSubject", err)
	}
}
