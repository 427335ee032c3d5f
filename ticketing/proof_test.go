package ticketing_test

import (
	"context"
	"testing"
	"time"

	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
)

// A proof outlives a short pause and no long one: a browser may have changed hands.
func TestAProofEndsWithSilence(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		pause   time.Duration
		handed  bool
		assures ticketing.Assurance
	}{
		"a short pause":            {10 * time.Minute, false, ticketing.AssuranceFact},
		"a long pause":             {20 * time.Minute, false, ticketing.AssuranceNone},
		"a long wait for a person": {20 * time.Minute, true, ticketing.AssuranceFact},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := fix.New(t)
			ctx, who := context.Background(), w.Citizen()
			id := who.Writes("halo").Conversation
			if err := w.Desk.Verified(ctx, access.Robot(), id, w.Participant("Uji Coba", "+6282000000123"), ticketing.AssuranceFact); err != nil {
				t.Fatal(err)
			}
			if test.handed {
				w.HandOver(id)
			}
			w.Clock.Add(test.pause)
			who.Writes("status saya?")
			var c ticketing.Conversation
			if err := w.DB.NewSelect().Model(&c).Where("c.id = ?", id).Scan(ctx); err != nil || c.Assurance != test.assures {
				t.Fatalf("assurance %s, %v, want %s", c.Assurance, err, test.assures)
			}
		})
	}
}
