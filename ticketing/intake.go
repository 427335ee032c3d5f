package ticketing

import (
	"context"
	"slices"
	"sync"

	"sapa/channels"
)

// Bounds of sharing, found by measuring (`sapa bench intake`).
const (
	// togetherMost is how many messages share a transaction at the most: with
	// more the last one waits longer than it saves.
	togetherMost = 64
	// togetherAtOnce is how many shared transactions run at a time: while one
	// waits for the disk the other keeps the processor busy.
	togetherAtOnce = 2
)

// intake joins messages that arrive together into one transaction, so that they
// share its statements and its one wait for the disk. It has no goroutine and
// adds no delay: who arrives while fewer than togetherAtOnce store, stores at
// once; who arrives later waits. Who has stored a batch goes home and leaves
// those who wait, as the next batch, to the first of them.
type intake struct {
	// store stores what it can of a batch and marks it; see receiveTogether.
	store func(context.Context, []*arrival) error

	mu      sync.Mutex
	storing int
	waiting []*arrival // nobody unless togetherAtOnce store
}

// arrival is one message on its way in.
type arrival struct {
	inbox  channels.InboxID
	event  channels.Event
	stored bool // it is in the database, now or from an earlier delivery

	// turn is told once: the batch to store, which begins with this one, or nil
	// when somebody else has dealt with it.
	turn chan []*arrival
}

// join stores an arrival together with others. stored is false for one that
// needs a transaction of its own: it was not ordinary after all, or the shared
// transaction failed, perhaps by the fault of another. The error is the context's.
func (i *intake) join(ctx context.Context, inbox channels.InboxID, event channels.Event) (stored bool, err error) {
	a := &arrival{inbox: inbox, event: event, turn: make(chan []*arrival, 1)}
	batch := i.arrive(a)
	if batch == nil {
		select {
		case batch = <-a.turn:
		case <-ctx.Done():
			if i.leave(a) {
				return false, ctx.Err()
			}
			batch = <-a.turn // it is in somebody's hands, no longer than their context allows
		}
	}
	if batch != nil {
		i.lead(ctx, batch)
	}
	return a.stored, nil
}

// arrive returns what the arrival has to store at once, nil when it has to wait.
func (i *intake) arrive(a *arrival) []*arrival {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.storing == togetherAtOnce {
		i.waiting = append(i.waiting, a)
		return nil
	}
	i.storing++
	return []*arrival{a}
}

// leave takes an arrival out of those who wait; false when it is not among them.
func (i *intake) leave(a *arrival) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	at := slices.Index(i.waiting, a)
	if at < 0 {
		return false
	}
	i.waiting = slices.Delete(i.waiting, at, at+1)
	return true
}

// lead stores a batch, sends the others in it home and leaves the next batch to
// somebody else, also when storing panics.
func (i *intake) lead(ctx context.Context, batch []*arrival) {
	defer i.pass()
	defer func() {
		for _, a := range batch[1:] {
			a.turn <- nil
		}
	}()
	if err := i.store(ctx, batch); err != nil {
		for _, a := range batch {
			a.stored = false
		}
	}
}

// pass gives those who wait to the first of them.
func (i *intake) pass() {
	i.mu.Lock()
	defer i.mu.Unlock()
	n := min(len(i.waiting), togetherMost)
	if n == 0 {
		i.storing--
		return
	}
	batch := slices.Clone(i.waiting[:n])
	i.waiting = slices.Delete(i.waiting, 0, n)
	batch[0].turn <- batch
}
