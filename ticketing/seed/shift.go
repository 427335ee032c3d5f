package seed

import (
	"slices"
	"time"

	"sapa/program/calendar"
	"sapa/ticketing/team"
)

// The desk is staffed every day 08:00 to 20:00 WIB in two shifts that overlap
// over noon; everybody has one day off a week (ours). Times are since midnight.
const (
	earlyFrom, earlyTo = 8 * time.Hour, 16*time.Hour + 30*time.Minute
	lateFrom, lateTo   = 11*time.Hour + 30*time.Minute, 20 * time.Hour
	mealAfter          = 4 * time.Hour
	mealLasts          = 40 * time.Minute
	prayerAfter        = 6*time.Hour + 30*time.Minute
	prayerLasts        = 15 * time.Minute
	// lastOffer is how long before the end of a shift nothing new is taken.
	lastOffer = 15 * time.Minute
	day       = 24 * time.Hour
)

// agent is a member of staff who answers, with as many hands as the account
// says.
type agent struct {
	team.Staff
	place  int
	serves []bool      // by place of queue
	hands  []time.Time // from when each is free
	log    []stretch   // what was in hand, for the presence log
}

// stretch is a time in which an agent talked with somebody or wrote it up.
type stretch struct {
	from, talk, wrap time.Time
}

func newAgent(staff team.Staff, place int, queues []team.Queue) *agent {
	a := &agent{Staff: staff, place: place, serves: make([]bool, len(queues)), hands: make([]time.Time, max(staff.Capacity, 1))}
	for i, q := range queues {
		a.serves[i] = slices.ContainsFunc(staff.Teams, func(t team.Team) bool { return t.ID == q.TeamID })
	}
	return a
}

// breakOf is a stretch of a shift in which nothing new is taken, and why.
type breakOf struct {
	from, to time.Time
	reason   string
}

// shift is one day's work of an agent; ok is false on a day off.
func (a *agent) shift(midnight time.Time) (from, to time.Time, breaks []breakOf, ok bool) {
	number := int(midnight.Unix() / int64(day/time.Second))
	if number%7 == a.place%7 {
		return from, to, nil, false
	}
	if (a.place+number/7)%2 == 0 {
		from, to = midnight.Add(earlyFrom), midnight.Add(earlyTo)
	} else {
		from, to = midnight.Add(lateFrom), midnight.Add(lateTo)
	}
	shifted := time.Duration(a.place%4) * 20 * time.Minute // not all eat at once
	meal, prayer := from.Add(mealAfter).Add(shifted), from.Add(prayerAfter).Add(shifted)
	return from, to, []breakOf{{meal, meal.Add(mealLasts), "meal"}, {prayer, prayer.Add(prayerLasts), "prayer"}}, true
}

// midnight is 00:00 WIB of the day of t.
func midnight(t time.Time) time.Time { return calendar.DayStart(t).UTC() }

// earliest is when the agent could take somebody who waits since t, and with
// which hand.
func (a *agent) earliest(t time.Time) (time.Time, int) {
	hand := 0
	for i, free := range a.hands {
		if free.Before(a.hands[hand]) {
			hand = i
		}
	}
	if a.hands[hand].After(t) {
		t = a.hands[hand]
	}
	for range 10 { // a day off is followed by one of work
		from, to, breaks, ok := a.shift(midnight(t))
		if !ok || t.After(to.Add(-lastOffer)) {
			t = midnight(t).Add(day)
			continue
		}
		if t.Before(from) {
			t = from
		}
		for _, b := range breaks {
			if !t.Before(b.from) && t.Before(b.to) {
				t = b.to
			}
		}
		return t, hand
	}
	return t, hand
}

// busy notes a contact.
func (a *agent) busy(hand int, s stretch) {
	a.hands[hand] = s.wrap
	a.log = append(a.log, s)
}

// whoTakes finds the agent of a queue who is free first; of several, the one
// who holds least. It is nil when nobody serves the queue.
func whoTakes(agents []*agent, queue int, since time.Time) (best *agent, at time.Time, hand int) {
	held := 0
	for _, a := range agents {
		if !a.serves[queue] {
			continue
		}
		t, h := a.earliest(since)
		load := a.holds(t)
		if best == nil || t.Before(at) || t.Equal(at) && load < held {
			best, at, hand, held = a, t, h, load
		}
	}
	return best, at, hand
}

func (a *agent) holds(t time.Time) int {
	n := 0
	for _, free := range a.hands {
		if free.After(t) {
			n++
		}
	}
	return n
}
