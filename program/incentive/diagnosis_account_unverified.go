package incentive

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// AccountUnverified: the owner has not finished the provider's identity check
// (KYC), or the account in use is closed or blocked.
func AccountUnverified() record.Rule {
	return record.Rule{
		Code: "account_kyc_missing", Severity: record.Fault, Remedies: []string{RelinkCode},
		Intents: []intent.Code{intent.IncentiveLinkFailed, intent.IncentiveLinkAccount, intent.IncentiveStatus},
		Find: func(r record.Record) []record.Finding {
			a := r.PayoutAccount
			if a == nil || a.State != Unverified {
				return nil
			}
			return []record.Finding{{Since: a.LinkedAt, Params: record.Params{"institution": a.Institution, "account": a.NumberMasked}}}
		},
	}
}
