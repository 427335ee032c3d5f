package metric

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// ErrUnstable says that the work offered is more than the agents can do: the
// queue would grow without end, and no figure describes it.
var ErrUnstable = errors.New("queue is unstable: offered work is not less than agents")

// ErrLoad says that a load is not one: no interval, no handling time, or less
// than no calls.
var ErrLoad = errors.New("not a load")

// Load is the work offered to a queue: so many contacts in an interval, each
// keeping an agent busy for AHT on average.
type Load struct {
	Contacts float64
	Interval time.Duration
	AHT      time.Duration
}

// Erlangs is the work offered, as the number of agents it keeps busy.
func (l Load) Erlangs() float64 { return l.rate() * l.AHT.Seconds() }

// rate is the contacts per second.
func (l Load) rate() float64 { return l.Contacts / l.Interval.Seconds() }

func (l Load) check() error {
	if l.Interval <= 0 || l.AHT <= 0 || !(l.Contacts > 0) || math.IsInf(l.Contacts, 1) {
		return fmt.Errorf("%v contacts of %s in %s: %w", l.Contacts, l.AHT, l.Interval, ErrLoad)
	}
	return nil
}

// ErlangB is the share of contacts turned away by n agents who cannot let
// anybody wait. The recursion stays exact where factorials overflow.
func ErlangB(erlangs float64, agents int) float64 {
	blocked := 1.0
	for k := 1; k <= agents; k++ {
		blocked = erlangs * blocked / (float64(k) + erlangs*blocked)
	}
	return blocked
}

// Waiting is what a queue does to its contacts in the long run.
type Waiting struct {
	Wait         float64 // share that has to wait at all
	Abandon      float64 // share that gives up; 0 by Erlang C
	ASASeconds   float64 // mean wait of all contacts, those who gave up included
	QueueLength  float64 // mean number waiting
	ServiceLevel float64 // share of all offered that is answered within the target
	Occupancy    float64 // share of agent time spent handling
}

// ErlangC is a queue of patient people: nobody gives up. It asks for too many
// agents where people do. It fails with [ErrUnstable] when the agents are not
// more than the erlangs, and [ErrLoad].
func ErlangC(l Load, agents int, target time.Duration) (Waiting, error) {
	if err := l.check(); err != nil {
		return Waiting{}, err
	}
	erlangs, aht := l.Erlangs(), l.AHT.Seconds()
	spare := float64(agents) - erlangs
	if spare <= 0 {
		return Waiting{}, fmt.Errorf("%d agents for %.2f erlangs: %w", agents, erlangs, ErrUnstable)
	}
	blocked := ErlangB(erlangs, agents)
	occupancy := erlangs / float64(agents)
	wait := blocked / (1 - occupancy*(1-blocked))
	return Waiting{
		Wait:         wait,
		ASASeconds:   wait * aht / spare,
		QueueLength:  wait * occupancy / (1 - occupancy),
		ServiceLevel: 1 - wait*math.Exp(-spare*target.Seconds()/aht),
		Occupancy:    occupancy,
	}, nil
}

// Goal is a service level to be met: the share answered within a time, 0.8 in
// 20 seconds.
type Goal struct {
	Share  float64
	Within time.Duration
}

// ErrGoal says that no number of agents reaches a goal.
var ErrGoal = errors.New("goal cannot be reached")

// maxAgents bounds the search for a minimum.
const maxAgents = 100_000

// MinAgentsC is the fewest agents that meet a goal by Erlang C.
func MinAgentsC(l Load, g Goal) (int, error) {
	if err := l.check(); err != nil {
		return 0, err
	}
	return minAgents(g, int(l.Erlangs())+1, func(n int) (Waiting, error) { return ErlangC(l, n, g.Within) })
}

// MinAgentsA is the fewest agents that meet a goal by Erlang A. It is at most
// [MinAgentsC]; show both, with the share that gives up.
func MinAgentsA(l Load, patience time.Duration, g Goal) (int, error) {
	if err := l.check(); err != nil {
		return 0, err
	}
	return minAgents(g, 1, func(n int) (Waiting, error) { return ErlangA(l, n, patience, g.Within) })
}

// minAgents searches upwards from a number of agents: first by doubling, then
// by halving, since the service level only grows with agents.
func minAgents(g Goal, from int, solve func(int) (Waiting, error)) (int, error) {
	if !(g.Share > 0 && g.Share < 1) {
		return 0, fmt.Errorf("share %v: %w", g.Share, ErrGoal)
	}
	meets := func(n int) (bool, error) {
		w, err := solve(n)
		return w.ServiceLevel >= g.Share, err
	}
	low, high := from-1, from
	for ; high <= maxAgents; low, high = high, 2*high {
		if ok, err := meets(high); err != nil {
			return 0, err
		} else if ok {
			break
		}
	}
	if high > maxAgents {
		return 0, fmt.Errorf("more than %d agents: %w", maxAgents, ErrGoal)
	}
	for low+1 < high {
		middle := (low + high) / 2
		ok, err := meets(middle)
		if err != nil {
			return 0, err
		}
		if ok {
			high = middle
		} else {
			low = middle
		}
	}
	return high, nil
}
