package metric

import (
	"fmt"
	"math"
	"time"
)

// ErlangA is a queue of people with patience (M/M/n+M): each gives up after an
// exponentially distributed time with the given mean. It holds for any load,
// also where Erlang C is unstable. It fails with [ErrLoad].
func ErlangA(l Load, agents int, patience, target time.Duration) (Waiting, error) {
	if err := l.check(); err != nil {
		return Waiting{}, err
	}
	if agents < 1 || patience <= 0 {
		return Waiting{}, fmt.Errorf("%d agents, patience %s: %w", agents, patience, ErrLoad)
	}
	q := impatientQueue{
		arrive: l.rate(), serve: 1 / l.AHT.Seconds(), leave: 1 / patience.Seconds(), agents: agents,
	}
	if q.effort(target.Seconds()) > maxEffort {
		return Waiting{}, fmt.Errorf("%.0f erlangs are too many to work out: %w", l.Erlangs(), ErrLoad)
	}
	p := q.states()
	wait, length := 0.0, 0.0
	for k := agents; k < len(p); k++ {
		wait += p[k]
		length += float64(k-agents) * p[k]
	}
	meanWait := length / q.arrive
	abandon := q.leave * meanWait
	return Waiting{
		Wait: wait, Abandon: abandon, ASASeconds: meanWait, QueueLength: length,
		ServiceLevel: q.servedWithin(p, target.Seconds()),
		Occupancy:    l.Erlangs() * (1 - abandon) / float64(agents),
	}, nil
}

// impatientQueue is the birth-death chain behind Erlang A. Rates are per second.
type impatientQueue struct {
	arrive float64 // λ
	serve  float64 // μ, of one agent
	leave  float64 // θ, of one who waits
	agents int
}

// negligible is the weight, relative to the likeliest state, at which the chain
// is cut off.
const negligible = 1e-14

// maxEffort bounds the work on one answer to some seconds. It allows for ten
// times the programme's greatest rush.
const maxEffort = 3e9

// effort is about how many steps an answer takes: states times time steps.
func (q impatientQueue) effort(t float64) float64 {
	top := q.likeliest()
	states := top - float64(q.agents) + 10*math.Sqrt(top+1) + 100
	fastest := float64(q.agents)*q.serve + math.Max(states, 0)*q.leave
	return top + math.Max(states, 1)*(t*fastest*stepsPerScale+100)
}

// down is the rate at which one of k people in the system is done or gives up.
func (q impatientQueue) down(k int) float64 {
	if k <= q.agents {
		return float64(k) * q.serve
	}
	return float64(q.agents)*q.serve + float64(k-q.agents)*q.leave
}

// likeliest is the state around which the chain spends its time. Weights are
// built outwards from it, so that none overflows.
func (q impatientQueue) likeliest() float64 {
	busy, agents := q.arrive/q.serve, float64(q.agents)
	if busy < agents {
		return math.Floor(busy)
	}
	return agents + math.Floor((q.arrive-agents*q.serve)/q.leave)
}

// states is the share of time with k people in the system, for k from 0.
func (q impatientQueue) states() []float64 {
	top := int(q.likeliest())
	weights := make([]float64, top+1, top+1+q.agents)
	weights[top] = 1
	total := 1.0
	for k := top; k > 0; k-- {
		weights[k-1] = weights[k] * q.down(k) / q.arrive
		total += weights[k-1]
	}
	last := 1.0
	for k := top + 1; last > negligible || k <= q.agents; k++ {
		last *= q.arrive / q.down(k)
		weights = append(weights, last)
		total += last
	}
	for k := range weights {
		weights[k] /= total
	}
	return weights
}

// servedWithin is the share of all arrivals answered within t seconds: at once
// where an agent is free, else with the chance that those ahead and the
// arrival's own patience allow.
func (q impatientQueue) servedWithin(p []float64, t float64) float64 {
	served := 0.0
	for k := 0; k < q.agents && k < len(p); k++ {
		served += p[k]
	}
	if len(p) <= q.agents || t <= 0 {
		return served
	}
	for j, chance := range q.chances(len(p)-q.agents, t) {
		served += p[q.agents+j] * chance
	}
	return served
}

// stepsPerScale is how many steps the integration takes within the shortest of
// its time scales; it keeps the error far below the digits shown.
const stepsPerScale = 4

// chances is, for each number j of people ahead, the chance f_j of being
// answered within t. It integrates, by Runge-Kutta of fourth order,
//
//	f_j' = (nμ + jθ)(f_{j−1} − f_j) − θ f_j,  f_{−1} = 1,  f_j(0) = 0.
func (q impatientQueue) chances(ahead int, t float64) []float64 {
	fastest := q.down(q.agents+ahead-1) + q.leave
	steps := int(math.Ceil(t*fastest*stepsPerScale)) + 100
	h := t / float64(steps)
	f := make([]float64, ahead)
	k1, k2, k3, k4 := make([]float64, ahead), make([]float64, ahead), make([]float64, ahead), make([]float64, ahead)
	at := make([]float64, ahead)
	for range steps {
		q.slope(f, k1)
		q.slope(along(at, f, k1, h/2), k2)
		q.slope(along(at, f, k2, h/2), k3)
		q.slope(along(at, f, k3, h), k4)
		for j := range f {
			f[j] += h / 6 * (k1[j] + 2*k2[j] + 2*k3[j] + k4[j])
		}
	}
	return f
}

// slope writes f' at f into out.
func (q impatientQueue) slope(f, out []float64) {
	before := 1.0
	for j := range f {
		out[j] = q.down(q.agents+j)*(before-f[j]) - q.leave*f[j]
		before = f[j]
	}
}

// along writes f + h·slope into at.
func along(at, f, slope []float64, h float64) []float64 {
	for j := range f {
		at[j] = f[j] + h*slope[j]
	}
	return at
}
