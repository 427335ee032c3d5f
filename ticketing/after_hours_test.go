package ticketing_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"sapa/channels"
	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
)

// notices is what the system told the citizen of a conversation.
func notices(t *testing.T, w *fix.World, id ticketing.ConversationID) string {
	t.Helper()
	lines, err := ticketing.Messages(context.Background(), w.DB, id, ticketing.Page{Limit: 50, Public: true})
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, m := range lines {
		if m.Author == ticketing.FromSystem {
			said = append(said, m.Text)
		}
	}
	return strings.Join(said, "\n")
}

func TestAfterHoursTheCitizenIsToldWhenTheDeskOpens(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		staffed bool
		want    string
	}{
		"nobody there":          {false, "08.00 WIB"},
		"somebody still serves": {true, "urutan"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := fix.New(t)
			w.Clock.Set(time.Date(2026, time.November, 23, 14, 30, 0, 0, time.UTC)) // 21:30 WIB
			if test.staffed {
				w.Available(w.Agent())
			}
			if said := notices(t, w, w.Citizen().Waiting()); !strings.Contains(said, test.want) {
				t.Errorf("told %q, want %q in it", said, test.want)
			}
		})
	}
}

func TestTheBoardAlarmsOnceAQueueAndNotBeforeItsClockRuns(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		at   time.Time
		want int
	}{
		"in desk hours, on two channels": {time.Date(2026, time.November, 23, 4, 0, 0, 0, time.UTC), 1},
		"after hours":                    {time.Date(2026, time.November, 23, 14, 30, 0, 0, time.UTC), 0},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := fix.New(t)
			ctx := context.Background()
			w.Clock.Set(test.at)
			w.Citizen().Waiting()
			if err := w.Desk.Receive(ctx, w.WhatsApp, []channels.Event{w.Message("+6282012340001", "SM1", "insentif")}); err != nil {
				t.Fatal(err)
			}
			var id ticketing.ConversationID
			if err := w.DB.NewRaw("SELECT id FROM conversations WHERE kind = 'whatsapp'").Scan(ctx, &id); err != nil {
				t.Fatal(err)
			}
			w.HandOver(id)
			w.Clock.Add(5 * time.Second)
			alarms := 0
			for _, alarm := range board(t, w, w.Staff(access.Supervisor)).Alarms {
				if alarm.Code == "no_agents" {
					alarms++
				}
			}
			if alarms != test.want {
				t.Errorf("%d alarms, want %d", alarms, test.want)
			}
		})
	}
}
