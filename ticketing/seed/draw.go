package seed

import (
	"encoding/hex"
	"math"
	"math/rand/v2"
	"time"
)

// newID is a UUIDv7 of this instant whose random bits come from the generator,
// so that the same seed gives the same ids.
func newID(rng *rand.Rand, at time.Time) string {
	var b [16]byte
	ms := uint64(at.UnixMilli())
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	high, low := rng.Uint64(), rng.Uint64()
	for i := range 8 {
		b[8+i] = byte(low >> (8 * i))
	}
	b[6], b[7] = 0x70|byte(high)&0x0f, byte(high>>8)
	b[8] = 0x80 | b[8]&0x3f
	var text [36]byte
	hex.Encode(text[:8], b[:4])
	hex.Encode(text[9:13], b[4:6])
	hex.Encode(text[14:18], b[6:8])
	hex.Encode(text[19:23], b[8:10])
	hex.Encode(text[24:], b[10:])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:])
}

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

// weighted draws an index by weights.
func weighted(rng *rand.Rand, weights ...int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	at := rng.IntN(sum)
	for i, w := range weights {
		if at < w {
			return i
		}
		at -= w
	}
	return len(weights) - 1
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
