package ticketing_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
)

// An outage is told once before the first answer, in the places that were chosen
// and by the clock, and counts who came during it.
func TestOutageIsToldByTheClock(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	supervisor := w.Staff(access.Supervisor).Actor()
	now := w.Clock.Now()
	outage := ticketing.Outage{Texts: map[string]string{"ind": " Pencairan terlambat. ", "eng": "Payments are late."},
		Places: []string{ticketing.OutageBot}, FromAt: now.Add(time.Hour), UntilAt: now.Add(3 * time.Hour)}
	if err := w.Desk.CreateOutage(ctx, w.Staff(access.Agent).Actor(), outage); !errors.Is(err, ticketing.ErrForbidden) {
		t.Errorf("an agent: %v", err)
	}
	if err := w.Desk.CreateOutage(ctx, supervisor, outage); err != nil {
		t.Fatal(err)
	}
	ask := func() string {
		citizen := w.Citizen()
		id := citizen.Writes("halo").Conversation
		for range 2 {
			turn, err := w.Desk.TakeLease(ctx, id, "bot", time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			answer := ticketing.BotAnswer{Upto: turn.Conversation.LastSeq, Lines: []ticketing.BotLine{{Text: "Ada yang bisa dibantu?"}}}
			if err := w.Desk.BotReply(ctx, id, "bot", answer); err != nil {
				t.Fatal(err)
			}
			citizen.Writes("lagi")
		}
		return notices(t, w, id)
	}
	if said := ask(); strings.Contains(said, "Pencairan") {
		t.Errorf("before it begins: %q", said)
	}
	w.Clock.Add(90 * time.Minute)
	if said := ask(); strings.Count(said, "Pengumuman: Pencairan terlambat.") != 1 {
		t.Errorf("during it: %q", said)
	}
	list, err := ticketing.Outages(ctx, w.DB)
	if err != nil || len(list) != 1 || list[0].Came != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	if err := w.Desk.EndOutage(ctx, supervisor, list[0].ID, list[0].Version+1); !errors.Is(err, ticketing.ErrStale) {
		t.Errorf("an older version: %v", err)
	}
	if err := w.Desk.EndOutage(ctx, supervisor, list[0].ID, list[0].Version); err != nil {
		t.Fatal(err)
	}
	if said := ask(); strings.Contains(said, "Pencairan") {
		t.Errorf("after its end: %q", said)
	}
	var invalid *ticketing.Invalid
	list[0].Version++
	if err := w.Desk.SaveOutage(ctx, supervisor, list[0]); !errors.As(err, &invalid) || invalid.Rule != "outage_over" {
		t.Errorf("what is over: %v", err)
	}
}

func TestOutageIsRefused(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	supervisor := w.Staff(access.Supervisor).Actor()
	now := w.Clock.Now()
	for name, tt := range map[string]struct {
		change func(*ticketing.Outage)
		field  string
	}{
		"no English":    {func(o *ticketing.Outage) { delete(o.Texts, "eng") }, "eng"},
		"a long text":   {func(o *ticketing.Outage) { o.Texts["ind"] = strings.Repeat("a", 281) }, "ind"},
		"nowhere":       {func(o *ticketing.Outage) { o.Places = nil }, "places"},
		"unknown place": {func(o *ticketing.Outage) { o.Places = []string{"radio"} }, "places"},
		"backwards":     {func(o *ticketing.Outage) { o.UntilAt = o.FromAt }, "until"},
		"over already":  {func(o *ticketing.Outage) { o.FromAt, o.UntilAt = now.Add(-2*time.Hour), now.Add(-time.Hour) }, "until"},
		"for months":    {func(o *ticketing.Outage) { o.UntilAt = now.AddDate(0, 3, 0) }, "until"},
	} {
		outage := ticketing.Outage{Texts: map[string]string{"ind": "Terlambat.", "eng": "Late."}, Places: []string{ticketing.OutageWhatsApp},
			FromAt: now, UntilAt: now.Add(time.Hour)}
		tt.change(&outage)
		var invalid *ticketing.Invalid
		if err := w.Desk.CreateOutage(ctx, supervisor, outage); !errors.As(err, &invalid) || invalid.Field != tt.field {
			t.Errorf("%s: %v", name, err)
		}
	}
}
