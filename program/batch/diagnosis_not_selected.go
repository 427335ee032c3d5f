package batch

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// NotSelected: the newest batch ended without a seat, and why.
func NotSelected() record.Rule {
	return record.Rule{
		Code: "not_selected", Severity: record.Info,
		Intents: []intent.Code{intent.BatchResult, intent.BatchJoin, intent.BatchSchedule},
		Find: func(r record.Record) []record.Finding {
			a := newest(r)
			if a == nil || a.Result != "not_selected" {
				return nil
			}
			return []record.Finding{{Since: a.DecidedAt, Params: record.Params{"number": a.BatchNumber, "date": a.DecidedAt, "reason": "@selection." + a.Reason}}}
		},
	}
}
