package training

import (
	"time"

	"sapa/program/intent"
	"sapa/program/record"
)

// unusedAfter is when an unused redeem code is worth a word (our choice).
const unusedAfter = 3 * 24 * time.Hour

// RedeemUnused: a training was bought and its redeem code not used yet.
func RedeemUnused() record.Rule {
	return record.Rule{
		Code: "redeem_unused", Severity: record.Waiting,
		Intents: []intent.Code{intent.TrainingRedeem, intent.TrainingAccess},
		Find: func(r record.Record) []record.Finding {
			return each(r, func(t record.Training) *record.Finding {
				if t.RedeemState != "issued" || r.At.Sub(t.BoughtAt) < unusedAfter {
					return nil
				}
				return &record.Finding{Since: t.BoughtAt, Params: record.Params{"title": t.Title, "provider": t.Provider, "date": t.BoughtAt}}
			})
		},
	}
}
