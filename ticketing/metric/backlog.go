package metric

import (
	"math"
	"slices"
	"time"
)

const day = 24 * time.Hour

// Ages are the ages of open tickets: time since registration, by the calendar,
// never paused. Tickets under appeal are among them.
type Ages []time.Duration

// Mean is the mean age in days.
func (a Ages) Mean() Figure {
	var total time.Duration
	for _, age := range a {
		total += age
	}
	if len(a) == 0 {
		return Figure{}
	}
	return Figure{Value: total.Hours() / 24 / float64(len(a)), OK: true}
}

// Median is the middle age in days, or the mean of the two middle ones.
func (a Ages) Median() Figure {
	n := len(a)
	if n == 0 {
		return Figure{}
	}
	sorted := slices.Sorted(slices.Values(a))
	return Figure{Value: (sorted[(n-1)/2] + sorted[n/2]).Hours() / 2 / 24, OK: true}
}

// Percentile is the age in days that a share p of the tickets do not exceed, by
// nearest rank: always the age of a real ticket, as PostgreSQL's
// percentile_disc gives it. p is above 0 and at most 1.
func (a Ages) Percentile(p float64) Figure {
	if len(a) == 0 || !(p > 0 && p <= 1) {
		return Figure{}
	}
	const hair = 1e-9 // 0.9 × 10 must not become rank 10
	rank := int(math.Ceil(p*float64(len(a)) - hair))
	sorted := slices.Sorted(slices.Values(a))
	return Figure{Value: sorted[max(rank, 1)-1].Hours() / 24, OK: true}
}

// AgeBuckets counts open tickets by age. The ranges are half-open: a
// ticket of exactly three days is in the second.
type AgeBuckets struct {
	Under3, From3To7, From7To14, From14 int64
}

// Buckets sorts the ages into their ranges.
func (a Ages) Buckets() AgeBuckets {
	var b AgeBuckets
	for _, age := range a {
		switch {
		case age < 3*day:
			b.Under3++
		case age < 7*day:
			b.From3To7++
		case age < 14*day:
			b.From7To14++
		default:
			b.From14++
		}
	}
	return b
}

// Flow is what moved the backlog in a period.
type Flow struct {
	Start, New, Reopened, Appealed, Left int64
}

// End is the backlog the flow leads to; a count that differs is a fault.
func (f Flow) End() int64 { return f.Start + f.New + f.Reopened + f.Appealed - f.Left }

// Promises counts tickets against their due times in a period. LateResolved
// were resolved after it, StillOpen are overdue and not resolved.
type Promises struct {
	OnTime, LateResolved, StillOpen int64
}

// AttainmentByDue is resolved in time / due in the period: the default.
func (p Promises) AttainmentByDue() Ratio {
	return NewRatio(p.OnTime, p.OnTime+p.LateResolved+p.StillOpen)
}

// AttainmentByResolved is resolved in time / resolved. It flatters, since open
// overdue tickets are not in it; it is shown beside the other, never alone.
func (p Promises) AttainmentByResolved() Ratio {
	return NewRatio(p.OnTime, p.OnTime+p.LateResolved)
}

// ReopenRate is tickets resolved in a period and reopened at least once inside
// their window / tickets resolved in it. Several reopenings of one ticket count
// once.
func ReopenRate(reopenedTickets, resolvedTickets int64) Ratio {
	return NewRatio(reopenedTickets, resolvedTickets)
}

// EscalationRate is tickets escalated at least once / tickets.
func EscalationRate(escalated, tickets int64) Ratio { return NewRatio(escalated, tickets) }

// TransferRate is tickets transferred at least once / tickets.
func TransferRate(transferred, tickets int64) Ratio { return NewRatio(transferred, tickets) }
