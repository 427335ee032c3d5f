package training_test

import (
	"slices"
	"testing"
	"time"

	"sapa/program/record"
	"sapa/program/training"
)

var noon = time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// bought is a training of four days ago whose two sessions are over.
func bought(change func(*record.Training)) record.Record {
	t := record.Training{ID: "p1", Title: "Las", BoughtAt: noon.Add(-9 * day), RedeemState: "redeemed", RedeemedAt: noon.Add(-8 * day),
		Sessions: []record.Session{{At: noon.Add(-4 * day), State: "present"}, {At: noon.Add(-3 * day), State: "present"}}}
	change(&t)
	return record.Record{At: noon, Participant: record.Participant{Summary: record.Summary{Name: "Siti Aminah"}}, Trainings: []record.Training{t}}
}

func score(n int) *int { return &n }

func TestRules(t *testing.T) {
	t.Parallel()
	certificate := func(name string) *record.Certificate { return &record.Certificate{Name: name, State: "valid"} }
	cases := []struct {
		name string
		in   record.Record
		want []string
	}{
		{"nothing bought", record.Record{At: noon}, nil},
		{"post-test open", bought(func(*record.Training) {}), []string{"posttest_not_taken"}},
		{"post-test 55", bought(func(t *record.Training) { t.PostTest = score(55) }), []string{"certificate_missing_posttest"}},
		{"post-test 60 is too little", bought(func(t *record.Training) { t.PostTest = score(60) }), []string{"certificate_missing_posttest"}},
		{"post-test 61, certificate on its way", bought(func(t *record.Training) { t.PostTest = score(61) }), nil},
		{"certificate right", bought(func(t *record.Training) { t.PostTest, t.Certificate = score(80), certificate("Siti Aminah") }), nil},
		{"certificate wrong", bought(func(t *record.Training) { t.PostTest, t.Certificate = score(80), certificate("Siti Amniah") }), []string{"certificate_name_wrong"}},
		{"one session to come", bought(func(t *record.Training) { t.Sessions[1].At = noon.Add(day) }), nil},
		{"code not used", bought(func(t *record.Training) { t.RedeemState = "issued" }), []string{"redeem_unused"}},
		{"code not used, bought yesterday", bought(func(t *record.Training) { t.RedeemState, t.BoughtAt = "issued", noon.Add(-day) }), nil},
		{"refunded", bought(func(t *record.Training) { t.RedeemState = "refunded" }), nil},
		{"self-paced, a week old", bought(func(t *record.Training) { t.Sessions = nil }), nil},
		{"self-paced, three weeks old", bought(func(t *record.Training) { t.Sessions, t.RedeemedAt = nil, noon.Add(-21*day) }), []string{"posttest_not_taken"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, d := range record.Diagnose(c.in, training.Rules()) {
				got = append(got, d.Code)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("found %v, want %v", got, c.want)
			}
		})
	}
}

func TestAttended(t *testing.T) {
	t.Parallel()
	whole := bought(func(*record.Training) {}).Trainings[0]
	gap := bought(func(t *record.Training) { t.Sessions[0].State = "unverified" }).Trainings[0]
	unopened := bought(func(t *record.Training) { t.Sessions, t.RedeemState = nil, "issued" }).Trainings[0]
	if !training.Attended(whole) || training.Attended(gap) || training.Attended(unopened) {
		t.Error("attended is only who was present at every session of an opened training")
	}
}
