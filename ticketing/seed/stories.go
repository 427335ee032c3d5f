package seed

import (
	"fmt"
	"time"

	"sapa/program/access"
	"sapa/program/calendar"
	"sapa/program/seed/draw"
	"sapa/ticketing"
	"sapa/ticketing/team"
)

// The stories that tickets live. Each ends where now cuts it off, so that a desk
// has tickets in every state.

// ordinary: checked, taken up, answered.
func (l *life) ordinary() {
	if l.verified(0, 1.5) && l.taken(0, 2) && l.resolved(1, 5) {
		l.aftermath()
	}
}

// asked: something is missing; most answer, some never do.
func (l *life) asked() {
	if !l.verified(0, 1) || !l.taken(0, 1) || !l.pass(0, 1) || l.ticket.State != ticketing.TicketInProgress {
		return
	}
	question := l.words("question")
	if !l.questioned(question) {
		l.resolved(1, 5)
		return
	}
	if chance(l.rng, 60) && l.pass(0.6, 3) && l.ticket.State == ticketing.TicketPending {
		l.answered()
	}
	if l.resolved(1, 4) {
		l.aftermath()
	}
}

// questioned asks the reporter; where the channel is shut the question cannot
// be asked.
func (l *life) questioned(question string) bool {
	t := l.thread
	if t.c.InboundAt == nil || t.c.Kind == "whatsapp" && l.at.Sub(*t.c.InboundAt) >= 24*time.Hour {
		return false
	}
	by := l.owner()
	l.say(string(ticketing.ActAskReporter), "notice.ticket.need_info", map[string]any{"Number": l.ticket.Number, "Question": question})
	l.act(ticketing.ActAskReporter, by, ticketing.TicketFacts{QuestionSent: true, Question: question})
	return l.ticket.State == ticketing.TicketPending
}

// answered is the reporter's reply: a new conversation, which the bot passes on.
func (l *life) answered() {
	p := *l.first.p
	p.at, p.path, p.ticket, p.agent, p.queue = l.at.Truncate(time.Millisecond), pathSilent, noTicket, nil, -1
	p.endedAt = p.at.Add(silenceWarn + silenceEnd + 3*time.Second)
	if p.endedAt.After(l.g.now.Add(-time.Minute)) {
		return
	}
	l.thread.who.lastSeq = l.thread.c.LastSeq // the line of sequence numbers goes on
	t := l.g.newTalk(l.rng, &p)
	t.c.Language, t.c.Intent = l.first.c.Language, l.first.c.Intent
	t.writes(l.words("reply"), "")
	l.thread, l.threads = t, append(l.threads, t)
	l.reporter(ticketing.ActReporterReply, ticketing.TicketFacts{})
	l.linked[t.c.ID] = true
	l.rows = append(l.rows, &linkRow{Ticket: string(l.ticket.ID), Conversation: string(t.c.ID)})
	t.after(1, 3)
	t.answers(l.g.texts.pick(l.rng, "passed ind"))
	t.now = p.endedAt.Add(-silenceEnd)
	t.notice("notice.silence.warning", map[string]any{"Minutes": int(silenceEnd / time.Minute)})
	t.now = p.endedAt
	t.close(ticketing.BySilence, access.Timer(), ticketing.EndNoReply)
	l.at = latest(l.at, t.now)
}

// held: a bank or a provider has to answer first.
func (l *life) held() {
	if !l.verified(0, 1.5) || !l.taken(0, 1.5) || !l.pass(0, 2) || l.ticket.State != ticketing.TicketInProgress {
		return
	}
	expected := calendar.DateIn(l.at, calendar.WIB).AddDays(3 + l.rng.IntN(6)).End(calendar.WIB).UTC()
	f := ticketing.TicketFacts{ThirdParty: l.words("party"), ExpectedAt: &expected}
	if boss, ok := l.g.desk.one(access.Supervisor, l.rng.IntN); ok && chance(l.rng, 40) {
		f.PauseApprover = boss.ID
	}
	l.act(ticketing.ActHold, l.owner(), f)
	for l.ticket.State == ticketing.TicketOnHold {
		if !l.pass(1, 2) {
			return
		}
	}
	if l.resolved(0.5, 3) {
		l.aftermath()
	}
}

// rejected: not a matter for the desk to look into again.
func (l *life) rejected() {
	verifier, ok := l.g.desk.one(access.Verifier, l.rng.IntN)
	if !ok || l.ticket.State != ticketing.TicketNew || l.ticket.Class == ticketing.ClassIntegrity || l.ticket.Priority == 1 {
		l.ordinary()
		return
	}
	if !l.pass(0, 2) {
		return
	}
	reason := []ticketing.Rejection{ticketing.RejectionAlreadyDecided, ticketing.RejectionAbusive, ticketing.RejectionSpam}[draw.Weighted(l.rng, 70, 15, 15)]
	l.act(ticketing.ActReject, verifier, ticketing.TicketFacts{Rejection: reason, PublicAnswer: l.words("reject " + string(reason))})
	if chance(l.rng, 25) {
		l.appealed()
	}
}

// withdrawn: the matter settled itself.
func (l *life) withdrawn() {
	if chance(l.rng, 50) && !l.verified(0, 1.5) {
		return
	}
	if l.ticket.Class != ticketing.ClassIntegrity && l.pass(0, 2) {
		l.reporter(ticketing.ActWithdraw, ticketing.TicketFacts{})
		return
	}
	l.ordinary()
}

// referred: another body's matter.
func (l *life) referred() {
	boss, ok := l.g.desk.one(access.Supervisor, l.rng.IntN)
	if !ok || !l.verified(0, 1.5) || !l.pass(0.5, 3) {
		return
	}
	l.act(ticketing.ActReferOut, boss, ticketing.TicketFacts{Body: l.words("body"), Reference: fmt.Sprintf("%03d/RJK/%s", 1+l.rng.IntN(900), l.at.Format("01.2006"))})
}

// moved: another unit knows more.
func (l *life) moved() {
	if !l.verified(0, 1.5) || !l.taken(0, 1.5) || !l.pass(0, 1.5) {
		return
	}
	for _, q := range l.g.desk.queues {
		if string(q.TeamID) != l.ticket.Unit && l.staffed(q.TeamID) {
			l.act(ticketing.ActTransfer, l.owner(), ticketing.TicketFacts{Unit: string(q.TeamID), Queue: string(q.ID), Reason: l.g.texts.pick(l.rng, "transfer "+q.Slug, "transfer umum")})
			break
		}
	}
	if l.taken(0, 2) && l.resolved(1, 4) {
		l.aftermath()
	}
}

func (l *life) staffed(id team.TeamID) bool {
	_, ok := l.g.desk.worker(id, l.guarded(), l.rng.IntN)
	return ok
}

// stuck: nobody moves it; the clocks climb.
func (l *life) stuck() {
	switch l.rng.IntN(3) {
	case 0:
	case 1:
		l.verified(1, 4)
	case 2:
		if l.verified(0.5, 3) {
			l.taken(1, 4)
		}
	}
}

// returned: the first owner gives it back.
func (l *life) returned() {
	if !l.verified(0, 1.5) || !l.taken(0, 1) || !l.pass(0, 2) {
		return
	}
	l.act(ticketing.ActReturn, l.owner(), ticketing.TicketFacts{Reason: l.words("return")})
	if l.taken(0, 1.5) && l.resolved(1, 4) {
		l.aftermath()
	}
}

// doubled: the reporter reports again, and both become one.
func (l *life) doubled() {
	verifier, ok := l.g.desk.one(access.Verifier, l.rng.IntN)
	if !ok || !l.verified(0, 1) || !l.pass(0.6, 2) || l.thread != l.first || !l.ticket.State.InBacklog() {
		return
	}
	l.first.now = latest(l.first.now, l.at)
	again, err := l.first.register(access.Timer(), registration{text: l.ticket.Text})
	if err != nil {
		l.err = err
		return
	}
	l.others = append(l.others, again)
	if !l.pass(0.2, 1) || !l.ticket.State.InBacklog() {
		return
	}
	if l.err = again.advance(l.at); l.err != nil {
		return
	}
	again.act(ticketing.ActMerge, verifier, ticketing.TicketFacts{Merge: &ticketing.TicketMerge{
		ID: l.ticket.ID, State: l.ticket.State, Class: l.ticket.Class, RegisteredAt: l.ticket.RegisteredAt, SameReporter: true, SameIncident: true}})
	if l.err = again.err; l.err != nil || again.ticket.State != ticketing.TicketClosed {
		return
	}
	l.act(ticketing.ActAbsorb, access.Timer(), ticketing.TicketFacts{Merge: &ticketing.TicketMerge{
		ID: again.ticket.ID, State: again.ticket.State, Class: again.ticket.Class, MergedInto: l.ticket.ID, RegisteredAt: again.ticket.RegisteredAt}})
	if l.taken(0, 2) && l.resolved(1, 5) {
		l.aftermath()
	}
}
