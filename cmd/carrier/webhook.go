package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Twilio's defaults for a webhook call: time to connect, time for all of it,
// and one retry.
const (
	connectWithin = 5 * time.Second
	answerWithin  = 15 * time.Second
	maxTries      = 2
)

// maxAnswer is how much of a webhook's answer is read (Twilio: 64 kB).
const maxAnswer = 64 << 10

// newClient calls the desk and nobody outside this machine or its network: a
// stand-in must never reach real people.
func newClient() *http.Client {
	dialer := &net.Dialer{Timeout: connectWithin, Control: onlyNear}
	return &http.Client{
		Timeout: answerWithin,
		Transport: &http.Transport{
			DialContext:         dialer.DialContext,
			MaxConnsPerHost:     128,
			MaxIdleConnsPerHost: 32,
			IdleConnTimeout:     30 * time.Second,
		},
	}
}

func onlyNear(_, address string, _ syscall.RawConn) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); ip == nil || !(ip.IsLoopback() || ip.IsPrivate()) {
		return fmt.Errorf("the stand-in calls only loopback and private addresses, not %s", host)
	}
	return nil
}

// call is one webhook to be made about a message.
type call struct {
	sid     string
	kind    string // "inbound" or the state reported
	address string
	form    url.Values
	token   string // the same in every copy and retry
}

// answer is what a webhook gave back.
type answer struct {
	Attempt
	contentType string
	body        []byte
}

// newToken mints an idempotency token.
func newToken() string { return strings.ToLower(rand.Text()) }

// post makes the call as the faults say, in as many copies at once, records
// each attempt with the message, and returns the last answer of each copy.
func (c *Carrier) post(ctx context.Context, k call) []answer {
	faults := c.board.Faults()
	if !pause(ctx, nil, faults.DelayMS) {
		return nil
	}
	return c.postCopies(ctx, k, max(1, faults.Duplicate), faults.Signature)
}

func (c *Carrier) postCopies(ctx context.Context, k call, copies int, signature string) []answer {
	answers := make([]answer, copies)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = c.postWithRetry(ctx, k, i+1, signature) })
	}
	all.Wait()
	return answers
}

// postWithRetry tries once more after a connection failure or a 5xx.
func (c *Carrier) postWithRetry(ctx context.Context, k call, copy int, signature string) answer {
	var a answer
	for try := 1; try <= maxTries; try++ {
		a = c.postOnce(ctx, k, signature)
		a.Copy, a.Try = copy, try
		c.ledger.Update(k.sid, func(m *Message) {
			if len(m.Webhooks) < maxAttempts {
				m.Webhooks = append(m.Webhooks, a.Attempt)
			}
		})
		if ctx.Err() != nil || (a.Status != 0 && a.Status < 500) {
			break
		}
	}
	return a
}

// maxAttempts bounds what one message remembers of its webhooks.
const maxAttempts = 4 * maxCopies

func (c *Carrier) postOnce(ctx context.Context, k call, signature string) answer {
	start := time.Now()
	a := answer{Attempt: Attempt{At: c.now().UTC(), Kind: k.kind, Token: k.token}}
	err := c.exchange(ctx, k, signature, &a)
	if err != nil {
		a.Error = reason(err)
		c.log.Info("webhook failed", "kind", k.kind, "sid", k.sid, "status", a.Status, "error", a.Error)
	}
	a.TookMS = time.Since(start).Milliseconds()
	return a
}

func (c *Carrier) exchange(ctx context.Context, k call, signature string, a *answer) error {
	if k.address == "" {
		return errors.New("the desk's address is not set (CARRIER_TARGET)")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, k.address, strings.NewReader(k.form.Encode()))
	if err != nil {
		return err
	}
	h := request.Header
	h.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	h.Set("User-Agent", "TwilioProxy/1.1")
	h.Set("Accept", "*/*")
	h.Set("I-Twilio-Idempotency-Token", k.token)
	switch signature {
	case signWrong:
		h.Set("X-Twilio-Signature", sign(c.config.AuthToken+"x", k.address, k.form))
	case "":
		h.Set("X-Twilio-Signature", sign(c.config.AuthToken, k.address, k.form))
	}
	response, err := c.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var body bytes.Buffer
	_, err = body.ReadFrom(io.LimitReader(response.Body, maxAnswer))
	a.Status, a.contentType, a.body = response.StatusCode, response.Header.Get("Content-Type"), body.Bytes()
	return err
}

// reason is an error without the URL, which the attempt's kind already says.
func reason(err error) string {
	if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
		return wrapped.Err.Error()
	}
	return err.Error()
}
