package ticketing_test

import (
	"context"
	"slices"
	"testing"

	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
	"sapa/ticketing/team"
)

// integrity tickets are for few, an anonymous reporter is
// nowhere, nobody sees a ticket about themselves.
func TestWhoSeesATicket(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	agent, supervisor := w.Staff(access.Agent), w.Staff(access.Supervisor)
	id := w.Citizen().Waiting()
	integrity := register(t, w, access.Robot(), id, func(r *ticketing.Registration) { r.Category = "complaint.fraud"; r.Oversight = nil }).Ticket
	about := register(t, w, access.Robot(), id, func(r *ticketing.Registration) { r.AboutStaff = string(agent.ID) }).Ticket
	anonymous := register(t, w, access.Robot(), id, func(r *ticketing.Registration) { r.Anonymous = true }).Ticket
	for _, tt := range []struct {
		name   string
		ticket ticketing.Ticket
		who    team.Staff
		want   bool
	}{
		{"integrity, agent", integrity, agent, false},
		{"integrity, supervisor", integrity, supervisor, true},
		{"about the agent", about, agent, false},
		{"about the agent, supervisor", about, supervisor, true},
		{"anonymous", anonymous, agent, true},
	} {
		_, err := w.Desk.Ticket(ctx, tt.who.Actor(), tt.ticket.Number)
		if (err == nil) != tt.want {
			t.Errorf("%s: got %v", tt.name, err)
		}
		page, err := w.Desk.Tickets(ctx, tt.who.Actor(), ticketing.ListAll, "", "", "", 50)
		if err != nil {
			t.Fatal(err)
		}
		listed := false
		for _, row := range page.Items {
			listed = listed || row.ID == tt.ticket.ID
		}
		if listed != tt.want {
			t.Errorf("%s: listed %v, want %v", tt.name, listed, tt.want)
		}
	}
	v := ticketOf(t, w, supervisor, anonymous.ID)
	if v.Contact != "" || v.PersonName != "" || len(v.Conversations) != 0 || v.History[0].Facts.Contact != "" {
		t.Errorf("the anonymous reporter shows: %+v", v.TicketRow)
	}
}

// Who may read a ticket is shown of its conversations those that they may open.
func TestTicketTellsOnlyOfConversationsTheReaderMayOpen(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	elsewhere := w.Staff(access.Agent, func(s *team.Staff) {
		s.Teams = slices.DeleteFunc(slices.Clone(w.Teams), func(one team.Team) bool { return one.Slug != "layanan" })
	})
	id := w.Citizen().Waiting(func(h *ticketing.Handover) { h.Intent = "complaint.service" })
	ticket := register(t, w, access.Robot(), id).Ticket
	for who, want := range map[string]struct {
		staff team.Staff
		n     int
	}{"of the queue": {w.Staff(access.Agent), 1}, "of another queue": {elsewhere, 0}, "overseeing all": {w.Staff(access.Supervisor), 1}} {
		if got := len(ticketOf(t, w, want.staff, ticket.ID).Conversations); got != want.n {
			t.Errorf("an agent %s is told of %d conversations, want %d", who, got, want.n)
		}
	}
}
