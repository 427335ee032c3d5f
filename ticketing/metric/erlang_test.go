package metric_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"sapa/ticketing/metric"
)

// The loads of the published examples.
func perHalfHour(contacts float64, aht time.Duration) metric.Load {
	return metric.Load{Contacts: contacts, Interval: 30 * time.Minute, AHT: aht}
}

// peakDay is the calls of the peak day of 24 May 2021, spread flat.
func peakDay() metric.Load {
	return metric.Load{Contacts: 2100, Interval: 12 * time.Hour, AHT: 300 * time.Second}
}

// near fails the test when got is not want to the digits that want is given in.
func near(t *testing.T, name string, got, want, digit float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > digit/2*1.0000001 {
		t.Errorf("%s = %.7f, want %v", name, got, want)
	}
}

func TestErlangC(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name                     string
		load                     metric.Load
		agents                   int
		target                   time.Duration
		erlangs, occupancy, wait float64
		asa, level               float64
		digit                    float64 // of shares; ASA is held to a hundredth
	}{
		{"published example", perHalfHour(360, 240*time.Second), 55, 15 * time.Second, 48, 0.872727, 0.238701, 8.1840, 0.845883, 1e-6},
		{"12 agents", perHalfHour(100, 180*time.Second), 12, 20 * time.Second, 10, 0.833333, 0.449388, 40.4449, 0.640158, 1e-6},
		{"13 agents", perHalfHour(100, 180*time.Second), 13, 20 * time.Second, 10, 0.769231, 0.285270, 17.1162, 0.795595, 1e-6},
		{"14 agents", perHalfHour(100, 180*time.Second), 14, 20 * time.Second, 10, 0.714286, 0.174132, 7.8359, 0.888350, 1e-6},
		{"peak day, 18 agents", peakDay(), 18, 20 * time.Second, 14.5833, 0.8102, 0.3026, 26.57, 0.7590, 1e-4},
		{"peak day, 19 agents", peakDay(), 19, 20 * time.Second, 14.5833, 0.7675, 0.2008, 13.64, 0.8504, 1e-4},
		{"exact", metric.Load{Contacts: 40, Interval: time.Hour, AHT: 180 * time.Second}, 3, 20 * time.Second, 2, 2.0 / 3, 4.0 / 9, 80, 0.602294, 1e-6},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := metric.ErlangC(tt.load, tt.agents, tt.target)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "erlangs", tt.load.Erlangs(), tt.erlangs, 1e-4)
			near(t, "occupancy", got.Occupancy, tt.occupancy, tt.digit)
			near(t, "P(wait)", got.Wait, tt.wait, tt.digit)
			near(t, "ASA", got.ASASeconds, tt.asa, 1e-2)
			near(t, "SL", got.ServiceLevel, tt.level, tt.digit)
			near(t, "queue", got.QueueLength, got.Wait*got.Occupancy/(1-got.Occupancy), 1e-9)
			// Little's law: people waiting = arrivals a second x mean wait.
			near(t, "queue by Little", got.QueueLength, tt.load.Contacts/tt.load.Interval.Seconds()*got.ASASeconds, 1e-6)
		})
	}
}

func TestErlangB(t *testing.T) {
	t.Parallel()
	near(t, "B(2 erlangs, 3)", metric.ErlangB(2, 3), 4.0/19, 1e-12)
	near(t, "B(nobody)", metric.ErlangB(2, 0), 1, 1e-12)
	near(t, "B(no work)", metric.ErlangB(0, 3), 0, 1e-12)
	if got := metric.ErlangB(5000, 5100); !(got > 0 && got < 0.02) {
		t.Errorf("B(5000, 5100) = %v", got)
	}
}

func TestUnstable(t *testing.T) {
	t.Parallel()
	for _, agents := range []int{0, 9, 10} {
		if got, err := metric.ErlangC(perHalfHour(100, 180*time.Second), agents, 20*time.Second); !errors.Is(err, metric.ErrUnstable) {
			t.Errorf("%d agents for 10 erlangs: %+v, %v", agents, got, err)
		}
	}
}

func TestErlangA(t *testing.T) {
	t.Parallel()
	const s = time.Second
	tests := []struct {
		name                      string
		load                      metric.Load
		agents                    int
		patience                  time.Duration
		wait, abandon, asa, queue float64
		occupancy, level          float64
	}{
		{"textbook", metric.Load{Contacts: 48, Interval: time.Minute, AHT: 60 * s}, 50, 120 * s, 0.467774, 0.030912, 3.7095, 2.9676, 0.930324, 0.943019},
		{"12 agents", perHalfHour(100, 180*s), 12, 120 * s, 0.279807, 0.061597, 7.3917, 0.410649, 0.782002, 0.825583},
		{"as many agents as erlangs", perHalfHour(100, 180*s), 10, 120 * s, 0.496853, 0.137464, 16.4957, 0.916426, 0.862536, 0.639941},
		{"peak day", peakDay(), 17, 120 * s, 0.243067, 0.059586, 7.1504, 0.347587, 0.806727, 0.837788},
		{"patience as long as the call", metric.Load{Contacts: 40, Interval: time.Hour, AHT: 180 * s}, 3, 180 * s, 0.323324, 0.109009, 19.6216, 0.218018, 0.593994, 0.730408},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := metric.ErlangA(tt.load, tt.agents, tt.patience, 20*s)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "P(wait)", got.Wait, tt.wait, 1e-6)
			near(t, "P(abandon)", got.Abandon, tt.abandon, 1e-6)
			near(t, "E[W]", got.ASASeconds, tt.asa, 1e-4)
			near(t, "E[Q]", got.QueueLength, tt.queue, 1e-4)
			near(t, "occupancy", got.Occupancy, tt.occupancy, 1e-6)
			near(t, "served in time", got.ServiceLevel, tt.level, 1e-6)
		})
	}
}

// With people of endless patience Erlang A is Erlang C, and with ample agents
// both see nobody wait.
func TestErlangAGoesOverIntoC(t *testing.T) {
	t.Parallel()
	load := perHalfHour(100, 180*time.Second)
	a, err := metric.ErlangA(load, 13, 100*24*time.Hour, 20*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	c, err := metric.ErlangC(load, 13, 20*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "P(wait)", a.Wait, c.Wait, 1e-4)
	near(t, "mean wait", a.ASASeconds, c.ASASeconds, 1e-2)
	near(t, "SL", a.ServiceLevel, c.ServiceLevel, 1e-4)
	ample, err := metric.ErlangA(load, 400, 60*time.Second, 20*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "ample SL", ample.ServiceLevel, 1, 1e-9)
}

// Large and overloaded queues stay numbers.
func TestErlangAIsSteady(t *testing.T) {
	t.Parallel()
	tests := []struct {
		load   metric.Load
		agents int
	}{
		{metric.Load{Contacts: 15 * 60, Interval: time.Minute, AHT: 300 * time.Second}, 4500}, // a batch opening
		{metric.Load{Contacts: 15 * 60, Interval: time.Minute, AHT: 300 * time.Second}, 133},
		{metric.Load{Contacts: 1, Interval: time.Hour, AHT: time.Second}, 1},
	}
	for _, tt := range tests {
		got, err := metric.ErlangA(tt.load, tt.agents, 120*time.Second, 20*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		for name, share := range map[string]float64{"wait": got.Wait, "abandon": got.Abandon, "level": got.ServiceLevel, "occupancy": got.Occupancy} {
			if !(share >= 0 && share <= 1+1e-9) {
				t.Errorf("%d agents: %s = %v", tt.agents, name, share)
			}
		}
	}
}

func TestMinAgents(t *testing.T) {
	t.Parallel()
	goal := metric.Goal{Share: 0.8, Within: 20 * time.Second}
	tests := []struct {
		name string
		load metric.Load
		c, a int
	}{
		{"half hour", perHalfHour(100, 180*time.Second), 14, 12}, // 13 misses by 0.44 points
		{"peak day", peakDay(), 19, 17},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got, err := metric.MinAgentsC(tt.load, goal); err != nil || got != tt.c {
				t.Errorf("Erlang C: %d, %v, want %d", got, err, tt.c)
			}
			if got, err := metric.MinAgentsA(tt.load, 120*time.Second, goal); err != nil || got != tt.a {
				t.Errorf("Erlang A: %d, %v, want %d", got, err, tt.a)
			}
		})
	}
}

func TestRefusedLoads(t *testing.T) {
	t.Parallel()
	good := peakDay()
	bad := []metric.Load{
		{}, {Contacts: -1, Interval: time.Hour, AHT: time.Minute}, {Contacts: 1, AHT: time.Minute}, {Contacts: 1, Interval: time.Hour},
		{Contacts: math.NaN(), Interval: time.Hour, AHT: time.Minute}, {Contacts: math.Inf(1), Interval: time.Hour, AHT: time.Minute},
	}
	for _, load := range bad {
		if _, err := metric.ErlangC(load, 10, time.Second); !errors.Is(err, metric.ErrLoad) {
			t.Errorf("ErlangC(%+v): %v", load, err)
		}
		if _, err := metric.MinAgentsC(load, metric.Goal{Share: 0.8}); !errors.Is(err, metric.ErrLoad) {
			t.Errorf("MinAgentsC(%+v): %v", load, err)
		}
		if _, err := metric.MinAgentsA(load, time.Minute, metric.Goal{Share: 0.8}); !errors.Is(err, metric.ErrLoad) {
			t.Errorf("MinAgentsA(%+v): %v", load, err)
		}
	}
	for _, patience := range []time.Duration{0, -time.Second} {
		if _, err := metric.ErlangA(good, 10, patience, time.Second); !errors.Is(err, metric.ErrLoad) {
			t.Errorf("patience %s: %v", patience, err)
		}
	}
	huge := metric.Load{Contacts: 1e9, Interval: time.Second, AHT: time.Minute}
	if _, err := metric.ErlangA(huge, 10, time.Minute, time.Second); !errors.Is(err, metric.ErrLoad) {
		t.Errorf("huge load: %v", err)
	}
	for _, share := range []float64{0, 1, 1.2, math.NaN()} {
		if _, err := metric.MinAgentsC(good, metric.Goal{Share: share, Within: time.Second}); !errors.Is(err, metric.ErrGoal) {
			t.Errorf("share %v: %v", share, err)
		}
	}
}
