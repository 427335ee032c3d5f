package seed

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"sapa/program/seed/draw"
	"sapa/ticketing"
	"sapa/ticketing/team"
)

// presenceRow and presenceNow are rows of the tables of the same names.
type presenceRow struct {
	bun.BaseModel `bun:"table:presence_log"`

	ID     string     `bun:"id,pk,type:uuid"`
	Staff  string     `bun:"staff_id,type:uuid"`
	State  string     `bun:"state"`
	Reason string     `bun:"reason"`
	From   time.Time  `bun:"from_at"`
	To     *time.Time `bun:"to_at"`
}

type presenceNow struct {
	bun.BaseModel `bun:"table:presence"`

	Staff       team.StaffID `bun:"staff_id,pk,type:uuid"`
	Chosen      string       `bun:"chosen"`
	Reason      string       `bun:"reason"`
	State       string       `bun:"state"`
	Since       time.Time    `bun:"since"`
	HeartbeatAt time.Time    `bun:"heartbeat_at"`
}

// presence tells an agent's shifts from the first day to now: every second of
// one belongs to one state, and the contacts in hand decide which.
func (a *agent) presence(rng *rand.Rand, from, now time.Time) ([]presenceRow, presenceNow) {
	var rows []presenceRow
	offline := from
	slices.SortFunc(a.log, func(x, y stretch) int { return x.from.Compare(y.from) })
	next := 0
	for midnight := midnight(from); midnight.Before(now); midnight = midnight.Add(day) {
		begin, end, breaks, ok := a.shift(midnight)
		if !ok || !begin.Before(now) || begin.Before(from) {
			continue
		}
		first := next
		for next < len(a.log) && a.log[next].from.Before(midnight.Add(day)) {
			next++
		}
		// Somebody who is still talking at the end of the shift stays for it.
		for _, s := range a.log[first:next] {
			end = latest(end, s.wrap)
		}
		if end.After(now) {
			end = now
		}
		if begin.After(offline) {
			rows = append(rows, a.row(rng, ticketing.PresenceOffline, "", offline, begin))
		}
		rows = append(rows, a.day(rng, begin, end, breaks, a.log[first:next])...)
		offline = end
	}
	rows = append(rows, a.row(rng, ticketing.PresenceOffline, "", offline, time.Time{}))
	return rows, presenceNow{Staff: a.ID, Chosen: ticketing.ChosenOffline, State: string(ticketing.PresenceOffline), Since: offline, HeartbeatAt: offline}
}

// day cuts one shift at every instant at which the state may change.
func (a *agent) day(rng *rand.Rand, begin, end time.Time, breaks []breakOf, held []stretch) []presenceRow {
	cuts := []time.Time{begin, end}
	for _, s := range held {
		cuts = append(cuts, s.from, s.talk, s.wrap)
	}
	for _, b := range breaks {
		cuts = append(cuts, b.from, b.to)
	}
	slices.SortFunc(cuts, time.Time.Compare)
	cuts = slices.CompactFunc(cuts, time.Time.Equal)
	var rows []presenceRow
	for i, from := range cuts[:len(cuts)-1] {
		to := cuts[i+1]
		if from.Before(begin) || to.After(end) {
			continue
		}
		state, reason := stateAt(from, breaks, held)
		if n := len(rows); n > 0 && rows[n-1].State == string(state) && rows[n-1].Reason == reason {
			*rows[n-1].To = to
			continue
		}
		rows = append(rows, a.row(rng, state, reason, from, to))
	}
	return rows
}

// stateAt says what the agent does from an instant on, as decision 6 orders it.
func stateAt(t time.Time, breaks []breakOf, held []stretch) (ticketing.PresenceState, string) {
	during := func(from, to time.Time) bool { return !t.Before(from) && t.Before(to) }
	writing := false
	reason := ""
	for _, b := range breaks {
		if during(b.from, b.to) {
			reason = b.reason
		}
	}
	for _, s := range held {
		if during(s.from, s.talk) {
			return ticketing.PresenceOnContact, reason
		}
		writing = writing || during(s.talk, s.wrap)
	}
	switch {
	case writing:
		return ticketing.PresenceWrapUp, reason
	case reason != "":
		return ticketing.PresenceBreak, reason
	}
	return ticketing.PresenceAvailable, ""
}

func (a *agent) row(rng *rand.Rand, state ticketing.PresenceState, reason string, from, to time.Time) presenceRow {
	row := presenceRow{ID: draw.ID(rng, from), Staff: string(a.ID), State: string(state), Reason: reason, From: from}
	if !to.IsZero() {
		row.To = &to
	}
	return row
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
