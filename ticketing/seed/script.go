package seed

import (
	"time"

	"sapa/program/access"
	"sapa/program/calendar"
	"sapa/program/intent"
	"sapa/program/seed/draw"
	"sapa/ticketing"
)

// tell writes the conversation of a plan and everything that came of it.
func (g *generator) tell(p *plan, into *parcel) error {
	t := g.newTalk(g.source(p.number+3<<40), p)
	t.opens()
	t.withBot()
	var cases []*life
	var err error
	switch p.path {
	case pathSolved:
		t.solved()
	case pathSilent:
		t.silent()
	case pathLeft:
		t.now = latest(t.now, p.endedAt)
		t.rate(t.close(ticketing.ByCitizen, access.Actor{Kind: access.Reporter}, ticketing.EndCitizenEnded), scoresFor("")...)
	case pathPeople:
		cases, err = t.withPeople()
	}
	if err != nil {
		return err
	}
	return g.goOn(t, cases, into)
}

// about is the code of the matter.
func (t *talk) about() string { return string(t.matter().intent) }

func (t *talk) matter() matter { return t.g.matters[t.p.matter] }

// text draws a line in the talk's language from the first section there is; in
// Indonesian where the language has none.
func (t *talk) text(section string) string {
	return t.g.texts.pick(t.rng, section+" "+t.c.Language, section+" ind")
}

// opens is what the citizen writes first. It decides the language: who prefers
// Javanese or Sundanese writes Indonesian about matters that are read so.
func (t *talk) opens() {
	if t.g.texts.has("ask", t.about(), t.who.language) {
		t.c.Language = t.who.language
	}
	t.c.Intent = t.about()
	lines := t.g.texts.typed(t.rng, t.text("ask "+t.about()), t.c.Language, t.now)
	for i, line := range lines {
		if i > 0 {
			t.after(2, 7)
		}
		about := t.about()
		if len(lines) > 1 && i == 0 {
			about = string(intent.Greeting)
		}
		t.writes(line, about)
		t.words = line
	}
}

// toward moves the time on so that so many more lines fit before end.
func (t *talk) toward(end time.Time, lines int) {
	room := end.Sub(t.now)
	if room <= 0 {
		return
	}
	step := time.Duration(float64(room) / float64(lines+1) * (0.6 + 0.7*t.rng.Float64()))
	t.now = t.now.Add(min(step, room).Truncate(time.Millisecond))
}

// withBot is the bot's part up to where the paths divide.
func (t *talk) withBot() {
	end := t.p.at.Add(t.p.botTakes - 2*time.Second)
	left := 2*int(t.p.exchange) + 3
	t.after(0.8, 2.4)
	t.answers(t.text("bot " + t.about()))
	for range t.p.exchange - 1 {
		t.toward(end, left)
		t.writes(t.text("more"), t.about())
		t.after(0.8, 2.4)
		t.answers(t.text("again"))
		left -= 2
	}
	if t.p.verify {
		t.proves(end)
	}
}

// proves is the dialogue of the one-time password.
func (t *talk) proves(end time.Time) {
	t.answers(t.text("offer"))
	t.toward(end, 3)
	t.writes(t.text("agree"), t.about())
	t.after(0.8, 2)
	t.answers(t.text("prove"))
	t.toward(end, 1)
	t.writes(code(t.rng.IntN(1_000_000)), t.about())
	t.after(0.4, 1)
	t.c.Participant, t.c.SubjectBy, t.c.SubjectConfidence, t.c.Assurance = t.who.participant, "bot", ticketing.ProvedOTP, ticketing.AssuranceOTP
	if t.matter().group() == "incentive" {
		t.c.Assurance = ticketing.AssuranceFact
	}
	t.tell("line.verified", nil)
	t.event(access.Robot(), "verified", map[string]any{"participant": t.who.participant, "assurance": string(t.c.Assurance)})
	t.answers(t.text("proved"))
}

func code(n int) string {
	digits := []byte("000000")
	for i := 5; n > 0; i-- {
		digits[i] = byte('0' + n%10)
		n /= 10
	}
	return string(digits)
}

// solved: the citizen says so and the bot ends.
func (t *talk) solved() {
	t.after(0.2, 0.5)
	t.answers(t.text("helped"))
	t.now = latest(t.now, t.p.endedAt.Add(-span(t.rng, 2, 5)))
	t.writes(t.text("glad"), string(intent.Thanks))
	t.now = latest(t.now.Add(time.Second), t.p.endedAt)
	t.answers(t.text("bye"))
	t.rate(t.close(ticketing.ByBot, access.Robot(), ticketing.EndBotSolved), scoresFor(ticketing.EndBotSolved)...)
}

// silent: ten minutes, a warning, a quarter of an hour, the end.
func (t *talk) silent() {
	t.after(0.2, 0.5)
	t.answers(t.text("helped"))
	t.now = latest(t.now, t.p.endedAt.Add(-silenceEnd))
	t.notice("notice.silence.warning", map[string]any{"Minutes": int(silenceEnd / time.Minute)})
	t.now = latest(t.now, t.p.endedAt)
	t.rate(t.close(ticketing.BySilence, access.Timer(), ticketing.EndNoReply), scoresFor("")...)
}

// handsOver is the way to people.
func (t *talk) handsOver() {
	leaf, queue := t.g.desk.leaf(t.about()), t.queue()
	t.now = latest(t.now, t.p.queuedAt.Add(-2*time.Second))
	if t.about() != string(intent.AgentRequest) && chance(t.rng, 60) {
		t.writes(t.text("person"), string(intent.AgentRequest))
	}
	t.now = t.p.queuedAt
	t.answers(t.text("connect"))
	at := t.now
	opens, err := t.g.desk.clocks.Desk.NextOpen(at)
	if err != nil {
		opens = at // hours that never open are not stored
	}
	opens, due := opens.UTC(), t.g.due(t.c.Kind, at)
	t.c.Queue, t.c.QueuedAt, t.c.Priority, t.c.SLAFrom, t.c.SLADue = queue.ID, &at, leaf.Priority, &opens, &due
	t.c.Summary = t.g.say("ind", "category."+leaf.Code, nil) + ". “" + t.words + "”"
	t.tell("line.handed_over", map[string]any{"Queue": queue.Name})
	t.event(access.Robot(), "handed_over", map[string]any{"queue": string(queue.ID), "intent": t.about(), "cause": "line.handed_over"})
	if opens.After(at) {
		t.notice("notice.handover.closed", map[string]any{"Opens": opens.In(calendar.WIB.Location()).Format("15.04") + " WIB"})
		return
	}
	place := 1 + draw.Weighted(t.rng, 70, 20, 7, 3)
	t.notice("notice.handover.queued_wait", map[string]any{"Place": place, "From": 1, "To": 1 + place})
}
