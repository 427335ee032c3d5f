package record

import (
	"errors"
	"strings"
	"time"

	"sapa/program/access"
)

// Line is one row of a before/after view: key "field."+Field is its label, and
// Value prints by the same conventions as Params.
type Line struct {
	Field string `json:"field"`
	Value any    `json:"value"`
}

// CaseRef is the case for which something is done; either may be "".
type CaseRef struct {
	ConversationID string
	TicketID       string
}

// Change is one correction of the record: who, when, why, before, after.
type Change struct {
	ID         string
	Remedy     string // key "remedy."+Remedy+".label"
	At         time.Time
	Actor      access.Actor
	Approver   *access.Actor
	Reason     string
	Before     []Line
	After      []Line
	Evidence   []string // attachment ids
	Case       CaseRef
	ApprovalID string
}

// Field is one blank of a remedy's form: keys "field."+Name and, for help,
// "field."+Name+".help".
type Field struct {
	Name     string
	Kind     string // text, select, date, number
	Required bool
	Options  []Option
	// Sensitive input (account numbers) is sealed when it must be kept.
	Sensitive bool
}

// Option of a select; Label is a key when it begins with "@".
type Option struct {
	Value string
	Label string
}

// RemedyOffer is a remedy as it applies to one record: keys
// "remedy."+Code+".label" and "remedy."+Code+".description".
type RemedyOffer struct {
	Code          string
	Money         bool
	NeedsEvidence bool
	// Approval is "" when the agent's own act suffices, else money or attendance.
	Approval string
	Fields   []Field
	// Blocked says why it cannot be run now; nil when it can.
	Blocked *Note
}

// Input is what was typed into a remedy's form, by field name.
type Input map[string]string

// Approval is an act that waits, or waited, for a second person.
type Approval struct {
	ID            string
	Act           string // the remedy's code, or "export"
	ObjectID      string // what it acts on, such as the incentive
	Kind          string // money, attendance, export
	State         string // open, approved, refused, expired
	Amount        int64
	ParticipantID ParticipantID
	Before        []Line
	After         []Line
	Reason        string
	Evidence      []string
	Case          CaseRef
	RequestedBy   access.Actor
	RequestedAt   time.Time
	ExpiresAt     time.Time
	DecidedBy     *access.Actor
	DecidedAt     time.Time
	Note          string
	ChangeID      string
}

// Invalid is a fault in one field of an input: key "rule."+Rule.
type Invalid struct {
	Field string
	Rule  string
}

// Faults are all faults of one input; it is the error of an act whose form was
// not filled in right.
type Faults []Invalid

func (f Faults) Error() string {
	texts := make([]string, len(f))
	for i, fault := range f {
		texts[i] = fault.Field + " " + fault.Rule
	}
	return "invalid input: " + strings.Join(texts, ", ")
}

// Refused is returned when the state of the record forbids the act; Because is
// a sentence for the agent.
type Refused struct {
	Because Note
}

func (e *Refused) Error() string { return "refused: " + e.Because.Key }

// Errors of acts on the record.
var (
	// ErrUnknown: no such participant, approval or remedy.
	ErrUnknown = errors.New("program: unknown")
	// ErrStale: the record changed since before/after was shown.
	ErrStale = errors.New("program: record changed meanwhile")
	// ErrForbidden: the actor's role does not allow it.
	ErrForbidden = errors.New("program: not allowed")
	// ErrSamePerson: the requester may not decide his own request.
	ErrSamePerson = errors.New("program: requester may not decide")
	// ErrDecided: somebody else has decided, or time ran out.
	ErrDecided = errors.New("program: already decided")
	// ErrEvidence: the act needs evidence.
	ErrEvidence = errors.New("program: evidence is missing")
	// ErrReason: the act needs a reason.
	ErrReason = errors.New("program: reason is missing")
)
