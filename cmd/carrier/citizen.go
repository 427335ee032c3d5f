package main

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"path"
	"unicode/utf8"
)

// inboundRequest is the body of POST /control/inbound.
type inboundRequest struct {
	Channel string        `json:"channel"`
	From    string        `json:"from"`
	Name    string        `json:"name"`
	Body    string        `json:"body"`
	Media   []inboundFile `json:"media"`
	Button  *Button       `json:"button"`
	ReplyTo string        `json:"reply_to"`
	Copies  int           `json:"copies"` // of the webhook, at the same moment
	Async   bool          `json:"async"`  // answer before the desk has
}

type inboundFile struct {
	Name        string `json:"name"`
	ContentType string `json:"content_type"`
	Data        []byte `json:"data"` // base64
}

// sendInbound lets a citizen speak; the answer is the message with the
// attempts to tell the desk.
func (c *Carrier) sendInbound(w http.ResponseWriter, r *http.Request) {
	var body inboundRequest
	if !readBody(w, r, &body) || !readChannel(w, body.Channel, false) {
		return
	}
	from, ok := readNumber(w, body.From)
	if !ok {
		return
	}
	if err := body.check(); err != nil {
		refuse(w, http.StatusBadRequest, err)
		return
	}
	u := Utterance{
		Channel: body.Channel, From: from, Name: body.Name, Body: body.Body,
		Pressed: body.Button, ReplyTo: body.ReplyTo,
	}
	if u.Pressed != nil && u.Body == "" {
		u.Body = u.Pressed.Text
	}
	for _, file := range body.Media {
		u.Media = append(u.Media, c.ledger.KeepMedia(path.Base(file.Name), file.ContentType, file.Data))
	}
	said := make(chan Message, 1)
	c.spawn(func(ctx context.Context) { said <- c.say(ctx, u, body.Copies) })
	if body.Async {
		writeJSON(w, http.StatusAccepted, map[string]bool{"accepted": true})
		return
	}
	writeJSON(w, http.StatusOK, <-said)
}

func (b inboundRequest) check() error {
	switch {
	case b.Body == "" && len(b.Media) == 0 && b.Button == nil:
		return fmt.Errorf("a message needs body, media or button")
	case !utf8.ValidString(b.Body):
		return fmt.Errorf("body must be UTF-8")
	case b.Copies < 0 || b.Copies > maxCopies:
		return fmt.Errorf("copies must be 0 to %d", maxCopies)
	case len(b.Media) > maxMedia:
		return fmt.Errorf("media must be at most %d", maxMedia)
	}
	for _, file := range b.Media {
		if len(file.Data) == 0 || len(file.Data) > maxFile {
			return fmt.Errorf("a file must have 1 to %d bytes", maxFile)
		}
		if _, _, err := mime.ParseMediaType(file.ContentType); err != nil {
			return fmt.Errorf("content_type: %w", err)
		}
	}
	return nil
}

// resend posts an inbound message's webhook again, with the same id and
// token, as Twilio may and as a replay attack would.
func (c *Carrier) resend(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Sid       string `json:"sid"`
		Copies    int    `json:"copies"`
		Signature string `json:"signature"` // "", wrong, missing
	}
	if !readBody(w, r, &body) {
		return
	}
	m, ok := c.ledger.Find(body.Sid)
	switch {
	case !ok || m.Direction != inbound:
		refuse(w, http.StatusNotFound, fmt.Errorf("no inbound message %q", body.Sid))
		return
	case body.Copies < 0 || body.Copies > maxCopies:
		refuse(w, http.StatusBadRequest, fmt.Errorf("copies must be 0 to %d", maxCopies))
		return
	}
	finished := make(chan struct{})
	c.spawn(func(ctx context.Context) {
		defer close(finished)
		k := call{sid: m.Sid, kind: inbound, address: c.hook(m.Channel), form: c.inboundForm(m), token: m.token}
		for _, a := range c.postCopies(ctx, k, max(1, body.Copies), body.Signature) {
			c.obey(m, a)
		}
	})
	<-finished
	m, _ = c.ledger.Find(m.Sid)
	writeJSON(w, http.StatusOK, m)
}
