package channels_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"sapa/channels"
	"sapa/channels/words"
)

// withFile is a reply that carries a picture which may be sent.
func (r *room) withFile() channels.Draft {
	r.t.Helper()
	id := channels.AttachmentID(uuid.Must(uuid.NewV7()).String())
	_, err := r.db.NewRaw(`INSERT INTO attachments (id, reporter, name, mime, bytes, sha256, state, blob_key, created_at, updated_at)
		VALUES (?, 'staff', 'a.jpg', 'image/jpeg', 9, '', 'ready', 'k', now(), now())`, id).Exec(r.t.Context())
	r.must(err)
	draft := r.draft()
	draft.Attachments = []channels.AttachmentID{id}
	return draft
}

// What keeps a message from being put together ends it only when nothing will
// ever help; the provider is not called in the meantime.
func TestOnlyTheHopelessFailsBeforeTheCall(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		fault error
		want  channels.State
		key   string
		delay time.Duration
		tries int
	}{
		{"database away", fmt.Errorf("find attachments: %w", sql.ErrConnDone), channels.StateQueued, "channels.error.ours", 5 * time.Second, 1},
		{"bucket away", errors.New("bucket does not answer"), channels.StateQueued, "channels.error.ours", 5 * time.Second, 1},
		{"too slow", context.DeadlineExceeded, channels.StateQueued, "channels.error.ours", 5 * time.Second, 1},
		{"file gone", fmt.Errorf("1 of 1 attachments: %w", channels.ErrNotFound), channels.StateFailed, "channels.error.media", 0, 1},
		{"file refused", &channels.Permanent{Key: "channels.error.media"}, channels.StateFailed, "channels.error.media", 0, 1},
	}
	shared := newRoom(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := shared.beside(t)
			r.wrote(visitor)
			r.provider.files = func() error { return test.fault }
			id := r.post(r.withFile())
			r.send(id)
			got := r.wantState(id, test.want)
			if got.ErrorKey != test.key || !words.Notices().Has(test.key) || got.Attempts != test.tries || len(r.provider.Calls()) != 0 {
				t.Fatalf("got %+v after %d calls, want %s, with words, and no call", got, len(r.provider.Calls()), test.key)
			}
			if test.want == channels.StateFailed {
				return
			}
			r.provider.files = nil
			r.clock.Add(test.delay)
			r.send(id)
			r.wantState(id, channels.StateSent)
		})
	}
}

// A process told to stop while it reads gives the message back as it was.
func TestStoppedBeforeTheCallIsNoTry(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.wrote(visitor)
	ctx, stop := context.WithCancel(t.Context())
	r.provider.files = func() error { stop(); return ctx.Err() }
	id := r.post(r.withFile())
	_ = r.sender.Send(ctx, id)
	if got := r.wantState(id, channels.StateQueued); got.Attempts != 0 || got.ErrorKey != "" {
		t.Fatalf("got %+v, want it queued as it was", got)
	}
	r.provider.files = nil
	if err := r.sender.Send(ctx, id); !errors.Is(err, context.Canceled) {
		t.Fatalf("err = %v, want that a stopped process takes nothing up", err)
	}
	r.send(id)
	r.wantState(id, channels.StateSent)
}

// Parameters that are no parameters stay so.
func TestDamagedRowFailsAtOnce(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	id := r.post(channels.Draft{InboxID: r.sms, To: visitor, Purpose: channels.PurposeOTP, Key: "notice.otp.code",
		Params: map[string]any{"Minutes": 5}, Secret: "739214"})
	_, err := r.db.NewRaw(`UPDATE outbox SET params = '[1]' WHERE id = ?`, id).Exec(t.Context())
	r.must(err)
	r.send(id)
	if got := r.wantState(id, channels.StateFailed); got.ErrorKey != "channels.error.render" {
		t.Fatalf("key = %s, want render", got.ErrorKey)
	}
}

// An answer the adapter did not judge may mean that the message arrived.
func TestUnjudgedAnswerIsUnknown(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.wrote(visitor)
	r.provider.Answer(channels.Sent{}, errors.New("a surprise"))
	id := r.post(r.draft())
	r.send(id)
	r.wantState(id, channels.StateUnknown)
}

// A question that could not be put to the provider is not one of the four.
func TestFaultOfOursIsNoQuestion(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.wrote(visitor)
	r.provider.Answer(channels.Sent{}, channels.ErrUnknown)
	id := r.post(r.draft())
	r.send(id)
	r.provider.found = func(channels.Outgoing) (*channels.Sent, error) { return nil, sql.ErrConnDone }
	if err := r.sender.Reconcile(t.Context(), id); !errors.Is(err, sql.ErrConnDone) {
		t.Fatalf("err = %v, want it passed on", err)
	}
	if asked := r.column(id, "asked"); *asked != "0" {
		t.Fatalf("asked = %s, want 0", *asked)
	}
	r.provider.found = nil
	r.must(r.sender.Reconcile(t.Context(), id))
	if asked := r.column(id, "asked"); *asked != "1" {
		t.Fatalf("asked = %s, want 1", *asked)
	}
}
