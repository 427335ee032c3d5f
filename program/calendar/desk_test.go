package calendar_test

import (
	"errors"
	"testing"
	"time"

	"sapa/program/calendar"
)

const hour = time.Hour

func newDesk(t *testing.T, zone calendar.Zone, hours ...calendar.Hours) *calendar.Desk {
	t.Helper()
	desk, err := calendar.NewDesk(calendar.DeskOptions{Zone: zone, Hours: hours})
	if err != nil {
		t.Fatal(err)
	}
	return desk
}

// daily is a week with the same hours on every day.
func daily(periods ...calendar.Period) calendar.Week {
	week := calendar.Week{}
	for day := time.Sunday; day <= time.Saturday; day++ {
		week[day] = periods
	}
	return week
}

// programmeDesk is open every day from 08:00 to 20:00 WIB.
func programmeDesk(t *testing.T) *calendar.Desk {
	t.Helper()
	return newDesk(t, calendar.WIB, calendar.Hours{Week: daily(calendar.Period{Open: 8 * hour, Close: 20 * hour})})
}

func TestAddDeskMinutes(t *testing.T) {
	t.Parallel()
	programme := programmeDesk(t)
	office := newDesk(t, calendar.WIB, calendar.Hours{Week: calendar.Week{
		time.Monday: {{9 * hour, 17 * hour}}, time.Tuesday: {{9 * hour, 17 * hour}}, time.Wednesday: {{9 * hour, 17 * hour}},
		time.Thursday: {{9 * hour, 17 * hour}}, time.Friday: {{9 * hour, 17 * hour}},
	}})
	tuesday := newDesk(t, calendar.WIB, calendar.Hours{Week: calendar.Week{time.Tuesday: {{9 * hour, 17 * hour}}}})
	split := newDesk(t, calendar.WITA, calendar.Hours{Week: daily(
		calendar.Period{Open: 13 * hour, Close: 17 * hour}, calendar.Period{Open: 8 * hour, Close: 12 * hour})})
	night := newDesk(t, calendar.WIB, calendar.Hours{Week: calendar.Week{time.Friday: {{22 * hour, 2 * hour}}}})
	always := newDesk(t, calendar.WIT, calendar.Hours{Week: daily(calendar.Period{Close: 24 * hour})})

	tests := []struct {
		name    string
		desk    *calendar.Desk
		start   string
		minutes int
		want    string
	}{
		{"into the next morning", programme, "2026-03-01 19:50", 15, "2026-03-02 08:05"},
		{"before opening", programme, "2026-03-01 07:00", 15, "2026-03-01 08:15"},
		{"the closing instant is outside", programme, "2026-03-01 20:00", 15, "2026-03-02 08:15"},
		{"asked in another zone", programme, "2026-03-01T22:00:00+09:00", 30, "2026-03-02 08:30"},
		{"a whole desk day", programme, "2026-03-01 12:00", 720, "2026-03-02 12:00"},
		{"two desk days", programme, "2026-02-28 19:30", 1440, "2026-03-02 19:30"},
		{"up to closing", programme, "2026-03-01 19:45", 15, "2026-03-01 20:00"},
		{"nothing", programme, "2026-03-01 23:00", 0, "2026-03-01 23:00"},
		{"Friday afternoon to Monday", office, "2026-03-06 16:30", 60, "2026-03-09 09:30"},
		{"only Tuesday is set", tuesday, "2026-03-04 10:00", 60, "2026-03-10 10:00"},
		{"only Tuesday is set, two of them", tuesday, "2026-03-03 16:00", 120, "2026-03-10 10:00"},
		{"several periods a day", split, "2026-03-02T11:30:00+08:00", 60, "2026-03-02T13:30:00+08:00"},
		{"past midnight", night, "2026-03-06 23:30", 60, "2026-03-07 00:30"},
		{"asked past midnight", night, "2026-03-07 01:30", 60, "2026-03-13 22:30"},
		{"around the clock", always, "2026-03-06 23:30", 3 * 1440, "2026-03-09 23:30"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.desk.AddDeskMinutes(at(t, tt.start), tt.minutes)
			if want := at(t, tt.want); err != nil || !got.Equal(want) {
				t.Errorf("got %v, %v, want %v", got, err, want)
			}
		})
	}
}

func TestDeskElapsed(t *testing.T) {
	t.Parallel()
	overlapping := newDesk(t, calendar.WIB, calendar.Hours{Week: daily(
		calendar.Period{Open: 20 * hour, Close: 4 * hour}, calendar.Period{Open: 2 * hour, Close: 6 * hour})})
	tests := []struct {
		name     string
		desk     *calendar.Desk
		from, to string
		want     time.Duration
	}{
		{"three desk days", programmeDesk(t), "2026-03-01 19:00", "2026-03-03 09:30", 14*hour + 30*time.Minute},
		{"through a national holiday", programmeDesk(t), "2026-03-19 00:00", "2026-03-20 00:00", 12 * hour},
		{"overnight hours counted once", overlapping, "2026-03-01 00:00", "2026-03-02 00:00", 10 * hour},
		{"wholly closed", programmeDesk(t), "2026-03-01 20:00", "2026-03-02 08:00", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.desk.DeskElapsed(at(t, tt.from), at(t, tt.to))
			if err != nil || got != tt.want {
				t.Errorf("got %s, %v, want %s", got, err, tt.want)
			}
		})
	}
}

func TestDeskClosedOnDaysOff(t *testing.T) {
	t.Parallel()
	desk := newDesk(t, calendar.WIB, calendar.Hours{
		DaysOff: of2026(),
		Week:    daily(calendar.Period{Open: 8 * hour, Close: 20 * hour}),
	})
	got, err := desk.NextOpen(at(t, "2026-03-17 20:00"))
	if want := at(t, "2026-03-25 08:00"); err != nil || !got.Equal(want) {
		t.Errorf("NextOpen over Nyepi and Idulfitri = %v, %v, want %v", got, err, want)
	}
	spans, err := calendar.Spans(desk, at(t, "2026-01-01 12:00"), at(t, "2026-01-02 10:00"))
	if err != nil {
		t.Fatal(err)
	}
	want := []calendar.Rule{calendar.RuleDeskHoliday, calendar.RuleDeskClosed, calendar.RuleDeskOpen}
	if len(spans) != len(want) {
		t.Fatalf("spans = %v, want rules %v", spans, want)
	}
	for i, rule := range want {
		if spans[i].Rule != rule {
			t.Errorf("span %d = %s, want %s", i, spans[i].Rule, rule)
		}
	}
	if _, err := desk.AddDeskMinutes(at(t, "2026-12-31 19:50"), 15); !errors.Is(err, calendar.ErrYearMissing) {
		t.Errorf("into an unknown year: %v, want ErrYearMissing", err)
	}
}

// The desk of 08:00-20:00 WIB is 09:00-21:00 WITA, 10:00-22:00 WIT and
// 01:00-13:00 UTC.
func TestProgrammeDeskInOtherZones(t *testing.T) {
	t.Parallel()
	tests := []struct {
		at   string
		want bool
	}{
		{"2026-03-01T08:59:59+08:00", false}, {"2026-03-01T09:00:00+08:00", true},
		{"2026-03-01T20:59:59+08:00", true}, {"2026-03-01T21:00:00+08:00", false},
		{"2026-03-01T09:59:59+09:00", false}, {"2026-03-01T10:00:00+09:00", true},
		{"2026-03-01T21:59:59+09:00", true}, {"2026-03-01T22:00:00+09:00", false},
		{"2026-03-01T00:59:59Z", false}, {"2026-03-01T01:00:00Z", true},
		{"2026-03-01T12:59:59Z", true}, {"2026-03-01T13:00:00Z", false},
	}
	for _, tt := range tests {
		if got, err := programmeDesk(t).IsOpen(at(t, tt.at)); err != nil || got != tt.want {
			t.Errorf("IsOpen(%s) = %v, %v, want %v", tt.at, got, err, tt.want)
		}
	}
}

func weekOf(week calendar.Week) []calendar.Hours { return []calendar.Hours{{Week: week}} }

func TestNewDeskRefuses(t *testing.T) {
	t.Parallel()
	day := calendar.Period{Open: 8 * hour, Close: 20 * hour}
	tests := map[string]calendar.DeskOptions{
		"unknown zone":      {Zone: "MARS", Hours: weekOf(daily(day))},
		"no zone":           {Hours: weekOf(daily(day))},
		"no hours":          {Zone: calendar.WIB},
		"never open":        {Zone: calendar.WIB, Hours: weekOf(calendar.Week{time.Monday: nil})},
		"no length":         {Zone: calendar.WIB, Hours: weekOf(daily(calendar.Period{Open: 8 * hour, Close: 8 * hour}))},
		"past the day":      {Zone: calendar.WIB, Hours: weekOf(daily(calendar.Period{Open: 8 * hour, Close: 25 * hour}))},
		"opens at midnight": {Zone: calendar.WIB, Hours: weekOf(daily(calendar.Period{Open: 24 * hour, Close: 2 * hour}))},
		"an eighth weekday": {Zone: calendar.WIB, Hours: weekOf(calendar.Week{7: {day}})},
	}
	for name, o := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := calendar.NewDesk(o); err == nil {
				t.Error("accepted")
			}
		})
	}
}

// A desk that nothing ever opens is an error, not an endless search.
func TestAmountTooFar(t *testing.T) {
	t.Parallel()
	if _, err := programmeDesk(t).AddDeskMinutes(at(t, "2026-03-01 12:00"), 12*60*3661); !errors.Is(err, calendar.ErrTooFar) {
		t.Errorf("got %v, want ErrTooFar", err)
	}
}

// Hours that change hold from their day on; a night that began before goes on as
// it began.
func TestDeskHoursChange(t *testing.T) {
	t.Parallel()
	desk := newDesk(t, calendar.WIB,
		calendar.Hours{From: date(t, "2026-03-02"), Week: daily(calendar.Period{Open: 10 * hour, Close: 12 * hour})},
		calendar.Hours{Week: daily(calendar.Period{Open: 22 * hour, Close: 2 * hour})},
	)
	for _, tt := range []struct {
		from, to string
		want     time.Duration
	}{
		{"2026-02-27 12:00", "2026-02-28 12:00", 4 * hour},
		{"2026-03-01 12:00", "2026-03-02 12:00", 6 * hour},
		{"2026-03-02 12:00", "2026-03-03 12:00", 2 * hour},
	} {
		if got, err := desk.DeskElapsed(at(t, tt.from), at(t, tt.to)); err != nil || got != tt.want {
			t.Errorf("%s to %s: %s, %v, want %s", tt.from, tt.to, got, err, tt.want)
		}
	}
}
