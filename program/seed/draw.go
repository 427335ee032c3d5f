package seed

import (
	"math/rand/v2"
	"strconv"
	"time"
)

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

func number(digits string) int64 {
	n, _ := strconv.ParseInt(digits, 10, 64)
	return n
}
