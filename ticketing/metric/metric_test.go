package metric_test

import (
	"math"
	"testing"
	"time"

	"sapa/ticketing/metric"
)

// commonDay is the day that the definitions are worked out on: 1 000 offered,
// target 20 s.
func commonDay() metric.Queue {
	return metric.Queue{
		Answered: 900, AnsweredWithin: 780,
		Abandoned: 80, AbandonedWithin: 45, ShortAbandoned: 30,
		FlowOuts: 20, FlowOutsWithin: 12,
	}
}

// isRatio compares a ratio with a fraction, or with no data when want is below 0.
func isRatio(t *testing.T, name string, got metric.Ratio, want float64) {
	t.Helper()
	if want < 0 {
		if got.OK || got.Value != 0 {
			t.Errorf("%s = %+v, want no data", name, got)
		}
		return
	}
	if !got.OK || math.Abs(got.Value-want) > 1e-9 {
		t.Errorf("%s = %+v, want %v", name, got, want)
	}
}

func isFigure(t *testing.T, name string, got metric.Figure, want float64) {
	t.Helper()
	if !got.OK || math.Abs(got.Value-want) > 1e-9 {
		t.Errorf("%s = %+v, want %v", name, got, want)
	}
}

func TestServiceLevel(t *testing.T) {
	t.Parallel()
	want := map[metric.Variant]float64{
		metric.SLOffered: 0.7959, metric.SLNoShort: 0.8211, metric.SLFlow: 0.78,
		metric.SLAnswered: 0.8667, metric.SL2: 0.8418, metric.SLRemoved: 0.837,
	}
	if len(metric.Variants()) != len(want) || metric.Variants()[0] != metric.SLOffered {
		t.Errorf("variants %v", metric.Variants())
	}
	for _, v := range metric.Variants() {
		isRatio(t, string(v), commonDay().ServiceLevel(v), want[v])
		isRatio(t, string(v)+" of an empty queue", metric.Queue{}.ServiceLevel(v), -1)
		if v.Formula() == "" {
			t.Errorf("%s has no formula", v)
		}
	}
	isRatio(t, "unknown", commonDay().ServiceLevel("best"), -1)
	if metric.Variant("best").Formula() != "" {
		t.Error("an unknown variant has a formula")
	}
}

func TestQueueFigures(t *testing.T) {
	t.Parallel()
	if got := commonDay().Offered(); got != 1000 {
		t.Errorf("offered %d", got)
	}
	isRatio(t, "abandonment", commonDay().AbandonmentRate(), 0.08)
	// Waits of 0, 5, 12, 20 and 63 s.
	isFigure(t, "ASA", metric.ASA(100*time.Second, 5), 20)
	handling := metric.Handling{Talk: 810 * time.Second, AfterContact: 150 * time.Second, Handled: 3}
	isFigure(t, "AHT", handling.AHT(), 320)
	for name, figure := range map[string]metric.Figure{
		"ASA": metric.ASA(0, 0), "AHT": metric.Handling{}.AHT(),
	} {
		if figure.OK {
			t.Errorf("%s of nobody = %+v, want no data", name, figure)
		}
	}
}

func TestShares(t *testing.T) {
	t.Parallel()
	const m = time.Minute
	isRatio(t, "occupancy", metric.AgentTime{Handle: 400 * m, Idle: 100 * m}.Occupancy(), 0.8)
	isRatio(t, "occupancy of nobody", metric.AgentTime{}.Occupancy(), -1)
	isRatio(t, "first contact", metric.FirstContact{Contacts: 500, Settled: 400}.FCR(), 0.8)
	isRatio(t, "first contact of nobody", metric.FirstContact{}.FCR(), -1)
	csat := metric.CSATCounts{5: 60, 4: 25, 3: 8, 2: 4, 1: 3}
	isRatio(t, "CSAT", csat.CSAT(), 0.85)
	isRatio(t, "CSAT of nobody", metric.CSATCounts{}.CSAT(), -1)
	isRatio(t, "response rate", metric.ResponseRate(csat.Valid(), 400), 0.25)
	isRatio(t, "attainment by due", metric.NewRatio(187, 220), 0.85)
	if got := metric.NewRatio(100, 600).Percent(); got != 16.7 {
		t.Errorf("a sixth is shown as %v %%", got)
	}
}

func TestFirstContactIsFinalAfterAWeek(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, time.June, 1, 0, 0, 0, 0, time.UTC)
	if !metric.FCRProvisional(end, end.Add(7*24*time.Hour-time.Second)) || metric.FCRProvisional(end, end.Add(7*24*time.Hour)) {
		t.Error("a figure is final seven days after its period")
	}
}
