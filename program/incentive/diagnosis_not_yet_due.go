package incentive

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// NotYetDue: all conditions are met and the payment has its day. Not a fault.
func NotYetDue() record.Rule {
	return record.Rule{
		Code: "incentive_scheduled", Severity: record.Info,
		Intents: []intent.Code{intent.IncentiveStatus, intent.IncentiveAmount},
		Find: func(r record.Record) []record.Finding {
			var hits []record.Finding
			for _, i := range r.Incentives {
				if i.State == Scheduled {
					hits = append(hits, record.Finding{Since: i.EarnedAt, Params: record.Params{
						"amount": i.Amount, "kind": "@incentive_kind." + i.Kind, "due": i.DueAt}})
				}
			}
			return hits
		},
	}
}
