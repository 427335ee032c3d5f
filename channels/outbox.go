package channels

import (
	"slices"
	"time"
)

// State is how far an outgoing message has come.
type State string

// The states. A state only ever climbs the ladder in the order given here, in
// whatever order reports arrive, except that Retry puts a failed or unknown
// message back to queued. A message that was delivered did not fail, whatever a
// late report says.
const (
	StateQueued    State = "queued"  // waits for its turn
	StateSending   State = "sending" // the provider is being called
	StateUnknown   State = "unknown" // it was called, the outcome is not known
	StateSent      State = "sent"    // the provider took it
	StateFailed    State = "failed"  // it will not arrive
	StateDelivered State = "delivered"
	StateRead      State = "read"
)

// States lists the ladder from the bottom.
func States() []State {
	return []State{StateQueued, StateSending, StateUnknown, StateSent, StateFailed, StateDelivered, StateRead}
}

// Climbs tells whether a message in state s becomes next.
func (s State) Climbs(next State) bool {
	return slices.Index(States(), next) > slices.Index(States(), s)
}

// Below lists the states from which s may be reached.
func (s State) Below() []State {
	ladder := States()
	return ladder[:max(slices.Index(ladder, s), 0)]
}

// Purpose says why a message is sent; the gate treats them differently.
type Purpose string

// The purposes.
const (
	PurposeReply  Purpose = "reply"  // an agent wrote it
	PurposeBot    Purpose = "bot"    // the bot wrote it
	PurposeSystem Purpose = "system" // ticket number, place in the queue, closing
	PurposeOTP    Purpose = "otp"    // a one-time password
	PurposeNotice Purpose = "notice" // nobody asked for it: needs consent
	PurposeCSAT   Purpose = "csat"
)

// Draft is a message to be sent. Either Text or Key is required, or Template,
// or Attachments alone.
type Draft struct {
	InboxID        InboxID
	To             string // E.164 with +, visitor id, e-mail
	Purpose        Purpose
	ConversationID string // with MessageSeq it keeps the order of a conversation
	MessageID      string
	MessageSeq     int64

	Text     string         // as written by a person or the bot
	Key      string         // or: words key ...
	Params   map[string]any // ... its parameters, also variables of Template ...
	Language string         // ... and language; the inbox's when empty

	Buttons     []Button
	Attachments []AttachmentID
	Template    string // provider's id of an approved template

	// Secret is a one-time password or a tracking code: parameter Code of Key and
	// variable 1 of Template. It is sealed in the row. A one-time password is
	// erased after sending; any other secret when it has arrived, or a day later,
	// and may be sent again until then. Such a draft names a stand-in for Code in
	// Params, which is what staff read.
	Secret string

	At        time.Time // not before; zero means now
	ExpiresAt time.Time // not after; zero means never, 5 minutes for an OTP
}

// Delivery is the state of an outgoing message as screens show it.
type Delivery struct {
	ID             OutboxID
	InboxID        InboxID
	ConversationID string
	MessageSeq     int64
	Purpose        Purpose
	State          State
	ErrorCode      string
	ErrorKey       string // words key, empty without an error
	Attempts       int
	Retryable      bool // Retry would put it back to queued
	UpdatedAt      time.Time
}
