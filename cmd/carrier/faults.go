package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
)

// Values of Faults.Signature; empty signs rightly.
const (
	signWrong   = "wrong"   // another key
	signMissing = "missing" // no header
)

// Values of Faults.StatusOrder; empty reports each state as it comes.
const (
	orderReverse  = "reverse"  // all states at the end, last one first
	orderTogether = "together" // all states at the end, at the same moment
)

// Values of Faults.Read and of CARRIER_READ.
const (
	readAuto  = "auto"  // by itself, a moment after delivery
	readView  = "view"  // when the phone page shows the thread
	readNever = "never" // read receipts switched off
)

// Values of Faults.Window: what becomes of a free-form WhatsApp message
// outside the 24 h window.
const (
	windowRefuse = "refuse" // the call fails with 63016
	windowFail   = "fail"   // the call succeeds, the state becomes undelivered with 63016
	windowIgnore = "ignore" // the message is delivered
)

// Faults says how the stand-in misbehaves. The zero value, with Read, Window
// and StatusStepMS set, behaves well.
type Faults struct {
	Stop          bool     `json:"stop"`            // REST calls answer 503
	AnswerDelayMS int      `json:"answer_delay_ms"` // before each REST answer
	Signature     string   `json:"signature"`       // of webhooks: "", wrong, missing
	Duplicate     int      `json:"duplicate"`       // copies of each webhook, at the same moment; 0 and 1 are one
	DelayMS       int      `json:"delay_ms"`        // before each webhook
	StatusStepMS  int      `json:"status_step_ms"`  // between two delivery states
	StatusOrder   string   `json:"status_order"`    // "", reverse, together
	Drop          []string `json:"drop"`            // states whose callback is not made
	Read          string   `json:"read"`            // auto, view, never
	Window        string   `json:"window"`          // refuse, fail, ignore

	Send *SendFault `json:"send"` // sends that fail
	Hang *HangFault `json:"hang"` // sends whose answer never comes
}

// SendFault makes sends fail: at once when HTTP is set, else later by a
// status callback with Code.
type SendFault struct {
	HTTP       int    `json:"http"`        // answer this status, e.g. 429 or 500
	Code       int    `json:"code"`        // Twilio's error code, e.g. 30008
	Status     string `json:"status"`      // final state without HTTP: undelivered (default) or failed
	RetryAfter int    `json:"retry_after"` // seconds
	To         string `json:"to"`          // only this phone
	Times      int    `json:"times"`       // then it ends by itself; 0 is for ever
}

// HangFault lets sends hang until the caller gives up.
type HangFault struct {
	Take  bool   `json:"take"`  // the message is taken and delivered all the same
	To    string `json:"to"`    // only this phone
	Times int    `json:"times"` // then it ends by itself; 0 is for ever
}

// Board holds the switches; safe for concurrent use.
type Board struct {
	mu      sync.Mutex
	normal  Faults
	current Faults
}

func newBoard(normal Faults) *Board { return &Board{normal: normal, current: normal} }

// Faults as they are now.
func (b *Board) Faults() Faults {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.current.clone()
}

func (f Faults) clone() Faults {
	f.Drop = slices.Clone(f.Drop)
	if f.Send != nil {
		f.Send = new(*f.Send)
	}
	if f.Hang != nil {
		f.Hang = new(*f.Hang)
	}
	return f
}

// Set changes the switches that body (a JSON object) names and leaves the
// rest; {"reset":true} goes back to good behaviour first.
func (b *Board) Set(body []byte) (Faults, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change := struct {
		Reset bool `json:"reset"`
		*Faults
	}{Faults: new(b.startOf(body))}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&change); err != nil {
		return Faults{}, fmt.Errorf("control: %w", err)
	}
	if err := change.Faults.check(); err != nil {
		return Faults{}, err
	}
	b.current = *change.Faults
	return b.current.clone(), nil
}

// startOf is what the change applies to: a send or hang fault that is named
// anew replaces the old one whole.
func (b *Board) startOf(body []byte) Faults {
	var named struct {
		Reset bool
		Send  json.RawMessage
		Hang  json.RawMessage
	}
	if json.Unmarshal(body, &named) == nil && named.Reset {
		return b.normal.clone()
	}
	start := b.current.clone()
	if named.Send != nil {
		start.Send = nil
	}
	if named.Hang != nil {
		start.Hang = nil
	}
	return start
}

func (f Faults) check() error {
	oneOf := func(field, value string, allowed ...string) error {
		if slices.Contains(allowed, value) {
			return nil
		}
		return fmt.Errorf("%s must be one of %q", field, allowed)
	}
	for _, err := range []error{
		oneOf("signature", f.Signature, "", signWrong, signMissing),
		oneOf("status_order", f.StatusOrder, "", orderReverse, orderTogether),
		oneOf("read", f.Read, readAuto, readView, readNever),
		oneOf("window", f.Window, windowRefuse, windowFail, windowIgnore),
	} {
		if err != nil {
			return err
		}
	}
	switch {
	case min(f.AnswerDelayMS, f.Duplicate, f.DelayMS, f.StatusStepMS) < 0:
		return fmt.Errorf("delays and duplicate must not be negative")
	case f.Duplicate > maxCopies:
		return fmt.Errorf("duplicate must be at most %d", maxCopies)
	case f.Send != nil:
		return f.Send.check()
	}
	return nil
}

// maxCopies bounds one webhook's copies: the replay test of the desk wants a
// thousand at once.
const maxCopies = 2000

func (s SendFault) check() error {
	switch {
	case s.HTTP == 0 && s.Code == 0:
		return fmt.Errorf("send needs http or code")
	case s.HTTP != 0 && (s.HTTP < 400 || s.HTTP > 599):
		return fmt.Errorf("send.http must be 400 to 599")
	case s.Status != "" && s.Status != failed && s.Status != undelivered:
		return fmt.Errorf("send.status must be failed or undelivered")
	}
	return nil
}

// problem is what a failing call answers; nil when the fault comes later.
func (s *SendFault) problem() *Problem {
	if s == nil || s.HTTP == 0 {
		return nil
	}
	code := s.Code
	if code == 0 {
		code = map[int]int{
			http.StatusTooManyRequests:     20429,
			http.StatusInternalServerError: 20500,
			http.StatusServiceUnavailable:  20503,
		}[s.HTTP]
	}
	p := problem(s.HTTP, code, "%s", explain(code))
	p.retryAfter = s.RetryAfter
	return p
}

// Failing takes one use of the send fault for a message to this phone; nil
// when the send goes well.
func (b *Board) Failing(to string) *SendFault {
	b.mu.Lock()
	defer b.mu.Unlock()
	f := b.current.Send
	if f == nil || (f.To != "" && tidyNumber(f.To) != to) {
		return nil
	}
	used := new(*f)
	if f.Times--; f.Times == 0 {
		b.current.Send = nil
	} else if f.Times < 0 {
		f.Times = 0
	}
	return used
}

// Hanging takes one use of the hang fault, as Failing does.
func (b *Board) Hanging(to string) *HangFault {
	b.mu.Lock()
	defer b.mu.Unlock()
	f := b.current.Hang
	if f == nil || (f.To != "" && tidyNumber(f.To) != to) {
		return nil
	}
	used := new(*f)
	if f.Times--; f.Times == 0 {
		b.current.Hang = nil
	} else if f.Times < 0 {
		f.Times = 0
	}
	return used
}
