package batch

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// Facts says how the newest application ended and what holds since.
func Facts(r record.Record) []record.Fact {
	asks := []intent.Code{intent.BatchResult, intent.BatchSchedule, intent.BatchJoin}
	var facts []record.Fact
	if a := newest(r); a != nil {
		switch a.Result {
		case "pending":
			facts = append(facts, record.Fact{Code: "batch_pending", At: a.JoinedAt, Intents: asks, Params: record.Params{"number": a.BatchNumber, "due": a.AnnouncedAt}})
		case "selected":
			facts = append(facts, record.Fact{Code: "batch_selected", At: a.DecidedAt, Intents: asks, Params: record.Params{"number": a.BatchNumber, "date": a.DecidedAt}})
		default:
			facts = append(facts, record.Fact{Code: "batch_not_selected", At: a.DecidedAt, Intents: asks, Params: record.Params{"number": a.BatchNumber, "date": a.DecidedAt, "reason": "@selection." + a.Reason}})
		}
		if a.Result == "not_selected" && a.NextOpensAt.After(r.At) {
			facts = append(facts, record.Fact{Code: "batch_next", At: a.NextOpensAt, Intents: asks, Params: record.Params{"date": a.NextOpensAt}})
		}
	}
	return append(facts, termFacts(r)...)
}

func termFacts(r record.Record) []record.Fact {
	p := r.Participation
	if p == nil {
		return nil
	}
	asks := []intent.Code{intent.TrainingDeadline, intent.BatchRevoked, intent.TrainingBuy}
	switch {
	case !p.RevokedAt.IsZero():
		return []record.Fact{{Code: "participation_revoked", At: p.RevokedAt, Intents: asks, Params: record.Params{"date": p.RevokedAt}}}
	case p.FirstBoughtAt.IsZero():
		return []record.Fact{{Code: "purchase_due", At: p.SelectedAt, Intents: asks, Params: record.Params{"due": p.PurchaseDueAt}}}
	}
	return []record.Fact{{Code: "first_purchase", At: p.FirstBoughtAt, Intents: asks, Params: record.Params{"date": p.FirstBoughtAt}}}
}
