package metric

// CSATCounts counts ratings of 1 to 5 by their value; index 0 is unused.
type CSATCounts [6]int64

// Valid is the number of ratings.
func (c CSATCounts) Valid() int64 {
	var total int64
	for _, n := range c[1:] {
		total += n
	}
	return total
}

// CSAT is the share of ratings 4 and 5.
func (c CSATCounts) CSAT() Ratio { return NewRatio(c[4]+c[5], c.Valid()) }

// ResponseRate is answered / asked; it always stands beside CSAT.
func ResponseRate(answered, asked int64) Ratio { return NewRatio(answered, asked) }
