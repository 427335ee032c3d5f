package seed

import (
	"math/rand/v2"
	"slices"
	"time"

	"sapa/channels"
	"sapa/program/seed/draw"
	"sapa/ticketing"
	"sapa/ticketing/sla"
)

// path is how a conversation went.
type path uint8

const (
	pathSolved path = iota // the bot answered and the citizen said so
	pathSilent             // the bot answered and the citizen fell silent
	pathLeft               // the citizen closed the chat while the bot had it
	pathPeople             // handed over
)

// plan is a conversation before its words: when it began, what about, by which
// channel, and who took it when.
type plan struct {
	at       time.Time
	number   int // its own random numbers
	inbox    uint8
	matter   uint8
	path     path
	exchange uint8 // questions to the bot
	queue    int16
	verify   bool
	tail     bool // of the weeks before: it became a ticket that is still spoken of
	ticket   ticketOrigin
	outcome  string

	botTakes  time.Duration // from the first message to the last line of the bot
	talkTakes time.Duration
	wrapTakes time.Duration

	// What became of it in the queue, zero where it did not happen.
	queuedAt, assignedAt, answeredAt, endedAt, wrappedAt time.Time
	agent                                                *agent

	person *person
}

// abandoned tells whether the citizen left before a person wrote.
func (p *plan) abandoned() bool { return p.path == pathPeople && p.answeredAt.IsZero() }

// ticketOrigin says what made a ticket of the conversation.
type ticketOrigin uint8

const (
	noTicket      ticketOrigin = iota
	fromComplaint              // the hand-over was a complaint
	fromAgent                  // the agent registered it
	fromUnsolved               // the contact ended unsolved
)

// Shares of the plan. Containment is the 64 % of GRIEVANCE 3.5; the rest is ours.
const (
	containment   = 0.64
	tailShare     = 0.013 // of conversations: weeks before, each with a ticket
	tailDays      = 45    // the reporter's and the appeal's thirty days fit in
	ticketShare   = 8.5   // in a hundred answered contacts: goes on as a ticket
	unsolvedShare = 2.0   // in a hundred answered contacts: ends unsolved
	quietEnd      = 11 * time.Minute
	// At night, when the bot says that people answer in the morning, fewer ask
	// for them.
	nightShare, nightPeople = 0.19, 0.45
)

// patienceAt is the share of those who still ask for people at this hour.
func patienceAt(at time.Time) float64 {
	if hour := at.Add(7 * time.Hour).Hour(); hour < 8 || hour >= 20 {
		return nightPeople
	}
	return 1
}

// hourly is how many of ten thousand contacts of a day begin in each hour of it,
// in WIB: the desk's hours carry most, the bot answers the rest.
func hourly() []int {
	return []int{50, 28, 18, 16, 34, 85, 190, 390, 740, 960, 1000, 870, 700, 830, 870, 790, 680, 530, 510, 550, 400, 285, 180, 95}
}

// weekday is the volume of a day against a Monday's, in a hundred.
func weekday(t time.Weekday) int {
	switch t {
	case time.Monday:
		return 108
	case time.Saturday:
		return 64
	case time.Sunday:
		return 55
	}
	return 100
}

// arrivals draws so many instants between from and until, by hour and weekday,
// ascending.
func arrivals(rng *rand.Rand, n int, from, until time.Time) []time.Time {
	var hours []time.Time
	var weights []int
	for at := from; at.Before(until); at = at.Add(time.Hour) {
		local := at.Add(7 * time.Hour) // WIB
		hours = append(hours, at)
		// A day's own luck: announcements and paydays.
		luck := 88 + int((at.Unix()/86400*2654435761)%25)
		weights = append(weights, hourly()[local.Hour()]*weekday(local.Weekday())*luck/100)
	}
	steps := newLadder(weights)
	list := make([]time.Time, 0, n)
	for len(list) < n {
		at := hours[steps.draw(rng)].Add(span(rng, 0, 3600))
		if at.Before(until) {
			list = append(list, at)
		}
	}
	slices.SortFunc(list, time.Time.Compare)
	return list
}

// plans draws every conversation and then runs them through the queues.
func (g *generator) plan() []*plan {
	rng := g.source(0)
	until := g.now.Add(-quietEnd)
	tails := int(float64(g.options.Conversations) * tailShare)
	starts := arrivals(rng, tails, g.from.AddDate(0, 0, -tailDays+windowDays), g.from)
	starts = append(starts, arrivals(rng, g.options.Conversations-tails, g.from, until)...)
	list := make([]*plan, len(starts))
	scale := (1 - containment) * 100 / needed(g.matters) / (1 - nightShare*(1-nightPeople))
	inboxes := make([]int, len(g.desk.inboxes))
	for i, in := range g.desk.inboxes {
		inboxes[i] = shareOf(in.kind)
	}
	for i, at := range starts {
		list[i] = g.draft(i, at, i < tails, scale, inboxes)
	}
	g.serve(list)
	return list
}

// draft draws one conversation as the citizen and the bot make it.
func (g *generator) draft(number int, at time.Time, tail bool, scale float64, inboxes []int) *plan {
	rng := g.source(number + 1)
	p := &plan{at: at.UTC().Truncate(time.Millisecond), number: number, tail: tail, queue: -1}
	p.inbox = uint8(draw.Weighted(rng, inboxes...))
	p.matter = uint8(g.frequency.draw(rng))
	m := g.matters[p.matter]
	if p.path = pathPeople; !tail && !chance(rng, float64(m.people)*scale*patienceAt(p.at)) {
		p.path = []path{pathSolved, pathSilent, pathLeft}[draw.Weighted(rng, 46, 42, 12)]
	}
	p.exchange = uint8(1 + draw.Weighted(rng, 52, 34, 14))
	p.verify = p.needsProof(m) && chance(rng, 55)
	p.botTakes = span(rng, 13, 19) + time.Duration(p.exchange-1)*around(rng, 38*time.Second, 0.5, 4*time.Minute)
	if p.verify {
		p.botTakes += span(rng, 35, 110)
	}
	if p.path != pathPeople {
		p.endBot(rng, g.now)
		return p
	}
	p.queue = int16(g.desk.queueFor(g.desk.leaf(string(m.intent)).Queue))
	p.queuedAt = p.at.Add(p.botTakes)
	kind := g.desk.inboxes[p.inbox].kind
	median := map[channels.Kind]time.Duration{channels.Webchat: 6 * time.Minute, channels.WhatsApp: 9 * time.Minute, channels.SMS: 10 * time.Minute}[kind]
	p.talkTakes = max(around(rng, median, 0.45, 40*time.Minute), 90*time.Second)
	p.wrapTakes = span(rng, 12, 58)
	return p
}

// endBot says when a conversation that stayed with the bot was over; what would
// not be over by now ended with a thank you instead.
func (p *plan) endBot(rng *rand.Rand, now time.Time) {
	p.endedAt = p.at.Add(p.botTakes)
	switch p.path {
	case pathSolved:
		p.endedAt = p.endedAt.Add(span(rng, 9, 70))
	case pathLeft:
		p.endedAt = p.endedAt.Add(span(rng, 15, 240))
	case pathSilent:
		p.endedAt = p.endedAt.Add(silenceWarn + silenceEnd)
	}
	if p.endedAt.After(now.Add(-time.Minute)) {
		p.path, p.exchange, p.verify = pathSolved, 1, false
		p.botTakes = span(rng, 13, 19)
		p.endedAt = p.at.Add(p.botTakes + span(rng, 9, 70))
	}
}

// The desk's default times of silence (ticketing.Pace).
const (
	silenceWarn = 10 * time.Minute
	silenceEnd  = 15 * time.Minute
)

// needsProof tells whether the bot looks at the record for this matter.
func (p *plan) needsProof(m matter) bool {
	switch m.group() {
	case "incentive", "batch", "training":
		return true
	}
	return false
}

// serve runs the conversations that were handed over through the queues in the
// order in which they came there.
func (g *generator) serve(list []*plan) {
	var waiting []*plan
	for _, p := range list {
		if p.path == pathPeople {
			waiting = append(waiting, p)
		}
	}
	slices.SortStableFunc(waiting, func(a, b *plan) int { return a.queuedAt.Compare(b.queuedAt) })
	for _, p := range waiting {
		rng := g.source(p.number + 1<<40)
		g.serveOne(rng, p)
		if p.path == pathPeople {
			p.outcome, p.ticket = g.outcomeOf(rng, p)
		}
	}
}

// serveOne finds who takes the conversation, unless the citizen leaves first or
// it would not be over by now.
func (g *generator) serveOne(rng *rand.Rand, p *plan) {
	kind := g.desk.inboxes[p.inbox].kind
	a, at, hand := whoTakes(g.desk.agents, int(p.queue), p.queuedAt.Add(time.Second))
	leaves := p.queuedAt.Add(patience(rng, patienceOf(kind)))
	reads := p.readingTime(rng, kind)
	switch answers := at.Add(reads); {
	case a == nil || leaves.Before(at):
		p.endedAt = leaves // nobody was there, or the citizen did not wait
		p.wrappedAt = leaves
	case leaves.Before(answers):
		p.agent, p.assignedAt, p.endedAt = a, at, leaves
		p.wrappedAt = leaves.Add(span(rng, 3, 9))
	default:
		p.agent, p.assignedAt, p.answeredAt = a, at, answers
		p.endedAt = answers.Add(p.talkTakes)
		p.wrappedAt = p.endedAt.Add(p.wrapTakes)
	}
	if p.wrappedAt.After(g.now.Add(-2 * time.Minute)) {
		p.path, p.agent, p.queue = pathSolved, nil, -1
		p.queuedAt, p.assignedAt, p.answeredAt, p.wrappedAt = time.Time{}, time.Time{}, time.Time{}, time.Time{}
		p.endBot(rng, g.now)
		return
	}
	if p.agent != nil {
		a.busy(hand, stretch{p.assignedAt, p.endedAt, p.wrappedAt})
	}
}

// patienceOf is how long people wait on average before they leave: a chat window
// is closed, a phone is put into a pocket (ours).
func patienceOf(kind channels.Kind) time.Duration {
	if kind == channels.Webchat {
		return 16 * time.Minute
	}
	return 14 * time.Hour
}

// readingTime is from the offer to the first word of the agent: most answer a
// chat within its promise of a minute, some do not.
func (p *plan) readingTime(rng *rand.Rand, kind channels.Kind) time.Duration {
	if kind == channels.Webchat {
		return around(rng, 24*time.Second, 0.85, 8*time.Minute)
	}
	return around(rng, 75*time.Second, 1.1, 50*time.Minute)
}

// outcomeOf is the agent's verdict on a contact, and whether it became a ticket.
func (g *generator) outcomeOf(rng *rand.Rand, p *plan) (string, ticketOrigin) {
	complaint := g.matters[p.matter].complaint()
	switch {
	case p.abandoned() && complaint:
		return ticketing.EndCitizenEnded, fromComplaint
	case p.abandoned():
		return ticketing.EndCitizenEnded, noTicket
	case complaint:
		return ticketing.EndTicket, fromComplaint
	case p.tail, chance(rng, ticketShare):
		return ticketing.EndTicket, fromAgent
	case chance(rng, unsolvedShare):
		return ticketing.EndUnsolved, fromUnsolved
	}
	return []string{ticketing.EndSolved, ticketing.EndAnswered, ticketing.EndReferred, ticketing.EndNoReply}[draw.Weighted(rng, 52, 36, 2, 10)], noTicket
}

// due is the promise of the first human reply.
func (g *generator) due(kind channels.Kind, queuedAt time.Time) time.Time {
	at, err := g.desk.clocks.Due(queuedAt, sla.DefaultTargets().Live[sla.Channel(kind)])
	if err != nil {
		return queuedAt // desk hours need no list of holidays
	}
	return at.UTC()
}
