package batch

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// DeadlineMissed: participation was revoked since nothing was bought in time.
func DeadlineMissed() record.Rule {
	return record.Rule{
		Code: "purchase_deadline_missed", Severity: record.Fault,
		Intents: []intent.Code{intent.BatchRevoked, intent.TrainingDeadline, intent.TrainingBalance, intent.TrainingBuy},
		Find: func(r record.Record) []record.Finding {
			p := r.Participation
			if p == nil || p.RevokedAt.IsZero() || p.RevokedBecause != "first_purchase" {
				return nil
			}
			return []record.Finding{{Since: p.RevokedAt, Params: record.Params{"date": p.RevokedAt, "due": p.PurchaseDueAt, "number": p.BatchNumber}}}
		},
	}
}
