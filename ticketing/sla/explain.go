package sla

import (
	"time"

	"sapa/program/calendar"
)

// The rules of an [Interval] beside those of package calendar.
const (
	RuleStartDay calendar.Rule = "start_day" // a target in days does not count the day it starts on
	RulePaused   calendar.Rule = "paused"
	RuleStopped  calendar.Rule = "stopped"
)

// Interval is one stretch of a clock's life with the reason why it counted or
// did not, for the agent who is asked "why is this late?".
type Interval struct {
	From, To time.Time
	Counted  bool
	Rule     calendar.Rule
	Name     string // of the day off
	Cause    string // of the start, pause, resumption or stop
}

// Explain lists the intervals of the current run up to an instant, in order and
// without gaps. The counted ones add up to [Reading.Used]. It fails as
// [Clock.Read] does.
func (c Clock) Explain(calendars Calendars, at time.Time) ([]Interval, error) {
	r, err := fold(calendars, c, at)
	if err != nil || r.phase() == Idle {
		return nil, err
	}
	ruler, err := r.ruler()
	if err != nil {
		return nil, err
	}
	var intervals []Interval
	for _, s := range r.stretches {
		part, err := r.explain(ruler, s, s.end(at))
		if err != nil {
			return nil, err
		}
		intervals = append(intervals, part...)
	}
	return intervals, nil
}

// explain lists the intervals of one stretch.
func (r *run) explain(ruler calendar.Ruler, s stretch, to time.Time) ([]Interval, error) {
	if !s.from.Before(to) {
		return nil, nil
	}
	whole := Interval{From: s.from, To: to, Cause: s.cause}
	switch s.phase {
	case Paused:
		whole.Rule = RulePaused
		return []Interval{whole}, nil
	case Stopped:
		whole.Rule = RuleStopped
		return []Interval{whole}, nil
	}
	counting := r.clamp(s.from)
	var intervals []Interval
	if counting.After(s.from) {
		whole.Rule = RuleStartDay
		if counting.Before(to) {
			whole.To = counting
		}
		intervals = append(intervals, whole)
	}
	spans, err := calendar.Spans(ruler, counting, to)
	for _, span := range spans {
		intervals = append(intervals, Interval{
			From: span.From, To: span.To, Counted: span.Counts, Rule: span.Rule, Name: span.Name, Cause: s.cause,
		})
	}
	return intervals, err
}
