package incentive

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// WaitingForRating: the training is done, but not rated and reviewed yet.
func WaitingForRating() record.Rule {
	return record.Rule{
		Code: "incentive_waiting_rating", Severity: record.Waiting,
		Intents: []intent.Code{intent.IncentiveStatus, intent.TrainingReview, intent.IncentiveAmount},
		Find:    func(r record.Record) []record.Finding { return waitingFor(r, "rating") },
	}
}
