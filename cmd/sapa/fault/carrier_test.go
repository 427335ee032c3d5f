package fault

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"
)

// What the stand-in and the desk's inboxes agree on.
const (
	account    = "AC00000000000000000000000000000001"
	token      = "carrier_token_0001"
	whatsAppNo = "+628001503001"
	smsNo      = "+628001503002"
	outbound   = "outbound-api"
)

// caller makes requests of the test; what hangs is a failure.
var caller = &http.Client{Timeout: patience, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

// carrier is the stand-in for the provider, seen through its control API.
type carrier struct {
	t    *testing.T
	base string
}

// message is one at the provider, in either direction.
type message struct {
	Seq       int64  `json:"seq"`
	Sid       string `json:"sid"`
	Direction string `json:"direction"`
	Phone     string `json:"phone"`
	Body      string `json:"body"`
	Variables string `json:"content_variables"`
	Status    string `json:"status"`
	Callback  string `json:"status_callback"`
	Webhooks  []struct {
		Kind   string `json:"kind"`
		Status int    `json:"status"`
		TookMS int64  `json:"took_ms"`
	} `json:"webhooks"`
}

type fields = map[string]any

// startCarrier runs it until the test ends. It reports states one after the
// other without a pause.
func startCarrier(t *testing.T, desk string) carrier {
	t.Helper()
	address := freeAddress(t)
	run(t, program(t, "carrier"), nil, "-listen", address, "-account-sid", account, "-auth-token", token,
		"-target", desk, "-status-step", "5ms", "-keep", strconv.Itoa(20_000+4**ledger))
	c := carrier{t: t, base: "http://" + address}
	until(t, "carrier answers", func() bool { return answers(c.base+"/healthz", http.StatusOK) })
	c.misbehave(fields{"window": "ignore"}) // it has not seen what tests post themselves
	return c
}

// answers tells whether an address answers so.
func answers(address string, status int) bool {
	response, err := caller.Get(address)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode == status
}

// ask calls the control API with a JSON body, or without one by GET.
func (c carrier) ask(path string, body, into any) {
	c.t.Helper()
	must(c.t, c.call(path, body, into))
}

// call is ask for any goroutine.
func (c carrier) call(path string, body, into any) error {
	method, payload := http.MethodGet, []byte(nil)
	if body != nil {
		var err error
		if payload, err = json.Marshal(body); err != nil {
			return err
		}
		method = http.MethodPost
	}
	request, err := http.NewRequest(method, c.base+path, bytes.NewReader(payload))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := caller.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		return err
	case response.StatusCode > 299:
		return fmt.Errorf("%s: %d %s", path, response.StatusCode, answer)
	case into == nil || len(answer) == 0:
		return nil
	}
	return json.Unmarshal(answer, into)
}

// misbehave changes the faults that are named.
func (c carrier) misbehave(faults fields) { c.t.Helper(); c.ask("/control", faults, nil) }

// writes lets a citizen write, and returns when the desk has answered every copy
// of the webhook.
func (c carrier) writes(phone, text string, copies int) message {
	c.t.Helper()
	var m message
	c.ask("/control/inbound", fields{"channel": "whatsapp", "from": phone, "body": text, "copies": copies}, &m)
	return m
}

// again sends the webhooks of a message anew.
func (c carrier) again(sid string, copies int) message {
	c.t.Helper()
	var m message
	c.ask("/control/resend", fields{"sid": sid, "copies": copies}, &m)
	return m
}

// on lists what the desk has sent to a phone, oldest first; "" means to all.
func (c carrier) on(phone string) []message {
	c.t.Helper()
	var list struct{ Messages []message }
	c.ask("/control/messages?"+url.Values{"phone": {phone}, "direction": {outbound}}.Encode(), nil, &list)
	return list.Messages
}

// arrives waits for the first message on a phone after a sequence number.
func (c carrier) arrives(phone string, after int64) message {
	c.t.Helper()
	query := url.Values{"to": {phone}, "direction": {outbound}, "after": {fmt.Sprint(after)}, "timeout": {patience.String()}}
	var m message
	c.ask("/control/wait?"+query.Encode(), nil, &m)
	if m.Sid == "" {
		c.t.Fatalf("nothing arrived on %s after %d", phone, after)
	}
	return m
}

// with counts the messages that say exactly this.
func with(text string, list []message) int {
	n := 0
	for _, m := range list {
		if m.Body == text {
			n++
		}
	}
	return n
}

// refused counts the webhooks of a message that had another answer than 200.
func (m message) refused() int {
	n := 0
	for _, w := range m.Webhooks {
		if w.Status != http.StatusOK {
			n++
		}
	}
	return n
}

// taken tells whether the desk has acknowledged the message.
func (m message) taken() bool { return m.refused() < len(m.Webhooks) }

// providerWaits is how long the provider waits for the answer to a webhook.
const providerWaits = 15 * time.Second

// slowest is the longest that a webhook of the message took.
func (m message) slowest() time.Duration {
	var longest int64
	for _, w := range m.Webhooks {
		longest = max(longest, w.TookMS)
	}
	return time.Duration(longest) * time.Millisecond
}
