package calendar

import (
	"errors"
	"fmt"
	"time"
)

// ErrTooFar says that a deadline lies more than ten years ahead: the amount is
// a typing error, or the hours never open.
var ErrTooFar = errors.New("deadline lies more than ten years ahead")

// horizonYears bounds every walk along a calendar (see [ErrTooFar]).
const horizonYears = 10

// Rule says why a stretch of time counts or does not.
type Rule string

// The rules a span can name.
const (
	RuleContinuous  Rule = "continuous"   // every second counts
	RuleWorkingDay  Rule = "working_day"  // Monday to Friday, no day off
	RuleWeekend     Rule = "weekend"      // Saturday, Sunday
	RuleNational    Rule = "national"     // national holiday
	RuleJointLeave  Rule = "joint_leave"  // collective leave (cuti bersama)
	RuleDeskOpen    Rule = "desk_open"    // inside desk hours
	RuleDeskClosed  Rule = "desk_closed"  // outside desk hours
	RuleDeskHoliday Rule = "desk_holiday" // desk hours fall away, day off
)

// Span is a stretch of time, From included and To not, of which all or nothing
// counts. Name is the name of the day off, if the rule is one.
type Span struct {
	From, To time.Time
	Counts   bool
	Rule     Rule
	Name     string
}

// Ruler is a way to count time. SpanAt gives the span that holds t, beginning
// at t and reaching at least some way further; it may end before the rule
// changes, so neighbours can be alike.
type Ruler interface {
	SpanAt(t time.Time) (Span, error)
}

// Continuous is the ruler by which every second counts.
type Continuous struct{}

// SpanAt is a span of one year from t.
func (Continuous) SpanAt(t time.Time) (Span, error) {
	return Span{From: t, To: t.AddDate(1, 0, 0), Counts: true, Rule: RuleContinuous}, nil
}

// Elapsed is how much of the time between from and to counts; nothing when to
// is not after from.
func Elapsed(r Ruler, from, to time.Time) (time.Duration, error) {
	var sum time.Duration
	for at := from; at.Before(to); {
		span, err := r.SpanAt(at)
		if err != nil {
			return 0, err
		}
		if span.Counts {
			sum += earlier(span.To, to).Sub(at)
		}
		at = span.To
	}
	return sum, nil
}

// Advance is the earliest instant by which amount has counted since from. An
// amount of nothing or less is reached at once. It fails with [ErrTooFar] or
// with the error of the ruler.
func Advance(r Ruler, from time.Time, amount time.Duration) (time.Time, error) {
	limit := from.AddDate(horizonYears, 0, 0)
	at := from
	for amount > 0 {
		if at.After(limit) {
			return time.Time{}, fmt.Errorf("count %s from %s: %w", amount, from.Format(time.RFC3339), ErrTooFar)
		}
		span, err := r.SpanAt(at)
		if err != nil {
			return time.Time{}, err
		}
		length := span.To.Sub(at)
		if span.Counts && amount <= length {
			return at.Add(amount), nil
		}
		if span.Counts {
			amount -= length
		}
		at = span.To
	}
	return at, nil
}

// Spans lists what counts and what does not between from and to, with
// neighbours of the same rule and name joined.
func Spans(r Ruler, from, to time.Time) ([]Span, error) {
	var spans []Span
	for at := from; at.Before(to); {
		span, err := r.SpanAt(at)
		if err != nil {
			return nil, err
		}
		at = span.To
		span.To = earlier(span.To, to)
		spans = join(spans, span)
	}
	return spans, nil
}

// join adds next to spans, growing the last one when both say the same.
func join(spans []Span, next Span) []Span {
	if n := len(spans); n > 0 && spans[n-1].Rule == next.Rule && spans[n-1].Name == next.Name {
		spans[n-1].To = next.To
		return spans
	}
	return append(spans, next)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
