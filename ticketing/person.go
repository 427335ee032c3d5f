package ticketing

import (
	"time"

	"github.com/uptrace/bun"
)

// ContactID names a contact, PointID one of the addresses it writes from.
type (
	ContactID string
	PointID   string
)

// Confidence is how sure we are that an address, or a subject, is whose it is
// said to be.
type Confidence string

// The kinds of proof: nothing but somebody's word, a one-time password, or the
// provider vouching for the sender's address.
const (
	Claimed        Confidence = "claimed"
	ProvedOTP      Confidence = "proved_otp"
	ProvedProvider Confidence = "proved_provider"
)

// Point is an address somebody writes from. Participant is whom it was last
// proved to belong to; a household shares phones, so a link never merges
// contacts and can be undone. Kind is a channels.AddressKind.
type Point struct {
	bun.BaseModel `bun:"table:contact_points,alias:p"`

	ID          PointID    `bun:"id,pk,type:uuid"`
	Contact     ContactID  `bun:"contact_id,type:uuid"`
	Kind        string     `bun:"kind"`
	Value       string     `bun:"value"`
	Confidence  Confidence `bun:"confidence"`
	Participant string     `bun:"participant_id,type:uuid,nullzero"`
	LinkedBy    string     `bun:"linked_by"`
	LinkedAt    *time.Time `bun:"linked_at"`
	SeenAt      time.Time  `bun:"seen_at"`
}

// Person is who a conversation is with, as a row or a thread's head shows them:
// the address masked, the subject named when there is one.
type Person struct {
	Contact       ContactID
	Name          string
	AddressMasked string
	Confidence    Confidence
	Participant   *Subject
}

// Subject is the participant a conversation is about, who may be somebody else
// than the person writing.
type Subject struct {
	ID         string
	Name       string
	Confidence Confidence
}
