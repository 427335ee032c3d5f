package ticketing_test

import (
	"context"
	"errors"
	"testing"

	"sapa/ticketing"
	"sapa/ticketing/fix"
	"sapa/ticketing/team"
)

// A conversation is about somebody who exists, or about nobody known.
func TestSubjectIsAParticipantWhoExists(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	agent := w.Agent()
	id := w.Citizen().Waiting()
	siti := w.Participant("Siti Contoh", phone)
	for _, tt := range []struct {
		name, participant string
		unknown           bool
		want              string
	}{
		{"somebody", siti, false, siti},
		{"never heard of", team.NewID(), true, siti},
		{"no id", "siti", true, siti},
		{"nobody", "", false, ""},
	} {
		var invalid *ticketing.Invalid
		err := w.Desk.SetSubject(context.Background(), agent.Actor(), id, tt.participant, "menyebut namanya")
		if refused := errors.As(err, &invalid) && invalid.Field == "participant_id" && invalid.Rule == "unknown"; refused != tt.unknown || err != nil && !refused {
			t.Errorf("%s: got %v", tt.name, err)
		}
		if got := view(t, w, agent, id).Participant; got != tt.want {
			t.Errorf("%s: about %q, want %q", tt.name, got, tt.want)
		}
	}
}
