package incentive

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// WaitingForSurvey: an open survey with an incentive is not answered yet.
func WaitingForSurvey() record.Rule {
	return record.Rule{
		Code: "incentive_waiting_survey", Severity: record.Waiting,
		Intents: []intent.Code{intent.SurveyEvaluation, intent.IncentiveStatus, intent.IncentiveAmount},
		Find: func(r record.Record) []record.Finding {
			for _, s := range r.Surveys {
				if s.AnsweredAt.IsZero() && !s.OpensAt.After(r.At) && s.ClosesAt.After(r.At) {
					return []record.Finding{{Since: s.OpensAt, Params: record.Params{"amount": s.Amount, "title": s.Title, "due": s.ClosesAt}}}
				}
			}
			return nil
		},
	}
}
