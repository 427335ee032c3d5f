package training

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// PostTestFailed: there is no certificate since the post-test score is too low.
func PostTestFailed() record.Rule {
	return record.Rule{
		Code: "certificate_missing_posttest", Severity: record.Waiting,
		Intents: []intent.Code{intent.TrainingCertificate, intent.TrainingAssessment, intent.IncentiveStatus},
		Find: func(r record.Record) []record.Finding {
			return each(r, func(t record.Training) *record.Finding {
				if t.Certificate != nil || t.PostTest == nil || Passed(t) || t.RedeemState != "redeemed" {
					return nil
				}
				return &record.Finding{Since: t.PostTestAt, Params: record.Params{"title": t.Title, "score": *t.PostTest, "needed": PassMark}}
			})
		},
	}
}
