package batch

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// DeadlineNear: the first training must be bought within days.
func DeadlineNear() record.Rule {
	return record.Rule{
		Code: "purchase_deadline_near", Severity: record.Waiting, Remedies: []string{ExtendCode},
		Intents: []intent.Code{intent.TrainingDeadline, intent.TrainingBuy, intent.BatchRevoked, intent.TrainingBalance},
		Find: func(r record.Record) []record.Finding {
			p := r.Participation
			if p == nil || !p.RevokedAt.IsZero() || !p.FirstBoughtAt.IsZero() || p.PurchaseDueAt.Sub(r.At) > near {
				return nil
			}
			return []record.Finding{{Since: p.SelectedAt, Params: record.Params{"due": p.PurchaseDueAt}}}
		},
	}
}
