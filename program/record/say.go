package record

import (
	"slices"
	"time"

	"sapa/program/intent"
)

// Params fill the blanks of a sentence. They survive a trip through JSON; how a
// value is printed follows from its name and shape:
//
//   - amount, balance, price: whole rupiah -> "Rp600.000"
//   - date, due, since and names ending in _date: time.Time or RFC 3339 -> "14 Maret 2026" (WIB)
//   - clock: the same with the hour -> "14 Maret 2026, 08.00 WIB"
//   - a text beginning with "@" is itself a key of the catalogue -> its sentence
//   - everything else as it is
type Params map[string]any

// Note is a sentence as key and parameters; it is put into words only where the
// reader's language is known.
type Note struct {
	Key    string
	Params Params
}

// Step is one station of the journey line.
type Step struct {
	Code  string // account, registration, batch, training, attendance, certificate, incentive, job
	State string // done, current, blocked, upcoming
	At    time.Time
	Note  Note
}

// Fact is one thing the record says, ready to be told: key "fact."+Code.
type Fact struct {
	Code   string
	Params Params
	At     time.Time
	// Intents are the questions this fact answers.
	Intents []intent.Code
}

// Severity tells a fault from a wait.
type Severity string

// Fault needs somebody to act; Waiting solves itself or waits for the citizen;
// Info explains.
const (
	Fault   Severity = "fault"
	Waiting Severity = "waiting"
	Info    Severity = "info"
)

// Diagnosis is one explained trouble: key "diagnosis."+Code gives one sentence.
type Diagnosis struct {
	Code     string
	Params   Params
	Severity Severity
	Since    time.Time
	// Intents are the questions this diagnosis answers, the likeliest first.
	Intents []intent.Code
	// Remedies are the codes of what puts it right, the best first.
	Remedies []string
}

// Rule finds one kind of trouble in a record. Find is pure: it sees the record
// (whose At is "now") and returns nothing when all is well.
type Rule struct {
	Code     string
	Severity Severity
	Intents  []intent.Code
	Remedies []string
	Find     func(Record) []Finding
}

// Finding is one hit of a rule.
type Finding struct {
	Params Params
	Since  time.Time
}

// Diagnose runs the rules. Faults come first, then what waits, then what merely
// explains; within these the order of the rules holds.
func Diagnose(r Record, rules []Rule) []Diagnosis {
	var list []Diagnosis
	for _, rule := range rules {
		for _, hit := range rule.Find(r) {
			list = append(list, Diagnosis{
				Code: rule.Code, Params: hit.Params, Severity: rule.Severity, Since: hit.Since,
				Intents: rule.Intents, Remedies: rule.Remedies,
			})
		}
	}
	slices.SortStableFunc(list, func(a, b Diagnosis) int { return a.Severity.rank() - b.Severity.rank() })
	return list
}

func (s Severity) rank() int { return slices.Index([]Severity{Fault, Waiting, Info}, s) }
