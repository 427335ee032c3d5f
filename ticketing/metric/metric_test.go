package metric_test

import (
	"encoding/json"
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
	isRatio(t, "abandonment without short", commonDay().AbandonmentRateNoShort(), 0.0515)
	// Waits of 0, 5, 12, 20 and 63 s; somebody who gave up after 300 s is in
	// neither sum.
	isFigure(t, "ASA", metric.ASA(100*time.Second, 5), 20)
	isFigure(t, "average abandon time", metric.AverageAbandonTime(300*time.Second, 1), 300)
	handling := metric.Handling{Talk: 720 * time.Second, Hold: 90 * time.Second, AfterContact: 150 * time.Second, Handled: 3}
	isFigure(t, "AHT", handling.AHT(), 320)
	for name, figure := range map[string]metric.Figure{
		"ASA": metric.ASA(0, 0), "abandon time": metric.AverageAbandonTime(0, 0), "AHT": metric.Handling{}.AHT(),
	} {
		if figure.OK {
			t.Errorf("%s of nobody = %+v, want no data", name, figure)
		}
	}
}

func TestAgentTime(t *testing.T) {
	t.Parallel()
	const m = time.Minute
	agent := metric.AgentTime{Paid: 600 * m, Talk: 300 * m, Hold: 20 * m, AfterContact: 80 * m, Idle: 100 * m, NotReady: 100 * m}
	isRatio(t, "occupancy", agent.Occupancy(), 0.8)
	isRatio(t, "shrinkage", agent.Shrinkage(), 0.1667)
	isRatio(t, "availability", agent.Availability(), 0.8333)
	isRatio(t, "adherence", metric.Adherence(444*m, 480*m), 0.925)
	isRatio(t, "conformance", metric.Conformance(470*m, 480*m), 0.9792)
	isRatio(t, "occupancy of nobody", metric.AgentTime{}.Occupancy(), -1)
	isRatio(t, "adherence without schedule", metric.Adherence(m, 0), -1)
	if got := agent.Shrinkage().Percent(); got != 16.7 {
		t.Errorf("shrinkage shown as %v %%", got)
	}
}

func TestScheduled(t *testing.T) {
	t.Parallel()
	tests := []struct {
		required  int
		shrinkage float64
		want      int
		ok        bool
	}{
		{19, 0.30, 28, true},
		{100, 0.30, 143, true}, // 130 by the classic mistake
		{70, 0.30, 100, true},  // exact, whatever floating point says
		{63, 0.10, 70, true},
		{5, 0, 5, true},
		{0, 0.3, 0, true},
		{5, 1, 0, false},
		{5, -0.1, 0, false},
		{5, math.NaN(), 0, false},
		{-1, 0.3, 0, false},
	}
	for _, tt := range tests {
		if got, ok := metric.Scheduled(tt.required, tt.shrinkage); got != tt.want || ok != tt.ok {
			t.Errorf("Scheduled(%d, %v) = %d, %v, want %d, %v", tt.required, tt.shrinkage, got, ok, tt.want, tt.ok)
		}
	}
}

func TestFirstContact(t *testing.T) {
	t.Parallel()
	c := metric.FirstContact{Contacts: 500, Repeated: 60, Transferred: 40, Unsolvable: 50}
	isRatio(t, "gross", c.FCRGross(), 0.8)
	isRatio(t, "net", c.FCRNet(), 0.8889)
	isRatio(t, "of nobody", metric.FirstContact{}.FCRGross(), -1)
	end := time.Date(2026, time.June, 1, 0, 0, 0, 0, time.UTC)
	if !metric.FCRProvisional(end, end.Add(7*24*time.Hour-time.Second)) || metric.FCRProvisional(end, end.Add(7*24*time.Hour)) {
		t.Error("a figure is final seven days after its period")
	}
}

func TestContainment(t *testing.T) {
	t.Parallel()
	b := metric.BotSessions{Sessions: 5000, WithoutAgent: 3200, Uncertain: 400}
	isRatio(t, "containment", b.Containment(), 0.64)
	isRatio(t, "resolved containment", b.ResolvedContainment(), 0.56)
}

func TestSurveys(t *testing.T) {
	t.Parallel()
	csat := metric.CSATCounts{5: 60, 4: 25, 3: 8, 2: 4, 1: 3}
	isRatio(t, "CSAT", csat.CSAT(), 0.85)
	isFigure(t, "mean", csat.Mean(), 4.35)
	isRatio(t, "response rate", metric.ResponseRate(csat.Valid(), 400), 0.25)
	low, high := csat.Interval()
	if low.Percent() != 76.7 || high.Percent() != 90.7 {
		t.Errorf("Wilson 85/100: %v to %v, want 76.7 to 90.7", low.Percent(), high.Percent())
	}
	isFigure(t, "NPS", metric.NPSCounts{10: 30, 9: 20, 8: 20, 7: 10, 6: 5, 3: 5, 0: 10}.NPS(), 30)
	isFigure(t, "NPS of all detractors", metric.NPSCounts{0: 4}.NPS(), -100)
	ces := metric.CESCounts{7: 40, 6: 30, 5: 10, 4: 10, 3: 5, 2: 3, 1: 2}
	isFigure(t, "CES", ces.Mean(), 5.73)
	isRatio(t, "CES agree", ces.Agree(), 0.8)
}

func TestSurveysWithoutAnswers(t *testing.T) {
	t.Parallel()
	isRatio(t, "CSAT", metric.CSATCounts{}.CSAT(), -1)
	isRatio(t, "CES", metric.CESCounts{}.Agree(), -1)
	low, high := metric.Wilson(0, 0)
	isRatio(t, "low", low, -1)
	isRatio(t, "high", high, -1)
	for name, f := range map[string]metric.Figure{"mean": metric.CSATCounts{}.Mean(), "NPS": metric.NPSCounts{}.NPS()} {
		if f.OK {
			t.Errorf("%s = %+v, want no data", name, f)
		}
	}
	low, high = metric.Wilson(10, 10)
	isRatio(t, "low of 10/10", low, 0.7225)
	isRatio(t, "high of 10/10", high, 1)
	low, _ = metric.Wilson(0, 10)
	isRatio(t, "low of 0/10", low, 0)
}

func TestAges(t *testing.T) {
	t.Parallel()
	var ages metric.Ages
	for _, days := range []float64{45, 0.5, 20, 1, 13, 2, 8, 2.5, 6, 4} {
		ages = append(ages, time.Duration(days*24)*time.Hour)
	}
	isFigure(t, "mean", ages.Mean(), 10.2)
	isFigure(t, "median", ages.Median(), 5)
	isFigure(t, "P90", ages.Percentile(0.9), 20)
	isFigure(t, "P100", ages.Percentile(1), 45)
	isFigure(t, "P1", ages.Percentile(0.01), 0.5)
	if got, want := ages.Buckets(), (metric.AgeBuckets{Under3: 4, From3To7: 2, From7To14: 2, From14: 2}); got != want {
		t.Errorf("buckets %+v, want %+v", got, want)
	}
	edges := metric.Ages{72 * time.Hour, 168 * time.Hour, 336 * time.Hour}
	if got, want := edges.Buckets(), (metric.AgeBuckets{From3To7: 1, From7To14: 1, From14: 1}); got != want {
		t.Errorf("edges %+v, want %+v", got, want)
	}
	isFigure(t, "median of three", edges.Median(), 7)
	for name, f := range map[string]metric.Figure{
		"mean": metric.Ages{}.Mean(), "median": metric.Ages{}.Median(), "P90": metric.Ages{}.Percentile(0.9),
		"P0": ages.Percentile(0), "P101": ages.Percentile(1.01),
	} {
		if f.OK {
			t.Errorf("%s = %+v, want no data", name, f)
		}
	}
}

func TestTicketFigures(t *testing.T) {
	t.Parallel()
	isRatio(t, "reopen rate", metric.ReopenRate(36, 800), 0.045)
	p := metric.Promises{OnTime: 187, LateResolved: 21, StillOpen: 12}
	isRatio(t, "by due", p.AttainmentByDue(), 0.85)
	isRatio(t, "by resolved", p.AttainmentByResolved(), 0.899)
	isRatio(t, "escalation rate", metric.EscalationRate(5, 40), 0.125)
	isRatio(t, "transfer rate", metric.TransferRate(0, 0), -1)
	flow := metric.Flow{Start: 120, New: 60, Reopened: 4, Appealed: 2, Left: 70}
	if got := flow.End(); got != 116 {
		t.Errorf("backlog %d, want 116", got)
	}
}

func TestNoDataIsNull(t *testing.T) {
	t.Parallel()
	tests := []struct {
		value any
		want  string
	}{
		{metric.NewRatio(1, 3), "0.3333"}, {metric.Ratio{}, "null"}, {metric.NewRatio(0, 5), "0"},
		{metric.Figure{Value: 20.5, OK: true}, "20.5"}, {metric.Figure{}, "null"},
	}
	for _, tt := range tests {
		if got, err := json.Marshal(tt.value); err != nil || string(got) != tt.want {
			t.Errorf("%+v = %s, %v, want %s", tt.value, got, err, tt.want)
		}
	}
}
