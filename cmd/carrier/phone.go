package main

import (
	"slices"
	"strings"
	"time"
)

// Phone is one citizen's telephone as the carrier knows it.
type Phone struct {
	Number string
	Name   string    // WhatsApp profile name
	Heard  time.Time // last WhatsApp message from this phone; zero if none
	Barred bool      // wrote STOP by SMS
	made   bool      // made on the page: kept even without messages
}

// PhoneView is a phone in the list of the page and the control API.
type PhoneView struct {
	Phone       string     `json:"phone"`
	Name        string     `json:"name"`
	Note        string     `json:"note,omitempty"`
	WindowUntil *time.Time `json:"window_until,omitempty"` // end of the WhatsApp window, past or future
	Barred      bool       `json:"barred,omitempty"`
	Unread      int        `json:"unread"`
	Last        *Message   `json:"last,omitempty"`
}

// window is how long free-form WhatsApp messages may follow the citizen's
// last one (Twilio error 63016).
const window = 24 * time.Hour

// Keywords of Twilio's default opt-out handling for SMS; the whole message
// must be the word.
var (
	stopWords  = []string{"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
	startWords = []string{"START", "YES", "UNSTOP"}
)

// heard notes what an inbound message says about its sender.
func (p *Phone) heard(m Message) {
	if m.Channel == whatsApp {
		p.Heard = m.Created
		return
	}
	switch word := strings.ToUpper(strings.TrimSpace(m.Body)); {
	case slices.Contains(stopWords, word):
		p.Barred = true
	case slices.Contains(startWords, word):
		p.Barred = false
	}
}

// phone finds or makes a phone; the lock is held.
func (l *Ledger) phone(number string) *Phone {
	p, ok := l.phones[number]
	if !ok {
		p = &Phone{Number: number}
		l.phones[number] = p
	}
	return p
}

// trimPhones forgets phones without messages once there are more phones than
// messages may be; the lock is held.
func (l *Ledger) trimPhones() {
	if len(l.phones) <= l.keep {
		return
	}
	for number, p := range l.phones {
		if len(l.byPhone[number]) == 0 && !p.made {
			delete(l.phones, number)
		}
	}
}

// Phone returns a copy; the zero Phone when the number is not known.
func (l *Ledger) Phone(number string) Phone {
	l.mu.Lock()
	defer l.mu.Unlock()
	if p, ok := l.phones[number]; ok {
		return *p
	}
	return Phone{Number: number}
}

// ChangePhone changes a phone, making it if need be, and tell the page.
func (l *Ledger) ChangePhone(number string, change func(*Phone)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change(l.phone(number))
	l.feed.send(Change{Kind: changePhones})
}

// Phones lists the phones, latest talk first.
func (l *Ledger) Phones() []PhoneView {
	l.mu.Lock()
	defer l.mu.Unlock()
	views := make([]PhoneView, 0, len(l.phones))
	for number, p := range l.phones {
		views = append(views, p.view(l.byPhone[number]))
	}
	slices.SortFunc(views, func(a, b PhoneView) int {
		if d := b.lastSeq() - a.lastSeq(); d != 0 {
			return int(d)
		}
		return strings.Compare(a.Name+a.Phone, b.Name+b.Phone)
	})
	return views
}

func (p *Phone) view(messages []*Message) PhoneView {
	v := PhoneView{Phone: p.Number, Name: p.Name, Barred: p.Barred}
	if !p.Heard.IsZero() {
		v.WindowUntil = new(p.Heard.Add(window))
	}
	var last *Message
	for _, m := range messages {
		if m.reached() && !m.Seen {
			v.Unread++
		}
		if m.reached() || m.Direction == inbound {
			last = m
		}
	}
	if last != nil {
		v.Last = new(last.clone())
	}
	return v
}

func (v PhoneView) lastSeq() int64 {
	if v.Last == nil {
		return 0
	}
	return v.Last.Seq
}

// See marks what is on the phone in this channel as seen and returns the ids
// of messages that were not.
func (l *Ledger) See(number, channel string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var sids []string
	for _, m := range l.byPhone[number] {
		if m.Channel == channel && m.reached() && !m.Seen {
			m.Seen = true
			sids = append(sids, m.Sid)
			l.tell(m)
		}
	}
	return sids
}
