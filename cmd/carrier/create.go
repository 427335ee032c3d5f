package main

import (
	"context"
	"net/http"
	"strings"
	"time"
	"unicode/utf16"
)

// Bounds of one send, Twilio's: characters of the body (21617) and media
// files (21623). The form bound is ours.
const (
	maxBody     = 1600
	maxMedia    = 10
	maxSendForm = 256 << 10 // bytes
)

// order is a send as the desk asked for it.
type order struct {
	to, from, service       string
	body                    string
	media                   []string
	contentSid, variables   string
	callback, validity      string
	toChannel, toNumber     string
	fromChannel, fromNumber string
}

func readOrder(r *http.Request) order {
	o := order{
		to: r.PostForm.Get("To"), from: r.PostForm.Get("From"), service: r.PostForm.Get("MessagingServiceSid"),
		body: r.PostForm.Get("Body"), media: r.PostForm["MediaUrl"],
		contentSid: r.PostForm.Get("ContentSid"), variables: r.PostForm.Get("ContentVariables"),
		callback: r.PostForm.Get("StatusCallback"), validity: r.PostForm.Get("ValidityPeriod"),
	}
	o.toChannel, o.toNumber = splitAddress(o.to)
	o.fromChannel, o.fromNumber = splitAddress(o.from)
	return o
}

// createMessage answers POST Messages.json.
func (c *Carrier) createMessage(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxSendForm)
	if err := r.ParseForm(); err != nil {
		writeProblem(w, problem(http.StatusBadRequest, 20001, "The request body could not be read"))
		return
	}
	o := readOrder(r)
	fault := c.board.Failing(o.toNumber)
	if p := fault.problem(); p != nil {
		writeProblem(w, p)
		return
	}
	if p := c.vet(o); p != nil {
		writeProblem(w, p)
		return
	}
	hang := c.board.Hanging(o.toNumber)
	if hang != nil && !hang.Take {
		c.hang(r.Context())
	}
	m := c.take(o, fault)
	if hang != nil {
		c.hang(r.Context())
	}
	writeJSON(w, http.StatusCreated, m.resource(c.config.AccountSid))
}

// hangAtMost frees a connection whose caller never gives up.
const hangAtMost = 2 * time.Minute

// hang keeps the caller waiting, then cuts the connection without an answer.
func (c *Carrier) hang(ctx context.Context) {
	pause(ctx, c.done, int(hangAtMost.Milliseconds()))
	panic(http.ErrAbortHandler)
}

// vet refuses what Twilio refuses at the call itself.
func (c *Carrier) vet(o order) *Problem {
	bad := func(code int, format string, args ...any) *Problem {
		return problem(http.StatusBadRequest, code, format, args...)
	}
	switch {
	case o.to == "":
		return bad(21604, "A 'To' phone number is required.")
	case !isNumber(o.toNumber):
		return bad(21211, "Invalid 'To' Phone Number: %s", hideEnd(o.toNumber))
	case o.from == "" && o.service == "":
		return bad(21603, "A 'From' phone number is required.")
	case o.service != "" && !c.ownsService(o.service):
		return bad(21705, "The Messaging Service Sid %s is invalid.", o.service)
	case o.body == "" && len(o.media) == 0 && o.contentSid == "":
		return bad(21602, "Message body is required.")
	case characters(o.body) > maxBody:
		return bad(21617, "The concatenated message body exceeds the 1600 character limit")
	case len(o.media) > maxMedia:
		return bad(21623, "Number of media files exceeds allowed limit")
	case o.callback != "" && !isWebAddress(o.callback):
		return bad(21609, "The StatusCallback URL %s is not a valid URL", o.callback)
	}
	for _, address := range o.media {
		if !isWebAddress(address) {
			return bad(21620, "Invalid media URL(s)")
		}
	}
	if p := c.vetSender(o); p != nil {
		return p
	}
	if p := c.vetContent(o); p != nil {
		return p
	}
	return c.vetReceiver(o)
}

// vetSender checks that the desk owns From and that it is of To's channel.
func (c *Carrier) vetSender(o order) *Problem {
	switch {
	case o.from == "":
		return nil
	case o.fromChannel != o.toChannel:
		return problem(http.StatusBadRequest, 21910, "Invalid From and To pair. From and To should be of the same channel")
	case o.fromNumber == c.number(o.toChannel):
		return nil
	case o.fromChannel == whatsApp:
		return problem(http.StatusBadRequest, 63007, "Twilio could not find a Channel with the specified From address")
	}
	return problem(http.StatusBadRequest, 21606,
		"The 'From' phone number provided (%s) is not a valid message-capable Twilio phone number for this destination/account", o.from)
}

// vetReceiver checks what the citizen allows: no SMS after STOP, no free-form
// WhatsApp message after the window.
func (c *Carrier) vetReceiver(o order) *Problem {
	if o.toChannel == sms && c.ledger.Phone(o.toNumber).Barred {
		return problem(http.StatusBadRequest, 21610, "Attempt to send to unsubscribed recipient")
	}
	if c.outside(o) && c.board.Faults().Window == windowRefuse {
		return problem(http.StatusBadRequest, 63016, "%s", explain(63016))
	}
	return nil
}

// outside tells whether a free-form WhatsApp message comes too late.
func (c *Carrier) outside(o order) bool {
	if o.toChannel != whatsApp || o.contentSid != "" {
		return false
	}
	return !c.now().Before(c.ledger.Phone(o.toNumber).Heard.Add(window))
}

// take files an accepted order and starts its delivery.
func (c *Carrier) take(o order, fault *SendFault) Message {
	m := Message{
		Sid: newSid("SM"), Direction: outboundAPI, Channel: o.toChannel,
		From: c.number(o.toChannel), To: o.toNumber,
		Body: o.body, Status: queued, MessagingService: o.service,
		ContentSid: o.contentSid, ContentVariables: o.variables,
		StatusCallback: o.callback, ValidityPeriod: o.validity,
		mediaURL: o.media, segments: 1,
	}
	if len(o.media) > 0 {
		m.Sid = newSid("MM")
	}
	if o.contentSid != "" {
		m.Body, m.Buttons = c.contents.render(o.contentSid, o.variables)
	}
	if o.toChannel == sms {
		m.segments = countSegments(m.Body)
	}
	if o.service != "" {
		m.Status = accepted
	}
	m = c.ledger.Add(m)
	end := c.ending(o, fault)
	c.spawn(func(ctx context.Context) { c.deliver(ctx, m.Sid, end) })
	return m
}

func (c *Carrier) number(channel string) string {
	if channel == whatsApp {
		return c.config.WhatsAppNumber
	}
	return c.config.SMSNumber
}

func (c *Carrier) ownsService(sid string) bool {
	if c.config.MessagingService == "" {
		return isSid("MG", sid)
	}
	return sid == c.config.MessagingService
}

// characters counts as Twilio does, in UTF-16 units.
func characters(s string) int { return len(utf16.Encode([]rune(s))) }

// hideEnd masks the last four digits, as the error text does.
func hideEnd(number string) string {
	return number[:max(0, len(number)-4)] + strings.Repeat("X", min(4, len(number)))
}
