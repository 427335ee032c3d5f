package ticketing_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
)

// up to five open tickets of the same reporter, then of the same category
// and region, as far as the reader may know of them.
func TestDuplicatesAreProposed(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	agent := w.Staff(access.Agent)
	id := w.Citizen().Waiting()
	siti, tono := w.Participant("Siti Contoh", phone), w.Participant("Tono Contoh", "+6281200000077")
	file := func(id ticketing.ConversationID, who string, change ...func(*ticketing.Registration)) ticketing.Ticket {
		w.Clock.Add(time.Minute)
		return register(t, w, access.Robot(), id, append(change, func(r *ticketing.Registration) { r.Participant = who })...).Ticket
	}
	neighbour := w.Citizen().Waiting()
	near := file(neighbour, tono)
	file(neighbour, tono, func(r *ticketing.Registration) { r.Category = "account.otp" })
	first, second := file(id, siti), file(id, siti)
	file(id, siti, func(r *ticketing.Registration) { r.Anonymous = true })
	file(id, siti, func(r *ticketing.Registration) { r.Category, r.Oversight = "complaint.fraud", nil })
	last := file(id, siti)
	for name, tt := range map[string]struct {
		got  []ticketing.TicketRow
		want []string
	}{
		"on the ticket":     {ticketOf(t, w, agent, last.ID).Duplicates, []string{second.Number, first.Number, near.Number}},
		"before it is made": {proposed(t, w, agent.Actor(), id), []string{last.Number, second.Number, first.Number}},
	} {
		var got []string
		for _, row := range tt.got {
			got = append(got, row.Number)
		}
		if fmt.Sprint(got) != fmt.Sprint(tt.want) {
			t.Errorf("%s: got %v, want %v", name, got, tt.want)
		}
	}
	for range 4 {
		file(id, siti)
	}
	if n := len(ticketOf(t, w, agent, last.ID).Duplicates); n != 5 {
		t.Errorf("%d proposed, want 5", n)
	}
}

func proposed(t *testing.T, w *fix.World, who access.Actor, id ticketing.ConversationID) []ticketing.TicketRow {
	t.Helper()
	list, err := w.Desk.Duplicates(context.Background(), who, id, "incentive.status")
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// Transition 7: both numbers stay, the reporter's thread goes along, and the
// target is as old as the older of the two.
func TestMergedTicketGoesOnInItsTarget(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	verifier := w.Staff(access.Verifier)
	old := register(t, w, access.Robot(), w.Citizen().Waiting()).Ticket
	w.Clock.Add(time.Hour)
	target := register(t, w, access.Robot(), w.Citizen().Waiting()).Ticket
	mustAct(t, w, verifier.Actor(), old, ticketing.ActMerge, map[string]string{"merge": target.Number})
	merged, goesOn := ticketOf(t, w, verifier, old.ID), ticketOf(t, w, verifier, target.ID)
	if merged.ClosedReason != ticketing.ClosedMerged || merged.MergedInto == nil || merged.MergedInto.Number != target.Number {
		t.Errorf("merged is %s, goes on in %+v", merged.ClosedReason, merged.MergedInto)
	}
	if !goesOn.RegisteredAt.Equal(old.RegisteredAt) || len(goesOn.Conversations) != 2 {
		t.Errorf("target registered %v, want %v; %d conversations, want both", goesOn.RegisteredAt, old.RegisteredAt, len(goesOn.Conversations))
	}
	for _, number := range []string{old.Number, target.Number} {
		if _, err := w.Desk.Ticket(context.Background(), verifier.Actor(), number); err != nil {
			t.Errorf("number %s: %v", number, err)
		}
	}
}
