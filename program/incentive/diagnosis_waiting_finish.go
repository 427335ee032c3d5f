package incentive

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// WaitingForFinish: there is no incentive before the first training is finished.
func WaitingForFinish() record.Rule {
	return record.Rule{
		Code: "incentive_waiting_finish", Severity: record.Waiting,
		Intents: []intent.Code{intent.IncentiveStatus, intent.IncentiveAmount},
		Find: func(r record.Record) []record.Finding {
			hits := waitingFor(r, "finish")
			if len(hits) > 1 {
				hits = hits[:1] // the later ones wait for the first
			}
			return hits
		},
	}
}
