package metric

import "math"

// CSATCounts counts ratings of 1 to 5 by their value; index 0 is unused.
type CSATCounts [6]int64

// Valid is the number of ratings.
func (c CSATCounts) Valid() int64 { return sum(c[1:]) }

// CSAT is the share of ratings 4 and 5.
func (c CSATCounts) CSAT() Ratio { return NewRatio(c[4]+c[5], c.Valid()) }

// Mean is the mean rating.
func (c CSATCounts) Mean() Figure { return weighted(c[1:]) }

// SmallSample is the number of ratings below which the interval is printed
// beside the figure; the choice is ours.
const SmallSample = 400

// Interval is the Wilson 95 % interval of the CSAT share.
func (c CSATCounts) Interval() (low, high Ratio) { return Wilson(c[4]+c[5], c.Valid()) }

// ResponseRate is answered / asked; it always stands beside CSAT.
func ResponseRate(answered, asked int64) Ratio { return NewRatio(answered, asked) }

// Wilson is the 95 % interval of the share part / whole after E. B. Wilson. It
// stays inside 0 to 1 and holds for small samples too.
func Wilson(part, whole int64) (low, high Ratio) {
	if whole <= 0 {
		return Ratio{}, Ratio{}
	}
	const z = 1.959963984540054 // 97.5 % of the normal distribution lie below
	n := float64(whole)
	p := float64(part) / n
	centre := p + z*z/(2*n)
	half := z * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	scale := 1 + z*z/n
	return ratioOf(math.Max(0, centre-half), scale), ratioOf(math.Min(scale, centre+half), scale)
}

// NPSCounts counts answers of 0 to 10 by their value.
type NPSCounts [11]int64

// NPS is the net promoter score in points from −100 to 100: percent of 9 and 10
// less percent of 0 to 6.
func (c NPSCounts) NPS() Figure {
	all := sum(c[:])
	if all == 0 {
		return Figure{}
	}
	return Figure{Value: 100 * float64(sum(c[9:])-sum(c[:7])) / float64(all), OK: true}
}

// CESCounts counts agreement of 1 to 7 ("it was easy") by its value; index 0 is
// unused.
type CESCounts [8]int64

// Mean is the mean agreement.
func (c CESCounts) Mean() Figure { return weighted(c[1:]) }

// Agree is the share of 5 to 7.
func (c CESCounts) Agree() Ratio { return NewRatio(sum(c[5:]), sum(c[1:])) }

// weighted is the mean of answers counted by value, of which the first is 1.
func weighted(counts []int64) Figure {
	var total int64
	for i, n := range counts {
		total += int64(i+1) * n
	}
	all := sum(counts)
	if all == 0 {
		return Figure{}
	}
	return Figure{Value: float64(total) / float64(all), OK: true}
}

func sum(counts []int64) int64 {
	var total int64
	for _, n := range counts {
		total += n
	}
	return total
}
