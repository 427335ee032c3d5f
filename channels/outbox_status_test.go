package channels_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"sapa/channels"
)

// permutations of all orders of the states.
func permutations(states []channels.State) [][]channels.State {
	if len(states) < 2 {
		return [][]channels.State{states}
	}
	var all [][]channels.State
	for i, first := range states {
		rest := append(append([]channels.State{}, states[:i]...), states[i+1:]...)
		for _, tail := range permutations(rest) {
			all = append(all, append([]channels.State{first}, tail...))
		}
	}
	return all
}

// Whatever the order of reports, the end is the same and no step goes back.
func TestStatusesOnlyClimbInAnyOrder(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.wrote(visitor)
	tests := []struct {
		reports []channels.State
		want    channels.State
	}{
		{[]channels.State{channels.StateSent, channels.StateDelivered, channels.StateRead}, channels.StateRead},
		{[]channels.State{channels.StateSent, channels.StateFailed}, channels.StateFailed},
		{[]channels.State{channels.StateSent, channels.StateDelivered, channels.StateFailed}, channels.StateDelivered},
		{[]channels.State{channels.StateSent, channels.StateFailed, channels.StateDelivered, channels.StateRead}, channels.StateRead},
	}
	for _, test := range tests {
		for _, order := range permutations(test.reports) {
			r.provider.Answer(channels.Sent{ProviderID: uuid.NewString()}, nil)
			id := r.post(r.draft())
			r.send(id)
			provider := *r.column(id, "provider_id")
			state := channels.StateSent
			for _, status := range order {
				change := r.report(channels.Event{ProviderID: provider, Status: status})
				if (change != nil) != state.Climbs(status) {
					t.Fatalf("%v: %s after %s changed = %v", order, status, state, change != nil)
				}
				if change != nil {
					state = change.State
				}
			}
			r.wantState(id, test.want)
		}
	}
}

func TestFailureCarriesItsWords(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.wrote(visitor)
	id := r.post(r.draft())
	r.send(id)
	change := r.report(channels.Event{ProviderID: "SM" + string(id), Status: channels.StateFailed,
		ErrorCode: "63016", ErrorKey: "channels.error.window_closed"})
	if change == nil || change.ErrorKey != "channels.error.window_closed" || !change.Retryable {
		t.Fatalf("change = %+v", change)
	}
	change = r.report(channels.Event{ProviderID: "SM" + string(id), Status: channels.StateDelivered})
	if change == nil || change.ErrorKey != "" || change.Retryable {
		t.Fatalf("change = %+v, want a delivered message without error", change)
	}
}

// A report may overtake the answer that carries the provider's id.
func TestEarlyStatusIsKeptAndAttached(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.wrote(visitor)
	id := r.post(r.draft())
	provider := "SM" + string(id)
	for _, status := range []channels.State{channels.StateSent, channels.StateFailed, channels.StateFailed} {
		if change := r.report(channels.Event{ProviderID: provider, Status: status, ErrorCode: "30008"}); change != nil {
			t.Fatalf("change = %+v before the id is known", change)
		}
	}
	r.send(id)
	r.wantState(id, channels.StateSent)
	swept, err := r.sweeper.Sweep(t.Context())
	if err != nil || swept.Adopted != 1 {
		t.Fatalf("swept = %+v, %v, want one adopted", swept, err)
	}
	if got := r.wantState(id, channels.StateFailed); got.ErrorCode != "30008" {
		t.Fatalf("code = %q, want 30008", got.ErrorCode)
	}
	if swept, err = r.sweeper.Sweep(t.Context()); err != nil || swept.Adopted != 0 {
		t.Fatalf("swept again = %+v, %v", swept, err)
	}
}

func TestStatusByOurOwnID(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.wrote(visitor)
	r.provider.Answer(channels.Sent{}, channels.ErrUnknown)
	id := r.post(r.draft())
	r.send(id)
	r.wantState(id, channels.StateUnknown)
	change := r.report(channels.Event{ProviderID: "SM77", Outbox: id, Status: channels.StateDelivered})
	if change == nil || change.State != channels.StateDelivered {
		t.Fatalf("change = %+v, want delivered", change)
	}
	if got := r.column(id, "provider_id"); got == nil || *got != "SM77" {
		t.Fatalf("provider id = %v, want SM77", got)
	}
	if change := r.report(channels.Event{ProviderID: "SM1", Outbox: channels.OutboxID(uuid.NewString()), Status: channels.StateSent}); change != nil {
		t.Fatalf("change = %+v for a row that is not ours", change)
	}
}

// Reports about the call before a retry do not touch the new one, unless they
// say that the message arrived.
func TestReportsOfTheCallBeforeARetry(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.wrote(visitor)
	r.provider.Answer(channels.Sent{ProviderID: "SM1"}, nil)
	id := r.post(r.draft())
	r.send(id)
	r.report(channels.Event{ProviderID: "SM1", Outbox: id, Status: channels.StateFailed})
	r.must(r.outbox.Retry(t.Context(), r.db, "agent-1", id))
	for _, status := range []channels.State{channels.StateSent, channels.StateFailed} {
		if change := r.report(channels.Event{ProviderID: "SM1", Outbox: id, Status: status}); change != nil {
			t.Fatalf("old %s changed the row to %s", status, change.State)
		}
	}
	r.wantState(id, channels.StateQueued)
	r.provider.Answer(channels.Sent{ProviderID: "SM2"}, nil)
	r.send(id)
	if change := r.report(channels.Event{ProviderID: "SM1", Outbox: id, Status: channels.StateFailed}); change != nil {
		t.Fatalf("old failure changed the row to %s", change.State)
	}
	if change := r.report(channels.Event{ProviderID: "SM2", Outbox: id, Status: channels.StateDelivered}); change == nil {
		t.Fatal("new report was ignored")
	}
	r.wantState(id, channels.StateDelivered)
}

func TestDeadLettersAndRetry(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.wrote(visitor)
	r.provider.Answer(channels.Sent{}, &channels.Permanent{Code: "63016"})
	ids := make([]channels.OutboxID, 5)
	for i := range ids {
		ids[i] = r.post(r.draft())
		r.send(ids[i])
		r.clock.Add(time.Second)
	}
	var seen []channels.OutboxID
	for cursor := ""; ; {
		page, next, err := r.outbox.DeadLetters(t.Context(), r.db, cursor, 2)
		r.must(err)
		for _, letter := range page {
			if letter.Text != "Halo" || !letter.Retryable {
				t.Fatalf("letter = %+v", letter)
			}
			seen = append(seen, letter.ID)
		}
		if cursor = next; next == "" {
			break
		}
	}
	if len(seen) != 5 || seen[0] != ids[4] || seen[4] != ids[0] {
		t.Fatalf("seen %v, want %v newest first", seen, ids)
	}
	if _, _, err := r.outbox.DeadLetters(t.Context(), r.db, "junk", 2); err == nil {
		t.Error("a junk cursor was taken")
	}
	r.provider.Answer(channels.Sent{ProviderID: "SM9"}, nil)
	r.must(r.outbox.Retry(t.Context(), r.db, "agent-1", ids[0]))
	if err := r.outbox.Retry(t.Context(), r.db, "agent-1", ids[0]); !errors.Is(err, channels.ErrStale) {
		t.Fatalf("second retry = %v, want ErrStale", err)
	}
	r.send(ids[0])
	r.wantState(ids[0], channels.StateSent)
	r.clock.Add(25 * time.Hour)
	var blocked *channels.Blocked
	if err := r.outbox.Retry(t.Context(), r.db, "agent-1", ids[1]); !errors.As(err, &blocked) || blocked.Reason != channels.WindowClosed {
		t.Fatalf("retry after the window = %v, want window_closed", err)
	}
}

// The same webhook a thousand times at once, and again a week later.
func TestReceiptIsClaimedOnce(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	var fresh atomic.Int64
	var all sync.WaitGroup
	gate := make(chan struct{})
	for range 1000 {
		all.Go(func() {
			<-gate
			err := r.db.RunInTx(context.Background(), nil, func(ctx context.Context, tx bun.Tx) error {
				first, err := channels.ClaimReceipt(ctx, tx, r.whatsapp, "SM1", r.clock.Now())
				if first {
					fresh.Add(1)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	close(gate)
	all.Wait()
	r.clock.Add(7 * 24 * time.Hour)
	if again, err := channels.ClaimReceipt(t.Context(), r.db, r.whatsapp, "SM1", r.clock.Now()); again || err != nil {
		t.Fatalf("fresh after a week = %v, %v", again, err)
	}
	if fresh.Load() != 1 {
		t.Fatalf("%d fresh claims, want 1", fresh.Load())
	}
	if other, err := channels.ClaimReceipt(t.Context(), r.db, r.sms, "SM1", r.clock.Now()); !other || err != nil {
		t.Fatalf("the same id at another inbox = %v, %v, want fresh", other, err)
	}
	r.clock.Add(channels.ReceiptLife)
	if n, err := channels.TrimReceipts(t.Context(), r.db, r.clock.Now().Add(time.Second)); n != 2 || err != nil {
		t.Fatalf("trimmed %d, %v, want 2", n, err)
	}
}

// A claim in a transaction that fails leaves the event fresh.
func TestFailedTransactionLeavesTheReceipt(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	boom := errors.New("boom")
	err := r.db.RunInTx(t.Context(), nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := channels.ClaimReceipt(ctx, tx, r.whatsapp, "SM1", r.clock.Now()); err != nil {
			return err
		}
		return boom
	})
	if !errors.Is(err, boom) {
		t.Fatal(err)
	}
	if fresh, err := channels.ClaimReceipt(t.Context(), r.db, r.whatsapp, "SM1", r.clock.Now()); !fresh || err != nil {
		t.Fatalf("fresh = %v, %v, want true", fresh, err)
	}
}
