package incentive

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// AccountMissing: a recipient who has begun a training has linked no account.
func AccountMissing() record.Rule {
	return record.Rule{
		Code: "account_not_linked", Severity: record.Fault, Remedies: []string{RelinkCode},
		Intents: []intent.Code{intent.IncentiveLinkAccount, intent.IncentiveStatus, intent.IncentiveLinkFailed},
		Find: func(r record.Record) []record.Finding {
			p := r.Participation
			if p == nil || !p.RevokedAt.IsZero() || p.FirstBoughtAt.IsZero() || r.PayoutAccount != nil {
				return nil
			}
			return []record.Finding{{Since: p.FirstBoughtAt}}
		},
	}
}
