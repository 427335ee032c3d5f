package ticketing_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"sapa/program/access"
	"sapa/program/calendar"
	"sapa/ticketing"
	"sapa/ticketing/fix"
)

func dayOf(t *testing.T, text string) calendar.Date {
	t.Helper()
	date, err := calendar.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return date
}

// on are periods of some weekdays, in minutes since midnight.
func on(opens, closes int, days ...time.Weekday) []ticketing.HoursPeriod {
	var list []ticketing.HoursPeriod
	for _, weekday := range days {
		list = append(list, ticketing.HoursPeriod{Weekday: weekday, Opens: opens, Closes: closes})
	}
	return list
}

func wholeWeek() []time.Weekday { return []time.Weekday{0, 1, 2, 3, 4, 5, 6} }

// randomHours are hours that may be stored: a period or two on some days, some of
// them over midnight.
func randomHours(rng *rand.Rand, from calendar.Date) ticketing.Hours {
	hours := ticketing.Hours{From: from, ClosedOnDaysOff: rng.IntN(2) == 0}
	for weekday := range time.Weekday(7) {
		switch rng.IntN(4) {
		case 0:
			hours.Periods = append(hours.Periods, on(300+rng.IntN(200), 600+rng.IntN(100), weekday)...)
			hours.Periods = append(hours.Periods, on(720+rng.IntN(100), 900+rng.IntN(541), weekday)...)
		case 1:
			hours.Periods = append(hours.Periods, on(1200+rng.IntN(240), rng.IntN(300), weekday)...)
		case 2:
			hours.Periods = append(hours.Periods, on(300+rng.IntN(400), 800+rng.IntN(641), weekday)...)
		}
	}
	if len(hours.Periods) == 0 {
		hours.Periods = on(480, 1200, time.Monday)
	}
	return hours
}

// Go and PostgreSQL count by the same rows and come to the same second, over hours
// that change, nights, days off and instants drawn by chance.
func TestGoAndSQLCountServiceHoursAlike(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	admin := w.Staff(access.Admin).Actor()
	seed := rand.Uint64()
	rng := rand.New(rand.NewPCG(seed, 1))
	for range 6 {
		from := dayOf(t, "2026-11-24").AddDays(rng.IntN(60))
		var invalid *ticketing.Invalid
		if err := w.Desk.CreateHours(ctx, admin, randomHours(rng, from)); err != nil && !errors.As(err, &invalid) {
			t.Fatalf("seed %d: %v", seed, err)
		}
		off := calendar.Holiday{Date: dayOf(t, "2026-11-24").AddDays(rng.IntN(37)), Kind: calendar.National, Name: "Hari contoh"}
		if err := w.Desk.AddHoliday(ctx, admin, off); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if rng.IntN(3) == 0 {
			if err := w.Desk.WithdrawHoliday(ctx, admin, off.Date, off.Kind); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
		}
		w.Clock.Add(time.Second)
	}
	desk, err := ticketing.ServiceHours(ctx, w.DB)
	if err != nil {
		t.Fatal(err)
	}
	for range 300 {
		from := fix.Start().Add(time.Duration(rng.Int64N(int64(80 * 24 * time.Hour)))).Truncate(time.Millisecond)
		to := from.Add(time.Duration(rng.Int64N(int64(20*24*time.Hour)) - int64(time.Hour))).Truncate(time.Millisecond)
		want, err := desk.DeskElapsed(from, to)
		if err != nil {
			t.Fatal(err)
		}
		var got float64
		if err := w.DB.NewRaw("SELECT desk_seconds(?, ?)", from, to).Scan(ctx, &got); err != nil {
			t.Fatal(err)
		}
		if math.Abs(got-want.Seconds()) > 0.001 {
			t.Fatalf("seed %d: %s to %s: SQL %f, Go %f", seed, from, to, got, want.Seconds())
		}
	}
}

// New hours are promised to whoever waits, and leave what is over as it was.
func TestHoursHoldFromTheirDay(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	admin := w.Staff(access.Admin).Actor()
	agent := w.Agent()
	answered := w.Citizen().Waiting()
	w.Clock.Add(10 * time.Minute)
	if _, err := w.Desk.Route(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Desk.Reply(ctx, agent.Actor(), answered, ticketing.Reply{Echo: "a", Text: "Halo"}); err != nil {
		t.Fatal(err)
	}
	past := waited(t, w, answered)
	if _, err := w.Desk.SetPresence(ctx, agent.Actor(), ticketing.ChosenBreak, "rest"); err != nil {
		t.Fatal(err)
	}
	waits := w.Citizen().Waiting()
	until := func() time.Time {
		var at time.Time
		if err := w.DB.NewRaw("SELECT sla_due FROM conversations WHERE id = ?", waits).Scan(ctx, &at); err != nil {
			t.Fatal(err)
		}
		return at
	}
	before := until()
	today := calendar.DateIn(w.Clock.Now(), calendar.WIB)
	afternoon := ticketing.Hours{From: today, Periods: on(13*60, 15*60, wholeWeek()...)}
	if err := w.Desk.CreateHours(ctx, admin, afternoon); err != nil {
		t.Fatal(err)
	}
	if want := today.Start(calendar.WIB).Add(13*time.Hour + time.Minute); before.Equal(want) || !until().Equal(want) {
		t.Errorf("promised until %s, was %s, want %s", until(), before, want)
	}
	if now := waited(t, w, answered); now != past {
		t.Errorf("what is over waited %f, was %f", now, past)
	}
	// One who comes now hears when the desk opens, today and over a closed week-end.
	if said := notices(t, w, w.Citizen().Waiting()); !strings.Contains(said, "13.00 WIB") {
		t.Errorf("told %q", said)
	}
	friday := ticketing.Hours{From: today.AddDays(1), Periods: on(9*60, 10*60, time.Friday)}
	if err := w.Desk.CreateHours(ctx, admin, friday); err != nil {
		t.Fatal(err)
	}
	w.Clock.Set(today.Start(calendar.WIB).Add(16 * time.Hour))
	if said := notices(t, w, w.Citizen().Waiting()); !strings.Contains(said, "27 November 2026, 09.00 WIB") {
		t.Errorf("told %q", said)
	}
}

// waited is the stored wait of a conversation's stays, in seconds.
func waited(t *testing.T, w *fix.World, id ticketing.ConversationID) float64 {
	t.Helper()
	var sum float64
	if err := w.DB.NewRaw("SELECT sum(waited_s) FROM queue_stays WHERE conversation_id = ?", id).Scan(context.Background(), &sum); err != nil {
		t.Fatal(err)
	}
	return sum
}

func TestHoursAreRefused(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	admin := w.Staff(access.Admin).Actor()
	today := calendar.DateIn(w.Clock.Now(), calendar.WIB)
	for name, tt := range map[string]struct {
		hours ticketing.Hours
		rule  string
	}{
		"yesterday":           {ticketing.Hours{From: today.AddDays(-1), Periods: on(480, 960, 1)}, "in_the_past"},
		"never open":          {ticketing.Hours{From: today}, "never_open"},
		"no length":           {ticketing.Hours{From: today, Periods: on(480, 480, 1)}, "hours"},
		"past the day":        {ticketing.Hours{From: today, Periods: on(480, 1500, 1)}, "hours"},
		"the same minutes":    {ticketing.Hours{From: today, Periods: append(on(480, 960, 1), on(900, 1000, 1)...)}, "overlap"},
		"over the week's end": {ticketing.Hours{From: today, Periods: append(on(1320, 300, 6), on(240, 600, 0)...)}, "overlap"},
	} {
		var invalid *ticketing.Invalid
		if err := w.Desk.CreateHours(ctx, admin, tt.hours); !errors.As(err, &invalid) || invalid.Rule != tt.rule {
			t.Errorf("%s: %v, want %s", name, err, tt.rule)
		}
	}
	if err := w.Desk.CreateHours(ctx, w.Staff(access.Agent).Actor(), ticketing.Hours{From: today, Periods: on(480, 960, 1)}); !errors.Is(err, ticketing.ErrForbidden) {
		t.Errorf("an agent: %v", err)
	}
	coming := ticketing.Hours{From: today.AddDays(7), Periods: on(480, 960, 1)}
	if err := w.Desk.CreateHours(ctx, admin, coming); err != nil {
		t.Fatal(err)
	}
	list, err := ticketing.HoursList(ctx, w.DB)
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	if err := w.Desk.DropHours(ctx, admin, list[0].ID, list[0].Version+1); !errors.Is(err, ticketing.ErrStale) {
		t.Errorf("an older version: %v", err)
	}
	if err := w.Desk.DropHours(ctx, admin, list[0].ID, list[0].Version); err != nil {
		t.Errorf("hours to come: %v", err)
	}
	var invalid *ticketing.Invalid
	if err := w.Desk.DropHours(ctx, admin, list[1].ID, list[1].Version); !errors.As(err, &invalid) || invalid.Rule != "in_force" {
		t.Errorf("hours that hold: %v", err)
	}
}

// R-30 and 2.5: a year that is loaded late dates what waited for it, and a day off
// that is decreed in mid-year moves what is promised.
func TestHolidaysMoveDeadlines(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	w.Clock.Set(time.Date(2026, 12, 23, 3, 0, 0, 0, time.UTC))
	admin, agent := w.Staff(access.Admin), w.Staff(access.Agent)
	made := register(t, w, access.Robot(), w.Citizen().Waiting())
	if err := w.Desk.AddHoliday(ctx, admin.Actor(), calendar.Holiday{Date: dayOf(t, "2027-01-01"), Kind: calendar.National, Name: "Tahun Baru"}); err == nil {
		t.Error("a day of a year that is not loaded was taken")
	}
	for _, text := range []string{"", "2027-01-01", "2026-01-01;Tahun Baru", "1 Januari;Tahun Baru"} {
		var invalid *ticketing.Invalid
		if err := w.Desk.ImportHolidays(ctx, admin.Actor(), 2027, text); !errors.As(err, &invalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if err := w.Desk.ImportHolidays(ctx, admin.Actor(), 2027, "2027-01-01;Tahun Baru\r\n\r\n 2027-01-04 ; Cuti bersama Tahun Baru\n"); err != nil {
		t.Fatal(err)
	}
	if list, err := ticketing.HolidaysOf(ctx, w.DB, 2027); err != nil || len(list) != 2 || list[1].Kind != calendar.JointLeave {
		t.Fatalf("%+v, %v", list, err)
	}
	due := func() time.Time {
		pass(t, w, time.Minute)
		v := ticketOf(t, w, agent, made.Ticket.ID)
		if v.DueAt == nil || v.DueUnknown {
			t.Fatalf("due %v, unknown %v", v.DueAt, v.DueUnknown)
		}
		return *v.DueAt
	}
	loaded := due()
	if err := w.Desk.AddHoliday(ctx, admin.Actor(), calendar.Holiday{Date: dayOf(t, "2026-12-29"), Kind: calendar.JointLeave, Name: "Cuti bersama"}); err != nil {
		t.Fatal(err)
	}
	if moved := due(); !moved.After(loaded) {
		t.Errorf("due %s, was %s", moved, loaded)
	}
	if err := w.Desk.WithdrawHoliday(ctx, admin.Actor(), dayOf(t, "2026-12-29"), calendar.JointLeave); err != nil {
		t.Fatal(err)
	}
	if back := due(); !back.Equal(loaded) {
		t.Errorf("due %s, want %s again", back, loaded)
	}
}
