package attendance_test

import (
	"testing"
	"time"

	"sapa/program/attendance"
	"sapa/program/record"
)

var noon = time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC)

func TestNotRecorded(t *testing.T) {
	t.Parallel()
	sessions := func(states ...string) []record.Session {
		var list []record.Session
		for i, state := range states {
			list = append(list, record.Session{ID: string(rune('a' + i)), At: noon.Add(time.Duration(i-len(states)) * 24 * time.Hour), State: state})
		}
		return list
	}
	cases := []struct {
		name   string
		in     record.Training
		want   int
		reason string
	}{
		{"all present", record.Training{RedeemState: "redeemed", Sessions: sessions("present", "present")}, 0, ""},
		{"two gaps", record.Training{RedeemState: "redeemed", Sessions: sessions("present", "missing", "absent")}, 2, "@attendance_reason.missing"},
		{"face not read", record.Training{RedeemState: "redeemed", Sessions: []record.Session{{State: "unverified", Reason: "face_mismatch"}}}, 1, "@attendance_reason.face_mismatch"},
		{"still to come", record.Training{RedeemState: "redeemed", Sessions: sessions("planned")}, 0, ""},
		{"finished all the same", record.Training{RedeemState: "redeemed", FinishedAt: noon, Sessions: sessions("absent")}, 0, ""},
		{"never opened", record.Training{RedeemState: "issued", Sessions: sessions("missing")}, 0, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := record.Record{At: noon, Trainings: []record.Training{c.in}}
			hits := attendance.NotRecorded().Find(r)
			blocked := attendance.Correct().Blocked(r)
			if c.want == 0 {
				if len(hits) != 0 {
					t.Errorf("found %+v", hits)
				}
				return
			}
			if len(hits) != 1 || hits[0].Params["sessions"] != c.want || hits[0].Params["reason"] != c.reason || blocked != nil {
				t.Errorf("found %+v, remedy blocked %v, want %d sessions, %s", hits, blocked, c.want, c.reason)
			}
			if options := attendance.Correct().Fields(r)[0].Options; len(options) != c.want {
				t.Errorf("%d sessions offered, want %d", len(options), c.want)
			}
		})
	}
}
