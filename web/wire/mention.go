package wire

import (
	"time"

	"sapa/ticketing"
)

// Colleague shapes somebody whom a note calls, or may call.
func Colleague(m ticketing.Mentioned) Named { return Named{ID: string(m.ID), Name: m.Name} }

// Mention is a note that calls its reader.
type Mention struct {
	ConversationID string    `json:"conversation_id"`
	Seq            int64     `json:"seq"`
	At             time.Time `json:"at"`
	Read           bool      `json:"read"`
	By             string    `json:"by"`
	Text           string    `json:"text"`
	Person         string    `json:"person"`
}

// MentionOf shapes a note that calls its reader.
func MentionOf(m ticketing.Mention) Mention {
	return Mention{ConversationID: string(m.Conversation), Seq: m.Seq, At: m.At.UTC(), Read: m.ReadAt != nil, By: m.By, Text: m.Text, Person: m.PersonName}
}

// Unread is how many of something were not opened, at most 1000.
type Unread struct {
	Count int `json:"count"`
}
