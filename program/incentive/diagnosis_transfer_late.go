package incentive

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// TransferLate: the bank took the order and has not answered in time. Nobody
// here can mend that; the desk asks the bank.
func TransferLate() record.Rule {
	return record.Rule{
		Code: "transfer_late", Severity: record.Fault,
		Intents: []intent.Code{intent.IncentiveStatus, intent.IncentiveFailedTransfer},
		Find:    func(r record.Record) []record.Finding { return underWay(r, true) },
	}
}

// underWay finds incentives on their way to the bank, late ones or the others.
func underWay(r record.Record, late bool) []record.Finding {
	var hits []record.Finding
	for _, i := range r.Incentives {
		t := last(i)
		if i.State != Ordered || t == nil || (t.State != Ordered && t.State != Sent) {
			continue
		}
		if (r.At.Sub(t.At) > lateAfter) != late {
			continue
		}
		hits = append(hits, record.Finding{Since: t.At, Params: record.Params{
			"amount": i.Amount, "institution": t.Institution, "account": t.NumberMasked, "date": t.At, "due": t.At.Add(payoutDelay),
		}})
	}
	return hits
}
