package seed

import (
	"math"
	"time"

	"sapa/program/access"
	"sapa/program/calendar"
	"sapa/program/seed/draw"
	"sapa/ticketing"
	"sapa/ticketing/sla"
	"sapa/ticketing/team"
)

// goOn tells what became of the tickets of a talk, and hands everything over.
func (g *generator) goOn(t *talk, cases []*life, into *parcel) error {
	threads := []*talk{t}
	for _, l := range cases {
		l.at = latest(l.at, t.now)
		more, err := l.lives()
		if err != nil {
			return err
		}
		threads = append(threads, more...)
	}
	for _, one := range threads {
		if err := one.finish(into); err != nil {
			return err
		}
	}
	for _, l := range cases {
		for _, other := range l.others {
			if err := other.finish(into); err != nil {
				return err
			}
		}
		if err := l.finish(into); err != nil {
			return err
		}
	}
	return nil
}

// lives draws a story for the ticket and tells it up to now. It returns further
// conversations that it led to.
func (l *life) lives() ([]*talk, error) {
	own := l.ticket.State == ticketing.TicketInProgress
	stories := []struct {
		weight int
		tell   func()
	}{
		{44, l.ordinary}, {9, l.asked}, {9, l.held}, {weightIf(!own, 6), l.rejected}, {4, l.withdrawn}, {3, l.referred},
		{7, l.moved}, {12, l.stuck}, {3, l.doubled}, {3, l.returned},
	}
	weights := make([]int, len(stories))
	for i, s := range stories {
		weights[i] = s.weight
	}
	stories[draw.Weighted(l.rng, weights...)].tell()
	for _, one := range append(l.others, l) {
		if l.err == nil {
			l.err = one.advance(l.g.now)
		}
	}
	return l.threads, l.err
}

func weightIf(yes bool, weight int) int {
	if yes {
		return weight
	}
	return 0
}

// pass lets so many working days go by, ending in office hours; false when that
// is later than now, and the story ends as it stands.
func (l *life) pass(from, to float64) bool {
	if l.over || l.err != nil {
		return false
	}
	next := l.office(from + l.rng.Float64()*(to-from))
	if next.After(l.g.now) {
		l.over, next = true, l.g.now
	}
	if l.err = l.advance(next); l.err != nil {
		return false
	}
	return !l.over
}

// office is a time of day between 09:00 and 16:30 WIB on a working day.
func (l *life) office(days float64) time.Time {
	date := calendar.DateIn(l.at, calendar.WIB)
	left := int(math.Ceil(days))
	if days < 0.5 {
		if at := l.at.Add(span(l.rng, 3600, 10800)); l.works(date) && at.Before(date.Start(calendar.WIB).Add(16*time.Hour+30*time.Minute)) &&
			at.After(date.Start(calendar.WIB).Add(9*time.Hour)) {
			return at.UTC()
		}
		left = 1
	}
	for left > 0 {
		if date = date.AddDays(1); l.works(date) {
			left--
		}
	}
	return date.Start(calendar.WIB).Add(9*time.Hour + span(l.rng, 0, 7.5*3600)).UTC()
}

// works tells whether the second line works that day; without a list, on
// weekdays.
func (l *life) works(date calendar.Date) bool {
	worked, err := l.g.desk.days.WorkingDay(date)
	if err != nil {
		weekday := date.Weekday()
		return weekday != time.Saturday && weekday != time.Sunday
	}
	return worked
}

// act does something in a story; what the rules have come to forbid is let go.
func (l *life) act(act ticketing.TicketAct, by access.Actor, f ticketing.TicketFacts) {
	if l.err != nil || l.over {
		return
	}
	if by.Kind == access.Staff {
		f = l.byStaff(by, f)
	}
	l.err = l.try(act, by, f)
}

func (l *life) reporter(act ticketing.TicketAct, f ticketing.TicketFacts) {
	f.IsReporter = true
	l.act(act, access.Actor{Kind: access.Reporter}, f)
}

// verified is the check of a new ticket by a verifier.
func (l *life) verified(from, to float64) bool {
	if l.ticket.State != ticketing.TicketNew {
		return true
	}
	verifier, ok := l.g.desk.one(access.Verifier, l.rng.IntN)
	if !ok || !l.pass(from, to) {
		return false
	}
	f := ticketing.TicketFacts{}
	if l.ticket.Class == ticketing.ClassComplaint && l.ticket.Oversight == nil {
		inquiry := l.first.matter().complaint() && chance(l.rng, 30)
		f.Oversight = &inquiry
	}
	l.act(ticketing.ActVerify, verifier, f)
	return l.ticket.State == ticketing.TicketOpen
}

// taken is somebody of the unit taking the ticket up, or a supervisor giving it
// to them.
func (l *life) taken(from, to float64) bool {
	if l.ticket.State == ticketing.TicketInProgress {
		return true
	}
	if l.ticket.State != ticketing.TicketOpen || !l.pass(from, to) {
		return false
	}
	worker, ok := l.g.desk.worker(team.TeamID(l.ticket.Unit), l.guarded(), l.rng.IntN)
	if !ok { // an inquiry goes to the unit that has officers
		if !l.toOfficers() {
			return false
		}
		worker, ok = l.g.desk.worker(team.TeamID(l.ticket.Unit), l.guarded(), l.rng.IntN)
	}
	f := ticketing.TicketFacts{OwnerActive: true, OwnerSkilled: true}
	boss, hasBoss := l.g.desk.one(access.Supervisor, l.rng.IntN)
	switch {
	case !ok:
		return false
	case hasBoss && chance(l.rng, 30):
		f.Owner = worker.ID
		l.act(ticketing.ActAssign, boss, f)
	default:
		l.act(ticketing.ActAccept, worker, f)
	}
	return l.ticket.State == ticketing.TicketInProgress
}

// toOfficers has the supervisor move the ticket to a unit with officers.
func (l *life) toOfficers() bool {
	boss, ok := l.g.desk.one(access.Supervisor, l.rng.IntN)
	if !ok {
		return false
	}
	for _, q := range l.g.desk.queues {
		if _, ok := l.g.desk.worker(q.TeamID, true, l.rng.IntN); ok && string(q.TeamID) != l.ticket.Unit {
			l.act(ticketing.ActTransfer, boss, ticketing.TicketFacts{Unit: string(q.TeamID), Queue: string(q.ID), Reason: l.g.texts.pick(l.rng, "transfer "+q.Slug, "transfer umum")})
			return l.ticket.State == ticketing.TicketOpen
		}
	}
	return false
}

// words draws a text of a section for the ticket's matter, or the one for all.
func (l *life) words(section string) string {
	return l.g.texts.pick(l.rng, section+" "+l.first.matter().group(), section)
}

// owner is who has the ticket.
func (l *life) owner() access.Actor {
	for _, list := range l.g.desk.byRole {
		for _, s := range list {
			if string(s.ID) == l.ticket.Owner {
				return s.Actor()
			}
		}
	}
	return access.Actor{}
}

// resolved is the answer to the reporter; a second person signs where the rules
// want one.
func (l *life) resolved(from, to float64) bool {
	if l.ticket.State != ticketing.TicketInProgress || !l.pass(from, to) || l.ticket.State != ticketing.TicketInProgress {
		return false
	}
	outcome, cause := l.verdict()
	f := ticketing.TicketFacts{Outcome: outcome, RootCause: cause, PublicAnswer: l.words("answer " + string(outcome))}
	if l.guarded() {
		boss, _ := l.g.desk.one(access.Supervisor, l.rng.IntN)
		f.CoSigner = boss.ID
	}
	l.act(ticketing.ActResolve, l.owner(), f)
	return l.ticket.State == ticketing.TicketResolved
}

// verdict draws what a ticket of this kind comes to.
func (l *life) verdict() (ticketing.TicketOutcome, ticketing.RootCause) {
	type verdict struct {
		outcome ticketing.TicketOutcome
		cause   ticketing.RootCause
	}
	some := map[string][]verdict{
		"account": {{ticketing.OutcomeAccessRestored, ticketing.CauseDelivery}, {ticketing.OutcomeAccessRestored, ticketing.CauseReporterInput},
			{ticketing.OutcomeInformed, ticketing.CauseUnclearInformation}},
		"registration": {{ticketing.OutcomeInformed, ticketing.CauseRegistryMismatch}, {ticketing.OutcomeExplained, ticketing.CauseRegistryMismatch}},
		"batch":        {{ticketing.OutcomeExplained, ticketing.CausePolicy}, {ticketing.OutcomeNotPossible, ticketing.CausePolicy}},
		"training": {{ticketing.OutcomeRecordCorrected, ticketing.CauseProvider}, {ticketing.OutcomePartnerActed, ticketing.CausePlatform},
			{ticketing.OutcomeRefunded, ticketing.CauseProvider}, {ticketing.OutcomeAccessRestored, ticketing.CausePlatform}},
		"incentive": {{ticketing.OutcomePaid, ticketing.CauseAccountMismatch}, {ticketing.OutcomePaid, ticketing.CausePayment},
			{ticketing.OutcomeExplained, ticketing.CauseDelay}, {ticketing.OutcomeInformed, ticketing.CauseUnclearInformation}},
		"complaint": {{ticketing.OutcomeSanctioned, ticketing.CauseProvider}, {ticketing.OutcomeApologised, ticketing.CauseStaffError},
			{ticketing.OutcomeUnfounded, ticketing.CauseUnknown}, {ticketing.OutcomePartnerActed, ticketing.CausePlatform}},
		"other": {{ticketing.OutcomeInformed, ticketing.CauseUnclearInformation}, {ticketing.OutcomeNoted, ticketing.CausePolicy}},
	}[l.first.matter().group()]
	v := some[l.rng.IntN(len(some))]
	return v.outcome, v.cause
}

// aftermath is what the reporter makes of an answer: most say nothing, and the
// window closes by itself.
func (l *life) aftermath() {
	switch draw.Weighted(l.rng, 26, 13, 9, 52) {
	case 0:
		if l.pass(0, 4) {
			l.reporter(ticketing.ActConfirm, ticketing.TicketFacts{})
		}
	case 1:
		if l.pass(0, 6) {
			l.reporter(ticketing.ActReopen, ticketing.TicketFacts{Reason: l.words("reopen")})
			l.resolved(0.5, 3)
		}
	case 2:
		l.appealed()
	}
}

// appealed goes to the officer who had no hand in the case.
func (l *life) appealed() {
	if !l.pass(0, 7) {
		return
	}
	l.reporter(ticketing.ActAppeal, ticketing.TicketFacts{Reason: l.words("appeal")})
	judge, ok := l.g.desk.one(access.Appellate, l.rng.IntN)
	if !ok || l.ticket.State != ticketing.TicketAppealed || !l.pass(3, 12) {
		return
	}
	if chance(l.rng, 65) || l.ticket.Owner == "" {
		l.act(ticketing.ActUphold, judge, ticketing.TicketFacts{Reason: l.words("uphold")})
		return
	}
	l.act(ticketing.ActOverturn, judge, ticketing.TicketFacts{Reason: l.words("overturn"), Target: sla.InWorkingDays(5)})
	l.resolved(1, 4)
}
