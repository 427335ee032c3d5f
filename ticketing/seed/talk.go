package seed

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/program"
	"sapa/program/access"
	"sapa/program/seed/draw"
	"sapa/ticketing"
	"sapa/ticketing/team"
)

// talk writes one conversation line by line, each as the desk's own use-case
// would have: the row at its end is what they would have left.
type talk struct {
	g    *generator
	rng  *rand.Rand
	p    *plan
	who  *person
	c    ticketing.Conversation
	now  time.Time // of the line being written
	rows []any     // whatever belongs to the conversation, in the order of keys
	said int       // messages

	words string  // what the citizen asked, in their own words
	cases []*life // tickets that arose in it
}

// Rows of tables whose models package ticketing keeps to itself.
type (
	eventRow struct {
		bun.BaseModel `bun:"table:conversation_events"`

		Conversation string          `bun:"conversation_id,pk,type:uuid"`
		ID           string          `bun:"id,pk,type:uuid"`
		At           time.Time       `bun:"at"`
		Event        string          `bun:"event"`
		ActorKind    string          `bun:"actor_kind"`
		ActorID      string          `bun:"actor_id"`
		ActorName    string          `bun:"actor_name"`
		Data         json.RawMessage `bun:"data,type:jsonb"`
	}
	stayRow struct {
		bun.BaseModel `bun:"table:queue_stays"`

		ID           string        `bun:"id,pk,type:uuid"`
		Conversation string        `bun:"conversation_id,type:uuid"`
		Queue        string        `bun:"queue_id,type:uuid"`
		Kind         channels.Kind `bun:"kind"`
		OfferedAt    time.Time     `bun:"offered_at"`
		CountedFrom  time.Time     `bun:"counted_from"`
		DueAt        time.Time     `bun:"due_at"`
		LeftAt       time.Time     `bun:"left_at"`
		How          string        `bun:"how"`
		Staff        string        `bun:"staff_id,type:uuid,nullzero"`
	}
	handlingRow struct {
		bun.BaseModel `bun:"table:handlings"`

		ID           string        `bun:"id,pk,type:uuid"`
		Conversation string        `bun:"conversation_id,type:uuid"`
		Staff        string        `bun:"staff_id,type:uuid"`
		Queue        string        `bun:"queue_id,type:uuid"`
		Kind         channels.Kind `bun:"kind"`
		FromAt       time.Time     `bun:"from_at"`
		TalkTo       time.Time     `bun:"talk_to"`
		WrapTo       time.Time     `bun:"wrap_to"`
		Answered     bool          `bun:"answered"`
	}
)

// newTalk opens a conversation: the sequence goes on from the person's last one.
func (g *generator) newTalk(rng *rand.Rand, p *plan) *talk {
	who, in := p.person, g.desk.inboxes[p.inbox]
	t := &talk{g: g, rng: rng, p: p, who: who, now: p.at}
	last := who.lastSeq
	t.c = ticketing.Conversation{
		ID: ticketing.ConversationID(draw.ID(rng, p.at)), InboxID: in.id, Kind: in.kind, Contact: ticketing.ContactID(who.contact),
		Point: ticketing.PointID(who.point), Language: "ind", State: ticketing.StateBot, Priority: ticketing.PriorityNormal,
		Declined: ticketing.Declines{}, Facts: []program.Fact{}, Assurance: ticketing.AssuranceNone, OpenedAt: p.at, LastAt: p.at,
		PreviewFrom: ticketing.FromCitizen, LastSeq: last, CitizenSeq: last, AgentReadSeq: last, VisitorReadSeq: last, BotSeq: last,
	}
	t.recognise()
	t.event(access.Actor{Kind: access.Reporter}, "opened", nil)
	return t
}

// recognise links the conversation to whom its address was proved to belong to
// before, or to the one participant with that phone.
func (t *talk) recognise() {
	switch who := t.who; {
	case who.participant == "":
	case !who.provedAt.IsZero() && who.provedAt.Before(t.p.at):
		t.c.Participant, t.c.SubjectBy, t.c.SubjectConfidence = who.participant, "bot", ticketing.Claimed
	case who.kind == channels.AddressPhone && !who.shared:
		t.c.Participant, t.c.SubjectBy, t.c.SubjectConfidence = who.participant, "phone", ticketing.ProvedProvider
	}
}

// line appends one line, as ticketing does.
func (t *talk) line(m ticketing.Message) *ticketing.Message {
	t.c.LastSeq++
	m.Conversation, m.Seq, m.At, m.ID = t.c.ID, t.c.LastSeq, t.now, ticketing.MessageID(draw.ID(t.rng, t.now))
	if m.Buttons == nil {
		m.Buttons = []channels.Button{}
	}
	m.Attachments = []string{}
	t.said++
	if m.Public() {
		t.c.LastAt = t.now
		if m.Author != ticketing.FromSystem {
			t.c.Preview, t.c.PreviewFrom = preview(m.Text), m.Author
		}
	}
	t.rows = append(t.rows, &m)
	return &m
}

// preview is what a row shows of a message: at most 140 characters in one line.
func preview(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) > 140 {
		text = string([]rune(text)[:139]) + "…"
	}
	return text
}

// writes is a message of the citizen; the language and the matter are noted when
// the bot understood it.
func (t *talk) writes(text string, about string) {
	at := t.now
	m := ticketing.Message{Author: ticketing.FromCitizen, Kind: ticketing.LineMessage, Text: text}
	if about != "" {
		m.Language, m.Intent = t.c.Language, about
	}
	t.c.CitizenSeq, t.c.InboundAt = t.line(m).Seq, &at
}

// answers is a message of the bot, which has then read everything.
func (t *talk) answers(text string) {
	t.line(ticketing.Message{Author: ticketing.FromBot, Kind: ticketing.LineMessage, AuthorName: "bot", Text: text, Language: t.c.Language})
	t.c.BotSeq = t.c.CitizenSeq
}

// replies is a message of the agent.
func (t *talk) replies(text string) {
	a := t.p.agent
	text = strings.NewReplacer("{agent}", strings.Fields(a.Name)[0], "{day}", dayTime(t.c.Language, t.now)).Replace(text)
	m := t.line(ticketing.Message{Author: ticketing.FromAgent, Kind: ticketing.LineMessage, AuthorID: string(a.ID), AuthorName: a.Name, Text: text, Language: t.c.Language})
	t.c.AgentReadSeq = m.Seq
	for _, l := range t.cases {
		l.replied(t.now)
	}
}

// tell is a line that only staff see.
func (t *talk) tell(key string, params map[string]any) {
	t.line(ticketing.Message{Author: ticketing.FromSystem, Kind: ticketing.LineSystem, Data: t.g.phrase(key, params)})
}

// notice is a text of the catalogue that went to the citizen. On WhatsApp it can
// not once a day has passed since their last message; staff see that instead.
func (t *talk) notice(key string, params map[string]any, buttons ...channels.Button) bool {
	if t.c.Kind == channels.WhatsApp && t.c.InboundAt != nil && t.now.Sub(*t.c.InboundAt) >= 24*time.Hour {
		t.tell("line.notice_blocked", map[string]any{"Reason": string(channels.WindowClosed)})
		return false
	}
	t.line(ticketing.Message{Author: ticketing.FromSystem, Kind: ticketing.LineMessage, Text: t.g.say(t.c.Language, key, params),
		Language: t.c.Language, Buttons: buttons, Data: t.g.phrase(key, params)})
	return true
}

func (t *talk) event(by access.Actor, name string, data map[string]any) {
	body := json.RawMessage("{}")
	if data != nil {
		body, _ = json.Marshal(data) // texts and numbers always are JSON
	}
	t.rows = append(t.rows, &eventRow{Conversation: string(t.c.ID), ID: draw.ID(t.rng, t.now), At: t.now, Event: name,
		ActorKind: string(by.Kind), ActorID: by.ID, ActorName: by.Name, Data: body})
}

// after moves the time on by some seconds.
func (t *talk) after(from, to float64) { t.now = t.now.Add(span(t.rng, from, to)) }

// close is the end of the citizen's part: the goodbye and the question of
// satisfaction, which it returns when it was asked.
func (t *talk) close(by ticketing.Party, actor access.Actor, outcome string) *ticketing.CSAT {
	goodbye := "notice.interaction.ended"
	if by == ticketing.BySilence {
		goodbye = "notice.silence.ended"
	}
	t.notice(goodbye, nil)
	asked := t.ask("", t.c.Queue, t.c.Assignee)
	at := t.now
	t.c.State, t.c.EndedAt, t.c.EndedBy, t.c.Outcome = ticketing.StateEnded, &at, by, outcome
	t.event(actor, "ended", map[string]any{"by": string(by), "outcome": outcome})
	return asked
}

// finish hands the rows over: the conversation before what refers to it.
func (t *talk) finish(into *parcel) error {
	t.who.lastSeq = t.c.LastSeq
	t.who.seen(t.c.InboundAt)
	if t.c.Kind == channels.Webchat {
		t.c.VisitorReadSeq = t.c.LastSeq
	}
	if err := into.add(&t.c); err != nil {
		return err
	}
	for _, row := range t.rows {
		if err := into.add(row); err != nil {
			return err
		}
	}
	into.talks++
	t.g.report.Messages += t.said
	return nil
}

// queueID is the queue of the plan.
func (t *talk) queue() team.Queue { return t.g.desk.queues[t.p.queue] }
