package record

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"sapa/program/access"
)

// Kinds of approval.
const (
	ApprovalMoney      = "money"
	ApprovalAttendance = "attendance"
	ApprovalExport     = "export"
)

// Remedy corrects one thing in a record. It is declared beside the tables it
// acts on; package program checks permission, reason, evidence and key, asks
// for the second person and writes the histories.
type Remedy struct {
	Code string
	// Approval is "" when the agent's own act suffices, else the kind of second
	// person needed.
	Approval      string
	NeedsEvidence bool
	// Fields is the form, as it fits this record.
	Fields func(Record) []Field
	// Blocked says why it cannot be run on this record, nil when it can.
	Blocked func(Record) *Note
	// Plan checks the input against rows it locks and says what would change.
	// It writes nothing itself: preview, run and approval all call it, so the
	// guard that counts is the one at the moment of doing. Errors: Faults for
	// the input, *Refused for the state.
	Plan func(ctx context.Context, tx bun.IDB, task Task) (Plan, error)
}

// Task is what a remedy works on.
type Task struct {
	Record Record
	Input  Input
	Actor  access.Actor
	Now    time.Time
}

// Plan is what would change, and the act itself.
type Plan struct {
	// ObjectID names the row acted on; the same act waits for approval once.
	ObjectID string
	// Amount of money moved, whole rupiah, 0 when none.
	Amount int64
	Before []Line
	After  []Line
	// Do writes the change in the transaction that planned it.
	Do func(ctx context.Context, tx bun.IDB) error
}

// Offer describes the remedy for one record.
func (m Remedy) Offer(r Record) RemedyOffer {
	return RemedyOffer{
		Code: m.Code, Money: m.Approval == ApprovalMoney, NeedsEvidence: m.NeedsEvidence,
		Approval: m.Approval, Fields: m.Fields(r), Blocked: m.Blocked(r),
	}
}

// Because is a Note without parameters, for Blocked.
func Because(key string) *Note { return &Note{Key: key} }

// Input rules shared by remedies: keys "rule."+name.
const (
	RuleRequired = "required"
	RuleUnknown  = "unknown"
	RuleFormat   = "format"
	RuleTaken    = "taken"
	RuleSame     = "same"
	RuleName     = "name_differs"
)

// CheckForm finds required fields left empty, options that are not offered, and
// fields the form does not have.
func CheckForm(fields []Field, input Input) Faults {
	var faults Faults
	known := map[string]bool{}
	for _, field := range fields {
		known[field.Name] = true
		switch value := input[field.Name]; {
		case value == "" && field.Required:
			faults = append(faults, Invalid{field.Name, RuleRequired})
		case value != "" && field.Kind == "select" && !offered(field.Options, value):
			faults = append(faults, Invalid{field.Name, RuleUnknown})
		}
	}
	for name := range input {
		if !known[name] {
			faults = append(faults, Invalid{name, RuleUnknown})
		}
	}
	return faults
}

func offered(options []Option, value string) bool {
	for _, option := range options {
		if option.Value == value {
			return true
		}
	}
	return false
}
