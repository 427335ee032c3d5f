package sla_test

import (
	"errors"
	"testing"
	"time"

	"sapa/program/calendar"
	"sapa/ticketing/sla"
)

// at reads an instant of a test table, a local time in WIB.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	layout := "2006-01-02 15:04:05"
	instant, err := time.ParseInLocation(layout[:len(text)], text, calendar.WIB.Location())
	if err != nil {
		t.Fatal(err)
	}
	return instant
}

func calendars() sla.Calendars {
	daily := calendar.Week{}
	for day := time.Sunday; day <= time.Saturday; day++ {
		daily[day] = []calendar.Period{{Open: 8 * time.Hour, Close: 20 * time.Hour}}
	}
	desk, err := calendar.NewDesk(calendar.DeskOptions{Zone: calendar.WIB, Hours: []calendar.Hours{{Week: daily}}})
	if err != nil {
		panic(err) // the hours above are constants
	}
	return sla.Calendars{Days: calendar.New(calendar.Options{Years: []int{2026}, Holidays: calendar.Decreed(2026)}), Desk: desk}
}

// step is one mark of a test table.
type step struct {
	kind   sla.MarkKind
	at     string
	amount sla.Amount
}

func clock(t *testing.T, timer sla.Timer, steps ...step) sla.Clock {
	t.Helper()
	c := sla.Clock{Timer: timer}
	for _, s := range steps {
		var err error
		c, err = c.Append(sla.Mark{Kind: s.kind, At: at(t, s.at), Amount: s.amount, Cause: string(s.kind)})
		if err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func read(t *testing.T, c sla.Clock, now string) sla.Reading {
	t.Helper()
	reading, err := c.Read(calendars(), at(t, now))
	if err != nil {
		t.Fatal(err)
	}
	return reading
}

func TestDue(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		start  string
		amount sla.Amount
		want   string
	}{
		{"working days over Nyepi and Idulfitri", "2026-03-16 10:00", sla.InWorkingDays(14), "2026-04-13 23:59:59"},
		{"calendar days", "2026-03-16 10:00", sla.InCalendarDays(30), "2026-04-15 23:59:59"},
		{"desk hours overnight", "2026-03-01 19:50", sla.InDeskHours(15 * time.Minute), "2026-03-02 08:05"},
		{"elapsed", "2026-03-01 19:50", sla.InElapsed(72 * time.Hour), "2026-03-04 19:50"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := calendars().Due(at(t, tt.start), tt.amount)
			if want := at(t, tt.want); err != nil || !got.Equal(want) {
				t.Errorf("got %v, %v, want %v", got, err, want)
			}
		})
	}
}

func TestDueFails(t *testing.T) {
	t.Parallel()
	start := at(t, "2026-12-23 08:00")
	tests := []struct {
		name      string
		calendars sla.Calendars
		amount    sla.Amount
		want      error
	}{
		{"year not loaded", calendars(), sla.InWorkingDays(5), calendar.ErrYearMissing},
		{"no desk", sla.Calendars{}, sla.InDeskHours(time.Minute), sla.ErrNoCalendar},
		{"no days", sla.Calendars{}, sla.InWorkingDays(1), sla.ErrNoCalendar},
		{"unknown unit", calendars(), sla.Amount{Unit: "moons", N: 1}, sla.ErrAmount},
		{"below zero", calendars(), sla.InWorkingDays(-1), sla.ErrAmount},
		{"absurd", calendars(), sla.InCalendarDays(1 << 50), sla.ErrAmount},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := tt.calendars.Due(start, tt.amount); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

func TestBusinessClock(t *testing.T) {
	t.Parallel()
	start := step{sla.MarkStart, "2026-06-01 10:00", sla.InWorkingDays(5)} // Monday 1 June is a day off
	const day = 24 * time.Hour
	tests := []struct {
		name   string
		steps  []step
		now    string
		used   time.Duration
		due    string
		status sla.Status
		phase  sla.Phase
	}{
		{"day of start is not counted", []step{start}, "2026-06-01 23:00", 0, "2026-06-08 23:59:59", sla.OnTrack, sla.Running},
		{"half way", []step{start}, "2026-06-04 12:00", 2*day + 12*time.Hour, "2026-06-08 23:59:59", sla.OnTrack, sla.Running},
		{"at 80 %", []step{start}, "2026-06-06 00:00", 4 * day, "2026-06-08 23:59:59", sla.AtRisk, sla.Running},
		{"just before 80 %", []step{start}, "2026-06-05 23:59:59", 4*day - time.Second, "2026-06-08 23:59:59", sla.OnTrack, sla.Running},
		{"the last second", []step{start}, "2026-06-08 23:59:59", 5*day - time.Second, "2026-06-08 23:59:59", sla.AtRisk, sla.Running},
		{"breached", []step{start}, "2026-06-09 00:00", 5 * day, "2026-06-08 23:59:59", sla.Breached, sla.Running},
		{
			"pause gives the time back", []step{start, {sla.MarkPause, "2026-06-03 12:00", sla.Amount{}}, {sla.MarkResume, "2026-06-05 12:00", sla.Amount{}}},
			"2026-06-05 18:00", 36*time.Hour + 6*time.Hour, "2026-06-10 23:59:59", sla.OnTrack, sla.Running,
		},
		{
			"a pause within a day rounds up to its end", []step{start, {sla.MarkPause, "2026-06-03 08:00", sla.Amount{}}, {sla.MarkResume, "2026-06-03 20:00", sla.Amount{}}},
			"2026-06-09 13:00", 5*day + time.Hour, "2026-06-09 23:59:59", sla.AtRisk, sla.Running,
		},
		{
			"no breach while paused", []step{start, {sla.MarkPause, "2026-06-05 12:00", sla.Amount{}}},
			"2026-09-01 12:00", 3*day + 12*time.Hour, "2026-06-08 23:59:59", sla.OnTrack, sla.Paused,
		},
		{
			"a breach stays one while paused", []step{start, {sla.MarkPause, "2026-06-09 12:00", sla.Amount{}}},
			"2026-06-12 12:00", 5*day + 12*time.Hour, "2026-06-08 23:59:59", sla.Breached, sla.Paused,
		},
		{
			"judged at resolution", []step{start, {sla.MarkStop, "2026-06-03 12:00", sla.Amount{}}},
			"2026-12-01 12:00", 36 * time.Hour, "2026-06-08 23:59:59", sla.OnTrack, sla.Stopped,
		},
		{
			"stop while paused", []step{start, {sla.MarkPause, "2026-06-03 12:00", sla.Amount{}}, {sla.MarkStop, "2026-06-10 12:00", sla.Amount{}}},
			"2026-12-01 12:00", 36 * time.Hour, "2026-06-15 23:59:59", sla.OnTrack, sla.Stopped,
		},
		{
			"stopped clocks do not resume", []step{start, {sla.MarkStop, "2026-06-03 12:00", sla.Amount{}}, {sla.MarkResume, "2026-06-04 12:00", sla.Amount{}}},
			"2026-06-20 12:00", 36 * time.Hour, "2026-06-08 23:59:59", sla.OnTrack, sla.Stopped,
		},
		{
			"reopened with enough left", []step{start, {sla.MarkStop, "2026-06-02 12:00", sla.Amount{}}, {sla.MarkReopen, "2026-06-09 12:00", sla.InWorkingDays(3)}},
			"2026-06-09 18:00", 18 * time.Hour, "2026-06-15 23:59:59", sla.OnTrack, sla.Running,
		},
		{
			"reopened with at least three days", []step{start, {sla.MarkStop, "2026-06-08 12:00", sla.Amount{}}, {sla.MarkReopen, "2026-06-11 12:00", sla.InWorkingDays(3)}},
			"2026-06-12 00:00", 4*day + 24*time.Hour, "2026-06-17 23:59:59", sla.OnTrack, sla.Running, // Tuesday 16 June is a day off
		},
		{
			"retarget counts from the start", []step{start, {sla.MarkRetarget, "2026-06-04 12:00", sla.InWorkingDays(14)}},
			"2026-06-04 12:00", 60 * time.Hour, "2026-06-22 23:59:59", sla.OnTrack, sla.Running,
		},
		{
			"retarget into the past", []step{start, {sla.MarkRetarget, "2026-06-04 12:00", sla.InWorkingDays(1)}},
			"2026-06-04 12:00", 60 * time.Hour, "2026-06-02 23:59:59", sla.Breached, sla.Running,
		},
		{
			"grant sets what is left", []step{start, {sla.MarkStop, "2026-06-08 12:00", sla.Amount{}}, {sla.MarkReopen, "2026-06-11 12:00", sla.Amount{}}, {sla.MarkGrant, "2026-06-11 12:00", sla.InWorkingDays(10)}},
			"2026-06-11 12:00", 4*day + 12*time.Hour, "2026-06-26 23:59:59", sla.OnTrack, sla.Running,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := read(t, clock(t, sla.TimerResolve, tt.steps...), tt.now)
			if got.Used != tt.used || got.Status != tt.status || got.Phase != tt.phase {
				t.Errorf("got used %s, %s, %s, want %s, %s, %s", got.Used, got.Status, got.Phase, tt.used, tt.status, tt.phase)
			}
			if want := at(t, tt.due); !got.Due.Equal(want) {
				t.Errorf("due %v, want %v", got.Due.In(calendar.WIB.Location()), want)
			}
		})
	}
}

func TestExtendKeepsTheFirstPromise(t *testing.T) {
	t.Parallel()
	c := clock(t, sla.TimerResolve,
		step{sla.MarkStart, "2026-06-02 10:00", sla.InWorkingDays(5)},
		step{sla.MarkExtend, "2026-06-08 10:00", sla.InWorkingDays(2)})
	got := read(t, c, "2026-06-10 09:00")
	if !got.Due.Equal(at(t, "2026-06-09 23:59:59")) || !got.Extended.Equal(at(t, "2026-06-11 23:59:59")) || got.Status != sla.Breached {
		t.Errorf("got %+v", got)
	}
	if _, err := c.Append(sla.Mark{Kind: sla.MarkExtend, At: at(t, "2026-06-09 10:00"), Amount: sla.InWorkingDays(1)}); !errors.Is(err, sla.ErrExtended) {
		t.Errorf("second extension: %v, want ErrExtended", err)
	}
}

func TestRetargetMovesTheStartBack(t *testing.T) {
	t.Parallel()
	c := clock(t, sla.TimerResolve, step{sla.MarkStart, "2026-06-08 10:00", sla.InWorkingDays(5)})
	before := read(t, c, "2026-06-10 00:00")
	c, err := c.Append(sla.Mark{Kind: sla.MarkRetarget, At: at(t, "2026-06-10 00:00"), From: at(t, "2026-06-02 09:00")})
	if err != nil {
		t.Fatal(err)
	}
	after := read(t, c, "2026-06-10 00:00")
	if before.Used != 24*time.Hour || after.Used != 5*24*time.Hour || !after.Due.Equal(at(t, "2026-06-09 23:59:59")) {
		t.Errorf("before %+v, after %+v", before, after)
	}
}

func TestStateClockRestarts(t *testing.T) {
	t.Parallel()
	c := clock(t, sla.TimerState,
		step{sla.MarkStart, "2026-06-02 10:00", sla.InWorkingDays(1)},
		step{sla.MarkFired, "2026-06-04 00:00", sla.Amount{}},
		step{sla.MarkRestart, "2026-06-04 00:00", sla.InWorkingDays(2)})
	first, second := read(t, c, "2026-06-03 23:59:59"), read(t, c, "2026-06-04 12:00")
	if first.Run != 1 || first.Status != sla.AtRisk {
		t.Errorf("first run: %+v", first)
	}
	// The day of the restart is not counted.
	if second.Run != 2 || second.Used != 0 || second.Fired || !second.Due.Equal(at(t, "2026-06-08 23:59:59")) {
		t.Errorf("second run: %+v", second)
	}
}

func TestSteadyClockStartsAgainAfterItStopped(t *testing.T) {
	t.Parallel()
	c := clock(t, sla.TimerReporter,
		step{sla.MarkStart, "2026-06-01 10:00", sla.InCalendarDays(30)},
		step{sla.MarkStart, "2026-06-05 10:00", sla.InCalendarDays(30)}, // running: no effect
		step{sla.MarkStop, "2026-06-10 10:00", sla.Amount{}},
		step{sla.MarkStart, "2026-06-20 10:00", sla.InCalendarDays(30)})
	if got := read(t, c, "2026-06-09 10:00"); got.Run != 1 || !got.Due.Equal(at(t, "2026-07-01 23:59:59")) {
		t.Errorf("first run: %+v", got)
	}
	if got := read(t, c, "2026-06-20 10:00"); got.Run != 2 || !got.Due.Equal(at(t, "2026-07-20 23:59:59")) {
		t.Errorf("second run: %+v", got)
	}
}

func TestReporterClockNeverPauses(t *testing.T) {
	t.Parallel()
	c := clock(t, sla.TimerAge, step{sla.MarkStart, "2026-03-16 10:00", sla.Amount{}})
	want := 10*24*time.Hour + time.Hour
	if got := read(t, c, "2026-03-26 11:00"); got.Used != want || !got.Due.IsZero() || got.Status != sla.OnTrack {
		t.Errorf("got %+v, want %s and no target", got, want)
	}
}

// An expiry is owed once a run, whatever the number of readings.
func TestExpiryIsOwedOncePerRun(t *testing.T) {
	t.Parallel()
	c := clock(t, sla.TimerAck, step{sla.MarkStart, "2026-06-01 10:00:00", sla.InElapsed(time.Minute)})
	tests := []struct {
		now        string
		warn, fire bool
	}{
		{"2026-06-01 10:00:47", false, false},
		{"2026-06-01 10:00:48", true, false},
		{"2026-06-01 10:01:00", true, false},
		{"2026-06-01 10:01:01", false, true},
	}
	for _, tt := range tests {
		if got := read(t, c, tt.now); got.ShouldWarn() != tt.warn || got.ShouldFire() != tt.fire {
			t.Errorf("%s: warn %v, fire %v, want %v, %v", tt.now, got.ShouldWarn(), got.ShouldFire(), tt.warn, tt.fire)
		}
	}
	c, err := c.Append(sla.Mark{Kind: sla.MarkFired, At: at(t, "2026-06-01 10:01:02")})
	if err != nil {
		t.Fatal(err)
	}
	if read(t, c, "2026-06-01 10:02:00").ShouldFire() {
		t.Error("fired twice in one run")
	}
	if idle := (sla.Clock{Timer: sla.TimerAck}); read(t, idle, "2026-06-01 10:00:00").Phase != sla.Idle {
		t.Error("a clock without marks is not idle")
	}
}
