package incentive

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// ReturnedOtherwise: the bank sent the money back without a reason that tells
// what to do. Paying again may suffice.
func ReturnedOtherwise() record.Rule {
	return record.Rule{
		Code: "transfer_returned_other", Severity: record.Fault, Remedies: []string{ReissueCode, RelinkCode},
		Intents: []intent.Code{intent.IncentiveFailedTransfer, intent.IncentiveStatus},
		Find: func(r record.Record) []record.Finding {
			var codes []string
			for _, i := range r.Incentives {
				if t := last(i); t != nil && (!KnownReturn(t.ReturnCode) || t.ReturnCode == ReturnUnsaid) {
					codes = append(codes, t.ReturnCode)
				}
			}
			return returned(r, codes...)
		},
	}
}
