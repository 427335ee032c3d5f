package main

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
)

// Utterance is what a citizen sends from a phone.
type Utterance struct {
	Channel string
	From    string // E.164
	Name    string // WhatsApp profile name
	Body    string
	Media   []Media // filed already
	Pressed *Button
	ReplyTo string // id of the message whose button was pressed
}

// say files the citizen's message and tells the desk; the message comes back
// with its attempts.
func (c *Carrier) say(ctx context.Context, u Utterance, copies int) Message {
	if u.Name != "" {
		c.ledger.ChangePhone(u.From, func(p *Phone) { p.Name = u.Name })
	}
	m := Message{
		Sid: newSid("SM"), Direction: inbound, Channel: u.Channel,
		From: u.From, To: c.number(u.Channel), Body: u.Body,
		Media: u.Media, Pressed: u.Pressed, ReplyTo: u.ReplyTo,
		Status: received, MessagingService: c.config.MessagingService,
		Seen: true, token: newToken(), segments: 1,
	}
	if len(u.Media) > 0 {
		m.Sid = newSid("MM")
	}
	if u.Channel == sms {
		m.segments = countSegments(u.Body)
	}
	m.SentAt = new(c.now().UTC())
	m = c.ledger.Add(m)
	c.autoReply(m)
	c.tellDesk(ctx, m, copies)
	m, _ = c.ledger.Find(m.Sid)
	return m
}

// tellDesk posts the inbound webhook and delivers what its answer says.
func (c *Carrier) tellDesk(ctx context.Context, m Message, copies int) {
	k := call{sid: m.Sid, kind: inbound, address: c.hook(m.Channel), form: c.inboundForm(m), token: m.token}
	var answers []answer
	if copies > 1 {
		answers = c.postCopies(ctx, k, copies, c.board.Faults().Signature)
	} else {
		answers = c.post(ctx, k)
	}
	for _, a := range answers {
		c.obey(m, a)
	}
}

// hook is the desk's inbound address; empty while no target is set.
func (c *Carrier) hook(channel string) string {
	target := *c.target.Load()
	switch {
	case target == "":
		return ""
	case channel == whatsApp:
		return target + "/hooks/whatsapp/" + c.config.WhatsAppInbox
	}
	return target + "/hooks/sms/" + c.config.SMSInbox
}

// inboundForm is the webhook of an inbound message, field by field as Twilio
// posts it.
func (c *Carrier) inboundForm(m Message) url.Values {
	form := url.Values{
		"MessageSid": {m.Sid}, "SmsMessageSid": {m.Sid}, "SmsSid": {m.Sid},
		"SmsStatus": {received}, "AccountSid": {c.config.AccountSid}, "ApiVersion": {apiVersion},
		"From": {joinAddress(m.Channel, m.From)}, "To": {joinAddress(m.Channel, m.To)},
		"Body": {m.Body}, "NumMedia": {strconv.Itoa(len(m.Media))}, "NumSegments": {strconv.Itoa(m.segments)},
	}
	if m.MessagingService != "" {
		form.Set("MessagingServiceSid", m.MessagingService)
	}
	for i, file := range m.Media {
		n := strconv.Itoa(i)
		form.Set("MediaUrl"+n, c.config.PublicURL+mediaPath(c.config.AccountSid, m.Sid, file.Sid))
		form.Set("MediaContentType"+n, file.ContentType)
	}
	if m.Channel == whatsApp {
		c.addWhatsApp(form, m)
	} else {
		addPlaces(form)
	}
	return form
}

func (c *Carrier) addWhatsApp(form url.Values, m Message) {
	waID := strings.TrimPrefix(m.From, "+")
	name := c.ledger.Phone(m.From).Name
	form.Set("WaId", waID)
	form.Set("ProfileName", name)
	form.Set("ReferralNumMedia", "0")
	form.Set("MessageType", messageType(m))
	context, _ := json.Marshal(map[string]any{
		"type": whatsApp,
		"data": map[string]any{"context": map[string]string{"ProfileName": name, "WaId": waID}},
	})
	form.Set("ChannelMetadata", string(context))
	if m.Pressed != nil {
		form.Set("ButtonText", m.Pressed.Text)
		form.Set("ButtonPayload", m.Pressed.Payload)
	}
	if m.ReplyTo != "" {
		form.Set("OriginalRepliedMessageSid", m.ReplyTo)
		form.Set("OriginalRepliedMessageSender", joinAddress(m.Channel, m.To))
	}
}

// messageType is WhatsApp's name for the kind of content.
func messageType(m Message) string {
	if m.Pressed != nil {
		return "button"
	}
	if len(m.Media) == 0 {
		return "text"
	}
	kind, _, _ := strings.Cut(m.Media[0].ContentType, "/")
	switch kind {
	case "image", "audio", "video":
		return kind
	}
	return "document"
}

// addPlaces adds the sender's and receiver's places, which Twilio posts for
// SMS and leaves empty for Indonesian numbers but for the country.
func addPlaces(form url.Values) {
	for _, side := range []string{"From", "To"} {
		for _, part := range []string{"City", "State", "Zip"} {
			form.Set(side+part, "")
		}
		form.Set(side+"Country", "ID")
	}
}
