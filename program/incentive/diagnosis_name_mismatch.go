package incentive

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// NameMismatch: the bank sent the money back because the account is in another
// name than the participant's.
func NameMismatch() record.Rule {
	return record.Rule{
		Code: "transfer_returned_name_mismatch", Severity: record.Fault, Remedies: returnedRemedies(),
		Intents: []intent.Code{intent.IncentiveFailedTransfer, intent.IncentiveStatus, intent.IncentiveChangeAccount, intent.IncentiveLinkFailed},
		Find:    func(r record.Record) []record.Finding { return returned(r, ReturnNameDiffers) },
	}
}
