package incentive

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// UnderWay: the payment is ordered and the bank still has time.
func UnderWay() record.Rule {
	return record.Rule{
		Code: "transfer_under_way", Severity: record.Waiting,
		Intents: []intent.Code{intent.IncentiveStatus, intent.IncentiveFailedTransfer},
		Find:    func(r record.Record) []record.Finding { return underWay(r, false) },
	}
}
