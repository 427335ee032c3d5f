package ticketing

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"sapa/program/access"
)

// ErrHistory says that a list of events is not the history of one ticket.
var ErrHistory = errors.New("ticketing: not a history of a ticket")

// TicketEventID names one event of a ticket. A command carries the id its event
// is to have, so that the same command delivered twice is known.
type TicketEventID string

// NewTicketEventID mints an id that sorts by time (UUIDv7).
func NewTicketEventID() TicketEventID { return TicketEventID(uuid.Must(uuid.NewV7()).String()) }

// TicketEvent is one line of a ticket's append-only history. Versions count
// from 1 without gaps.
type TicketEvent struct {
	bun.BaseModel `bun:"table:ticket_events"`

	ID           TicketEventID    `bun:"id,pk,type:uuid"`
	Ticket       TicketID         `bun:"ticket_id,type:uuid"`
	Version      int64            `bun:"version"`
	Act          TicketAct        `bun:"act"`
	ActorKind    access.ActorKind `bun:"actor_kind"`
	ActorID      string           `bun:"actor_id"`
	ActorName    string           `bun:"actor_name"`
	Role         TicketRole       `bun:"role"` // by which it was allowed
	FromState    TicketState      `bun:"from_state"`
	ToState      TicketState      `bun:"to_state"`
	ClosedReason ClosedReason     `bun:"closed_reason,nullzero"`
	Facts        TicketFacts      `bun:"facts,type:jsonb"`
	At           time.Time        `bun:"at"`
}

// Erased is the event without what was said and who reported, as the store
// keeps it once the ticket is anonymised or deleted. Replayed it gives the same
// ticket, which has lost those fields too.
func (e TicketEvent) Erased() TicketEvent {
	e.Facts = e.Facts.erased()
	if e.ActorKind == access.Reporter || e.ActorKind == access.Participant {
		e.ActorID, e.ActorName = "", ""
	}
	return e
}

// ReplayTicket rebuilds a ticket from its events in order of version. An event
// that occurs twice counts once. It judges nothing anew: what was allowed then
// stays so. It fails with [ErrHistory] when an event is missing or foreign.
func ReplayTicket(events []TicketEvent) (Ticket, error) {
	var t Ticket
	seen := make(map[TicketEventID]bool, len(events))
	for _, e := range events {
		if seen[e.ID] {
			continue
		}
		seen[e.ID] = true
		first := t.Version == 0 && e.Act == ActRegister
		next := t.Version > 0 && e.Ticket == t.ID && e.FromState == t.State
		if e.Version != t.Version+1 || !first && !next {
			return Ticket{}, fmt.Errorf("%s as version %d of ticket %s: %w", e.Act, e.Version, e.Ticket, ErrHistory)
		}
		t = t.after(e)
	}
	if t.Version == 0 {
		return Ticket{}, fmt.Errorf("no events: %w", ErrHistory)
	}
	return t, nil
}

// after is the ticket as it is once an event has happened.
func (t Ticket) after(e TicketEvent) Ticket {
	t.Handlers = slices.Clone(t.Handlers)
	t.change(e)
	if t.State != e.ToState || e.Act == ActRegister {
		t.StateAt = e.At
	}
	t.State, t.ClosedReason = e.ToState, e.ClosedReason
	t.settle(e)
	t.Version, t.UpdatedAt = e.Version, e.At
	t.remember(e)
	return t
}

// remember lists the staff who had a hand in the event, so that nobody judges
// their own work on appeal.
func (t *Ticket) remember(e TicketEvent) {
	if e.Role.staff() {
		t.handledBy(e.ActorID)
	}
	switch e.Act {
	case ActResolve:
		t.handledBy(e.Facts.CoSigner)
	case ActHold:
		t.handledBy(e.Facts.PauseApprover)
	}
	t.handledBy(t.Owner)
}

// settle keeps what belongs to a state from outliving it.
func (t *Ticket) settle(e TicketEvent) {
	if t.State != TicketPending {
		t.PendingFrom = ""
	}
	if t.State != TicketOnHold {
		t.ThirdParty, t.ExpectedAt = "", nil
	}
	if t.State == TicketOpen {
		t.Owner = ""
	}
	if t.State != TicketClosed {
		t.ClosedAt = nil
	} else if t.ClosedAt == nil {
		t.ClosedAt = &e.At
	}
}

// change does what is particular to an act.
func (t *Ticket) change(e TicketEvent) {
	f := e.Facts
	switch e.Act {
	case ActRegister:
		t.register(e)
	case ActVerify:
		t.classify(f)
		t.VerifiedAt = &e.At
	case ActReclassify:
		t.classify(f)
	case ActAskReporter:
		t.PendingFrom, t.AskedAt = e.FromState, &e.At
	case ActReject:
		t.Rejection, t.PublicAnswer, t.DecidedAt = f.Rejection, f.PublicAnswer, &e.At
	case ActMerge:
		t.MergedInto = f.Merge.ID
	case ActAbsorb:
		if f.Merge.RegisteredAt.Before(t.RegisteredAt) {
			t.RegisteredAt = f.Merge.RegisteredAt
		}
	case ActRelease:
		t.handledBy(t.Owner)
		t.Owner = ""
		if t.PendingFrom == TicketInProgress { // there is nobody to go back to
			t.PendingFrom = TicketOpen
		}
	case ActAccept, ActAssign:
		t.Owner = f.Owner
		takeOver(&t.Unit, f.Unit)
	case ActTransfer:
		t.Unit, t.Hops = f.Unit, t.Hops+1
		takeOver(&t.Queue, f.Queue)
	case ActReferOut:
		t.ReferredTo, t.ReferredRef = f.Body, f.Reference
	case ActHold:
		t.ThirdParty, t.ExpectedAt = f.ThirdParty, f.ExpectedAt
	case ActResolve:
		t.Outcome, t.RootCause, t.PublicAnswer = f.Outcome, f.RootCause, f.PublicAnswer
		t.DecidedAt, t.ResolvedAt = &e.At, &e.At
	case ActReopen:
		t.reopen()
	case ActAppeal:
		t.AppealedAt = &e.At
	case ActOverturn:
		t.undecide()
		takeOver(&t.Owner, f.Owner)
	case ActEscalate:
		t.Level = f.Level
	case ActExtend:
		t.ExtensionDays, t.ExtensionReason = f.Extension, f.Reason
	case ActAnonymise, ActDelete:
		t.erase(e.At)
	}
}

// register fills a new ticket.
func (t *Ticket) register(e TicketEvent) {
	f := e.Facts
	*t = Ticket{
		ID: e.Ticket, Number: f.Number, Class: ClassComplaint, RegisteredAt: e.At, Handlers: []string{},
		Channel: f.Channel, Contact: f.Contact, Participant: f.Participant, Conversation: f.Conversation,
		FollowUpOf: f.FollowUpOf, AboutStaff: f.AboutStaff, AboutUnit: f.AboutUnit,
		Anonymous: f.Anonymous, Confidential: f.Confidential, Subject: f.Subject, Text: f.Text,
	}
	if e.Role.staff() {
		t.EnteredBy = e.ActorID
	}
	t.classify(f)
}

// classify takes over what was filled in and keeps the rest.
func (t *Ticket) classify(f TicketFacts) {
	takeOver(&t.Class, f.Class)
	takeOver(&t.Category, f.Category)
	takeOver(&t.Queue, f.Queue)
	takeOver(&t.Unit, f.Unit)
	if f.Priority != 0 {
		t.Priority = f.Priority
	}
	if f.Oversight != nil {
		t.Oversight = f.Oversight
	}
	if t.Class != ClassComplaint {
		t.Oversight = nil // the mark is one of complaints only
	}
	if !f.Target.IsZero() {
		t.TargetUnit, t.TargetN = f.Target.Unit, f.Target.N
	}
}

// reopen counts the reopening; from the second on somebody senior is told.
func (t *Ticket) reopen() {
	t.undecide()
	t.ReopenCount++
	if t.ReopenCount >= seniorReopens {
		t.Level = max(t.Level, 1)
	}
}

// undecide takes back a decision; the events keep it.
func (t *Ticket) undecide() {
	t.Outcome, t.RootCause, t.Rejection, t.PublicAnswer = "", "", "", ""
	t.DecidedAt, t.ResolvedAt = nil, nil
}

// erase leaves a tombstone: the number and what figures need.
func (t *Ticket) erase(at time.Time) {
	t.Contact, t.Participant, t.Conversation = "", "", ""
	t.Subject, t.Text, t.PublicAnswer, t.ReferredRef = "", "", "", ""
	t.ExtensionReason = ""
	t.ErasedAt = &at
}

func (t *Ticket) handledBy(id string) {
	if id != "" && !slices.Contains(t.Handlers, id) {
		t.Handlers = append(t.Handlers, id)
	}
}

// takeOver overwrites a field with a value that was filled in.
func takeOver[T ~string](field *T, value T) {
	if value != "" {
		*field = value
	}
}
