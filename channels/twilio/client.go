package twilio

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"

	"sapa/channels"
)

// maxAnswer bounds what is read of an answer, in bytes: a page of the message
// list has some 100 kB.
const maxAnswer = 4 << 20

// call is one exchange with the REST API. It is the base client that twilio-go
// works through, and gives it what it lacks: a context, our HTTP client, the
// inbox's own address, and knowledge of whether the request left.
type call struct {
	ctx   context.Context
	http  *http.Client
	inbox channels.Inbox

	wrote      atomic.Bool // the whole request was written
	status     int         // of the answer, 0 without one
	retryAfter time.Duration
}

func (g *Gateway) begin(ctx context.Context, inbox channels.Inbox) *call {
	return &call{ctx: ctx, http: g.http, inbox: inbox}
}

// service is twilio-go's API over this call.
func (c *call) service() *api.ApiService {
	return api.NewApiService(&client.RequestHandler{Client: c})
}

// AccountSid implements client.BaseClient.
func (c *call) AccountSid() string { return c.inbox.Settings.AccountSID }

// SetTimeout implements client.BaseClient; the context bounds the call.
func (c *call) SetTimeout(time.Duration) {}

// SetOauth implements client.BaseClient; we use the account's token.
func (c *call) SetOauth(client.OAuth) {}

// OAuth implements client.BaseClient.
func (c *call) OAuth() client.OAuth { return nil }

// SendRequest implements client.BaseClient.
func (c *call) SendRequest(method, rawURL string, data url.Values, headers map[string]any, body ...byte) (*http.Response, error) {
	request, err := c.request(method, rawURL, data, headers, body)
	if err != nil {
		return nil, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	// Read here, so that a broken body counts as an answer that never came.
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, err
	}
	c.status = response.StatusCode
	c.retryAfter = retryAfter(response.Header)
	if c.status < 200 || c.status > 299 {
		problem := &client.TwilioRestError{Status: c.status}
		_ = json.Unmarshal(answer, problem)
		return nil, problem
	}
	response.Body = io.NopCloser(bytes.NewReader(answer))
	return response, nil
}

func (c *call) request(method, rawURL string, data url.Values, headers map[string]any, body []byte) (*http.Request, error) {
	address, err := c.at(rawURL)
	if err != nil {
		return nil, err
	}
	payload := bytes.NewReader(body)
	if method == http.MethodGet {
		address.RawQuery = data.Encode()
	} else if body == nil {
		payload = bytes.NewReader([]byte(data.Encode()))
	}
	ctx := httptrace.WithClientTrace(c.ctx, &httptrace.ClientTrace{
		WroteRequest: func(info httptrace.WroteRequestInfo) {
			if info.Err == nil {
				c.wrote.Store(true)
			}
		},
	})
	request, err := http.NewRequestWithContext(ctx, method, address.String(), payload)
	if err != nil {
		return nil, err
	}
	for name, value := range headers {
		request.Header.Set(name, fmt.Sprint(value))
	}
	request.SetBasicAuth(c.inbox.Settings.AccountSID, c.inbox.Settings.AuthToken)
	return request, nil
}

// at moves an address of Twilio to the inbox's own API base, when it has one.
func (c *call) at(rawURL string) (*url.URL, error) {
	address, err := url.Parse(rawURL)
	if err != nil || c.inbox.Settings.APIBase == "" {
		return address, err
	}
	base, err := url.Parse(c.inbox.Settings.APIBase)
	if err != nil {
		return nil, fmt.Errorf("api base of inbox %s: %w", c.inbox.ID, err)
	}
	address.Scheme, address.Host = base.Scheme, base.Host
	address.Path = strings.TrimRight(base.Path, "/") + address.Path
	return address, nil
}

// retryAfter reads the header in seconds or as a date, at most an hour: what is
// longer our own back-off decides.
func retryAfter(header http.Header) time.Duration {
	text := header.Get("Retry-After")
	seconds, err := strconv.Atoi(text)
	wait := time.Duration(seconds) * time.Second
	if err != nil {
		at, err := http.ParseTime(text)
		now, _ := http.ParseTime(header.Get("Date"))
		if err != nil || now.IsZero() {
			return 0
		}
		wait = at.Sub(now)
	}
	return min(max(wait, 0), time.Hour)
}

// judge turns the failure of a sending call into the contract's errors.
func (c *call) judge(err error) error {
	var problem *client.TwilioRestError
	if errors.As(err, &problem) {
		return c.judgeProblem(problem)
	}
	switch {
	case c.wrote.Load():
		// No answer, a broken one, or a success without a readable id.
		return fmt.Errorf("%w: %w", channels.ErrUnknown, withoutURL(err))
	case errors.Is(c.ctx.Err(), context.Canceled):
		return context.Canceled
	}
	return &channels.Temporary{Key: channels.ErrorKey("down"), Text: withoutURL(err).Error()}
}

func (c *call) judgeProblem(problem *client.TwilioRestError) error {
	code, v := strconv.Itoa(problem.Code), verdictOf(problem.Code)
	if problem.Code == 0 {
		code = "http " + strconv.Itoa(c.status)
	}
	switch {
	case c.status == http.StatusUnauthorized || c.status == http.StatusForbidden:
		v = verdictOf(20003)
	case c.status == http.StatusTooManyRequests:
		v = verdictOf(20429)
	case c.status >= 500 || c.status < 400:
		v = verdictOf(20503)
	}
	if v.temporary {
		return &channels.Temporary{After: c.retryAfter, Code: code, Key: v.key, Text: problem.Message, Inbox: v.inbox}
	}
	return &channels.Permanent{Code: code, Key: v.key, Text: problem.Message}
}

// withoutURL drops the address from an error, since it names the account.
func withoutURL(err error) error {
	if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}
