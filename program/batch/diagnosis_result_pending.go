package batch

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// ResultPending: the participant has joined and the announcement is still to come.
func ResultPending() record.Rule {
	return record.Rule{
		Code: "result_pending", Severity: record.Waiting,
		Intents: []intent.Code{intent.BatchResult, intent.BatchSchedule, intent.BatchJoin},
		Find: func(r record.Record) []record.Finding {
			a := newest(r)
			if a == nil || a.Result != "pending" {
				return nil
			}
			return []record.Finding{{Since: a.JoinedAt, Params: record.Params{"number": a.BatchNumber, "due": a.AnnouncedAt}}}
		},
	}
}
