package main

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Ledger remembers messages, media and phones, in memory and bounded: past
// keep messages the oldest tenth is forgotten. Safe for concurrent use.
type Ledger struct {
	mu      sync.Mutex
	keep    int
	now     func() time.Time
	next    int64
	all     []*Message // by Seq
	bySid   map[string]*Message
	byPhone map[string][]*Message // by Seq
	phones  map[string]*Phone
	media   mediaStore
	changed chan struct{} // closed and replaced at each change
	feed    feed
}

func newLedger(keep int, now func() time.Time) *Ledger {
	l := &Ledger{keep: keep, now: now, changed: make(chan struct{})}
	l.clear()
	return l
}

// Clear forgets everything but goes on counting.
func (l *Ledger) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.clear()
	l.wake()
	l.feed.send(Change{Kind: changeCleared})
}

func (l *Ledger) clear() {
	l.all = nil
	l.bySid = map[string]*Message{}
	l.byPhone = map[string][]*Message{}
	l.phones = map[string]*Phone{}
	l.media = mediaStore{files: map[string]Media{}}
}

// Add files m under the next sequence number; Sid, times and Phone are set
// here unless already given.
func (l *Ledger) Add(m Message) Message {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next++
	m.Seq = l.next
	m.Created = l.now().UTC()
	m.Updated = m.Created
	m.Phone = m.To
	if m.Direction == inbound {
		m.Phone = m.From
		l.phone(m.Phone).heard(m)
	}
	l.phone(m.Phone)
	kept := &m
	l.all = append(l.all, kept)
	l.bySid[m.Sid] = kept
	l.byPhone[m.Phone] = append(l.byPhone[m.Phone], kept)
	l.trim()
	return l.tell(kept)
}

// Update changes one message under the lock; false when it is not known.
func (l *Ledger) Update(sid string, change func(*Message)) (Message, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m, ok := l.bySid[sid]
	if !ok {
		return Message{}, false
	}
	change(m)
	m.Updated = l.now().UTC()
	return l.tell(m), true
}

// Find returns the message with this id.
func (l *Ledger) Find(sid string) (Message, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m, ok := l.bySid[sid]
	if !ok {
		return Message{}, false
	}
	return m.clone(), true
}

// Select returns, by sequence, the messages that match and come after the
// given sequence number; phone narrows the search when not empty.
func (l *Ledger) Select(phone string, after int64, match func(*Message) bool) []Message {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.pick(phone, after, match)
}

func (l *Ledger) pick(phone string, after int64, match func(*Message) bool) []Message {
	from := l.all
	if phone != "" {
		from = l.byPhone[phone]
	}
	start, _ := slices.BinarySearchFunc(from, after+1, func(m *Message, seq int64) int {
		return int(m.Seq - seq)
	})
	found := []Message{}
	for _, m := range from[start:] {
		if match(m) {
			found = append(found, m.clone())
		}
	}
	return found
}

// Wait returns the first message as Select would, waiting for one until ctx
// ends; then ok is false.
func (l *Ledger) Wait(ctx context.Context, phone string, after int64, match func(*Message) bool) (m Message, ok bool) {
	for {
		l.mu.Lock()
		found, changed := l.pick(phone, after, match), l.changed
		l.mu.Unlock()
		if len(found) > 0 {
			return found[0], true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return Message{}, false
		}
	}
}

// tell announces a changed message to those who wait; the lock is held.
func (l *Ledger) tell(m *Message) Message {
	c := m.clone()
	l.wake()
	l.feed.send(Change{Kind: changeMessage, Message: &c})
	return c
}

func (l *Ledger) wake() {
	close(l.changed)
	l.changed = make(chan struct{})
}

// trim forgets the oldest messages, a tenth at a time so that the copying
// costs little per message; the lock is held.
func (l *Ledger) trim() {
	if len(l.all) <= l.keep {
		return
	}
	gone := l.all[:max(1, l.keep/10)]
	l.all = slices.Clone(l.all[len(gone):])
	oldest := l.all[0].Seq
	for _, m := range gone {
		delete(l.bySid, m.Sid)
		l.media.drop(m.Media)
		rest := slices.DeleteFunc(l.byPhone[m.Phone], func(k *Message) bool { return k.Seq < oldest })
		if len(rest) > 0 {
			l.byPhone[m.Phone] = rest
			continue
		}
		delete(l.byPhone, m.Phone)
	}
	l.trimPhones()
}

// Announce tells the page of a change that is not a message.
func (l *Ledger) Announce(kind string) {
	l.feed.send(Change{Kind: kind})
}
