// Package attachment keeps the files of conversations: it lets in only what it
// understands, takes personal traces out of photographs, stores the bytes under
// names nobody can guess, fetches what providers hold for us, and serves it all
// from an origin without cookies by links that die within minutes.
package attachment

import (
	"time"

	"sapa/channels"
)

// Limits of files. The first three are the security requirements'; the sum over
// a day is per reporter.
const (
	MaxBytes    = 20 << 20
	MaxFiles    = 5 // in one submission; for whoever reads the form
	MaxDayBytes = 200 << 20
	MaxPixels   = 64_000_000 // some 256 MB once decoded; phones make up to 50 million
)

// State of an attachment.
type State string

// The states: a provider's file is fetching until it is ready, missing or
// refused; an upload is ready or refused.
const (
	Fetching State = "fetching"
	Ready    State = "ready"
	Missing  State = "missing" // the bytes could not be had, or were lost
	Refused  State = "refused" // they are here or were seen, and nobody may have them
)

// Reason says why a file was refused or is missing.
type Reason string

// The reasons.
const (
	BadType   Reason = "type"      // not allowed, or name, declared type and bytes disagree
	TooLarge  Reason = "too_large" // over MaxBytes
	OverQuota Reason = "quota"     // over MaxDayBytes
	TooMany   Reason = "pixels"    // more pixels than MaxPixels
	Bomb      Reason = "bomb"      // unpacks to far more than it is
	Damaged   Reason = "damaged"   // cannot be read as what it claims to be
	Infected  Reason = "infected"
	NoBytes   Reason = "empty"
	Gone      Reason = "gone"    // the provider no longer has it
	Foreign   Reason = "foreign" // an address that may not be fetched from
)

// Rejected is a refused upload; nothing of it was kept. TooLarge and OverQuota
// are 413, BadType is 415, the others 422.
type Rejected struct{ Reason Reason }

func (e *Rejected) Error() string { return "attachment: refused: " + string(e.Reason) }

// Attachment is a file of a conversation.
type Attachment struct {
	ID             channels.AttachmentID
	ConversationID string // empty until it belongs to one
	InboxID        channels.InboxID
	Name           string // clean, with an extension that fits
	Mime           string
	Bytes          int64
	Width, Height  int // of images
	State          State
	Reason         Reason
	Held           bool // a provider may still have it: Refetch may bring a missing one
	CreatedAt      time.Time
}
