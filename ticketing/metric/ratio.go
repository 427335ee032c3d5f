// Package metric holds the formulas of the desk's figures, each under the name
// that stands beside it on the screen.
//
// The inputs are sums and counts over raw contacts, never averages of averages.
// A figure whose denominator is zero is "no data", not 0 and not 100 %.
package metric

import (
	"math"
	"time"
)

// Ratio is a share, 0.7959 for 79.59 %, rounded to the four decimals in which
// it is stored. OK is false when there was nothing to divide by; Value
// is 0 then and must not be shown. The zero Ratio is "no data".
type Ratio struct {
	Value float64
	OK    bool
}

// NewRatio is part / whole, or no data for an empty whole.
func NewRatio(part, whole int64) Ratio { return ratioOf(float64(part), float64(whole)) }

// Percent is the value as shown, in percent with one decimal; 0 for no data.
func (r Ratio) Percent() float64 { return round(r.Value*100, 1) }

// Figure is a mean or another number with a unit that its maker names. OK is
// false for no data, as in [Ratio].
type Figure struct {
	Value float64
	OK    bool
}

func ratioOf(part, whole float64) Ratio {
	if whole <= 0 {
		return Ratio{}
	}
	return Ratio{Value: round(part/whole, 4), OK: true}
}

// meanSeconds is total / count in seconds.
func meanSeconds(total time.Duration, count int64) Figure {
	if count <= 0 {
		return Figure{}
	}
	return Figure{Value: total.Seconds() / float64(count), OK: true}
}

// ratioOfTime is the share of one time in another.
func ratioOfTime(part, whole time.Duration) Ratio {
	return ratioOf(part.Seconds(), whole.Seconds())
}

func round(value float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Round(value*scale) / scale
}
