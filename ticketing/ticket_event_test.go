package ticketing

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun/dialect/pgdialect"

	"sapa/program/access"
	"sapa/ticketing/sla"
)

func TestReplayRefusesBrokenHistories(t *testing.T) {
	t.Parallel()
	events := reach(t, TicketResolved).events
	foreign := slices.Clone(events)
	foreign[2].Ticket = "another"
	jump := slices.Clone(events)
	jump[2].FromState = TicketPending
	tests := map[string][]TicketEvent{
		"no events":       nil,
		"no registration": events[1:],
		"a gap":           append(slices.Clone(events[:1]), events[2:]...),
		"out of order":    {events[0], events[2], events[1]},
		"foreign event":   foreign,
		"wrong state":     jump,
	}
	for name, broken := range tests {
		if _, err := ReplayTicket(broken); !errors.Is(err, ErrHistory) {
			t.Errorf("%s: got %v, want ErrHistory", name, err)
		}
	}
}

// Events survive the database: facts are stored as JSON.
func TestReplayFromStoredEvents(t *testing.T) {
	t.Parallel()
	for _, state := range append(unclosed(), TicketClosed) {
		h := reach(t, state)
		for i, event := range h.events {
			stored, err := json.Marshal(event.Facts)
			if err != nil {
				t.Fatal(err)
			}
			var facts TicketFacts
			if err := json.Unmarshal(stored, &facts); err != nil {
				t.Fatal(err)
			}
			h.events[i].Facts = facts
		}
		got, err := ReplayTicket(h.events)
		if err != nil || !reflect.DeepEqual(got, h.ticket) {
			t.Errorf("%s: got %+v, %v, want %+v", state, got, err, h.ticket)
		}
	}
}

// What is erased is gone from the ticket and from its events alike.
func TestErasedEventsGiveTheErasedTicket(t *testing.T) {
	t.Parallel()
	h := reach(t, TicketClosed)
	h.do(ActAnonymise, timer)
	erased := make([]TicketEvent, len(h.events))
	for i, e := range h.events {
		erased[i] = e.Erased()
	}
	got, err := ReplayTicket(erased)
	if err != nil || !reflect.DeepEqual(got, h.ticket) {
		t.Errorf("got %+v, %v, want %+v", got, err, h.ticket)
	}
	stored, err := json.Marshal(erased)
	if err != nil {
		t.Fatal(err)
	}
	for _, said := range []string{"insentif belum cair", "Sudah dibayar", `"contact"`} {
		if strings.Contains(string(stored), said) {
			t.Errorf("%s is still in the events", said)
		}
	}
	if h.ticket.Number == "" || h.ticket.Outcome == "" || h.ticket.ClosedReason == "" {
		t.Errorf("tombstone lost what figures need: %+v", h.ticket)
	}
}

// Two agents who accept at once read the same version: one wins.
func TestOneOfTwoWins(t *testing.T) {
	t.Parallel()
	h := reach(t, TicketOpen)
	one, two := h.command(ActAccept, agent), h.command(ActAccept, officer)
	if err := h.try(one); err != nil {
		t.Fatal(err)
	}
	if err := h.try(two); !errors.Is(err, ErrStale) || h.ticket.Owner != agent.ID {
		t.Errorf("second: %v, owner %s", err, h.ticket.Owner)
	}
}

func TestTimeNeverRunsBackwards(t *testing.T) {
	t.Parallel()
	h := reach(t, TicketOpen)
	c := h.command(ActAssign, supervisor)
	c.At = c.At.Add(-time.Hour) // another machine's clock
	if err := h.try(c); err != nil {
		t.Fatal(err)
	}
	if !h.last.Event.At.Equal(h.now) {
		t.Errorf("event at %v, want %v", h.last.Event.At, h.now)
	}
}

// The target follows class and category unless one is named, and is fixed in
// the event, so that later settings do not change old tickets.
func TestBusinessTarget(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		edit func(*TicketFacts)
		want sla.Amount
	}{
		{"complaint", func(*TicketFacts) {}, sla.InWorkingDays(14)},
		{"oversight", func(f *TicketFacts) { f.Oversight = yes() }, sla.InWorkingDays(60)},
		{"information", func(f *TicketFacts) { f.Class = ClassInformation }, sla.InWorkingDays(5)},
		{"aspiration", func(f *TicketFacts) { f.Class = ClassAspiration }, sla.InWorkingDays(14)},
		{"integrity", func(f *TicketFacts) { f.Class = ClassIntegrity }, sla.InWorkingDays(60)},
		{"the category's own", func(f *TicketFacts) { f.Target = sla.InWorkingDays(2) }, sla.InWorkingDays(2)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := reach(t, TicketNew)
			h.do(ActVerify, verifier, tt.edit)
			if h.ticket.Target() != tt.want || h.last.Event.Facts.Target != tt.want {
				t.Errorf("target %s, in event %s, want %s", h.ticket.Target(), h.last.Event.Facts.Target, tt.want)
			}
			h.do(ActReclassify, supervisor, func(f *TicketFacts) { f.Priority = 1 })
			if h.ticket.Target() != tt.want {
				t.Errorf("a new priority changed the target to %s", h.ticket.Target())
			}
		})
	}
}

func TestHandlers(t *testing.T) {
	t.Parallel()
	h := reach(t, TicketNew)
	h.do(ActVerify, verifier)
	h.do(ActAccept, agent)
	h.do(ActResolve, agent, func(f *TicketFacts) { f.MoneyCorrection = true })
	h.do(ActReopen, citizen)
	want := []string{verifier.ID, agent.ID, "cosigner"}
	if !slices.Equal(h.ticket.Handlers, want) {
		t.Errorf("handlers %v, want %v", h.ticket.Handlers, want)
	}
	if h.events[2].Role != RoleAgent || h.events[3].Role != RoleOwner {
		t.Errorf("acted as %s, then %s", h.events[2].Role, h.events[3].Role)
	}
}

func TestReopenedTwiceClimbs(t *testing.T) {
	t.Parallel()
	h := reach(t, TicketResolved)
	for _, want := range []int{0, 1} {
		h.do(ActReopen, citizen)
		if h.ticket.Level != want || h.ticket.Outcome != "" || h.ticket.DecidedAt != nil {
			t.Errorf("reopened %d times: level %d, want %d: %+v", h.ticket.ReopenCount, h.ticket.Level, want, h.ticket)
		}
		h.do(ActResolve, officer)
	}
}

func TestEmployed(t *testing.T) {
	t.Parallel()
	tests := []struct {
		actor access.Actor
		want  TicketRole
	}{
		{citizen, RoleReporter}, {access.Actor{Kind: access.Participant, ID: "p"}, RoleReporter}, {robot, RoleBot}, {timer, RoleSystem},
		{agent, RoleAgent}, {officer, RoleOwner}, {verifier, RoleVerifier}, {supervisor, RoleSupervisor}, {appellate, RoleAppellate},
		{admin, RoleAdmin}, {approver, ""}, {partner, ""}, {access.Actor{Kind: access.Machine, ID: "key"}, RoleBot},
	}
	for _, tt := range tests {
		if got := employed(tt.actor); got != tt.want {
			t.Errorf("%s %s = %q, want %q", tt.actor.Kind, tt.actor.Role, got, tt.want)
		}
	}
}

// The struct names its columns as the tables do: snake case, no surprises.
func TestColumns(t *testing.T) {
	t.Parallel()
	tables := pgdialect.New().Tables()
	for _, row := range []any{Ticket{}, TicketEvent{}} {
		table := tables.Get(reflect.TypeOf(row))
		for _, field := range table.Fields {
			if field.Name != strings.ToLower(field.Name) || strings.Contains(field.Name, "__") {
				t.Errorf("%s.%s", table.Name, field.Name)
			}
		}
		if len(table.PKs) != 1 || table.PKs[0].Name != "id" {
			t.Errorf("%s: primary key %v", table.Name, table.PKs)
		}
	}
}
