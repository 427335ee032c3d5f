package incentive

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// Facts says what the record knows of money, the newest incentive state first.
func Facts(r record.Record) []record.Fact {
	var facts []record.Fact
	asks := []intent.Code{intent.IncentiveStatus, intent.IncentiveFailedTransfer, intent.IncentiveAmount}
	for _, i := range r.Incentives {
		params := record.Params{"amount": i.Amount, "kind": "@incentive_kind." + i.Kind}
		t := last(i)
		switch {
		case i.State == Paid && t != nil:
			facts = append(facts, record.Fact{Code: "incentive_paid", At: i.PaidAt, Intents: asks, Params: add(params, "date", i.PaidAt, "institution", t.Institution, "account", t.NumberMasked)})
		case i.State == Returned && t != nil:
			facts = append(facts, record.Fact{Code: "transfer_returned", At: t.ReturnedAt, Intents: asks, Params: add(params, "date", t.ReturnedAt, "institution", t.Institution, "account", t.NumberMasked, "reason", returnKey(t.ReturnCode))})
		case i.State == Ordered && t != nil:
			facts = append(facts, record.Fact{Code: "incentive_ordered", At: t.At, Intents: asks, Params: add(params, "date", t.At, "institution", t.Institution, "account", t.NumberMasked)})
		case i.State == Scheduled:
			facts = append(facts, record.Fact{Code: "incentive_scheduled", At: i.EarnedAt, Intents: asks, Params: add(params, "due", i.DueAt)})
		case i.State == Waiting:
			facts = append(facts, record.Fact{Code: "incentive_waiting", At: i.EarnedAt, Intents: asks, Params: add(params, "condition", "@waits_for."+i.WaitsFor)})
		}
	}
	return append(facts, accountFact(r)...)
}

func accountFact(r record.Record) []record.Fact {
	a := r.PayoutAccount
	if a == nil {
		return nil
	}
	return []record.Fact{{Code: "payout_account", At: a.LinkedAt,
		Intents: []intent.Code{intent.IncentiveLinkAccount, intent.IncentiveChangeAccount, intent.IncentiveLinkFailed, intent.IncentiveStatus},
		Params:  record.Params{"institution": a.Institution, "account": a.NumberMasked, "holder": a.Holder, "state": "@account_state." + a.State, "date": a.LinkedAt}}}
}

// add puts name, value pairs into params.
func add(params record.Params, pairs ...any) record.Params {
	for i := 0; i+1 < len(pairs); i += 2 {
		params[pairs[i].(string)] = pairs[i+1]
	}
	return params
}
