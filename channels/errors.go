package channels

import (
	"errors"
	"fmt"
	"time"
)

// Sentinels of this room.
var (
	ErrForged    = errors.New("channels: sender not proved")
	ErrMalformed = errors.New("channels: request makes no sense")
	ErrUnknown   = errors.New("channels: it is not known whether the message was sent")
	ErrNoInbox   = errors.New("channels: no such inbox")
	ErrSealed    = errors.New("channels: settings of inbox cannot be opened")
	ErrNoAdapter = errors.New("channels: no adapter for kind")
	ErrNotFound  = errors.New("channels: not found")
	ErrStale     = errors.New("channels: row is no longer in the expected state")
	ErrPhone     = errors.New("channels: not a phone number we can use")
)

// Temporary is a failed call that is worth another try. After is the wait the
// provider asked for, zero when it named none. Inbox marks a fault that every
// message of the inbox will meet (credentials), which is shown on the channel.
type Temporary struct {
	After time.Duration
	Code  string
	Key   string // words key for the agent
	Text  string // the provider's sentence
	Inbox bool
}

func (e *Temporary) Error() string { return fmt.Sprintf("temporary %s: %s", e.Code, e.Text) }

// Permanent is a refused call that will be refused again.
type Permanent struct {
	Code string
	Key  string // words key for the agent
	Text string // the provider's sentence
}

func (e *Permanent) Error() string { return fmt.Sprintf("permanent %s: %s", e.Code, e.Text) }

// Reason says why the gate refused a Draft.
type Reason string

// The reasons.
const (
	WindowClosed Reason = "window_closed" // the citizen last wrote too long ago; a template may go
	OptedOut     Reason = "opted_out"
	NoOptIn      Reason = "no_opt_in" // a notice by template without recorded consent
	TooLong      Reason = "too_long"
	Unsupported  Reason = "unsupported"
	TooManyFiles Reason = "too_many_files"
	NoInbox      Reason = "no_inbox"
	InboxShut    Reason = "inbox_closed" // by an administrator
	BadAddress   Reason = "invalid_address"
	Empty        Reason = "empty"
)

// Blocked is the gate's refusal. Limit is the allowed number for TooLong,
// TooManyFiles and for Unsupported files that are too large.
type Blocked struct {
	Reason Reason
	Limit  int64
}

func (e *Blocked) Error() string { return "channels: blocked: " + string(e.Reason) }

// Key is the sentence for the agent, in words.Notices.
func (e *Blocked) Key() string { return ErrorKey(string(e.Reason)) }

// ErrorKey makes the words key of a short error name.
func ErrorKey(name string) string { return "channels.error." + name }

// Invalid names a field and the rule it breaks.
type Invalid struct{ Field, Rule string }

func (e *Invalid) Error() string { return "channels: " + e.Field + ": " + e.Rule }

// blockedIfAbsent turns the lack of an inbox or adapter into the gate's words.
func blockedIfAbsent(err error) error {
	if errors.Is(err, ErrNoInbox) || errors.Is(err, ErrNoAdapter) {
		return &Blocked{Reason: NoInbox}
	}
	return err
}
