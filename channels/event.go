package channels

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"time"
)

// Request is a webhook as it came in, in a form that can be spooled and proved
// again later. The host a client named is deliberately not part of it.
type Request struct {
	Path     string      `json:"path"`
	RawQuery string      `json:"raw_query,omitempty"`
	Header   http.Header `json:"header"`
	Body     []byte      `json:"body"`
	At       time.Time   `json:"at"` // when we received it
}

// NewRequest keeps what an adapter needs of r; body has been read by the caller
// under its own limit. Cookies and credentials of ours are left out.
func NewRequest(r *http.Request, body []byte, at time.Time) Request {
	header := r.Header.Clone()
	header.Del("Cookie")
	return Request{Path: r.URL.EscapedPath(), RawQuery: r.URL.RawQuery, Header: header, Body: body, At: at}
}

// EventKind tells a message from a report about one of ours.
type EventKind string

// The kinds of event.
const (
	EventMessage EventKind = "message"
	EventStatus  EventKind = "status"
)

// Event is what a provider told us, in our terms. Text is clean (CleanText) and
// without identity numbers (MaskIdentity).
type Event struct {
	Kind       EventKind
	ProviderID string // unique per inbox; the receipt is claimed with it
	At         time.Time

	// Of a message.
	From    Address
	Text    string
	Masked  bool   // an identity number was hidden in Text
	Button  string // id of the quick reply that was pressed
	ReplyTo string // provider id of the message being answered
	Media   []Media
	Consent Consent // the person asked not to be written to, or to be again
	// Confirmed: the provider itself answers the wish, so we must not.
	Confirmed bool

	// Of a status. Outbox is set when the provider handed our own id back.
	Outbox    OutboxID
	Status    State
	ErrorCode string // the provider's
	ErrorKey  string // ours, in words.Notices
	ErrorText string // the provider's sentence, for the log of an administrator

	// Raw is what the provider sent, without message text and signature.
	Raw json.RawMessage
}

// LogValue names the event without its sender or text.
func (e Event) LogValue() slog.Value {
	return slog.GroupValue(slog.String("kind", string(e.Kind)), slog.String("provider_id", e.ProviderID),
		slog.String("status", string(e.Status)))
}

// Consent is a wish about being written to.
type Consent string

// The wishes; empty is none.
const (
	ConsentOut Consent = "out"
	ConsentIn  Consent = "in"
)

// AddressKind says what an Address is made of.
type AddressKind string

// The kinds of address.
const (
	AddressPhone   AddressKind = "phone"   // E.164 with +
	AddressHandle  AddressKind = "handle"  // an id only the provider understands
	AddressVisitor AddressKind = "visitor" // a browser that opened a chat
	AddressEmail   AddressKind = "email"
)

// Address is where a person writes from and is written to.
type Address struct {
	Kind     AddressKind
	Value    string
	Name     string // as the person calls themself; never proof of anything
	Verified bool   // the provider vouches that the sender owns Value
}

// LogValue hides the address.
func (a Address) LogValue() slog.Value { return slog.StringValue("[" + string(a.Kind) + "]") }

// Media is a file that the provider holds for us to fetch.
type Media struct {
	URL  string
	Mime string // as declared
	Name string // as declared, often empty
}
