package registration

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// Barred: the programme has blocked the participant, and why.
func Barred() record.Rule {
	return record.Rule{
		Code: "participant_blocked", Severity: record.Fault,
		Intents: []intent.Code{intent.BatchRevoked, intent.AccountLogin, intent.BatchJoin},
		Find: func(r record.Record) []record.Finding {
			p := r.Participant
			if p.BlockedAt.IsZero() {
				return nil
			}
			return []record.Finding{{Since: p.BlockedAt, Params: record.Params{"date": p.BlockedAt, "reason": "@barred." + p.BlockedBecause}}}
		},
	}
}
