package registration

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// Rules lists the diagnoses of this sub-room.
func Rules() []record.Rule { return []record.Rule{Barred(), IdentityMismatch()} }

// IdentityMismatch: the civil registry does not confirm a field. The citizen
// corrects the entry, or the registry office does.
func IdentityMismatch() record.Rule {
	return record.Rule{
		Code: "registration_identity_mismatch", Severity: record.Fault,
		Intents: []intent.Code{intent.RegistrationIdentityMismatch, intent.RegistrationHow, intent.RegistrationFaceFailed},
		Find: func(r record.Record) []record.Finding {
			p := r.Participant
			if p.Identity != "mismatched" {
				return nil
			}
			return []record.Finding{{Since: p.IdentityAt, Params: record.Params{"mismatch": "@identity_field." + p.IdentityField, "date": p.IdentityAt}}}
		},
	}
}
