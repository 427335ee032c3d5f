package ticketing_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
)

// a supervisor puts a deadline off once; the reporter is told the new date
// and why, and the first date stays and decides.
func TestDeadlineIsExtendedOnce(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	_, id, agent := answeredChat(t, w)
	supervisor := w.Staff(access.Supervisor)
	ticket := register(t, w, agent.Actor(), id).Ticket
	first := ticketOf(t, w, agent, ticket.ID).DueAt
	fields := map[string]string{"extension": "5", "told_reason": "Bank belum menjawab."}
	var invalid *ticketing.Invalid
	for name, tt := range map[string]struct {
		fields      map[string]string
		field, rule string
	}{
		"no reason": {map[string]string{"extension": "5"}, "told_reason", "required"},
		"too long":  {map[string]string{"extension": "15", "told_reason": "x"}, "extension", "between_1_and_14"},
		"backwards": {map[string]string{"extension": "-1", "told_reason": "x"}, "extension", "between_1_and_14"},
	} {
		if _, err := act(w, supervisor.Actor(), ticket, ticketing.ActExtend, tt.fields); !errors.As(err, &invalid) || invalid.Field != tt.field || invalid.Rule != tt.rule {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := act(w, agent.Actor(), ticket, ticketing.ActExtend, fields); !errors.Is(err, ticketing.ErrRole) {
		t.Errorf("by the agent: got %v", err)
	}
	ticket = mustAct(t, w, supervisor.Actor(), ticket, ticketing.ActExtend, fields)
	v := ticketOf(t, w, supervisor, ticket.ID)
	// 14 working days from Monday 23 November 2026, and 5 more.
	want := time.Date(2026, 12, 18, 16, 59, 59, 0, time.UTC)
	if v.ExtendedDueAt == nil || !v.ExtendedDueAt.Equal(want) || !v.DueAt.Equal(*first) {
		t.Errorf("due %v, extended to %v, want %v and %v", v.DueAt, v.ExtendedDueAt, first, want)
	}
	if n := count(t, w, "SELECT count(*) FROM messages WHERE text LIKE '%Bank belum menjawab.%18 Desember 2026%' AND author = 'system'"); n != 1 {
		t.Errorf("the reporter was told %d times, want 1", n)
	}
	offered := func() bool {
		return slices.ContainsFunc(ticketOf(t, w, supervisor, ticket.ID).Offers, func(o ticketing.TicketOffer) bool { return o.Act == ticketing.ActExtend })
	}
	if _, err := act(w, supervisor.Actor(), ticket, ticketing.ActExtend, fields); !errors.As(err, &invalid) || invalid.Rule != "once" || offered() {
		t.Errorf("a second time: got %v, offered %v", err, offered())
	}
	w.Clock.Set(first.Add(time.Minute))
	mustAct(t, w, agent.Actor(), ticket, ticketing.ActResolve, resolution())
	if state := ticketOf(t, w, agent, ticket.ID).Promise.State; state != ticketing.SLABreached {
		t.Errorf("resolved between the two dates: %s, want %s", state, ticketing.SLABreached)
	}
}
