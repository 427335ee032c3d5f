package registration

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// Facts says how far the registration is.
func Facts(r record.Record) []record.Fact {
	p := r.Participant
	asks := []intent.Code{intent.RegistrationHow, intent.RegistrationIdentityMismatch, intent.RegistrationTest, intent.AccountCreate}
	facts := []record.Fact{{Code: "registered", At: p.RegisteredAt, Intents: asks, Params: record.Params{"date": p.RegisteredAt}}}
	if p.Identity == "matched" {
		facts = append(facts, record.Fact{Code: "identity_matched", At: p.IdentityAt, Intents: asks, Params: record.Params{"date": p.IdentityAt}})
	}
	if !p.TestDoneAt.IsZero() {
		facts = append(facts, record.Fact{Code: "test_done", At: p.TestDoneAt, Intents: asks, Params: record.Params{"date": p.TestDoneAt}})
	}
	return facts
}
