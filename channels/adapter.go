package channels

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Adapter is a channel: two translations and nothing else. It has no database,
// no clock and no goroutine of its own, and is safe for concurrent use.
type Adapter interface {
	// Parse proves the sender (ErrForged) and translates the request into the
	// events it holds; one without anything for us gives none. ErrMalformed means
	// the provider proved itself and sent nonsense: sending it again is useless.
	Parse(context.Context, Inbox, Request) ([]Event, error)
	// Send translates and calls. Errors: *Temporary (worth another try),
	// *Permanent (never), ErrUnknown (the request was written, the answer never
	// came: it may have been sent).
	Send(context.Context, Inbox, Outgoing) (Sent, error)
	// Ack answers the webhook, once what Parse returned is safe.
	Ack(http.ResponseWriter)
	// Limits says what the channel carries; the gate refuses the rest.
	Limits() Limits
}

// Reconciler is implemented by adapters whose provider can be asked what became
// of a message whose call ended in ErrUnknown.
type Reconciler interface {
	// Reconcile returns nil without an error when the provider does not know the
	// message (yet).
	Reconcile(context.Context, Inbox, Outgoing) (*Sent, error)
}

// Outgoing is one message, rendered, for an Adapter.
type Outgoing struct {
	ID        OutboxID
	To        string
	Text      string
	Buttons   []Button
	Media     []OutgoingMedia
	Template  string            // provider's id of an approved template, or empty
	Variables map[string]string // of the template
	ChatID    string            // conversation, for channels we run ourselves
	Seq       int64             // of the message in the conversation

	// For Reconcile: when the call was made, and the provider ids of other
	// messages to the same address, which it must not be mistaken for.
	CalledAt time.Time
	Taken    []string
}

// OutgoingMedia is a file behind a link that is valid for minutes.
type OutgoingMedia struct {
	URL, Name, Mime string
	Bytes           int64
}

// Button is a quick reply. Where a channel has no buttons they become numbered
// lines (WithChoices).
type Button struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

// Sent is what the provider answered. Status is StateSent unless it knew more;
// ErrorCode and ErrorKey belong to StateFailed.
type Sent struct {
	ProviderID string
	Status     State
	ErrorCode  string
	ErrorKey   string
}

// Limits of a channel. Zero values mean none, except where said.
type Limits struct {
	TextRunes    int           // of a text on its own
	CaptionRunes int           // of a text beside a file; 0 means TextRunes
	Buttons      int           // native quick replies; 0 means they become lines of text
	LabelRunes   int           // of a native quick reply
	MediaCount   int           // files in one message; 0 means no files
	MediaBytes   int64         // of one file
	MediaTypes   []string      // allowed; empty means all that attachment accepts
	Window       time.Duration // free text only this long after the citizen wrote
	PerSecond    int           // messages an inbox sends when its settings say nothing
	Local        bool          // nothing leaves the house: a posted row is sent
}

// Carries tells whether a file of that type may go out.
func (l Limits) Carries(mime string) bool {
	return len(l.MediaTypes) == 0 || slices.Contains(l.MediaTypes, mime)
}

// Text is the longest text beside so many files, 0 for any.
func (l Limits) Text(files int) int {
	if files > 0 && l.CaptionRunes > 0 {
		return l.CaptionRunes
	}
	return l.TextRunes
}

// Registry finds the adapter of a kind. It is filled once, by cmd.
type Registry map[Kind]Adapter

// Of returns ErrNoAdapter for a kind this process does not carry.
func (r Registry) Of(kind Kind) (Adapter, error) {
	if adapter := r[kind]; adapter != nil {
		return adapter, nil
	}
	return nil, fmt.Errorf("%w %q", ErrNoAdapter, kind)
}
