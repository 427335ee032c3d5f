package incentive

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// AccountUnusable: the bank sent the money back because the account is closed,
// blocked, unverified or does not exist; the reason is a parameter.
func AccountUnusable() record.Rule {
	return record.Rule{
		Code: "transfer_returned_account_closed", Severity: record.Fault, Remedies: returnedRemedies(),
		Intents: []intent.Code{intent.IncentiveFailedTransfer, intent.IncentiveStatus, intent.IncentiveChangeAccount},
		Find: func(r record.Record) []record.Finding {
			return returned(r, ReturnAccountClosed, ReturnNumberWrong, ReturnAccountBlocked, ReturnUnverified)
		},
	}
}
