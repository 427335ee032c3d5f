package ticketing_test

import (
	"context"
	"errors"
	"testing"

	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
)

// Whoever is offered to make a ticket can, and handles what they have in
// conversation as first line; whoever only watches is offered nothing.
func TestWhoeverTakesACallRegistersAsFirstLine(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	for _, role := range access.Roles() {
		t.Run(string(role), func(t *testing.T) {
			who := w.Staff(role)
			id := w.Citizen().Waiting()
			if !who.Actor().May(access.TicketRegister) {
				_, err := w.Desk.Register(context.Background(), who.Actor(), ticketing.Registration{Conversation: id, Category: "incentive.status"})
				if !errors.Is(err, ticketing.ErrForbidden) {
					t.Errorf("got %v, want forbidden", err)
				}
				return
			}
			if err := w.Desk.Claim(context.Background(), who.Actor(), id); err != nil {
				t.Fatal(err)
			}
			made := register(t, w, who.Actor(), id).Ticket
			v := ticketOf(t, w, who, made.ID)
			if v.History[0].Role != ticketing.RoleAgent || v.EnteredBy != string(who.ID) || v.State != ticketing.TicketInProgress || v.Owner != string(who.ID) {
				t.Errorf("registered as %s, entered by %q, %s, owner %q", v.History[0].Role, v.EnteredBy, v.State, v.Owner)
			}
		})
	}
}
