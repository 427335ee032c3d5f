package incentive_test

import (
	"slices"
	"testing"
	"time"

	"sapa/program/incentive"
	"sapa/program/record"
)

// owed is a record with one incentive in this state, last transfer ending so.
func owed(state, waitsFor, transferState, code string, ago time.Duration) record.Record {
	i := record.Incentive{ID: "i1", Kind: incentive.Completion, Amount: 600_000, State: state, WaitsFor: waitsFor, DueAt: noon.AddDate(0, 0, 2)}
	if transferState != "" {
		t := record.Transfer{ID: "t1", At: noon.Add(-ago), State: transferState, ReturnCode: code, AccountID: "a1", Institution: "Bank Arunika", Holder: "BUDI"}
		if code != "" {
			t.ReturnedAt = noon.Add(-ago / 2)
		}
		i.Transfers = []record.Transfer{t}
	}
	return record.Record{At: noon, Participation: &record.Participation{FirstBoughtAt: noon.AddDate(0, -1, 0)},
		PayoutAccount: &record.PayoutAccount{ID: "a1", State: incentive.Linked, NameMatches: true}, Incentives: []record.Incentive{i}}
}

func with(r record.Record, change func(*record.Record)) record.Record {
	change(&r)
	return r
}

func TestRules(t *testing.T) {
	t.Parallel()
	day := 24 * time.Hour
	cases := []struct {
		name string
		in   record.Record
		want []string
	}{
		{"name differs", owed("returned", "", "returned", "BE01", 6*day), []string{"transfer_returned_name_mismatch"}},
		{"name differs, account too", with(owed("returned", "", "returned", "BE01", 6*day), func(r *record.Record) { r.PayoutAccount.NameMatches = false }), []string{"transfer_returned_name_mismatch"}},
		{"account closed", owed("returned", "", "returned", "AC04", 6*day), []string{"transfer_returned_account_closed"}},
		{"number unknown", owed("returned", "", "returned", "AC01", 6*day), []string{"transfer_returned_account_closed"}},
		{"blocked", owed("returned", "", "returned", "AC06", 6*day), []string{"transfer_returned_account_closed"}},
		{"KYC", owed("returned", "", "returned", "RR04", 6*day), []string{"transfer_returned_account_closed"}},
		{"no reason", owed("returned", "", "returned", "MS03", 6*day), []string{"transfer_returned_other"}},
		{"unheard-of code", owed("returned", "", "returned", "ZZ99", 6*day), []string{"transfer_returned_other"}},
		{"returned, then paid", owed("paid", "", "settled", "", 6*day), nil},
		{"sent yesterday", owed("ordered", "", "sent", "", day), []string{"transfer_under_way"}},
		{"ordered a week ago", owed("ordered", "", "ordered", "", 7*day), []string{"transfer_under_way"}},
		{"sent eight days ago", owed("ordered", "", "sent", "", 8*day), []string{"transfer_late"}},
		{"scheduled", owed("scheduled", "", "", "", 0), []string{"incentive_scheduled"}},
		{"waits for the rating", owed("waiting", "rating", "", "", 0), []string{"incentive_waiting_rating"}},
		{"waits for the finish", owed("waiting", "finish", "", "", 0), nil},
		{"KYC missing", with(owed("waiting", "account", "", "", 0), func(r *record.Record) { r.PayoutAccount.State = incentive.Unverified }), []string{"account_kyc_missing"}},
		{"linked in another name", with(owed("scheduled", "", "", "", 0), func(r *record.Record) { r.PayoutAccount.NameMatches = false }), []string{"account_name_differs", "incentive_scheduled"}},
		{"no account", with(owed("waiting", "account", "", "", 0), func(r *record.Record) { r.PayoutAccount = nil }), []string{"account_not_linked"}},
		{"no account, nothing bought", with(owed("waiting", "finish", "", "", 0), func(r *record.Record) {
			r.PayoutAccount, r.Participation = nil, &record.Participation{}
		}), nil},
		{"no account, revoked", with(owed("waiting", "finish", "", "", 0), func(r *record.Record) {
			r.PayoutAccount = nil
			r.Participation.RevokedAt = noon
		}), nil},
		{"survey open", with(owed("paid", "", "settled", "", day), func(r *record.Record) {
			r.Surveys = []record.Survey{{Amount: 50_000, OpensAt: noon.Add(-day), ClosesAt: noon.Add(day)}}
		}), []string{"incentive_waiting_survey"}},
		{"survey answered", with(owed("paid", "", "settled", "", day), func(r *record.Record) {
			r.Surveys = []record.Survey{{OpensAt: noon.Add(-day), ClosesAt: noon.Add(day), AnsweredAt: noon}}
		}), nil},
		{"survey over", with(owed("paid", "", "settled", "", day), func(r *record.Record) {
			r.Surveys = []record.Survey{{OpensAt: noon.Add(-2 * day), ClosesAt: noon.Add(-day)}}
		}), nil},
		{"survey to come", with(owed("paid", "", "settled", "", day), func(r *record.Record) {
			r.Surveys = []record.Survey{{OpensAt: noon.Add(day), ClosesAt: noon.Add(2 * day)}}
		}), nil},
		{"nothing at all", record.Record{At: noon}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, d := range record.Diagnose(c.in, incentive.Rules()) {
				got = append(got, d.Code)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("found %v, want %v", got, c.want)
			}
		})
	}
}

func TestWaitingForFinish(t *testing.T) {
	t.Parallel()
	r := owed("waiting", "finish", "", "", 0)
	r.Incentives = append(r.Incentives, r.Incentives[0])
	if hits := incentive.WaitingForFinish().Find(r); len(hits) != 1 {
		t.Errorf("%d findings for two incentives, want one", len(hits))
	}
}

// TestEveryReturnNamesRemedies: money that came back can be sent again.
func TestEveryReturnNamesRemedies(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"BE01", "AC01", "AC04", "AC06", "RR04", "MS03", "ZZ99"} {
		list := record.Diagnose(owed("returned", "", "returned", code, time.Hour), incentive.Rules())
		if len(list) != 1 || !slices.Contains(list[0].Remedies, incentive.ReissueCode) || list[0].Params["amount"] != int64(600_000) || list[0].Since.IsZero() {
			t.Errorf("%s: %+v", code, list)
		}
	}
}
