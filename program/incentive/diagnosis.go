package incentive

import (
	"slices"
	"time"

	"sapa/program/record"
)

// Rules lists the diagnoses of this sub-room, faults first. WaitingForFinish is
// not among them: it belongs behind what keeps a training from being finished.
func Rules() []record.Rule {
	return []record.Rule{
		NameMismatch(), AccountUnusable(), ReturnedOtherwise(), TransferLate(), AccountNameDiffers(), AccountUnverified(),
		AccountMissing(), WaitingForRating(), WaitingForSurvey(), UnderWay(), NotYetDue(),
	}
}

// Remedies lists the remedies' codes a returned transfer needs: the account
// first, then the money.
func returnedRemedies() []string { return []string{RelinkCode, ReissueCode} }

// returned finds incentives whose newest transfer came back with one of the codes.
func returned(r record.Record, codes ...string) []record.Finding {
	var hits []record.Finding
	for _, i := range r.Incentives {
		t := last(i)
		if i.State != Returned || t == nil || !slices.Contains(codes, t.ReturnCode) {
			continue
		}
		hits = append(hits, record.Finding{Since: t.ReturnedAt, Params: record.Params{
			"amount": i.Amount, "institution": t.Institution, "account": t.NumberMasked, "holder": t.Holder,
			"date": t.ReturnedAt, "reason": returnKey(t.ReturnCode),
		}})
	}
	return hits
}

// waitingFor finds incentives that wait for one condition.
func waitingFor(r record.Record, condition string) []record.Finding {
	var hits []record.Finding
	for _, i := range r.Incentives {
		if i.State == Waiting && i.WaitsFor == condition {
			hits = append(hits, record.Finding{Since: i.EarnedAt, Params: record.Params{"amount": i.Amount, "kind": "@incentive_kind." + i.Kind}})
		}
	}
	return hits
}

// lateAfter is when a transfer without the bank's answer counts as late: the
// payout takes three to five working days, a week with its end.
const lateAfter = 7 * 24 * time.Hour
