package pace_test

import (
	"fmt"
	"testing"
	"time"

	"sapa/web/pace"
)

func TestSlowsDownAndLetsOnAgain(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 5, 0, 0, 0, time.UTC)
	l := pace.New(pace.Limits{PerMinute: 6, Burst: 3}, func() time.Time { return now })
	for i := range 3 {
		if wait := l.Wait("a"); wait != 0 {
			t.Fatalf("request %d of the burst waits %s", i, wait)
		}
	}
	for range 5 { // asking again costs nothing
		if wait := l.Wait("a"); wait != 10*time.Second {
			t.Fatalf("after the burst: %s, want 10s", wait)
		}
	}
	if wait := l.Wait("b"); wait != 0 {
		t.Fatalf("another key waits %s", wait)
	}
	now = now.Add(10 * time.Second)
	if wait := l.Wait("a"); wait != 0 {
		t.Fatalf("after its wait it waits %s", wait)
	}
}

func TestNetwork(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"192.0.2.7": "192.0.2.7", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "2001:db8:1:2::1": "2001:db8:1:2::/64",
		"2001:db8:1:3::1": "2001:db8:1:3::/64", "::ffff:192.0.2.7": "::ffff:192.0.2.7", "invalid IP": "invalid IP", "": "",
	} {
		t.Run(fmt.Sprintf("%q", address), func(t *testing.T) {
			t.Parallel()
			if got := pace.Network(address); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}
