package ticketing

import (
	"encoding/json"
	"maps"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/program"
	"sapa/ticketing/team"
)

// ConversationID names a conversation.
type ConversationID string

// State is where a conversation stands.
type State string

// The states of a conversation. In ringing an agent was offered it and has not
// taken it yet; in snoozed its holder has put it aside; in wrap_up the citizen's part is over and the agent is writing
// it up; ended is final.
const (
	StateBot     State = "bot"
	StateQueued  State = "queued"
	StateRinging State = "ringing"
	StateAgent   State = "agent"
	StateSnoozed State = "snoozed"
	StateWrapUp  State = "wrap_up"
	StateEnded   State = "ended"
)

// Open tells whether the citizen's next message still belongs to the
// conversation.
func (s State) Open() bool { return s != StateWrapUp && s != StateEnded }

// Held tells whether a person has it, or is being offered it.
func (s State) Held() bool { return s == StateRinging || s == StateAgent || s == StateWrapUp }

// Owned tells whether somebody answers for it: it is held, or was put aside by
// whoever had it.
func (s State) Owned() bool { return s.Held() || s == StateSnoozed }

// Party is who ended a conversation.
type Party string

// Who can end a conversation.
const (
	ByAgent   Party = "agent"
	ByCitizen Party = "citizen"
	ByBot     Party = "bot"
	BySilence Party = "silence"
	BySystem  Party = "system"
)

// Assurance is how surely the citizen proved to be the subject, for this
// conversation only.
type Assurance string

// The levels of assurance: public rules need none, the status of a case a
// one-time password, money one fact of the record on top.
const (
	AssuranceNone Assurance = "none"
	AssuranceOTP  Assurance = "otp"
	AssuranceFact Assurance = "otp_plus_fact"
)

// Covers tells whether a is at least need.
func (a Assurance) Covers(need Assurance) bool { return a.rank() >= need.rank() }

func (a Assurance) rank() int {
	switch a {
	case AssuranceOTP:
		return 1
	case AssuranceFact:
		return 2
	default:
		return 0
	}
}

// Declines says who passed on a conversation and when: the same people are not
// offered it again for a while.
type Declines map[team.StaffID]time.Time

// add remembers that somebody passed on it.
func (d Declines) add(staff team.StaffID, at time.Time) Declines {
	if staff == "" {
		return d
	}
	grown := maps.Clone(d)
	if grown == nil {
		grown = Declines{}
	}
	grown[staff] = at
	return grown
}

// rests tells whether somebody passed on it less than a rest ago.
func (d Declines) rests(staff team.StaffID, now time.Time, rest time.Duration) bool {
	at, passed := d[staff]
	return passed && now.Sub(at) < rest
}

// Conversation is one interaction with one address on one inbox, from the first
// message to its end. Times are UTC, the zero *time.Time means "not yet".
//
// Three times tell waits apart: OpenedAt starts the citizen's wait, QueuedAt is
// the place in the queue (kept when an agent lets go), AnsweredAt is the first
// message of a person. BotSeq is the watermark up to which the bot has read.
type Conversation struct {
	bun.BaseModel `bun:"table:conversations,alias:c"`

	ID       ConversationID   `bun:"id,pk,type:uuid"`
	InboxID  channels.InboxID `bun:"inbox_id,type:uuid"`
	Kind     channels.Kind    `bun:"kind"`
	Contact  ContactID        `bun:"contact_id,type:uuid"`
	Point    PointID          `bun:"point_id,type:uuid"`
	Language string           `bun:"language"`
	// Network is where the newest message of a chat came from, as far as limits go;
	// empty for other channels and once the conversation has ended.
	Network  string       `bun:"network"`
	State    State        `bun:"state"`
	Intent   string       `bun:"intent"`
	Priority int          `bun:"priority"`
	Queue    team.QueueID `bun:"queue_id,type:uuid,nullzero"`
	Assignee team.StaffID `bun:"assignee_id,type:uuid,nullzero"`
	Declined Declines     `bun:"declines,type:jsonb"`

	Participant       string         `bun:"participant_id,type:uuid,nullzero"`
	SubjectBy         string         `bun:"subject_by"`
	SubjectConfidence Confidence     `bun:"subject_confidence"`
	Assurance         Assurance      `bun:"assurance"`
	Summary           string         `bun:"summary"`
	Facts             []program.Fact `bun:"facts,type:jsonb"`

	// StartedBy is who of the desk began it; empty when the citizen did.
	StartedBy  team.StaffID `bun:"started_by,type:uuid,nullzero"`
	OpenedAt   time.Time    `bun:"opened_at"`
	QueuedAt   *time.Time   `bun:"queued_at"`
	AssignedAt *time.Time   `bun:"assigned_at"`
	AnsweredAt *time.Time   `bun:"answered_at"`
	EndedAt    *time.Time   `bun:"ended_at"`
	EndedBy    Party        `bun:"ended_by"`
	Outcome    string       `bun:"outcome"`
	SLAFrom    *time.Time   `bun:"sla_from"`
	SLADue     *time.Time   `bun:"sla_due"`

	LastSeq        int64      `bun:"last_seq"`
	CitizenSeq     int64      `bun:"citizen_seq"`
	LastAt         time.Time  `bun:"last_at"`
	InboundAt      *time.Time `bun:"inbound_at"`
	WaitingSince   *time.Time `bun:"waiting_since"`
	Preview        string     `bun:"preview"`
	PreviewFrom    Author     `bun:"preview_from"`
	Unread         int        `bun:"unread"`
	AgentReadSeq   int64      `bun:"agent_read_seq"`
	VisitorReadSeq int64      `bun:"visitor_read_seq"`

	// PassedNote and PassedBy are what was written to whoever gets it next, until
	// they have answered.
	PassedNote string `bun:"passed_note"`
	PassedBy   string `bun:"passed_by"`

	BotSeq      int64      `bun:"bot_seq"`
	BotOwner    string     `bun:"bot_owner"`
	BotUntil    *time.Time `bun:"bot_until"`
	BotDue      *time.Time `bun:"bot_due"`
	BotFailures int        `bun:"bot_failures"`
	RingUntil   *time.Time `bun:"ring_until"`
	WrapUntil   *time.Time `bun:"wrap_until"`
	WarnedAt    *time.Time `bun:"warned_at"`
	SilenceDue  *time.Time `bun:"silence_due"`
	// SnoozedUntil is when a conversation put aside wakes; nil while it waits for
	// the citizen.
	SnoozedUntil *time.Time `bun:"snoozed_until"`
}

// conversationEvent is one line of a conversation's history.
type conversationEvent struct {
	bun.BaseModel `bun:"table:conversation_events"`

	Conversation ConversationID  `bun:"conversation_id,pk,type:uuid"`
	ID           string          `bun:"id,pk,type:uuid"`
	At           time.Time       `bun:"at"`
	Event        string          `bun:"event"`
	ActorKind    string          `bun:"actor_kind"`
	ActorID      string          `bun:"actor_id"`
	ActorName    string          `bun:"actor_name"`
	Data         json.RawMessage `bun:"data,type:jsonb"`
}
