package calendar_test

import (
	"errors"
	"testing"
	"time"

	"sapa/program/calendar"
)

// at reads an instant of a test table: RFC 3339, or a local time in WIB.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	if instant, err := time.Parse(time.RFC3339, text); err == nil {
		return instant
	}
	instant, err := time.ParseInLocation("2006-01-02 15:04:05", text, calendar.WIB.Location())
	if err != nil {
		instant, err = time.ParseInLocation("2006-01-02 15:04", text, calendar.WIB.Location())
	}
	if err != nil {
		t.Fatal(err)
	}
	return instant
}

func date(t *testing.T, text string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// of2026 is the calendar of the decreed year, changed by extra rows.
func of2026(extra ...calendar.Holiday) *calendar.Calendar {
	return calendar.New(calendar.Options{
		Years:    []int{2026},
		Holidays: append(calendar.Decreed(2026), extra...),
	})
}

func TestAddWorkingDays(t *testing.T) {
	t.Parallel()
	const missing = "year missing"
	tests := []struct {
		received string
		want     map[int]string // working days to date of the deadline
	}{
		{"2026-03-16 10:00", map[int]string{3: "2026-03-26", 5: "2026-03-30", 10: "2026-04-07", 14: "2026-04-13"}},
		{"2026-03-13 21:30", map[int]string{3: "2026-03-25", 5: "2026-03-27", 10: "2026-04-06", 14: "2026-04-10"}},
		{"2026-03-17T18:30:00Z", map[int]string{3: "2026-03-27", 5: "2026-03-31", 10: "2026-04-08", 14: "2026-04-14"}},
		{"2026-05-12 09:00", map[int]string{3: "2026-05-19", 5: "2026-05-21", 10: "2026-06-02", 14: "2026-06-08"}},
		{"2026-08-14T23:30:00+09:00", map[int]string{3: "2026-08-20", 5: "2026-08-24", 10: "2026-09-01", 14: "2026-09-07"}},
		{"2026-02-14 12:00", map[int]string{3: "2026-02-20", 5: "2026-02-24", 10: "2026-03-03", 14: "2026-03-09"}},
		{"2026-12-23 08:00", map[int]string{3: "2026-12-30", 5: missing, 10: missing, 14: missing}},
		// The last working day of a loaded year needs no later year, the
		// day of receipt no earlier one.
		{"2026-12-30 23:59:59", map[int]string{1: "2026-12-31", 2: missing}},
		{"2025-12-31 23:59", map[int]string{1: "2026-01-02"}},
		{"2027-03-01 10:00", map[int]string{1: missing}},
	}
	for _, tt := range tests {
		t.Run(tt.received, func(t *testing.T) {
			t.Parallel()
			for n, want := range tt.want {
				got, err := of2026().AddWorkingDays(at(t, tt.received), n)
				if want == missing {
					if !errors.Is(err, calendar.ErrYearMissing) {
						t.Errorf("+%d: got %v, %v, want ErrYearMissing", n, got, err)
					}
					continue
				}
				if want := at(t, want+" 23:59:59"); err != nil || !got.Equal(want) {
					t.Errorf("+%d: got %v, %v, want %v", n, got, err, want)
				}
			}
		})
	}
}

func TestAddWorkingDaysRefusesAmounts(t *testing.T) {
	t.Parallel()
	received := at(t, "2026-03-16 10:00")
	for _, n := range []int{0, -1} {
		if _, err := of2026().AddWorkingDays(received, n); err == nil {
			t.Errorf("AddWorkingDays(%d) succeeded", n)
		}
	}
	if _, err := of2026().AddWorkingDays(received, 1<<40); !errors.Is(err, calendar.ErrTooFar) {
		t.Errorf("AddWorkingDays(2^40): %v, want ErrTooFar", err)
	}
}

// A row of a feed that is not a day off can be switched off, and the deadline
// names the days it skipped.
func TestDeadlineNamesSkippedDays(t *testing.T) {
	t.Parallel()
	withdrawn := calendar.Holiday{
		Date: date(t, "2026-05-15"), Kind: calendar.JointLeave, Withdrawn: true,
	}
	got, err := of2026(withdrawn).Deadline(at(t, "2026-05-12 09:00"), 3)
	if err != nil {
		t.Fatal(err)
	}
	if want := at(t, "2026-05-18 23:59:59"); !got.At.Equal(want) {
		t.Errorf("At = %v, want %v", got.At, want)
	}
	want := []struct {
		rule     calendar.Rule
		from, to string
	}{
		{calendar.RuleNational, "2026-05-14", "2026-05-15"},
		{calendar.RuleWeekend, "2026-05-16", "2026-05-18"},
	}
	if len(got.Skipped) != len(want) {
		t.Fatalf("Skipped = %v, want %v", got.Skipped, want)
	}
	for i, w := range want {
		s := got.Skipped[i]
		if s.Rule != w.rule || !s.From.Equal(date(t, w.from).Start(calendar.WIB)) || !s.To.Equal(date(t, w.to).Start(calendar.WIB)) {
			t.Errorf("Skipped[%d] = %v, want %v", i, s, w)
		}
	}
	if got.Skipped[0].Name != "Kenaikan Yesus Kristus" {
		t.Errorf("name = %q", got.Skipped[0].Name)
	}
}

func TestHolidaysChangeInMidYear(t *testing.T) {
	t.Parallel()
	// Leave moved in mid-March: a day added, another taken back.
	decreed := at(t, "2026-03-10 00:00")
	rows := append(calendar.Decreed(2026),
		calendar.Holiday{Date: date(t, "2026-03-17"), Kind: calendar.JointLeave, Name: "Cuti bersama tambahan", ValidFrom: decreed},
		calendar.Holiday{Date: date(t, "2026-03-24"), Kind: calendar.JointLeave, Withdrawn: true, ValidFrom: decreed},
	)
	tests := []struct {
		name string
		opts calendar.Options
		day  string
		want calendar.Rule
	}{
		{"before the change", calendar.Options{AsOf: at(t, "2026-03-09 12:00")}, "2026-03-17", calendar.RuleWorkingDay},
		{"at the change", calendar.Options{AsOf: decreed}, "2026-03-17", calendar.RuleJointLeave},
		{"all rows", calendar.Options{}, "2026-03-17", calendar.RuleJointLeave},
		{"taken back, before", calendar.Options{AsOf: at(t, "2026-03-09 12:00")}, "2026-03-24", calendar.RuleJointLeave},
		{"taken back, after", calendar.Options{AsOf: decreed}, "2026-03-24", calendar.RuleWorkingDay},
		{"joint leave worked", calendar.Options{WorkOnJointLeave: true}, "2026-03-18", calendar.RuleWorkingDay},
		{"national stays off", calendar.Options{WorkOnJointLeave: true}, "2026-03-19", calendar.RuleNational},
		{"holiday on a weekend", calendar.Options{}, "2026-03-21", calendar.RuleNational},
		{"plain weekend", calendar.Options{}, "2026-03-28", calendar.RuleWeekend},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.opts.Years, tt.opts.Holidays = []int{2026}, rows
			got, _, err := calendar.New(tt.opts).Day(date(t, tt.day))
			if err != nil || got != tt.want {
				t.Errorf("Day(%s) = %s, %v, want %s", tt.day, got, err, tt.want)
			}
		})
	}
}

// Rows alone do not make a year known: a list half loaded is not loaded.
func TestYearMustBeDeclared(t *testing.T) {
	t.Parallel()
	c := calendar.New(calendar.Options{Holidays: calendar.Decreed(2026)})
	if _, err := c.WorkingDay(date(t, "2026-03-17")); !errors.Is(err, calendar.ErrYearMissing) {
		t.Errorf("got %v, want ErrYearMissing", err)
	}
}

func TestDecreed(t *testing.T) {
	t.Parallel()
	count := map[calendar.Kind]int{}
	for _, h := range calendar.Decreed(2026) {
		count[h.Kind]++
		if h.Date.Year != 2026 || h.Name == "" {
			t.Errorf("bad row %+v", h)
		}
	}
	if count[calendar.National] != 17 || count[calendar.JointLeave] != 8 {
		t.Errorf("got %v, want 17 national and 8 joint leave", count)
	}
	if rows := calendar.Decreed(2027); rows != nil {
		t.Errorf("2027 has no decree yet, got %v", rows)
	}
}

func TestWorkingElapsed(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, from, to string
		want           time.Duration
	}{
		{"inside one day", "2026-03-16 10:00", "2026-03-16 15:30", 5*time.Hour + 30*time.Minute},
		{"over a weekend", "2026-03-13 22:00", "2026-03-16 02:00", 4 * time.Hour},
		{"over Nyepi and Idulfitri", "2026-03-17 00:00", "2026-03-26 00:00", 48 * time.Hour},
		{"on a day off", "2026-03-19 00:00", "2026-03-19 20:00", 0},
		{"backwards", "2026-03-17 10:00", "2026-03-16 10:00", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := of2026().WorkingElapsed(at(t, tt.from), at(t, tt.to))
			if err != nil || got != tt.want {
				t.Errorf("got %s, %v, want %s", got, err, tt.want)
			}
		})
	}
}

func TestAddCalendarDays(t *testing.T) {
	t.Parallel()
	got, err := calendar.AddCalendarDays(at(t, "2026-12-10T20:00:00Z"), 30) // 11 December in WIB
	if want := at(t, "2027-01-10 23:59:59"); err != nil || !got.Equal(want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}

func TestDayStart(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"2026-03-01T16:59:59Z":      "2026-02-28T17:00:00Z", // 23:59:59 WIB
		"2026-03-01T17:00:00Z":      "2026-03-01T17:00:00Z", // midnight WIB
		"2026-03-02T00:30:00+09:00": "2026-02-28T17:00:00Z", // 22:30 WIB of the day before
	}
	for now, want := range tests {
		if got := calendar.DayStart(at(t, now)); !got.Equal(at(t, want)) {
			t.Errorf("DayStart(%s) = %v, want %s", now, got, want)
		}
	}
}
