package batch_test

import (
	"slices"
	"testing"
	"time"

	"sapa/program/batch"
	"sapa/program/record"
)

var noon = time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

func applied(result, reason string) record.Record {
	a := record.Application{BatchNumber: 100, Result: result, Reason: reason, JoinedAt: noon.Add(-9 * day), AnnouncedAt: noon.Add(2 * day)}
	if result != "pending" {
		a.DecidedAt = noon.Add(-day)
	}
	return record.Record{At: noon, Applications: []record.Application{a}}
}

// selected is a recipient whose deadline is so far away.
func selected(due time.Duration, change func(*record.Participation)) record.Record {
	r := applied("selected", "")
	r.Participation = &record.Participation{BatchNumber: 100, SelectedAt: noon.Add(-5 * day), VideosWatched: 3, PurchaseDueAt: noon.Add(due)}
	if change != nil {
		change(r.Participation)
	}
	return r
}

func TestRules(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		in   record.Record
		want []string
	}{
		{"never applied", record.Record{At: noon}, nil},
		{"result open", applied("pending", ""), []string{"result_pending"}},
		{"no seat", applied("not_selected", "quota"), []string{"not_selected"}},
		{"refused long ago, selected now", func() record.Record {
			r := selected(10*day, nil)
			r.Applications = append(r.Applications, applied("not_selected", "quota").Applications...)
			return r
		}(), nil},
		{"plenty of time", selected(10*day, nil), nil},
		{"two days left", selected(2*day, nil), []string{"purchase_deadline_near"}},
		{"just past, not yet revoked", selected(-time.Hour, nil), []string{"purchase_deadline_near"}},
		{"bought", selected(2*day, func(p *record.Participation) { p.FirstBoughtAt = noon }), nil},
		{"one video", selected(10*day, func(p *record.Participation) { p.VideosWatched = 1 }), []string{"videos_unwatched"}},
		{"revoked", selected(-day, func(p *record.Participation) { p.RevokedAt, p.RevokedBecause = noon.Add(-day), "first_purchase" }), []string{"purchase_deadline_missed"}},
		{"revoked for another reason", selected(-day, func(p *record.Participation) { p.RevokedAt, p.RevokedBecause = noon, "fraud" }), nil},
		{"revoked, videos never watched", selected(-day, func(p *record.Participation) {
			p.RevokedAt, p.RevokedBecause, p.VideosWatched = noon, "first_purchase", 0
		}), []string{"purchase_deadline_missed"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, d := range record.Diagnose(c.in, batch.Rules()) {
				got = append(got, d.Code)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("found %v, want %v", got, c.want)
			}
		})
	}
}
