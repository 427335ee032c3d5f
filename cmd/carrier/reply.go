package main

import (
	"context"
	"encoding/xml"
	"mime"
	"slices"
	"strings"
)

// twiML is the part of Twilio's markup that an answer to a message may hold.
type twiML struct {
	Messages []struct {
		Callback string   `xml:"action,attr"`
		Text     string   `xml:",chardata"`
		Bodies   []string `xml:"Body"`
		Media    []string `xml:"Media"`
	} `xml:"Message"`
}

// obey delivers what a webhook's answer says: <Message> elements of TwiML,
// or, as Twilio does it, the whole text of a text/plain answer.
func (c *Carrier) obey(m Message, a answer) {
	if a.Status < 200 || a.Status > 299 || len(a.body) == 0 {
		return
	}
	switch kind, _, _ := mime.ParseMediaType(a.contentType); kind {
	case "text/plain":
		c.answer(m, string(a.body), nil, "")
	case "text/xml", "application/xml", "text/html":
		var reply twiML
		if xml.Unmarshal(a.body, &reply) != nil {
			c.log.Warn("the webhook's answer is not well-formed XML (Twilio error 12100)", "sid", m.Sid)
			return
		}
		for _, r := range reply.Messages {
			c.answer(m, r.Text+strings.Join(r.Bodies, ""), r.Media, r.Callback)
		}
	default:
		c.log.Warn("the webhook's answer has a content type that Twilio ignores (error 12300)", "sid", m.Sid, "type", kind)
	}
}

// answer sends a reply on the way the message came.
func (c *Carrier) answer(to Message, body string, media []string, callback string) {
	body = strings.TrimSpace(body)
	if body == "" && len(media) == 0 {
		return
	}
	m := c.ledger.Add(Message{
		Sid: newSid("SM"), Direction: outboundReply, Channel: to.Channel,
		From: to.To, To: to.From, Body: body, Status: queued,
		StatusCallback: callback, mediaURL: media, segments: countSegments(body),
	})
	c.spawn(func(ctx context.Context) { c.deliver(ctx, m.Sid, ending{}) })
}

// autoReply is what the carrier itself answers to an opt-out word by SMS.
func (c *Carrier) autoReply(m Message) {
	if m.Channel != sms {
		return
	}
	switch word := strings.ToUpper(strings.TrimSpace(m.Body)); {
	case slices.Contains(stopWords, word):
		c.answer(m, "You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.", nil, "")
	case slices.Contains(startWords, word):
		c.answer(m, "You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.", nil, "")
	case word == "HELP" || word == "INFO":
		c.answer(m, "Reply STOP to unsubscribe. Msg&Data Rates May Apply.", nil, "")
	}
}
