package registration_test

import (
	"slices"
	"testing"

	"sapa/program/record"
	"sapa/program/registration"
)

func TestRules(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		in   record.Participant
		want []string
	}{
		{"matched", record.Participant{Identity: "matched"}, nil},
		{"not checked yet", record.Participant{Identity: "unchecked"}, nil},
		{"KK differs", record.Participant{Identity: "mismatched", IdentityField: "kk", IdentityAt: reference}, []string{"registration_identity_mismatch"}},
		{"barred", record.Participant{Identity: "matched", BlockedAt: reference, BlockedBecause: "false_data"}, []string{"participant_blocked"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, d := range record.Diagnose(record.Record{At: reference, Participant: c.in}, registration.Rules()) {
				got = append(got, d.Code)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("found %v, want %v", got, c.want)
			}
		})
	}
}
