package ticketing_test

import (
	"errors"
	"testing"
	"time"

	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
	"sapa/ticketing/team"
)

func entries(t *testing.T, w *fix.World, object, id string) []access.AuditLine {
	t.Helper()
	lines, err := access.AuditEntries(t.Context(), w.DB, access.AuditFilter{Object: object, ObjectID: id, Limit: 20})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func queuedAt(t *testing.T, w *fix.World, id ticketing.ConversationID) (at time.Time) {
	t.Helper()
	if err := w.DB.NewRaw("SELECT queued_at FROM conversations WHERE id = ?", id).Scan(t.Context(), &at); err != nil {
		t.Fatal(err)
	}
	return at
}

// Who leaves keeps nothing: the citizen is back at the old place in the queue,
// the ticket with its unit, whatever it waited for.
func TestOffboardGivesEverythingBack(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := t.Context()
	_, conversation, agent := answeredChat(t, w)
	admin := w.Staff(access.Admin).Actor()
	place := queuedAt(t, w, conversation)
	working := register(t, w, agent.Actor(), conversation).Ticket
	pending := register(t, w, agent.Actor(), conversation).Ticket
	held := register(t, w, agent.Actor(), conversation).Ticket
	pending = mustAct(t, w, agent.Actor(), ticketOf(t, w, agent, pending.ID).Ticket, ticketing.ActAskReporter, map[string]string{"question": "Nomor mana?"})
	held = mustAct(t, w, agent.Actor(), ticketOf(t, w, agent, held.ID).Ticket, ticketing.ActHold, map[string]string{"third_party": "Bank", "expected_at": "2026-11-30"})

	if err := w.Desk.Offboard(ctx, agent.Actor(), agent.ID, agent.Version); !errors.Is(err, ticketing.ErrForbidden) {
		t.Errorf("an agent off-boards: got %v", err)
	}
	if err := w.Desk.Offboard(ctx, admin, agent.ID, agent.Version+1); !errors.Is(err, team.ErrStale) {
		t.Errorf("another version: got %v", err)
	}
	if err := w.Desk.Offboard(ctx, admin, agent.ID, agent.Version); err != nil {
		t.Fatal(err)
	}
	wantState(t, w, conversation, ticketing.StateQueued)
	if got := queuedAt(t, w, conversation); !got.Equal(place) {
		t.Errorf("queued at %v, want the old place %v", got, place)
	}
	supervisor := w.Staff(access.Supervisor)
	for _, tt := range []struct {
		name  string
		id    ticketing.TicketID
		state ticketing.TicketState
	}{{"at work", working.ID, ticketing.TicketOpen}, {"waiting for the reporter", pending.ID, ticketing.TicketPending}, {"waiting for others", held.ID, ticketing.TicketOpen}} {
		got := ticketOf(t, w, supervisor, tt.id)
		last := got.History[len(got.History)-1]
		if got.State != tt.state || got.Owner != "" || last.Act != ticketing.ActRelease || got.Handlers[0] != string(agent.ID) {
			t.Errorf("%s: %s of %q, last %s, handled by %v", tt.name, got.State, got.Owner, last.Act, got.Handlers)
		}
	}
	if got := ticketOf(t, w, supervisor, pending.ID); got.PendingFrom != ticketing.TicketOpen {
		t.Errorf("an answer leads back to %s", got.PendingFrom)
	}
	lines := entries(t, w, "staff", string(agent.ID))
	if len(lines) != 1 || lines[0].Action != "staff.offboard" || lines[0].Actor.ID != admin.ID {
		t.Errorf("audit %+v", lines)
	}
}

// A decided ticket keeps its owner, so that figures and appeals know who decided;
// reopened, it must not wait for somebody who has left.
func TestReopenedTicketOfWhoLeftIsWithItsUnit(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	_, conversation, agent := answeredChat(t, w)
	made := register(t, w, agent.Actor(), conversation)
	resolved := mustAct(t, w, agent.Actor(), ticketOf(t, w, agent, made.Ticket.ID).Ticket, ticketing.ActResolve, resolution())
	if err := w.Desk.Offboard(t.Context(), w.Staff(access.Admin).Actor(), agent.ID, agent.Version); err != nil {
		t.Fatal(err)
	}
	colleague := w.Staff(access.Agent)
	if err := w.Desk.Claim(t.Context(), colleague.Actor(), conversation); err != nil {
		t.Fatal(err)
	}
	mustAct(t, w, colleague.Actor(), resolved, ticketing.ActReopen, map[string]string{"reason": "belum cair", "for_reporter": "true"})
	if got := ticketOf(t, w, colleague, made.Ticket.ID); got.State != ticketing.TicketOpen || got.Owner != "" {
		t.Errorf("reopened: %s of %q", got.State, got.Owner)
	}
}

func TestNobodyIsLeftOutOrLetsThemselvesIn(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := t.Context()
	first := w.Staff(access.Admin, func(s *team.Staff) { s.PasswordHash = "x" })
	second := w.Staff(access.Admin, func(s *team.Staff) { s.PasswordHash = "x" })
	var invalid team.Invalid
	first.Role = access.Approver
	if err := w.Desk.ChangeStaff(ctx, first.Actor(), first); !errors.Is(err, ticketing.ErrForbidden) {
		t.Errorf("without the role: got %v", err)
	}
	admin := second.Actor()
	second.Role = access.Approver
	if err := w.Desk.ChangeStaff(ctx, admin, second); !errors.As(err, &invalid) || invalid.Field != "role" {
		t.Errorf("own role: got %v", err)
	}
	if err := w.Desk.Offboard(ctx, admin, second.ID, second.Version); !errors.As(err, &invalid) {
		t.Errorf("oneself: got %v", err)
	}
	if err := w.Desk.Offboard(ctx, admin, first.ID, first.Version); err != nil {
		t.Fatal(err)
	}
	other := w.Staff(access.Admin).Actor() // invited only: cannot sign in yet
	if err := w.Desk.Offboard(ctx, other, second.ID, second.Version); !errors.Is(err, team.ErrLastAdmin) {
		t.Errorf("the last one: got %v", err)
	}
}

// A change reaches routing at once: a team joined is a queue served.
func TestChangedTeamsAndSkillsAreRoutedBy(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := t.Context()
	admin := w.Staff(access.Admin).Actor()
	agent := w.Agent(func(s *team.Staff) { s.Teams = nil })
	conversation := w.Citizen().Waiting()
	wantState(t, w, conversation, ticketing.StateQueued)
	agent.Teams, agent.Skills = w.Teams, []string{"fraud"}
	if err := w.Desk.ChangeStaff(ctx, admin, agent); err != nil {
		t.Fatal(err)
	}
	if state, holder := stateOf(t, w, conversation); holder != agent.ID {
		t.Errorf("after joining: %s of %q", state, holder)
	}
}
