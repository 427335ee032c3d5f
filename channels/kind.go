package channels

import (
	"slices"

	"github.com/google/uuid"
)

// Kind names a kind of channel; it is the first path segment of its webhooks.
type Kind string

// The kinds of channel.
const (
	Webchat  Kind = "webchat"
	WhatsApp Kind = "whatsapp"
	SMS      Kind = "sms"
	Voice    Kind = "voice"
	Telegram Kind = "telegram"
	Email    Kind = "email"
	Form     Kind = "form"
)

// Kinds lists all kinds in the order screens show them.
func Kinds() []Kind {
	return []Kind{Webchat, WhatsApp, SMS, Voice, Telegram, Email, Form}
}

// Valid tells whether k is one of Kinds.
func (k Kind) Valid() bool { return slices.Contains(Kinds(), k) }

// Ids of this room, UUIDv7 minted in Go.
type (
	InboxID      string
	OutboxID     string
	AttachmentID string
)

// newID mints a UUIDv7, which sorts by time.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// NewInboxID mints an id.
func NewInboxID() InboxID { return InboxID(newID()) }

// NewAttachmentID mints an id.
func NewAttachmentID() AttachmentID { return AttachmentID(newID()) }
