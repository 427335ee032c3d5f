package wire

import (
	"time"

	"sapa/ticketing"
)

// Found is what a search found; a kind is left out when it was not asked for or is
// not for the reader.
type Found struct {
	Tickets       *Best[TicketRow]         `json:"tickets,omitempty"`
	People        *Best[ParticipantRow]    `json:"people,omitempty"`
	Conversations *Best[FoundConversation] `json:"conversations,omitempty"`
	Tags          *Best[Tag]               `json:"tags,omitempty"`
	// Mistyped says that it can only be a ticket number with a wrong digit.
	Mistyped bool `json:"mistyped"`
}

// Best are the best of one kind; more says that there are others.
type Best[T any] struct {
	Items []T  `json:"items" nullable:"false"`
	More  bool `json:"more"`
}

func bestOf[A, B any](best *ticketing.Best[A], shape func(A) B) *Best[B] {
	if best == nil {
		return nil
	}
	return &Best[B]{Items: Each(best.Items, shape), More: best.More}
}

// FoundConversation is a conversation that was found, and the line by which it was,
// if by one.
type FoundConversation struct {
	Row  ConversationRow `json:"row"`
	Line *FoundLine      `json:"line,omitempty"`
}

// FoundLine is a line that has the words. Its excerpt is plain text in pieces.
type FoundLine struct {
	Seq     int64     `json:"seq"`
	From    string    `json:"from" enum:"citizen,bot,agent,system"`
	At      time.Time `json:"at"`
	Excerpt []Piece   `json:"excerpt" nullable:"false"`
}

// Piece is a stretch of an excerpt; match is set on the words looked for.
type Piece struct {
	Text  string `json:"text"`
	Match bool   `json:"match"`
}

// Found shapes what a search found.
func (v Voice) Found(f ticketing.Found) Found {
	return Found{Tickets: bestOf(f.Tickets, v.TicketRow), People: bestOf(f.People, Participant),
		Conversations: bestOf(f.Conversations, foundConversation), Tags: bestOf(f.Tags, TagOf), Mistyped: f.Mistyped}
}

func foundConversation(f ticketing.FoundConversation) FoundConversation {
	shaped := FoundConversation{Row: Row(f.Row)}
	if l := f.Line; l != nil {
		shaped.Line = &FoundLine{Seq: l.Seq, From: string(l.Author), At: l.At.UTC(),
			Excerpt: Each(l.Excerpt, func(p ticketing.Piece) Piece { return Piece{Text: p.Text, Match: p.Match} })}
	}
	return shaped
}
