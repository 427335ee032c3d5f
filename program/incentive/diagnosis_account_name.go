package incentive

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// AccountNameDiffers: the linked account is in another name, so the next payment
// would come back. It is silent once a payment did, NameMismatch says that.
func AccountNameDiffers() record.Rule {
	return record.Rule{
		Code: "account_name_differs", Severity: record.Fault, Remedies: []string{RelinkCode},
		Intents: []intent.Code{intent.IncentiveLinkFailed, intent.IncentiveStatus, intent.IncentiveChangeAccount},
		Find: func(r record.Record) []record.Finding {
			a := r.PayoutAccount
			if a == nil || a.NameMatches || len(returned(r, ReturnNameDiffers)) > 0 {
				return nil
			}
			return []record.Finding{{Since: a.LinkedAt, Params: record.Params{"institution": a.Institution, "account": a.NumberMasked, "holder": a.Holder}}}
		},
	}
}
