package ticketing

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"sapa/channels"
)

// holdUp is a store that waits to be let go, a batch at a time.
type holdUp struct {
	begun chan []*arrival
	let   chan error
}

func newHoldUp() *holdUp { return &holdUp{make(chan []*arrival), make(chan error)} }

func (h *holdUp) store(_ context.Context, batch []*arrival) error {
	h.begun <- batch
	err := <-h.let
	for _, a := range batch {
		a.stored = true
	}
	return err
}

type joined struct {
	stored bool
	err    error
}

func joinAside(ctx context.Context, i *intake) <-chan joined {
	done := make(chan joined, 1)
	go func() {
		stored, err := i.join(ctx, "inbox", channels.Event{})
		done <- joined{stored, err}
	}()
	return done
}

// untilWaiting returns once so many wait.
func untilWaiting(t *testing.T, i *intake, n int) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
		i.mu.Lock()
		waiting := len(i.waiting)
		i.mu.Unlock()
		if waiting == n {
			return
		}
	}
	t.Fatalf("never were %d waiting", n)
}

func TestWhoArrivesMeanwhileSharesTheNextTurn(t *testing.T) {
	t.Parallel()
	h := newHoldUp()
	i := &intake{store: h.store}
	var all []<-chan joined
	for range togetherAtOnce { // each stores itself at once
		all = append(all, joinAside(t.Context(), i))
		if batch := <-h.begun; len(batch) != 1 {
			t.Fatalf("who came first shares with %d", len(batch)-1)
		}
	}
	for range togetherMost + 3 {
		all = append(all, joinAside(t.Context(), i))
	}
	untilWaiting(t, i, togetherMost+3)
	for _, want := range []int{togetherMost, 3} {
		h.let <- nil
		if batch := <-h.begun; len(batch) != want {
			t.Errorf("the next batch has %d, want %d", len(batch), want)
		}
	}
	h.let <- nil
	h.let <- nil
	for _, done := range all {
		if got := <-done; !got.stored || got.err != nil {
			t.Errorf("got %+v, want stored", got)
		}
	}
	if i.storing != 0 || len(i.waiting) != 0 {
		t.Errorf("%d still store, %d still wait", i.storing, len(i.waiting))
	}
}

func TestFailedBatchLeavesEachToItself(t *testing.T) {
	t.Parallel()
	h := newHoldUp()
	i := &intake{store: h.store}
	done := joinAside(t.Context(), i)
	<-h.begun
	h.let <- errors.New("no")
	if got := <-done; got.stored || got.err != nil {
		t.Errorf("got %+v, want neither stored nor refused", got)
	}
}

func TestWhoGivesUpWaitingIsLeftOut(t *testing.T) {
	t.Parallel()
	h := newHoldUp()
	i := &intake{store: h.store}
	for range togetherAtOnce {
		joinAside(t.Context(), i)
		<-h.begun
	}
	ctx, cancel := context.WithCancel(t.Context())
	impatient := joinAside(ctx, i)
	untilWaiting(t, i, 1)
	cancel()
	if got := <-impatient; !errors.Is(got.err, context.Canceled) {
		t.Errorf("got %+v, want cancelled", got)
	}
	patient := joinAside(t.Context(), i)
	untilWaiting(t, i, 1)
	h.let <- nil
	if batch := <-h.begun; len(batch) != 1 {
		t.Errorf("the batch has %d, want 1", len(batch))
	}
	h.let <- nil
	h.let <- nil
	<-patient
}

func TestPanickingStoreStopsNobody(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	first := true
	i := &intake{store: func(_ context.Context, batch []*arrival) error {
		mu.Lock()
		defer mu.Unlock()
		if first {
			first = false
			panic("no")
		}
		batch[0].stored = true
		return nil
	}}
	func() {
		defer func() { _ = recover() }()
		_, _ = i.join(t.Context(), "inbox", channels.Event{})
	}()
	if stored, err := i.join(t.Context(), "inbox", channels.Event{}); !stored || err != nil {
		t.Errorf("got %v, %v; want stored", stored, err)
	}
	if i.storing != 0 {
		t.Errorf("%d still store", i.storing)
	}
}
