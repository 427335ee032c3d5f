package main

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"sync"
)

// ending is how a delivery ends badly; the zero ending is a good one.
type ending struct {
	status string // failed or undelivered
	code   int
	early  bool // never left: no sent state before
}

// ending of this order, from the faults as they are when it is taken.
func (c *Carrier) ending(o order, fault *SendFault) ending {
	switch {
	case fault != nil && fault.Status == failed:
		return ending{status: failed, code: fault.Code, early: true}
	case fault != nil:
		return ending{status: undelivered, code: fault.Code}
	case c.outside(o) && c.board.Faults().Window == windowFail:
		return ending{status: undelivered, code: 63016, early: true}
	}
	return ending{}
}

// deliver walks one outbound message through its states, each followed by its
// callback, and ends when the last state is told or ctx ends.
func (c *Carrier) deliver(ctx context.Context, sid string, end ending) {
	if err := c.fetchMedia(ctx, sid); err != nil {
		m, _ := c.ledger.Find(sid)
		end = ending{status: failed, code: mediaErrorOf(m.Channel), early: true}
	}
	var late []url.Values // reports held back by the order fault
	for i, status := range c.ladder(sid, end) {
		faults := c.board.Faults()
		if i > 0 && !pause(ctx, nil, faults.StatusStepMS) {
			return
		}
		m, known := c.climb(sid, status, end.code)
		if !known || slices.Contains(faults.Drop, status) {
			continue
		}
		if faults.StatusOrder != "" {
			late = append(late, c.statusForm(m))
			continue
		}
		c.report(ctx, m, c.statusForm(m))
	}
	c.reportLate(ctx, sid, late)
}

// ladder lists the states this message will take, up to read where messages
// are read by themselves.
func (c *Carrier) ladder(sid string, end ending) []string {
	m, _ := c.ledger.Find(sid)
	steps := []string{queued}
	if !end.early {
		steps = append(steps, sent)
	}
	if end.status != "" {
		return append(steps, end.status)
	}
	steps = append(steps, delivered)
	if m.Channel == whatsApp && c.board.Faults().Read == readAuto {
		steps = append(steps, read)
	}
	return steps
}

// climb sets the state, unless the phone page has already gone further.
func (c *Carrier) climb(sid, status string, code int) (Message, bool) {
	return c.ledger.Update(sid, func(m *Message) {
		if m.Status == read {
			return
		}
		m.Status = status
		switch status {
		case sent:
			m.SentAt = new(c.now().UTC())
		case failed, undelivered:
			m.ErrorCode, m.ErrorMessage = code, explain(code)
		}
	})
}

// markRead reports messages read that the phone page has just shown, where
// reading is tied to looking.
func (c *Carrier) markRead(sids []string) {
	if c.board.Faults().Read != readView {
		return
	}
	for _, sid := range sids {
		m, _ := c.ledger.Find(sid)
		if m.Channel != whatsApp {
			continue
		}
		c.spawn(func(ctx context.Context) {
			seen, ok := c.ledger.Wait(ctx, m.Phone, m.Seq-1, func(k *Message) bool {
				return k.Sid == sid && (k.Status == delivered || k.Status == read)
			})
			if !ok || seen.Status == read {
				return
			}
			if seen, ok = c.climb(sid, read, 0); ok && !slices.Contains(c.board.Faults().Drop, read) {
				c.report(ctx, seen, c.statusForm(seen))
			}
		})
	}
}

// reportLate makes the held-back reports, last first or all at once.
func (c *Carrier) reportLate(ctx context.Context, sid string, late []url.Values) {
	m, _ := c.ledger.Find(sid)
	if c.board.Faults().StatusOrder != orderTogether {
		for _, form := range slices.Backward(late) {
			c.report(ctx, m, form)
		}
		return
	}
	var all sync.WaitGroup
	for _, form := range late {
		all.Go(func() { c.report(ctx, m, form) })
	}
	all.Wait()
}

// report posts one state to the message's callback address, if it has one.
func (c *Carrier) report(ctx context.Context, m Message, form url.Values) {
	if m.StatusCallback == "" {
		return
	}
	c.post(ctx, call{sid: m.Sid, kind: form.Get("MessageStatus"), address: m.StatusCallback, form: form, token: newToken()})
}

// statusForm is the status callback of m as it stands now.
func (c *Carrier) statusForm(m Message) url.Values {
	form := url.Values{
		"MessageSid": {m.Sid}, "SmsSid": {m.Sid},
		"MessageStatus": {m.Status}, "SmsStatus": {m.Status},
		"To": {joinAddress(m.Channel, m.To)}, "From": {joinAddress(m.Channel, m.From)},
		"AccountSid": {c.config.AccountSid}, "ApiVersion": {apiVersion},
	}
	if m.MessagingService != "" {
		form.Set("MessagingServiceSid", m.MessagingService)
	}
	if m.ErrorCode != 0 {
		form.Set("ErrorCode", strconv.Itoa(m.ErrorCode))
		form.Set("ErrorMessage", m.ErrorMessage)
	}
	if m.Channel == whatsApp {
		c.addWhatsAppStatus(form, m)
	}
	return form
}

// addWhatsAppStatus adds what only WhatsApp's callbacks carry.
func (c *Carrier) addWhatsAppStatus(form url.Values, m Message) {
	form.Set("ChannelPrefix", whatsApp)
	form.Set("ChannelToAddress", hideEnd(m.To))
	form.Set("ChannelInstallSid", "XE"+c.mediaSignature("install", "")[:32])
	form.Set("StructuredMessage", strconv.FormatBool(m.ContentSid != ""))
	switch m.Status {
	case delivered:
		form.Set("EventType", "DELIVERED")
	case read:
		form.Set("EventType", "READ")
	case undelivered, failed:
		form.Set("EventType", "UNDELIVERED")
		form.Set("ChannelStatusMessage", m.ErrorMessage)
	}
}
