package wire

import (
	"time"

	"sapa/channels"
	"sapa/program"
	"sapa/ticketing"
)

// Person is who a conversation is with.
type Person struct {
	ContactID     string   `json:"contact_id"`
	Name          string   `json:"name"`
	AddressMasked string   `json:"address_masked"`
	Kind          string   `json:"kind"`
	Confidence    string   `json:"confidence"`
	Participant   *Subject `json:"participant,omitempty"`
}

// Subject is the participant a conversation is about.
type Subject struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Confidence string `json:"confidence"`
}

// SLA is a promise and how it stands.
type SLA struct {
	DueAt     *time.Time `json:"due_at"`
	StartedAt *time.Time `json:"started_at"`
	State     string     `json:"state" enum:"on_track,at_risk,breached,met,none"`
	Rule      string     `json:"rule"`
}

// ConversationRow is a conversation in a list.
type ConversationRow struct {
	ID            string     `json:"id"`
	Kind          string     `json:"kind"`
	Inbox         string     `json:"inbox"`
	Person        Person     `json:"person"`
	Language      string     `json:"language"`
	Intent        string     `json:"intent,omitempty"`
	State         string     `json:"state" enum:"bot,queued,ringing,agent,snoozed,wrap_up,ended"`
	Preview       string     `json:"preview"`
	PreviewFrom   string     `json:"preview_from" enum:"citizen,bot,agent,system"`
	LastAt        time.Time  `json:"last_at"`
	LastSeq       int64      `json:"last_seq"`
	Unread        int        `json:"unread"`
	Assignee      *Named     `json:"assignee,omitempty"`
	Queue         *Named     `json:"queue,omitempty"`
	SLA           SLA        `json:"sla"`
	Priority      int        `json:"priority"`
	WaitingSince  *time.Time `json:"waiting_since"`
	SnoozedUntil  *time.Time `json:"snoozed_until"`
	TicketNumbers []string   `json:"ticket_numbers" nullable:"false"`
	Tags          []Tag      `json:"tags" nullable:"false"`
	Failed        bool       `json:"failed"`
	Passed        *Passed    `json:"passed,omitempty"`
}

// Passed is what was written to whoever got the conversation next.
type Passed struct {
	By   string `json:"by"`
	Note string `json:"note"`
}

func passed(c ticketing.Conversation) *Passed {
	if c.PassedNote == "" {
		return nil
	}
	return &Passed{By: c.PassedBy, Note: c.PassedNote}
}

// Row shapes a conversation for a list.
func Row(r ticketing.Row) ConversationRow {
	return ConversationRow{
		ID: string(r.ID), Kind: string(r.Kind), Inbox: r.Inbox, Person: PersonOf(r.Person, r.Kind), Language: r.Language, Intent: r.Intent,
		State: string(r.State), Preview: r.Preview, PreviewFrom: string(r.PreviewFrom), LastAt: r.LastAt.UTC(), LastSeq: r.LastSeq, Unread: r.Unread,
		Assignee: named(string(r.Assignee), r.AssigneeName), Queue: named(string(r.Queue), r.QueueName), SLA: promise(r.SLA), Priority: r.Priority,
		WaitingSince: utc(r.WaitingSince), SnoozedUntil: utc(r.SnoozedUntil), TicketNumbers: texts(r.TicketNumbers), Tags: Each(r.Tags, tag), Failed: r.Failed, Passed: passed(r.Conversation),
	}
}

// PersonOf shapes who a conversation on a kind of channel is with.
func PersonOf(p ticketing.Person, kind channels.Kind) Person {
	person := Person{ContactID: string(p.Contact), Name: p.Name, AddressMasked: p.AddressMasked, Kind: string(kind), Confidence: string(p.Confidence)}
	if p.Participant != nil {
		person.Participant = &Subject{ID: p.Participant.ID, Name: p.Participant.Name, Confidence: string(p.Participant.Confidence)}
	}
	return person
}

func promise(s ticketing.SLA) SLA {
	return SLA{DueAt: utc(s.DueAt), StartedAt: utc(s.StartedAt), State: s.State, Rule: s.Rule}
}

// Conversation is a conversation as an opened thread shows it.
type Conversation struct {
	ConversationRow
	OpenedAt       time.Time   `json:"opened_at"`
	QueuedAt       *time.Time  `json:"queued_at"`
	AnsweredAt     *time.Time  `json:"answered_at"`
	EndedAt        *time.Time  `json:"ended_at"`
	Outcome        *Reason     `json:"outcome,omitempty"`
	Summary        string      `json:"summary,omitempty"`
	Facts          []Fact      `json:"facts" nullable:"false"`
	WindowClosesAt *time.Time  `json:"window_closes_at"`
	OptedOutAt     *time.Time  `json:"opted_out_at" doc:"Since when the citizen wants no messages but answers"`
	Can            []string    `json:"can" nullable:"false"`
	Drafts         []Draft     `json:"drafts" nullable:"false"`
	Held           []HeldReply `json:"held" nullable:"false"`
	Tickets        []TicketRow `json:"tickets" nullable:"false"`
	CSAT           *CSAT       `json:"csat,omitempty"`
	Limits         Limits      `json:"limits"`
	EndOutcomes    []Reason    `json:"end_outcomes" nullable:"false"`
	AgentReadSeq   int64       `json:"agent_read_seq"`
	VisitorReadSeq int64       `json:"visitor_read_seq"`
}

// Fact is one thing the record said when the bot handed over.
type Fact struct {
	Code string     `json:"code"`
	Text string     `json:"text"`
	At   *time.Time `json:"at,omitempty"`
}

// Draft is what the reader has begun to write: a reply and a note at most, the one
// worked on last first.
type Draft struct {
	Kind        string       `json:"kind" enum:"reply,note"`
	Text        string       `json:"text"`
	Attachments []Attachment `json:"attachments" nullable:"false"`
}

// CSAT is the citizen's rating.
type CSAT struct {
	Score   int       `json:"score"`
	Comment string    `json:"comment"`
	At      time.Time `json:"at"`
}

// SnoozeChoice is a moment that is offered for putting a conversation aside.
type SnoozeChoice struct {
	Code  string    `json:"code" enum:"hour,afternoon,tomorrow,working_day"`
	Until time.Time `json:"until"`
}

// Limits are what the conversation's channel carries; zero means no limit.
type Limits struct {
	TextRunes       int   `json:"text_runes"`
	AttachmentBytes int64 `json:"attachment_bytes"`
	Undo            bool  `json:"undo" doc:"A reply may be held for some seconds to be taken back"`
}

// Conversation shapes an opened conversation; files holds the drafts'
// attachments by id.
func (v Voice) Conversation(view ticketing.View, limits channels.Limits, files map[string]Attachment) Conversation {
	c := Conversation{
		ConversationRow: Row(view.Row), OpenedAt: view.OpenedAt.UTC(), QueuedAt: utc(view.QueuedAt), AnsweredAt: utc(view.AnsweredAt),
		EndedAt: utc(view.EndedAt), Summary: view.Summary, Facts: Each(view.Facts, v.fact),
		WindowClosesAt: utc(view.WindowClosesAt), OptedOutAt: utc(view.OptedOutAt), Can: texts(view.Can), Tickets: Each(view.Tickets, v.TicketRow),
		Limits:       Limits{TextRunes: limits.TextRunes, AttachmentBytes: limits.MediaBytes, Undo: !limits.Local},
		EndOutcomes:  v.codes("outcome.", ticketing.AgentOutcomes()),
		AgentReadSeq: view.AgentReadSeq, VisitorReadSeq: view.VisitorReadSeq,
		Drafts: Each(view.Drafts, func(d ticketing.Draft) Draft {
			return Draft{Kind: d.Kind, Text: d.Text, Attachments: pick(files, d.Attachments)}
		}),
		Held: Each(view.Held, func(h ticketing.HeldReply) HeldReply { return v.held(h, files) }),
	}
	if view.Outcome != "" {
		c.Outcome = &Reason{Code: view.Outcome, Label: v.Label("outcome.", view.Outcome)}
	}
	if r := view.CSAT; r != nil && r.RatedAt != nil {
		c.CSAT = &CSAT{Score: r.Score, Comment: r.Comment, At: r.RatedAt.UTC()}
	}
	return c
}

func (v Voice) fact(f program.Fact) Fact {
	return Fact{Code: f.Code, Text: v.Texts.Fact(v.Language, f), At: instant(f.At)}
}

func (v Voice) codes(prefix string, codes []string) []Reason {
	return Each(codes, func(code string) Reason { return Reason{Code: code, Label: v.Label(prefix, code)} })
}

// BreakReasons are the choices of a break.
func (v Voice) BreakReasons() []Reason { return v.codes("break.", ticketing.BreakReasons()) }

// Counts are the sizes of the console's lists.
type Counts struct {
	Mine       int `json:"mine"`
	Team       int `json:"team"`
	Unassigned int `json:"unassigned"`
	Waiting    int `json:"waiting"`
	Snoozed    int `json:"snoozed"`
	All        int `json:"all"`
}

// CountsOf shapes the sizes of lists.
func CountsOf(counts map[string]int) Counts {
	return Counts{Mine: counts[ticketing.ListMine], Team: counts[ticketing.ListTeam], Unassigned: counts[ticketing.ListUnassigned],
		Waiting: counts[ticketing.ListWaiting], Snoozed: counts[ticketing.ListSnoozed], All: counts[ticketing.ListAll]}
}
