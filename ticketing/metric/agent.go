package metric

import (
	"math"
	"time"
)

// AgentTime sums what paid agents did in a period. Idle is available without a
// contact; NotReady is breaks, training and meetings.
type AgentTime struct {
	Paid                     time.Duration
	Talk, Hold, AfterContact time.Duration
	Idle, NotReady           time.Duration
}

// Handle is the time spent on contacts.
func (a AgentTime) Handle() time.Duration { return a.Talk + a.Hold + a.AfterContact }

// Occupancy is handle / (handle + idle). Breaks are on neither side.
func (a AgentTime) Occupancy() Ratio { return ratioOfTime(a.Handle(), a.Handle()+a.Idle) }

// Shrinkage is the time not available for contacts / paid time. Its complement
// is what other products print as "utilisation", a word with no agreed meaning.
func (a AgentTime) Shrinkage() Ratio { return ratioOfTime(a.NotReady, a.Paid) }

// Availability is 1 − shrinkage.
func (a AgentTime) Availability() Ratio { return ratioOfTime(a.Paid-a.NotReady, a.Paid) }

// Scheduled is how many agents to schedule so that enough are there after
// shrinkage: ⌈required / (1 − shrinkage)⌉. To multiply by (1 + shrinkage)
// instead is the classic mistake. ok is false for a shrinkage of 1 or
// more, or below 0.
func Scheduled(required int, shrinkage float64) (agents int, ok bool) {
	if !(shrinkage >= 0 && shrinkage < 1) || required < 0 {
		return 0, false
	}
	// 70/(1−0.3) is 100 and a hair in floating point; the hair is no agent.
	const hair = 1e-9
	return int(math.Ceil(float64(required)/(1-shrinkage) - hair)), true
}

// Adherence is the time in the scheduled state / scheduled time.
func Adherence(inScheduledState, scheduled time.Duration) Ratio {
	return ratioOfTime(inScheduledState, scheduled)
}

// Conformance is the time worked / scheduled time, whenever it was worked.
func Conformance(worked, scheduled time.Duration) Ratio { return ratioOfTime(worked, scheduled) }
