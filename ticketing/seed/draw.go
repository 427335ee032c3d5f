package seed

import (
	"math"
	"math/rand/v2"
	"time"
)

// chance is true in so many of a hundred cases.
func chance(rng *rand.Rand, percent float64) bool { return rng.Float64()*100 < percent }

// span is a random number of seconds between two, both in seconds.
func span(rng *rand.Rand, from, to float64) time.Duration {
	return seconds(from + rng.Float64()*(to-from))
}

// around is a log-normal time: half of them are shorter than the median, and a
// few are much longer, as waits and talks are. spread is the sigma of the
// logarithm; nothing is longer than limit.
func around(rng *rand.Rand, median time.Duration, spread float64, limit time.Duration) time.Duration {
	drawn := time.Duration(float64(median) * math.Exp(rng.NormFloat64()*spread))
	return min(max(drawn, time.Second), limit).Truncate(time.Millisecond)
}

// patience is an exponential time with this mean.
func patience(rng *rand.Rand, mean time.Duration) time.Duration {
	return time.Duration(rng.ExpFloat64() * float64(mean)).Truncate(time.Millisecond)
}

func seconds(n float64) time.Duration {
	return time.Duration(n * float64(time.Second)).Truncate(time.Millisecond)
}

// ladder draws from many weights by bisection.
type ladder struct{ upTo []int }

func newLadder(weights []int) ladder {
	l := ladder{upTo: make([]int, len(weights))}
	sum := 0
	for i, w := range weights {
		sum += w
		l.upTo[i] = sum
	}
	return l
}

func (l ladder) draw(rng *rand.Rand) int {
	at := rng.IntN(l.upTo[len(l.upTo)-1])
	low, high := 0, len(l.upTo)-1
	for low < high {
		if middle := (low + high) / 2; at < l.upTo[middle] {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low
}
