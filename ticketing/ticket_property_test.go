package ticketing

import (
	"errors"
	"fmt"
	"math/rand"
	"reflect"
	"slices"
	"testing"
	"time"

	"sapa/program/access"
	"sapa/ticketing/sla"
)

// The properties hold for any sequence of acts, so they are tried on sequences
// drawn by chance: each seed is one desk with three tickets on which a crowd
// does whatever comes to mind, right or wrong. A failure names its seed.
const (
	seeds       = 200
	actsPerSeed = 100
)

// testDesk is the world of one seed: tickets, their events and clocks.
type testDesk struct {
	t       *testing.T
	rng     *rand.Rand
	m       *TicketMachine
	now     time.Time
	tickets []*simulated
	done    map[TicketAct]int // how often each act happened
}

type simulated struct {
	ticket Ticket
	events []TicketEvent
	clocks map[sla.Timer]sla.Clock
	fired  map[string]int // timer and run to number of expiries acted upon
	used   time.Duration  // of the business clock when last read
}

func TestProperties(t *testing.T) {
	t.Parallel()
	done := map[TicketAct]int{}
	for seed := range int64(seeds) {
		d := &testDesk{t: t, rng: rand.New(rand.NewSource(seed)), m: testMachine(), now: day0(), done: done}
		for range 3 {
			d.register()
		}
		for range actsPerSeed {
			d.act()
			if d.rng.Intn(12) == 0 {
				d.register()
			}
			d.pass()
			d.checkClocks(d.any())
			if t.Failed() {
				t.Fatalf("seed %d", seed)
			}
		}
		for _, s := range d.tickets {
			d.checkHistory(s)
		}
		d.checkMerges()
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	// Sequences that never reach an act prove nothing about it.
	for _, act := range ticketActs() {
		if done[act] < 20 {
			t.Errorf("%s happened only %d times: %v", act, done[act], done)
		}
	}
}

// pass lets up to two days pass, now and then a month and a half.
func (d *testDesk) pass() {
	most := 48 * time.Hour
	if d.rng.Intn(25) == 0 {
		most = 45 * 24 * time.Hour
	}
	d.now = d.now.Add(time.Duration(d.rng.Int63n(int64(most))).Truncate(time.Second))
}

// any is a ticket, rather one that is not closed.
func (d *testDesk) any() *simulated {
	s := d.tickets[d.rng.Intn(len(d.tickets))]
	if s.ticket.State == TicketClosed {
		s = d.tickets[d.rng.Intn(len(d.tickets))]
	}
	return s
}

// register adds a ticket to the desk.
func (d *testDesk) register() {
	s := &simulated{clocks: map[sla.Timer]sla.Clock{}, fired: map[string]int{}}
	id := TicketID(fmt.Sprintf("ticket-%d", len(d.tickets)))
	c := TicketCommand{ID: NewTicketEventID(), Ticket: id, Act: ActRegister, Actor: citizen, At: d.now, Facts: goodFacts(ActRegister, d.now)}
	c.Facts.Class = ""
	result, err := d.m.Apply(Ticket{}, c)
	if err != nil {
		d.t.Fatal(err)
	}
	d.tickets = append(d.tickets, s)
	d.keep(s, result)
	d.now = d.now.Add(time.Hour)
}

// act tries one act on one ticket.
func (d *testDesk) act() {
	s := d.any()
	c := d.draw(s)
	before := s.ticket
	result, err := d.m.Apply(s.ticket, c)
	if !reflect.DeepEqual(before, s.ticket) {
		d.t.Errorf("%s changed its argument", c.Act)
	}
	if err != nil {
		d.checkRefused(err, c)
		return
	}
	d.checkAllowed(s, c, result)
	d.keep(s, result)
	d.redeliver(s, c)
	for _, e := range result.Effects {
		if e.Kind == EffectAbsorb {
			d.absorb(s, e.Other)
		}
	}
}

// draw makes up a command: mostly an act that fits the state and somebody who
// may do it, sometimes anything by anybody, with facts that are mostly in order.
func (d *testDesk) draw(s *simulated) TicketCommand {
	acts := ticketActs()
	act := acts[d.rng.Intn(len(acts))]
	actor := ticketCast()[d.rng.Intn(len(ticketCast()))]
	if d.rng.Intn(10) < 8 {
		act, actor = d.fitting(s.ticket, act, actor)
	}
	if act == ActRelease && d.rng.Intn(3) > 0 {
		act = acts[d.rng.Intn(len(acts))] // people leave seldom, and would empty every desk
	}
	f := goodFacts(act, d.now)
	f.IsReporter, f.InUnit = d.rng.Intn(20) > 0, d.rng.Intn(20) > 0
	f.NewFacts, f.OwnerActive = d.rng.Intn(5) > 0, d.rng.Intn(20) > 0
	if act == ActVerify || act == ActReclassify {
		f.Class = TicketClasses()[d.rng.Intn(4)]
		f.Oversight = []*bool{nil, yes(), no()}[d.rng.Intn(3)]
		f.Category, f.Priority, f.Queue = "incentive.status", d.rng.Intn(5), "queue"
	}
	if act == ActAssign || act == ActOverturn {
		f.Owner = []string{agent.ID, officer.ID, supervisor.ID, appellate.ID}[d.rng.Intn(4)]
	}
	if act == ActHold && d.rng.Intn(2) == 0 {
		f.PauseApprover = supervisor.ID
	}
	if act == ActMerge {
		other := d.tickets[d.rng.Intn(len(d.tickets))].ticket
		f.Merge = &TicketMerge{
			ID: other.ID, State: other.State, Class: other.Class, MergedInto: other.MergedInto,
			RegisteredAt: other.RegisteredAt, SameIncident: d.rng.Intn(10) > 0,
		}
	}
	version := s.ticket.Version
	if d.rng.Intn(20) == 0 {
		version--
	}
	return TicketCommand{ID: NewTicketEventID(), Ticket: s.ticket.ID, Act: act, Actor: actor, At: d.now, Version: version, Facts: f}
}

// fitting replaces the act and actor by a pair that the table lists.
func (d *testDesk) fitting(t Ticket, act TicketAct, actor access.Actor) (TicketAct, access.Actor) {
	rows := published()
	for range 60 {
		row := rows[d.rng.Intn(len(rows))]
		ends := row.to == TicketClosed && t.State != TicketAppealed && !t.State.Decided()
		switch {
		case !slices.Contains(row.from, t.State), row.act == ActAbsorb, row.act == ActWrite && d.rng.Intn(6) > 0:
			continue
		case ends && d.rng.Intn(4) > 0: // let tickets live
			continue
		case slices.ContainsFunc(row.who, officer.Same) && d.rng.Intn(3) > 0:
			return row.act, d.ownerOf(t)
		}
		return row.act, row.who[d.rng.Intn(len(row.who))]
	}
	return act, actor
}

// ownerOf is the actor who owns a ticket, the officer if nobody does.
func (d *testDesk) ownerOf(t Ticket) access.Actor {
	for _, actor := range ticketCast() {
		if actor.ID == t.Owner && t.Owner != "" {
			return actor
		}
	}
	return officer
}

func (d *testDesk) keep(s *simulated, result TicketResult) {
	d.done[result.Event.Act]++
	s.ticket = result.Ticket
	s.events = append(s.events, result.Event)
	for _, e := range result.Effects {
		if e.Kind != EffectClock {
			continue
		}
		clock, ok := s.clocks[e.Timer]
		if !ok {
			clock = sla.Clock{Timer: e.Timer}
		}
		clock, err := clock.Append(e.Mark)
		if err != nil {
			d.t.Errorf("%s: %v", result.Event.Act, err)
		}
		s.clocks[e.Timer] = clock
	}
}

// absorb does the other half of a merge.
func (d *testDesk) absorb(from *simulated, into TicketID) {
	i := slices.IndexFunc(d.tickets, func(s *simulated) bool { return s.ticket.ID == into })
	s := d.tickets[i]
	f := TicketFacts{Merge: &TicketMerge{
		ID: from.ticket.ID, State: from.ticket.State, MergedInto: from.ticket.MergedInto, RegisteredAt: from.ticket.RegisteredAt,
	}}
	result, err := d.m.Apply(s.ticket, TicketCommand{ID: NewTicketEventID(), Act: ActAbsorb, Actor: timer, At: d.now, Version: s.ticket.Version, Facts: f})
	if err != nil {
		d.t.Error(err)
		return
	}
	d.keep(s, result)
}

// checkRefused: errors are of the four kinds, nothing else.
func (d *testDesk) checkRefused(err error, c TicketCommand) {
	var invalid *Invalid
	if !errors.Is(err, ErrStale) && !errors.Is(err, ErrTransition) && !errors.Is(err, ErrRole) && !errors.As(err, &invalid) {
		d.t.Errorf("%s: %v", c.Act, err)
	}
}

// checkAllowed holds a success to the published table (5), to the reviewer's
// distance (10), and to versions (11).
func (d *testDesk) checkAllowed(s *simulated, c TicketCommand, result TicketResult) {
	_, inState, forActor := allowed(c.Act, s.ticket.State, c.Actor)
	owner := s.ticket.Owner == c.Actor.ID && c.Actor.Kind == access.Staff // owners are owners, whatever their job
	if _, _, officers := allowed(c.Act, s.ticket.State, officer); owner && officers {
		forActor = true
	}
	if !inState || !forActor {
		d.t.Errorf("%s in %s by %s %s happened", c.Act, s.ticket.State, c.Actor.Kind, c.Actor.Role)
	}
	if c.Version != s.ticket.Version || result.Ticket.Version != s.ticket.Version+1 {
		d.t.Errorf("%s: version %d on %d gave %d", c.Act, c.Version, s.ticket.Version, result.Ticket.Version)
	}
	if c.Act == ActUphold || c.Act == ActOverturn {
		for _, e := range s.events {
			if e.ActorID == c.Actor.ID || e.Facts.Owner == c.Actor.ID || e.Facts.CoSigner == c.Actor.ID {
				d.t.Errorf("the appellate officer had done %s", e.Act)
			}
		}
	}
}

// redeliver sends the command that just succeeded again (3): its version is over.
func (d *testDesk) redeliver(s *simulated, c TicketCommand) {
	if _, err := d.m.Apply(s.ticket, c); !errors.Is(err, ErrStale) {
		d.t.Errorf("%s applied twice: %v", c.Act, err)
	}
}
