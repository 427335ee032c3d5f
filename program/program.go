// Package program is the programme's core as the desk needs it: one
// participant's record read whole and masked, what is wrong with it in one
// sentence, and the remedies that put it right with reason, evidence, before
// and after and, for money, a second person. README.md tells how to add a
// diagnosis or a remedy.
package program

import "sapa/program/record"

// The vocabulary of package record, under the names other rooms use.
type (
	ParticipantID = record.ParticipantID
	Summary       = record.Summary
	Stage         = record.Stage
	Record        = record.Record
	Participant   = record.Participant
	Account       = record.Account
	Application   = record.Application
	Participation = record.Participation
	Training      = record.Training
	Session       = record.Session
	Certificate   = record.Certificate
	PayoutAccount = record.PayoutAccount
	Incentive     = record.Incentive
	Transfer      = record.Transfer
	Survey        = record.Survey
	Params        = record.Params
	Note          = record.Note
	Step          = record.Step
	Fact          = record.Fact
	Severity      = record.Severity
	Diagnosis     = record.Diagnosis
	Line          = record.Line
	CaseRef       = record.CaseRef
	Change        = record.Change
	Field         = record.Field
	Option        = record.Option
	RemedyOffer   = record.RemedyOffer
	Input         = record.Input
	Approval      = record.Approval
	Invalid       = record.Invalid
	Faults        = record.Faults
	Event         = record.Event
	Refused       = record.Refused
)

// The severities of a diagnosis.
const (
	Fault   = record.Fault
	Waiting = record.Waiting
	Info    = record.Info
)

// Errors of acts on the record; see package record.
var (
	ErrUnknown    = record.ErrUnknown
	ErrStale      = record.ErrStale
	ErrForbidden  = record.ErrForbidden
	ErrSamePerson = record.ErrSamePerson
	ErrDecided    = record.ErrDecided
	ErrEvidence   = record.ErrEvidence
	ErrReason     = record.ErrReason
)

// Search is what somebody typed to find a person: programme number, phone, NIK,
// name or e-mail; which of them is seen from its shape.
type Search struct{ Q string }

// Why is the reason for looking at a record; the case may be "" for a look-up
// from the people screen.
type Why struct {
	Reason string
	CaseID string
}

// RemedyRequest asks for one remedy. Key makes it run once however often it is
// sent: the second run returns the first outcome.
type RemedyRequest struct {
	ParticipantID ParticipantID
	Code          string
	Input         Input
	Reason        string
	Evidence      []string // attachment ids
	Case          CaseRef
	Key           string
}

// Status of an outcome: done, or waiting for the second person.
const (
	Applied          = "applied"
	AwaitingApproval = "awaiting_approval"
)

// Outcome is what became of a remedy.
type Outcome struct {
	Status     string
	ChangeID   string
	ApprovalID string
	Before     []Line
	After      []Line
}

// Preview is what a remedy would do with this input.
type Preview struct {
	Before []Line
	After  []Line
	// Changed names the fields whose value differs.
	Changed []string
	// Errors are faults of the input, field by field; with any the remedy
	// cannot be run.
	Errors []Invalid
	// Approval is "" or the kind of second person needed: money, attendance.
	Approval string
}
