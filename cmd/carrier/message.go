package main

import (
	"slices"
	"strconv"
	"time"
)

// Directions as Twilio names them.
const (
	inbound       = "inbound"
	outboundAPI   = "outbound-api"
	outboundReply = "outbound-reply" // the answer that a webhook gave in its body
)

// Delivery states as Twilio names them.
const (
	accepted    = "accepted" // a messaging service has not chosen its sender yet
	queued      = "queued"
	sent        = "sent"
	delivered   = "delivered"
	read        = "read"
	failed      = "failed"
	undelivered = "undelivered"
	received    = "received"
)

// Message is one message in either direction, with all that happened to it.
// The JSON form is the control API's; Twilio's own form is resource.
type Message struct {
	Seq       int64  `json:"seq"` // grows by one per message, never reused
	Sid       string `json:"sid"`
	Direction string `json:"direction"`
	Channel   string `json:"channel"`
	From      string `json:"from"`  // bare E.164
	To        string `json:"to"`    // bare E.164
	Phone     string `json:"phone"` // the citizen's end, whichever of the two it is
	Body      string `json:"body"`

	Status       string `json:"status"`
	ErrorCode    int    `json:"error_code,omitempty"`
	ErrorMessage string `json:"error_message,omitempty"`

	Media   []Media  `json:"media,omitempty"`
	Buttons []Button `json:"buttons,omitempty"` // offered by the desk
	Pressed *Button  `json:"pressed,omitempty"` // pressed by the citizen
	ReplyTo string   `json:"reply_to,omitempty"`

	ContentSid       string `json:"content_sid,omitempty"`
	ContentVariables string `json:"content_variables,omitempty"`
	MessagingService string `json:"messaging_service,omitempty"`
	StatusCallback   string `json:"status_callback,omitempty"`
	ValidityPeriod   string `json:"validity_period,omitempty"` // seconds, as sent

	Created time.Time  `json:"created"`
	SentAt  *time.Time `json:"sent_at,omitempty"`
	Updated time.Time  `json:"updated"`

	Seen     bool      `json:"seen"` // shown on the phone page
	Webhooks []Attempt `json:"webhooks,omitempty"`

	token    string // idempotency token of the inbound webhook, kept for "send again"
	mediaURL []string
	segments int
}

// Button is a quick reply: what it says and what it sends back.
type Button struct {
	Text    string `json:"text"`
	Payload string `json:"payload"`
}

// Attempt is one webhook call that was made about a message.
type Attempt struct {
	At     time.Time `json:"at"`
	Kind   string    `json:"kind"` // "inbound" or the state reported
	Copy   int       `json:"copy"` // 1 and up; more than 1 when the duplicate fault is on
	Try    int       `json:"try"`  // 1, or 2 for the one retry
	Token  string    `json:"token"`
	Status int       `json:"status"` // HTTP status, 0 when no answer came
	Error  string    `json:"error,omitempty"`
	TookMS int64     `json:"took_ms"`
}

// reached tells whether an outbound message is on the citizen's phone.
func (m Message) reached() bool {
	return m.Direction != inbound && (m.Status == sent || m.Status == delivered || m.Status == read)
}

// clone is safe to hand out: nothing in it changes later.
func (m *Message) clone() Message {
	c := *m
	c.Webhooks = slices.Clone(m.Webhooks)
	c.Media = slices.Clone(m.Media)
	return c
}

// resource is a message as Twilio's REST API shows it.
type resource struct {
	AccountSid       string            `json:"account_sid"`
	APIVersion       string            `json:"api_version"`
	Body             string            `json:"body"`
	DateCreated      string            `json:"date_created"`
	DateSent         *string           `json:"date_sent"`
	DateUpdated      string            `json:"date_updated"`
	Direction        string            `json:"direction"`
	ErrorCode        *int              `json:"error_code"`
	ErrorMessage     *string           `json:"error_message"`
	From             *string           `json:"from"`
	MessagingService *string           `json:"messaging_service_sid"`
	NumMedia         string            `json:"num_media"`
	NumSegments      string            `json:"num_segments"`
	Price            *string           `json:"price"`
	PriceUnit        string            `json:"price_unit"`
	Sid              string            `json:"sid"`
	Status           string            `json:"status"`
	SubresourceURIs  map[string]string `json:"subresource_uris"`
	To               string            `json:"to"`
	URI              string            `json:"uri"`
}

// apiVersion is both the first path segment of the REST API and a parameter
// of every webhook.
const apiVersion = "2010-04-01"

// resource renders m for the account; a service's sender and segments are
// unknown while it is only accepted, as at Twilio.
func (m Message) resource(account string) resource {
	base := "/" + apiVersion + "/Accounts/" + account + "/Messages/" + m.Sid
	r := resource{
		AccountSid: account, APIVersion: apiVersion, Body: m.Body,
		DateCreated: twilioTime(m.Created), DateUpdated: twilioTime(m.Updated),
		Direction: m.Direction, NumMedia: strconv.Itoa(m.numMedia()),
		NumSegments: strconv.Itoa(m.segments), PriceUnit: "USD",
		Sid: m.Sid, Status: m.Status, To: joinAddress(m.Channel, m.To), URI: base + ".json",
		SubresourceURIs: map[string]string{"media": base + "/Media.json"},
	}
	if m.SentAt != nil {
		r.DateSent = new(twilioTime(*m.SentAt))
	}
	if m.ErrorCode != 0 {
		r.ErrorCode, r.ErrorMessage = &m.ErrorCode, &m.ErrorMessage
	}
	if m.MessagingService != "" {
		r.MessagingService = &m.MessagingService
	}
	if m.Status == accepted {
		r.NumSegments = "0"
	} else {
		r.From = new(joinAddress(m.Channel, m.From))
	}
	return r
}

// numMedia counts media that are here or still to be fetched.
func (m Message) numMedia() int { return max(len(m.Media), len(m.mediaURL)) }

// twilioTime is RFC 2822 in GMT.
func twilioTime(t time.Time) string { return t.UTC().Format(time.RFC1123Z) }
