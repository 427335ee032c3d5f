package ticketing

import (
	"fmt"
	"reflect"
	"slices"

	"sapa/ticketing/sla"
)

// checkClocks reads all clocks of a ticket at the present moment.
func (d *testDesk) checkClocks(s *simulated) {
	for timer, clock := range s.clocks {
		reading, err := clock.Read(sla.Calendars{Days: d.m.calendars.Days}, d.now)
		if err != nil {
			d.t.Errorf("%s: %v", timer, err)
			continue
		}
		d.fire(s, timer, reading)
		switch timer {
		case sla.TimerResolve:
			d.checkBusiness(s, reading)
		case sla.TimerAge: // the reporter clock is the time since registration, always (7)
			if age := d.now.Sub(s.ticket.RegisteredAt); reading.Used != age {
				d.t.Errorf("%s: age %s, want %s", s.ticket.State, reading.Used, age)
			}
		}
		if s.ticket.State == TicketClosed && reading.Phase == sla.Running && timer != sla.TimerAge && timer != sla.TimerAck {
			d.t.Errorf("%s runs on a closed ticket", timer)
		}
	}
}

// checkBusiness: the time used never shrinks, and stands still while the
// reporter is waited for or the ticket is decided (6).
func (d *testDesk) checkBusiness(s *simulated, reading sla.Reading) {
	if reading.Used < s.used {
		d.t.Errorf("business time fell from %s to %s", s.used, reading.Used)
	}
	s.used = reading.Used
	waits := s.ticket.State == TicketPending || s.ticket.State.Decided()
	if waits && reading.Phase == sla.Running {
		d.t.Errorf("business clock runs in %s", s.ticket.State)
	}
	works := s.ticket.State == TicketNew || s.ticket.State == TicketOpen || s.ticket.State == TicketInProgress
	if works && reading.Phase != sla.Running {
		d.t.Errorf("business clock is %s in %s", reading.Phase, s.ticket.State)
	}
}

// fire acts upon an expiry as a worker does, twice; it must be owed once a run
// (4).
func (d *testDesk) fire(s *simulated, timer sla.Timer, reading sla.Reading) {
	for range 2 {
		if !reading.ShouldFire() {
			return
		}
		s.fired[fmt.Sprintf("%s/%d", timer, reading.Run)]++
		if s.fired[fmt.Sprintf("%s/%d", timer, reading.Run)] > 1 {
			d.t.Errorf("%s fired again in run %d", timer, reading.Run)
		}
		clock, err := s.clocks[timer].Append(sla.Mark{Kind: sla.MarkFired, At: d.now})
		if err != nil {
			d.t.Error(err)
		}
		s.clocks[timer] = clock
		if reading, err = clock.Read(sla.Calendars{Days: d.m.calendars.Days}, d.now); err != nil {
			d.t.Error(err)
		}
	}
}

// checkHistory rebuilds a ticket at every point of its history (1), and holds
// each to what must be true of any ticket (2, 8).
func (d *testDesk) checkHistory(s *simulated) {
	for n := 1; n <= len(s.events); n++ {
		ticket, err := ReplayTicket(s.events[:n])
		if err != nil {
			d.t.Fatal(err)
		}
		d.checkTicket(ticket)
	}
	twice := slices.Clone(s.events)
	twice = append(twice, s.events[d.rng.Intn(len(s.events))])
	for _, list := range [][]TicketEvent{s.events, twice} {
		if got, err := ReplayTicket(list); err != nil || !reflect.DeepEqual(got, s.ticket) {
			d.t.Errorf("replay: %v\n got %+v\nwant %+v", err, got, s.ticket)
		}
	}
}

func (d *testDesk) checkTicket(t Ticket) {
	known := slices.Contains(ClosedReasons(), t.ClosedReason)
	works := t.State == TicketInProgress || t.State == TicketOnHold
	switch {
	case (t.State == TicketClosed) != known || !known && t.ClosedReason != "":
		d.t.Errorf("%s with reason %q", t.State, t.ClosedReason)
	case (t.State == TicketClosed) != (t.ClosedAt != nil):
		d.t.Errorf("%s closed at %v", t.State, t.ClosedAt)
	case t.State == TicketAppealed && (t.ClosedReason != "" || !t.State.InBacklog()):
		d.t.Error("an appealed ticket counts as closed")
	case works && t.Owner == "":
		d.t.Errorf("%s without owner", t.State)
	case (t.State == TicketNew || t.State == TicketOpen) && t.Owner != "":
		d.t.Errorf("%s, but owned by %s", t.State, t.Owner)
	case (t.State == TicketPending) != (t.PendingFrom != ""):
		d.t.Errorf("%s comes from %q", t.State, t.PendingFrom)
	case (t.ClosedReason == ClosedMerged) != (t.MergedInto != ""):
		d.t.Errorf("closed as %q, merged into %q", t.ClosedReason, t.MergedInto)
	case t.State.Decided() && t.DecidedAt == nil:
		d.t.Errorf("%s without a time of decision", t.State)
	case t.Level < 0 || t.Level > sla.MaxLevel:
		d.t.Errorf("level %d", t.Level)
	}
}

// checkMerges follows every merged ticket to its end: there is one (9), and the
// ticket there is as old as the oldest merged into it.
func (d *testDesk) checkMerges() {
	byID := map[TicketID]Ticket{}
	for _, s := range d.tickets {
		byID[s.ticket.ID] = s.ticket
	}
	for _, s := range d.tickets {
		at := s.ticket
		for range len(d.tickets) {
			if at.MergedInto == "" {
				break
			}
			at = byID[at.MergedInto]
		}
		if at.MergedInto != "" {
			d.t.Errorf("merges of %s form a cycle", s.ticket.ID)
		}
		if at.RegisteredAt.After(s.ticket.RegisteredAt) {
			d.t.Errorf("%s is younger than %s merged into it", at.ID, s.ticket.ID)
		}
	}
}
