package seed

import (
	"encoding/hex"
	"math/rand/v2"
	"strconv"
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
	text := hex.EncodeToString(b[:])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

// letters are those of codes people read out: no 0, O, 1, I.
const letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

// newCode is a readable random code.
func newCode(rng *rand.Rand, length int) string {
	code := make([]byte, length)
	for i := range code {
		code[i] = letters[rng.IntN(len(letters))]
	}
	return string(code)
}

// chance is true in so many of a hundred cases.
func chance(rng *rand.Rand, percent int) bool { return rng.IntN(100) < percent }

// between is a random span of that many days, to the minute.
func between(rng *rand.Rand, from, to float64) time.Duration {
	return time.Duration((from + rng.Float64()*(to-from)) * 24 * 60 * float64(time.Minute)).Truncate(time.Minute)
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

func number(digits string) int64 {
	n, _ := strconv.ParseInt(digits, 10, 64)
	return n
}
