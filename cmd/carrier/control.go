package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// maxControl bounds a control request: files travel in it as base64.
const maxControl = 32 << 20

// controls is the API for tests and for the phone page. It has no password,
// so pages of other origins are kept out.
func (c *Carrier) controls() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /control", c.showFaults)
	mux.HandleFunc("POST /control", c.setFaults)
	mux.HandleFunc("POST /control/clear", c.clear)
	mux.HandleFunc("POST /control/target", c.setTarget)
	mux.HandleFunc("POST /control/inbound", c.sendInbound)
	mux.HandleFunc("POST /control/resend", c.resend)
	mux.HandleFunc("POST /control/window", c.setWindow)
	mux.HandleFunc("POST /control/read", c.readThread)
	mux.HandleFunc("GET /control/messages", c.showMessages)
	mux.HandleFunc("GET /control/wait", c.waitMessage)
	mux.HandleFunc("GET /control/phones", c.showPhones)
	mux.HandleFunc("POST /control/phones", c.makePhone)
	mux.HandleFunc("GET /control/media/{media}", c.serveMedia)
	return http.NewCrossOriginProtection().Handler(mux)
}

// refuse tells a control caller what was wrong with the request.
func refuse(w http.ResponseWriter, status int, err error) {
	writeJSON(w, status, map[string]string{"error": err.Error()})
}

// readBody decodes a control request; false when it was refused.
func readBody(w http.ResponseWriter, r *http.Request, into any) bool {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxControl))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		refuse(w, http.StatusBadRequest, err)
		return false
	}
	return true
}

// readNumber tidies and checks a phone number; false when it was refused.
func readNumber(w http.ResponseWriter, s string) (string, bool) {
	number := tidyNumber(s)
	if !isNumber(number) {
		refuse(w, http.StatusBadRequest, fmt.Errorf("%q is no phone number", s))
		return "", false
	}
	return number, true
}

func readChannel(w http.ResponseWriter, s string, empty bool) bool {
	if s == whatsApp || s == sms || (empty && s == "") {
		return true
	}
	refuse(w, http.StatusBadRequest, fmt.Errorf("channel must be whatsapp or sms"))
	return false
}

func (c *Carrier) showFaults(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, c.board.Faults())
}

func (c *Carrier) setFaults(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 64<<10))
	if err != nil {
		refuse(w, http.StatusBadRequest, err)
		return
	}
	faults, err := c.board.Set(body)
	if err != nil {
		refuse(w, http.StatusBadRequest, err)
		return
	}
	c.ledger.Announce(changeFaults)
	writeJSON(w, http.StatusOK, faults)
}

func (c *Carrier) clear(w http.ResponseWriter, _ *http.Request) {
	c.ledger.Clear()
	writeJSON(w, http.StatusOK, map[string]bool{"cleared": true})
}

func (c *Carrier) setTarget(w http.ResponseWriter, r *http.Request) {
	var body struct {
		URL string `json:"url"`
	}
	if !readBody(w, r, &body) {
		return
	}
	if !isWebAddress(body.URL) {
		refuse(w, http.StatusBadRequest, fmt.Errorf("url must be an http(s) URL"))
		return
	}
	c.target.Store(&body.URL)
	writeJSON(w, http.StatusOK, map[string]string{"url": body.URL})
}

// setWindow pretends that the citizen's last WhatsApp message is this old;
// "" means that there never was one.
func (c *Carrier) setWindow(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Phone string `json:"phone"`
		Age   string `json:"age"` // like 24h0m1s
	}
	if !readBody(w, r, &body) {
		return
	}
	number, ok := readNumber(w, body.Phone)
	if !ok {
		return
	}
	var heard time.Time
	if body.Age != "" {
		age, err := time.ParseDuration(body.Age)
		if err != nil {
			refuse(w, http.StatusBadRequest, err)
			return
		}
		heard = c.now().UTC().Add(-age)
	}
	c.ledger.ChangePhone(number, func(p *Phone) { p.Heard = heard })
	writeJSON(w, http.StatusOK, map[string]any{"phone": number, "heard": heard})
}

func (c *Carrier) readThread(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Phone   string `json:"phone"`
		Channel string `json:"channel"`
	}
	if !readBody(w, r, &body) || !readChannel(w, body.Channel, false) {
		return
	}
	number, ok := readNumber(w, body.Phone)
	if !ok {
		return
	}
	sids := c.ledger.See(number, body.Channel)
	c.markRead(sids)
	writeJSON(w, http.StatusOK, map[string]int{"seen": len(sids)})
}

// query is what messages and wait may ask for.
type query struct {
	phone string
	after int64
	match func(*Message) bool
}

func readQuery(w http.ResponseWriter, r *http.Request, phoneKey string) (query, bool) {
	values := r.URL.Query()
	q, channel, direction, status := query{}, values.Get("channel"), values.Get("direction"), values.Get("status")
	if !readChannel(w, channel, true) {
		return q, false
	}
	if s := values.Get(phoneKey); s != "" {
		number, ok := readNumber(w, s)
		if !ok {
			return q, false
		}
		q.phone = number
	}
	if s := values.Get("after"); s != "" {
		var err error
		if q.after, err = strconv.ParseInt(s, 10, 64); err != nil {
			refuse(w, http.StatusBadRequest, fmt.Errorf("after must be a sequence number"))
			return q, false
		}
	}
	sid := values.Get("sid")
	q.match = func(m *Message) bool {
		return (channel == "" || m.Channel == channel) && (direction == "" || m.Direction == direction) &&
			(status == "" || m.Status == status) && (sid == "" || m.Sid == sid)
	}
	return q, true
}

// showMessages lists messages both ways, oldest first.
func (c *Carrier) showMessages(w http.ResponseWriter, r *http.Request) {
	q, ok := readQuery(w, r, "phone")
	if !ok {
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"messages": c.ledger.Select(q.phone, q.after, q.match)})
}

// Long poll: how long a wait lasts when the caller does not say, and at most.
const (
	defaultWait = 10 * time.Second
	longestWait = 2 * time.Minute
)

// waitMessage answers with the first message that is on the phone "to" (sent
// or further) after sequence number "after", or with 204 when none came. With
// status it waits for a message in just that state.
func (c *Carrier) waitMessage(w http.ResponseWriter, r *http.Request) {
	q, ok := readQuery(w, r, "to")
	if !ok {
		return
	}
	limit := defaultWait
	if s := r.URL.Query().Get("timeout"); s != "" {
		var err error
		if limit, err = time.ParseDuration(s); err != nil {
			refuse(w, http.StatusBadRequest, err)
			return
		}
	}
	ctx, cancel := context.WithTimeout(r.Context(), min(limit, longestWait))
	defer cancel()
	go func() {
		select {
		case <-c.done:
			cancel()
		case <-ctx.Done():
		}
	}()
	anyState := r.URL.Query().Get("status") != ""
	m, ok := c.ledger.Wait(ctx, q.phone, q.after, func(m *Message) bool {
		return (anyState || m.reached()) && q.match(m)
	})
	if !ok {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	writeJSON(w, http.StatusOK, m)
}
