package main

import "sync"

// Kinds of change that the page hears of.
const (
	changeMessage = "message"
	changePhones  = "phones"
	changeFaults  = "faults"
	changeCleared = "cleared"
)

// Change is one event of the page's stream.
type Change struct {
	Kind    string
	Message *Message // of changeMessage only
}

// feed spreads changes to listeners; one that does not keep up is cut off and
// has to come back and read everything anew. The zero feed is ready.
type feed struct {
	mu        sync.Mutex
	listeners map[chan Change]struct{}
}

// feedBuffer is how many changes a listener may lag behind.
const feedBuffer = 256

func (f *feed) listen() chan Change {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.listeners == nil {
		f.listeners = map[chan Change]struct{}{}
	}
	ch := make(chan Change, feedBuffer)
	f.listeners[ch] = struct{}{}
	return ch
}

func (f *feed) leave(ch chan Change) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, ok := f.listeners[ch]; ok {
		delete(f.listeners, ch)
		close(ch)
	}
}

func (f *feed) send(c Change) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for ch := range f.listeners {
		select {
		case ch <- c:
		default:
			delete(f.listeners, ch)
			close(ch)
		}
	}
}
