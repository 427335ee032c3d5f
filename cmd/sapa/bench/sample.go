package bench

import (
	"fmt"
	"slices"
	"time"
)

// sample is durations of one kind of event.
type sample []time.Duration

// at is the smallest duration that a share of the events (0 to 1) did not exceed
// (nearest rank); zero of nothing. The sample must be sorted.
func (s sample) at(share float64) time.Duration {
	if len(s) == 0 {
		return 0
	}
	rank := int(share*float64(len(s)) + 0.9999)
	return s[min(max(rank, 1), len(s))-1]
}

// merge joins and sorts what several goroutines measured.
func merge(parts []sample) sample {
	all := slices.Concat(parts...)
	slices.Sort(all)
	return all
}

func (s sample) String() string {
	return fmt.Sprintf("p50 %s  p90 %s  p99 %s  max %s", ms(s.at(0.5)), ms(s.at(0.9)), ms(s.at(0.99)), ms(s.at(1)))
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }
