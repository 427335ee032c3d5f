package ticketing

import (
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"sapa/ticketing/sla"
)

// ErrStale says that a row changed since the caller read it. Read again and
// decide anew; of two who act at once, one gets it.
var ErrStale = errors.New("ticketing: changed meanwhile")

// ErrNotFound says that there is no such row, or none that the actor may see.
var ErrNotFound = errors.New("ticketing: not found")

// Invalid says which field of a request breaks which rule. Field is the name
// in the API; Rule is a code that the edge turns into words.
type Invalid struct{ Field, Rule string }

// Error names the field and the rule, for logs.
func (e *Invalid) Error() string { return fmt.Sprintf("ticketing: %s: %s", e.Field, e.Rule) }

// TicketID names a ticket inside the system. Citizens know it by its number.
type TicketID string

// NewTicketID mints an id that sorts by time (UUIDv7).
func NewTicketID() TicketID { return TicketID(uuid.Must(uuid.NewV7()).String()) }

// TicketState is where a ticket stands. README and screens use the same words.
type TicketState string

// The states. Escalation is none of them: it is a level beside the state.
const (
	TicketNew        TicketState = "new"         // registered and numbered, not verified
	TicketOpen       TicketState = "open"        // verified, routed, nobody at work yet
	TicketInProgress TicketState = "in_progress" // an owner accepted it
	TicketPending    TicketState = "pending"     // waiting for the reporter
	TicketOnHold     TicketState = "on_hold"     // waiting for a third party
	TicketResolved   TicketState = "resolved"    // outcome told, may be contested
	TicketRejected   TicketState = "rejected"    // not admissible, reason told, may be contested
	TicketAppealed   TicketState = "appealed"    // a senior officer reviews the decision
	TicketClosed     TicketState = "closed"      // final, read only
)

// Decided reports whether the reporter was told an outcome that can be contested.
func (s TicketState) Decided() bool { return s == TicketResolved || s == TicketRejected }

// InBacklog reports whether the ticket still owes its reporter something. An
// appeal does: it counts as open in every figure.
func (s TicketState) InBacklog() bool { return s != TicketClosed && !s.Decided() }

// Ticket is one request with a number, from registration to its end. It is
// changed by [TicketMachine.Apply] alone and can be rebuilt from its events
// with [ReplayTicket], except the fields of the last group.
//
// Ids of other rooms are plain strings. Times are UTC, a nil time is "not yet".
type Ticket struct {
	bun.BaseModel `bun:"table:tickets"`

	ID      TicketID `bun:"id,pk,type:uuid"`
	Number  string   `bun:"number"`
	Version int64    `bun:"version"` // counts events; guards every update

	State        TicketState  `bun:"state"`
	ClosedReason ClosedReason `bun:"closed_reason,nullzero"` // set exactly while closed
	PendingFrom  TicketState  `bun:"pending_from,nullzero"`  // where a reply leads back to, while pending

	Class      TicketClass `bun:"class"`
	Oversight  *bool       `bun:"oversight"` // complaint needs an inquiry into conduct; nil is not marked yet
	Category   string      `bun:"category"`
	Priority   int         `bun:"priority"` // 1 most urgent to 4; 0 not assessed
	Level      int         `bun:"level"`    // of escalation, 0 to 3
	TargetUnit sla.Unit    `bun:"target_unit"`
	TargetN    int64       `bun:"target_n"` // with TargetUnit the business target, from registration

	Queue    string   `bun:"queue_id,type:uuid,nullzero"`
	Unit     string   `bun:"unit_id,type:uuid,nullzero"`
	Owner    string   `bun:"owner_id,type:uuid,nullzero"` // staff at work on it; set in progress and on hold
	Hops     int      `bun:"hops"`                        // transfers between units
	Handlers []string `bun:"handlers,array"`              // staff who ever acted on it, in order of appearance

	Channel      string   `bun:"channel"`                            // kind of inbox it came through
	Contact      string   `bun:"contact_id,type:uuid,nullzero"`      // reporter; none when anonymous without contact
	Participant  string   `bun:"participant_id,type:uuid,nullzero"`  // whom it is about
	Conversation string   `bun:"conversation_id,type:uuid,nullzero"` // in which it arose
	EnteredBy    string   `bun:"entered_by,type:uuid,nullzero"`      // staff who entered it for the reporter
	FollowUpOf   TicketID `bun:"follow_up_of_id,type:uuid,nullzero"` // closed ticket the reporter wrote to
	MergedInto   TicketID `bun:"merged_into_id,type:uuid,nullzero"`  // set exactly while closed as merged
	AboutStaff   string   `bun:"about_staff_id,type:uuid,nullzero"`  // complained about: never to own it
	AboutUnit    string   `bun:"about_unit_id,type:uuid,nullzero"`   // complained about: never to get it
	Anonymous    bool     `bun:"anonymous"`                          // who reports is hidden
	Confidential bool     `bun:"confidential"`                       // what is reported is hidden
	Subject      string   `bun:"subject"`                            // erased with the person
	Text         string   `bun:"text"`                               // erased with the person

	Outcome      TicketOutcome `bun:"outcome,nullzero"`
	RootCause    RootCause     `bun:"root_cause,nullzero"`
	Rejection    Rejection     `bun:"rejection,nullzero"`
	PublicAnswer string        `bun:"public_answer"` // erased with the person
	ReferredTo   string        `bun:"referred_to"`   // outside body
	ReferredRef  string        `bun:"referred_ref"`  // its reference, or the proof of sending
	ThirdParty   string        `bun:"third_party"`   // waited for, on hold
	ReopenCount  int           `bun:"reopen_count"`

	ExtensionDays   int    `bun:"extension_days"`   // working days of a second promise, 0 for none
	ExtensionReason string `bun:"extension_reason"` // as told to the reporter; erased with the person

	RegisteredAt time.Time  `bun:"registered_at"` // of the earliest ticket merged into it
	VerifiedAt   *time.Time `bun:"verified_at"`
	AskedAt      *time.Time `bun:"asked_at"`    // last question to the reporter
	ExpectedAt   *time.Time `bun:"expected_at"` // answer of the third party, on hold
	DecidedAt    *time.Time `bun:"decided_at"`  // resolved or rejected; starts the reporter's windows
	ResolvedAt   *time.Time `bun:"resolved_at"`
	AppealedAt   *time.Time `bun:"appealed_at"`
	ClosedAt     *time.Time `bun:"closed_at"`
	ErasedAt     *time.Time `bun:"erased_at"`
	StateAt      time.Time  `bun:"state_at"` // when it entered its state
	UpdatedAt    time.Time  `bun:"updated_at"`

	// Not from events: the store writes these beside them.
	SecretHash []byte     `bun:"secret_hash,nullzero"` // of the code for tracking
	LegalHold  bool       `bun:"legal_hold"`           // must not be erased
	DueAt      *time.Time `bun:"due_at"`               // as the business clock reads it
	// ExtendedDueAt is the second promise; DueAt goes on to decide attainment.
	ExtendedDueAt *time.Time `bun:"extended_due_at"`
	DueUnknown    bool       `bun:"due_unknown"` // days off of a year are missing
	SLAStatus     sla.Status `bun:"sla_status"`  // of the business clock when last read
}

// Target is the business target, counted from registration.
func (t Ticket) Target() sla.Amount { return sla.Amount{Unit: t.TargetUnit, N: t.TargetN} }

// Work is the sort of work, on which the business target depends.
func (t Ticket) Work() sla.Work {
	switch {
	case t.Class == ClassInformation:
		return sla.WorkInformation
	case t.Class == ClassAspiration:
		return sla.WorkAspiration
	case t.Class == ClassIntegrity:
		return sla.WorkIntegrity
	case t.underOversight():
		return sla.WorkOversight
	default:
		return sla.WorkComplaint
	}
}

// underOversight reports whether the ticket is marked as needing an inquiry.
func (t Ticket) underOversight() bool { return t.Oversight != nil && *t.Oversight }

// guarded reports whether a first-line agent may not decide the ticket alone.
func (t Ticket) guarded() bool { return t.underOversight() || t.Class == ClassIntegrity }
