package ticketing

import (
	"encoding/json"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels"
)

// MessageID names a line of a conversation.
type MessageID string

// Author is who wrote a line.
type Author string

// The authors of lines.
const (
	FromCitizen Author = "citizen"
	FromBot     Author = "bot"
	FromAgent   Author = "agent"
	FromSystem  Author = "system"
)

// Line tells what kind of line it is: a message reaches the citizen, a note
// never does, and a system line says what happened; one that the citizen reads
// too is of kind message with author system.
type Line string

// The kinds of lines.
const (
	LineMessage Line = "message"
	LineNote    Line = "note"
	LineSystem  Line = "system"
)

// Phrase is a text not yet said in a language: a catalogue key and its
// parameters.
type Phrase struct {
	Key    string         `json:"key"`
	Params map[string]any `json:"params,omitempty"`
}

// Message is one line of a conversation. A system line carries a Phrase in Data
// and an empty Text; a message sent by key carries both. OutboxID is set when
// the line went out through a channel.
type Message struct {
	bun.BaseModel `bun:"table:messages,alias:m"`

	Conversation ConversationID    `bun:"conversation_id,pk,type:uuid"`
	Seq          int64             `bun:"seq,pk"`
	ID           MessageID         `bun:"id,type:uuid"`
	Author       Author            `bun:"author"`
	Kind         Line              `bun:"kind"`
	AuthorID     string            `bun:"author_id"`
	AuthorName   string            `bun:"author_name"`
	Text         string            `bun:"text"`
	Language     string            `bun:"language"`
	Intent       string            `bun:"intent"`
	Button       string            `bun:"button"`
	Buttons      []channels.Button `bun:"buttons,type:jsonb"`
	Attachments  []string          `bun:"attachments,array"`
	Data         json.RawMessage   `bun:"data,type:jsonb,nullzero"`
	Echo         string            `bun:"echo"`
	ProviderID   string            `bun:"provider_id"`
	OutboxID     channels.OutboxID `bun:"outbox_id,type:uuid,nullzero"`
	At           time.Time         `bun:"at"`

	// Delivery is read from the outbox row, nil for lines that did not go out.
	Delivery *channels.Delivery `bun:"-"`

	// template is the provider's id of the approved message that Text stands for,
	// and variables are its values; marketing needs consent even in an answer.
	template  string
	variables map[string]any
	marketing bool
}

// Phrase is the catalogue key and parameters of the line, the zero Phrase when
// the line has only its text.
func (m Message) Phrase() Phrase {
	var phrase Phrase
	if len(m.Data) > 0 {
		_ = json.Unmarshal(m.Data, &phrase) // written by us; a foreign shape has no key
	}
	return phrase
}

// Public tells whether the citizen may see the line.
func (m Message) Public() bool { return m.Kind == LineMessage }
