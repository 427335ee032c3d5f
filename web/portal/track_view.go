package portal

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"sapa/program/calendar"
	"sapa/ticketing"
)

// caseView is a ticket in words.
type caseView struct {
	ticketing.Tracking
	News     caseNews
	CSRF     string
	Key      string // makes each form one act, however often it is sent
	portal   *Portal
	language string
}

func (c caseView) say(key string, params map[string]any) string {
	return c.portal.words.Say(c.language, key, params)
}

// About is what the ticket is about.
func (c caseView) About() string {
	return c.portal.desk.Say(c.language, "category."+c.Category, nil)
}

// Day writes an instant as people do: 14 Maret 2026.
func (c caseView) Day(t time.Time) string { return c.portal.day(c.language, t) }

func (p *Portal) day(language string, t time.Time) string {
	date := calendar.DateIn(t, calendar.WIB)
	month := p.desk.Say(language, "month."+strconv.Itoa(int(date.Month)), nil)
	return strconv.Itoa(date.Day) + " " + month + " " + strconv.Itoa(date.Year)
}

// Moment is Day with the hour: 14 Maret 2026, 08.00 WIB.
func (c caseView) Moment(t time.Time) string {
	return c.Day(t) + ", " + t.In(calendar.WIB.Location()).Format("15.04") + " WIB"
}

// Standing says in one sentence how the ticket stands.
func (c caseView) Standing() string {
	if c.State == ticketing.TicketClosed {
		return c.say("portal.track.closed."+string(c.ClosedReason), map[string]any{"Other": c.MergedInto})
	}
	if c.State == ticketing.TicketOnHold {
		return c.say("portal.track.state.on_hold", map[string]any{"Party": c.Party})
	}
	return c.say("portal.track.state."+string(c.State), nil)
}

// Next says what happens next and by when.
func (c caseView) Next() string {
	if c.State == ticketing.TicketClosed {
		return ""
	}
	key, params := "portal.track.next."+string(c.State), map[string]any{}
	day := c.NextBy
	if c.State.Decided() {
		day = c.ContestUntil
	}
	switch {
	case day == nil:
		return c.say(key, nil)
	case c.Late && c.State != ticketing.TicketPending:
		key = "portal.track.next.late"
	default:
		key += "_due"
	}
	params["Due"] = c.Day(*day)
	return c.say(key, params)
}

// Who says who has the ticket, by role.
func (c caseView) Who() string { return c.say("portal.track.who."+string(c.State), nil) }

// caseStep is one step of the way; State is done, now or later.
type caseStep struct{ Name, State string }

// Steps is the way of a ticket and how far it has come.
func (c caseView) Steps() []caseStep {
	names := []string{"received", "checked", "worked", "answered", "closed"}
	now := map[ticketing.TicketState]int{
		ticketing.TicketNew: 1, ticketing.TicketOpen: 2, ticketing.TicketInProgress: 2, ticketing.TicketPending: 2, ticketing.TicketOnHold: 2,
		ticketing.TicketResolved: 3, ticketing.TicketRejected: 3, ticketing.TicketAppealed: 3, ticketing.TicketClosed: len(names),
	}[c.State]
	steps := make([]caseStep, len(names))
	for i, name := range names {
		state := "later"
		switch {
		case i < now:
			state = "done"
		case i == now:
			state = "now"
		}
		steps[i] = caseStep{Name: c.say("portal.track.step."+name, nil), State: state}
	}
	return steps
}

// Happened names a line of the history.
func (c caseView) Happened(line ticketing.TrackLine) string {
	return c.say("portal.track.line."+string(line.Act), map[string]any{"Body": line.Body})
}

// History is the lines, newest first.
func (c caseView) History() []ticketing.TrackLine {
	lines := slices.Clone(c.Lines)
	slices.Reverse(lines)
	return lines
}

// Question is what we asked and still wait for.
func (c caseView) Question() string {
	for _, line := range c.History() {
		if c.State == ticketing.TicketPending && line.Act == ticketing.ActAskReporter {
			return line.Text
		}
	}
	return ""
}

// Answer is the newest decision in our words, "" for none.
func (c caseView) Answer() string {
	for _, line := range c.History() {
		switch line.Act {
		case ticketing.ActResolve, ticketing.ActReject, ticketing.ActUphold:
			return line.Text
		case ticketing.ActReopen, ticketing.ActOverturn:
			return ""
		}
	}
	return ""
}

// Over tells whether we have decided: then other ways to complain are named.
func (c caseView) Over() bool { return c.State.Decided() || c.State == ticketing.TicketClosed }

// Can tells whether a form for the act is shown.
func (c caseView) Can(act string) bool { return c.May(ticketing.TicketAct(act)) }

// Low tells whether the rating given is one that we offer an appeal with.
func (c caseView) Low() bool { return c.Score > 0 && c.Score <= ticketing.CSATLow }

// Appeal says until when one can appeal.
func (c caseView) Appeal() string {
	if c.AppealUntil == nil {
		return ""
	}
	return c.say("portal.track.appeal.until", map[string]any{"Due": c.Day(*c.AppealUntil)})
}

// Thanks says what was just done, "" for nothing or for what we never did.
func (c caseView) Thanks() string {
	if !slices.Contains([]string{"write", "rate", "confirm", "reopen", "appeal", "withdraw"}, c.News.Done) {
		return ""
	}
	return c.say("portal.track.done."+c.News.Done, nil)
}

// Wrong is the fault of the named form, and Kept what was typed into it.
func (c caseView) Wrong(act string) string {
	if c.News.Fault == "" || c.News.Act != act {
		return ""
	}
	return c.say(c.News.Fault, nil)
}

// Refused is the fault of a form that is not shown any more.
func (c caseView) Refused() string {
	if c.News.Act == "write" || c.News.Act == "rate" || c.Can(c.News.Act) {
		return ""
	}
	return c.Wrong(c.News.Act)
}

// Kept is what was typed into the named form.
func (c caseView) Kept(act string) string {
	if c.News.Act != act {
		return ""
	}
	return c.News.Typed
}

// slots hands several values to a template by name: slots "a" 1 "b" 2.
func slots(pairs ...any) map[string]any {
	named := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		named[strings.TrimSpace(name)] = pairs[i+1]
	}
	return named
}
