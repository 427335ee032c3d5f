package account_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"sapa/program/account"
)

// nextDay is how long after noon the day of the limits turns: midnight in Jakarta.
const nextDay = 12 * time.Hour

// asked lays down codes of others, each to a number of its own.
func (d *door) asked(count int, network string, sent bool) {
	d.t.Helper()
	_, err := d.db.NewRaw(`INSERT INTO one_time_codes (id, address, channel, purpose, hash, created_at, expires_at, state, network, sent)
		SELECT gen_random_uuid(), '+62820001' || n, 'sms', 'verify', '', ?, ?, 'spent', ?, ? FROM generate_series(1, ?) AS n`,
		d.now, d.now, network, sent, count).Exec(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
}

// TestCaps: the last code of a cap is given and the one after it is not, to the
// number of somebody as to that of nobody, until midnight in Jakarta.
func TestCaps(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		fill    func(d *door, count int)
		most    int
		network string
		// elsewhere is another network that still gets codes; none does at the stop.
		elsewhere bool
	}{
		"network":              {func(d *door, n int) { d.asked(n, "192.0.2.7", false) }, account.PerNetwork, "192.0.2.7", true},
		"network of IPv6":      {func(d *door, n int) { d.asked(n, "2001:db8::/64", false) }, account.PerNetwork, "2001:db8::/64", true},
		"everybody":            {func(d *door, n int) { d.asked(n, "", true) }, daily, "192.0.2.7", false},
		"everybody by message": {func(d *door, n int) { d.asked(n, "192.0.2.9", true) }, daily, "", false},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDoor(t)
			test.fill(d, test.most-1)
			if _, err := d.startFrom(home, test.network); err != nil {
				t.Fatalf("below the cap: %v", err)
			}
			other := d.person("+6282000000078")
			for _, phone := range []string{"+6282000000078", "+6282000000079"} {
				if started, err := d.startFrom(phone, test.network); !errors.Is(err, account.ErrCapped) || started != (account.Started{}) {
					t.Errorf("%s at the cap: %+v, %v (%s is registered)", phone, started, err, other)
				}
			}
			if _, err := d.startFrom("+6282000000080", "198.51.100.1"); (err == nil) != test.elsewhere {
				t.Errorf("from elsewhere: %v", err)
			}
			d.forward(nextDay - time.Second)
			if _, err := d.startFrom("+6282000000078", test.network); !errors.Is(err, account.ErrCapped) {
				t.Errorf("at 23:59:59: %v", err)
			}
			d.forward(time.Second)
			if _, err := d.startFrom("+6282000000078", test.network); err != nil {
				t.Errorf("at midnight: %v", err)
			}
		})
	}
}

// TestOnlyWhatIsSentIsSpent: numbers of nobody cost nothing.
func TestOnlyWhatIsSentIsSpent(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	for i := range 3 {
		if _, err := d.start(fmt.Sprintf("+628200000009%d", i)); err != nil {
			t.Fatal(err)
		}
	}
	d.mustStart()
	if sent, err := account.SentToday(t.Context(), d.db, d.now); err != nil || sent != 1 || len(d.sent) != 1 {
		t.Errorf("%d counted and %d sent, %v; want 1", sent, len(d.sent), err)
	}
}

// TestTheStopIsToldOnceADay to whoever reads the log.
func TestTheStopIsToldOnceADay(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	for day := range 2 {
		d.asked(daily, "", true)
		for range 3 {
			if _, err := d.start(home); !errors.Is(err, account.ErrCapped) {
				t.Fatal(err)
			}
		}
		if lines := strings.Count(d.log.String(), "level=ERROR"); lines != day+1 {
			t.Errorf("day %d: %d lines in\n%s", day+1, lines, d.log.String())
		}
		d.forward(24 * time.Hour)
	}
}

// TestTrim keeps what a limit still counts.
func TestTrim(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	d.mustStart()
	lock := func(address string, since time.Time, until any) {
		if _, err := d.db.NewRaw("INSERT INTO code_locks VALUES (?, 9, ?, ?, ?)", address, since, since, until).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	lock("locked", noon.Add(-48*time.Hour), noon.Add(30*time.Hour))
	lock("over", noon.Add(-48*time.Hour), noon.Add(-24*time.Hour))
	lock("fresh", noon.Add(2*time.Hour), noon.Add(26*time.Hour))
	if _, err := d.db.NewRaw("INSERT INTO code_locks (address, failed_codes, failed_since) VALUES ('a try', 1, ?)", noon).Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		after       time.Duration
		codes, lock int
	}{{24*time.Hour - time.Second, 1, 3}, {time.Second, 0, 2}, {7 * time.Hour, 0, 0}} {
		d.forward(step.after)
		if err := account.TrimCodes(t.Context(), d.db, d.now); err != nil {
			t.Fatal(err)
		}
		var codes, locks int
		err := d.db.NewRaw("SELECT (SELECT count(*) FROM one_time_codes), (SELECT count(*) FROM code_locks)").Scan(t.Context(), &codes, &locks)
		if err != nil || codes != step.codes || locks != step.lock {
			t.Errorf("at %s: %d codes and %d locks, %v; want %d and %d", d.now, codes, locks, err, step.codes, step.lock)
		}
	}
}
