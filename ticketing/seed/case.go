package seed

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"sapa/program/access"
	"sapa/program/calendar"
	"sapa/program/seed/draw"
	"sapa/ticketing"
	"sapa/ticketing/sla"
	"sapa/ticketing/team"
)

// life is one ticket from its registration on: the desk's own state machine
// decides what may happen, so the events replay to the ticket.
type life struct {
	g      *generator
	rng    *rand.Rand
	first  *talk // in which it arose
	thread *talk // the reporter's newest
	ticket ticketing.Ticket
	clocks map[sla.Timer]sla.Clock
	at     time.Time
	over   bool // the story has come to now
	err    error

	threads []*talk // further conversations of the reporter
	others  []*life // tickets merged into this one

	rated    bool // the question of satisfaction was asked
	reminded int
	refused  map[sla.Timer]int // expiries that the rules did not allow, by run
	linked   map[ticketing.ConversationID]bool
	rows     []any
}

// Rows of tables whose models package ticketing keeps to itself.
type (
	linkRow struct {
		bun.BaseModel `bun:"table:ticket_conversations"`

		Ticket       string `bun:"ticket_id,pk,type:uuid"`
		Conversation string `bun:"conversation_id,pk,type:uuid"`
	}
	noticeRow struct {
		bun.BaseModel `bun:"table:ticket_notices"`

		ID           string    `bun:"id,pk,type:uuid"`
		Ticket       string    `bun:"ticket_id,type:uuid"`
		Notice       string    `bun:"notice"`
		Audience     string    `bun:"audience"`
		At           time.Time `bun:"at"`
		Conversation string    `bun:"conversation_id,type:uuid,nullzero"`
		Seq          *int64    `bun:"seq"`
	}
	checkRow struct {
		bun.BaseModel `bun:"table:ticket_checks"`

		Ticket string    `bun:"ticket_id,pk,type:uuid"`
		At     time.Time `bun:"at"`
	}
)

// registration is what somebody fills in beside what the conversation says.
type registration struct {
	subject, text string
	oversight     *bool
}

// register makes a ticket of the talk, as Desk.Register and the hand-over do.
func (t *talk) register(by access.Actor, r registration) (*life, error) {
	g := t.g
	l := &life{g: g, rng: t.rng, first: t, thread: t, at: t.now, clocks: map[sla.Timer]sla.Clock{},
		refused: map[sla.Timer]int{}, linked: map[ticketing.ConversationID]bool{}}
	leaf := g.desk.leaf(t.about())
	queue := g.desk.queues[g.desk.queueFor(leaf.Queue)]
	if r.subject == "" {
		r.subject = clip(r.text, 120)
	}
	facts := ticketing.TicketFacts{
		Channel: string(t.c.Kind), Contact: string(t.c.Contact), Participant: t.c.Participant, Conversation: string(t.c.ID), Subject: r.subject,
		Text: r.text, Category: leaf.Code, Class: ticketing.TicketClass(leaf.Class), Oversight: r.oversight, Priority: leaf.Priority,
		Queue: string(queue.ID), Unit: string(queue.TeamID), HoldsConversation: by.Kind == access.Staff, Number: g.nextNumber(),
		Target: sla.InWorkingDays(int64(leaf.TargetHours / 24)),
	}
	if err := l.do(ticketing.ActRegister, by, facts); err != nil {
		return nil, err
	}
	t.cases = append(t.cases, l)
	if by.Kind != access.Staff || l.guarded() || l.ticket.Class == ticketing.ClassComplaint && l.ticket.Oversight == nil {
		return l, nil
	}
	mine := l.byStaff(by, ticketing.TicketFacts{})
	if err := l.try(ticketing.ActVerify, by, mine); err != nil {
		return nil, err
	}
	mine.OwnerActive, mine.OwnerSkilled = true, true
	return l, l.try(ticketing.ActAccept, by, mine)
}

func clip(text string, longest int) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), longest)])
}

func (l *life) guarded() bool {
	return l.ticket.Class == ticketing.ClassIntegrity || l.ticket.Oversight != nil && *l.ticket.Oversight
}

// byStaff adds what the desk knows of an actor: whether they had the
// conversation, and serve the ticket's unit.
func (l *life) byStaff(by access.Actor, f ticketing.TicketFacts) ticketing.TicketFacts {
	f.HoldsConversation = string(l.first.c.Assignee) == by.ID
	f.InUnit = l.g.desk.member(team.TeamID(l.ticket.Unit), by.ID)
	f.ForReporter = f.ForReporter || by.Role == access.Agent && l.ticket.State.Decided()
	return f
}

// do does one act at the life's instant and all that follows from it.
func (l *life) do(act ticketing.TicketAct, by access.Actor, facts ticketing.TicketFacts) error {
	command := ticketing.TicketCommand{ID: ticketing.TicketEventID(draw.ID(l.rng, l.at)), Act: act, Actor: by, At: l.at, Version: l.ticket.Version, Facts: facts}
	if act == ticketing.ActRegister {
		command.Ticket = ticketing.TicketID(draw.ID(l.rng, l.at))
	}
	result, err := l.g.machine.Apply(l.ticket, command)
	if err != nil {
		return err
	}
	l.ticket = result.Ticket
	l.rows = append(l.rows, &result.Event)
	for _, effect := range result.Effects {
		if effect.Kind == ticketing.EffectClock {
			if err := l.mark(effect.Timer, effect.Mark); err != nil {
				return err
			}
		}
	}
	l.readClock()
	for _, effect := range result.Effects {
		if effect.Kind == ticketing.EffectNotice {
			if err := l.notice(effect); err != nil {
				return err
			}
		}
	}
	return nil
}

// try is do for an act that the rules may have come to forbid meanwhile: it is
// then let go, as the desk lets it go.
func (l *life) try(act ticketing.TicketAct, by access.Actor, facts ticketing.TicketFacts) error {
	err := l.do(act, by, facts)
	var invalid *ticketing.Invalid
	if errors.Is(err, ticketing.ErrTransition) || errors.Is(err, calendar.ErrYearMissing) || errors.As(err, &invalid) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s at %s: %w", act, l.at.Format(time.RFC3339), err)
	}
	return nil
}

// readClock puts into the ticket what its business clock says.
func (l *life) readClock() {
	t := &l.ticket
	t.DueAt, t.DueUnknown, t.SLAStatus = nil, false, sla.OnTrack
	reading, err := l.clocks[sla.TimerResolve].Read(l.g.desk.clocks, l.at)
	if err != nil {
		t.DueUnknown = errors.Is(err, calendar.ErrYearMissing)
		return
	}
	t.SLAStatus = reading.Status
	if !reading.Due.IsZero() {
		due := reading.Due.UTC()
		t.DueAt = &due
	}
}

// notice carries out one notice of an act.
func (l *life) notice(effect ticketing.TicketEffect) error {
	switch {
	case effect.To != ticketing.ToReporter:
		l.noteNotice(string(effect.Notice), effect.To, nil)
		return nil
	case effect.Notice == ticketing.NoticeRate:
		return l.askRating()
	}
	l.tellReporter(effect.Notice)
	if effect.Notice != ticketing.NoticeRegistered {
		return nil
	}
	return l.mark(sla.TimerAck, sla.Mark{Kind: sla.MarkStop, At: l.at, Cause: string(ticketing.NoticeRegistered)})
}

func (l *life) askRating() error {
	t := l.thread
	if t.c.State.Open() || l.rated {
		return nil // the end of the conversation asks
	}
	t.now = latest(t.now, l.at)
	l.rated = t.ask(l.ticket.ID, team.QueueID(l.ticket.Queue), team.StaffID(l.ticket.Owner)) != nil
	return nil
}

// tellReporter sends a text about the ticket in the reporter's newest talk.
func (l *life) tellReporter(notice ticketing.TicketNotice) {
	key, params := l.text(notice)
	l.say(string(notice), key, params)
}

func (l *life) say(notice, key string, params map[string]any) (sent bool) {
	t := l.thread
	t.now = latest(t.now, l.at)
	sent = t.notice(key, params)
	if !l.linked[t.c.ID] {
		l.linked[t.c.ID] = true
		l.rows = append(l.rows, &linkRow{Ticket: string(l.ticket.ID), Conversation: string(t.c.ID)})
	}
	l.noteNotice(notice, ticketing.ToReporter, t)
	return sent
}

// text is the catalogue's key for a notice, as the desk chooses it.
func (l *life) text(notice ticketing.TicketNotice) (string, map[string]any) {
	language := l.thread.c.Language
	phrase := ticketing.TicketWords{
		Machine: l.g.machine, Site: site,
		Date:  func(at time.Time) string { return l.g.sayDate(language, at) },
		Class: func(class ticketing.TicketClass) string { return l.g.say(language, "ticket.class."+string(class), nil) },
	}.Notice(l.ticket, notice)
	return phrase.Key, phrase.Params
}

// site is an address that leads nowhere: seeded tickets have no code to open.
const site = "https://sapa.example.go.id"

func (g *generator) sayDate(language string, at time.Time) string {
	date := calendar.DateIn(at, calendar.WIB)
	return strconv.Itoa(date.Day) + " " + g.say(language, "month."+strconv.Itoa(int(date.Month)), nil) + " " + strconv.Itoa(date.Year)
}

func (l *life) noteNotice(notice string, to ticketing.TicketAudience, t *talk) {
	row := noticeRow{ID: draw.ID(l.rng, l.at), Ticket: string(l.ticket.ID), Notice: notice, Audience: string(to), At: l.at}
	if t != nil {
		seq := t.c.LastSeq
		row.Conversation, row.Seq = string(t.c.ID), &seq
	}
	l.rows = append(l.rows, &row)
}

// finish brings the clocks to now and hands the rows over.
func (l *life) finish(into *parcel) error {
	l.at = latest(l.at, l.g.now)
	l.readClock()
	l.ticket.SecretHash = nil // nobody was given a code
	if err := into.add(&l.ticket); err != nil {
		return err
	}
	for _, row := range l.rows {
		if err := into.add(row); err != nil {
			return err
		}
	}
	l.g.report.Tickets++
	l.g.report.ByState[string(l.ticket.State)]++
	if l.ticket.State == ticketing.TicketClosed {
		return nil
	}
	return into.add(&checkRow{Ticket: string(l.ticket.ID), At: l.g.now.Add(span(l.rng, 10, 600))})
}
