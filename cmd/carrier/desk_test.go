package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twilio/twilio-go/client"
)

// What the tests' stand-in is set up with.
const (
	testAccount = "AC0123456789abcdef0123456789abcdef"
	testToken   = "0123456789abcdefTestToken0001" // twilio-go takes letters and digits only
	testCitizen = "+6281200000001"
	deskWA      = "+628001503001"
	deskSMS     = "+628001503002"
)

// patience is how long a test waits for something that must happen.
const patience = 10 * time.Second

// hook is one webhook as the desk got it.
type hook struct {
	path      string
	form      url.Values
	signature string
	token     string
	genuine   bool // by twilio-go's own validator
}

// testDesk plays the desk: it keeps what it gets and answers what it is told.
type testDesk struct {
	*httptest.Server
	hooks  chan hook
	answer atomic.Value // func(w http.ResponseWriter, r *http.Request)
}

// stand is a running stand-in with a desk beside it.
type stand struct {
	t       *testing.T
	carrier *Carrier
	server  *httptest.Server
	desk    *testDesk
	skew    atomic.Int64 // nanoseconds added to the stand-in's clock
}

func newDesk(t *testing.T) *testDesk {
	d := &testDesk{hooks: make(chan hook, 4096)}
	d.answer.Store(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	validator := client.NewRequestValidator(testToken)
	d.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		signature := r.Header.Get("X-Twilio-Signature")
		d.hooks <- hook{
			path: r.URL.Path, form: form, signature: signature,
			token:   r.Header.Get("I-Twilio-Idempotency-Token"),
			genuine: validator.ValidateBody(d.URL+r.URL.Path, body, signature),
		}
		d.answer.Load().(func(http.ResponseWriter, *http.Request))(w, r)
	}))
	t.Cleanup(d.Close)
	return d
}

func (d *testDesk) answers(f func(w http.ResponseWriter, r *http.Request)) { d.answer.Store(f) }

func newStand(t *testing.T, change ...func(*Config)) *stand {
	t.Helper()
	s := &stand{t: t, desk: newDesk(t)}
	config := Config{
		AccountSid: testAccount, AuthToken: testToken, Target: s.desk.URL,
		WhatsAppInbox: "wa", SMSInbox: "sms", WhatsAppNumber: deskWA, SMSNumber: deskSMS,
		Read: readAuto, Keep: 1000,
	}
	s.server = httptest.NewUnstartedServer(nil)
	config.PublicURL = "http://" + s.server.Listener.Addr().String()
	for _, f := range change {
		f(&config)
	}
	s.carrier = New(Options{
		Config: config, Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return time.Now().Add(time.Duration(s.skew.Load())) },
	})
	s.server.Config.Handler = s.carrier.Handler()
	s.server.Start()
	t.Cleanup(func() {
		s.carrier.hangUp()
		s.server.Close()
		s.carrier.Close()
	})
	return s
}

// send makes a REST send and returns status and decoded body.
func (s *stand) send(form url.Values) (int, map[string]any) {
	s.t.Helper()
	return s.rest(http.MethodPost, "/2010-04-01/Accounts/"+testAccount+"/Messages.json", form)
}

func (s *stand) rest(method, path string, form url.Values) (int, map[string]any) {
	s.t.Helper()
	request := s.request(method, path, strings.NewReader(form.Encode()))
	request.SetBasicAuth(testAccount, testToken)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.do(request)
}

// control calls the control API; body nil is a GET.
func (s *stand) control(path string, body any) (int, map[string]any) {
	s.t.Helper()
	if body == nil {
		return s.do(s.request(http.MethodGet, path, nil))
	}
	data, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.do(s.request(http.MethodPost, path, bytes.NewReader(data)))
}

// set changes the faults and fails the test when refused.
func (s *stand) set(faults map[string]any) {
	s.t.Helper()
	if status, body := s.control("/control", faults); status != http.StatusOK {
		s.t.Fatalf("POST /control: %d %v", status, body)
	}
}

// say sends as the citizen and returns the message.
func (s *stand) say(body map[string]any) map[string]any {
	s.t.Helper()
	if body["from"] == nil {
		body["from"] = testCitizen
	}
	status, m := s.control("/control/inbound", body)
	if status != http.StatusOK {
		s.t.Fatalf("POST /control/inbound: %d %v", status, m)
	}
	return m
}

func (s *stand) request(method, path string, body io.Reader) *http.Request {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	s.t.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, method, s.server.URL+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	return request
}

func (s *stand) do(request *http.Request) (int, map[string]any) {
	s.t.Helper()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	body := map[string]any{}
	if response.StatusCode != http.StatusNoContent {
		if err := json.NewDecoder(response.Body).Decode(&body); err != nil {
			s.t.Fatalf("%s %s: %v", request.Method, request.URL, err)
		}
	}
	return response.StatusCode, body
}

// hook waits for the desk's next webhook.
func (s *stand) hook() hook {
	s.t.Helper()
	select {
	case h := <-s.desk.hooks:
		return h
	case <-time.After(patience):
		s.t.Fatal("the desk got no webhook")
		return hook{}
	}
}

// states waits for n status callbacks and returns their states in order.
func (s *stand) states(n int) []string {
	s.t.Helper()
	states := make([]string, n)
	for i := range states {
		states[i] = s.hook().form.Get("MessageStatus")
	}
	return states
}

// reach waits until a message has this state.
func (s *stand) reach(sid, status string) Message {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	m, ok := s.carrier.ledger.Wait(ctx, "", 0, func(m *Message) bool { return m.Sid == sid && m.Status == status })
	if !ok {
		s.t.Fatalf("%s never became %s", sid, status)
	}
	return m
}

// smsTo is a send to the citizen by SMS, with the callback of the desk.
func (s *stand) smsTo(body string) url.Values {
	return url.Values{"To": {testCitizen}, "From": {deskSMS}, "Body": {body}, "StatusCallback": {s.desk.URL + "/hooks/sms/sms/status"}}
}

func (s *stand) whatsAppTo(body string) url.Values {
	return url.Values{
		"To": {"whatsapp:" + testCitizen}, "From": {"whatsapp:" + deskWA}, "Body": {body},
		"StatusCallback": {s.desk.URL + "/hooks/whatsapp/wa/status"},
	}
}

// open lets the citizen write first, so that the WhatsApp window is open.
func (s *stand) open() {
	s.t.Helper()
	s.say(map[string]any{"channel": "whatsapp", "body": "halo"})
	s.hook()
}
