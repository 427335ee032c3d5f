package seed

import (
	"strings"
	"time"

	"sapa/program/access"
	"sapa/program/calendar"
	"sapa/program/seed/draw"
	"sapa/ticketing"
)

// withPeople is the conversation from the hand-over to its end, and the tickets
// it led to.
func (t *talk) withPeople() ([]*life, error) {
	t.handsOver()
	var cases []*life
	if t.p.ticket == fromComplaint {
		one, err := t.register(access.Robot(), registration{text: t.words})
		if err != nil {
			return nil, err
		}
		cases = append(cases, one)
	}
	if t.p.agent != nil {
		t.given()
	}
	if t.p.abandoned() {
		t.now = latest(t.now, t.p.endedAt)
		t.left("abandoned")
		asked := t.close(ticketing.ByCitizen, access.Actor{Kind: access.Reporter}, ticketing.EndCitizenEnded)
		t.handled(false)
		t.rate(asked, 30, 22, 24, 14, 10)
		return cases, nil
	}
	t.greets()
	one, err := t.discusses()
	if one != nil {
		cases = append(cases, one)
	}
	return cases, err
}

// given is the hand-over to the agent.
func (t *talk) given() {
	at, a := t.p.assignedAt, t.p.agent
	t.now = latest(t.now, at)
	t.c.Assignee, t.c.AssignedAt = a.ID, &at
	t.tell("line.assigned", map[string]any{"Name": a.Name})
	t.notice("notice.handover.joined", map[string]any{"Name": strings.Fields(a.Name)[0]})
	t.event(access.Timer(), "routed", map[string]any{"staff": string(a.ID), "name": a.Name})
}

// greets is the first human reply, which ends the wait.
func (t *talk) greets() {
	at := t.p.answeredAt
	t.now = latest(t.now, at)
	t.c.AnsweredAt = &at
	section := "hello"
	if calendar.DateIn(at, calendar.WIB) != calendar.DateIn(t.p.queuedAt, calendar.WIB) {
		section = "morning"
	}
	t.left("answered")
	t.replies(t.text(section))
}

// left ends the stay in the queue.
func (t *talk) left(how string) {
	t.rows = append(t.rows, &stayRow{ID: draw.ID(t.rng, t.p.queuedAt), Conversation: string(t.c.ID), Queue: string(t.queue().ID), Kind: t.c.Kind,
		OfferedAt: t.p.queuedAt, CountedFrom: *t.c.SLAFrom, DueAt: *t.c.SLADue, LeftAt: t.now, How: how, Staff: string(t.c.Assignee)})
}

// handled is the time the agent spent, if one did.
func (t *talk) handled(answered bool) {
	if t.p.agent == nil {
		return
	}
	t.rows = append(t.rows, &handlingRow{ID: draw.ID(t.rng, t.p.assignedAt), Conversation: string(t.c.ID), Staff: string(t.p.agent.ID),
		Queue: string(t.queue().ID), Kind: t.c.Kind, FromAt: t.p.assignedAt, TalkTo: t.p.endedAt, WrapTo: t.p.wrappedAt, Answered: answered})
}

// discusses is what agent and citizen say to each other, up to the agent's end.
func (t *talk) discusses() (*life, error) {
	end := t.p.endedAt
	group := t.matter().group()
	var made *life
	if t.p.outcome == ticketing.EndNoReply {
		t.toward(end, 2)
		t.replies(t.text("gone"))
	} else {
		if chance(t.rng, 62) {
			t.toward(end, 7)
			t.replies(t.g.texts.pick(t.rng, "ask any "+t.c.Language, "ask "+group+" ind"))
			t.toward(end, 6)
			t.writes(t.g.texts.pick(t.rng, "detail any "+t.c.Language, "detail "+group+" ind"), "")
		}
		if chance(t.rng, 55) {
			t.toward(end, 5)
			t.replies(t.text("look"))
			t.toward(end, 4)
			t.writes(t.text("wait"), "")
		}
		var err error
		if made, err = t.solves(end); err != nil {
			return nil, err
		}
	}
	t.now = latest(t.now, end)
	if t.p.ticket == fromUnsolved {
		var err error
		if made, err = t.register(t.p.agent.Actor(), registration{text: t.words}); err != nil {
			return nil, err
		}
	}
	asked := t.close(ticketing.ByAgent, t.p.agent.Actor(), t.p.outcome)
	t.handled(true)
	t.notes(group)
	t.rate(asked, scoresFor(t.p.outcome)...)
	return made, nil
}

// solves is the agent's answer, by a ticket where the matter goes on.
func (t *talk) solves(end time.Time) (made *life, err error) {
	t.toward(end, 3)
	t.replies(t.g.texts.pick(t.rng, "solve any "+t.c.Language, "solve "+t.about()+" ind"))
	if t.p.ticket == fromAgent {
		t.toward(end, 3)
		t.replies(t.text("report"))
		t.after(4, 20)
		no := false
		made, err = t.register(t.p.agent.Actor(), registration{
			subject: t.subject(), text: t.words, oversight: &no})
		if err != nil {
			return nil, err
		}
	}
	t.toward(end, 2)
	mood := "glad"
	if t.p.outcome == ticketing.EndUnsolved || t.p.outcome == ticketing.EndTicket && chance(t.rng, 50) {
		mood = "sorry"
	}
	t.writes(t.text(mood), "")
	if chance(t.rng, 70) {
		t.toward(end, 1)
		t.replies(t.text("close"))
	}
	return made, nil
}

// subject is what the agent calls the ticket; the citizen's own words where there
// is no name for it.
func (t *talk) subject() string {
	if t.g.texts.has("subject", t.about()) {
		return t.g.texts.pick(t.rng, "subject "+t.about())
	}
	return ""
}

// notes is a line for colleagues, written while the contact is written up.
func (t *talk) notes(group string) {
	if !chance(t.rng, 17) || !t.p.wrappedAt.After(t.now) {
		return
	}
	t.now = t.p.wrappedAt
	a := t.p.agent
	t.line(ticketing.Message{Author: ticketing.FromAgent, Kind: ticketing.LineNote, AuthorID: string(a.ID), AuthorName: a.Name,
		Text: t.g.texts.pick(t.rng, "note "+group)})
}
