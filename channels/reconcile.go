package channels

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// askAfter is when the provider is asked about an unknown message: soon, and
// then ever later, since its list may lag. After the last time a person decides.
func askAfter() []time.Duration {
	return []time.Duration{10 * time.Second, time.Minute, 10 * time.Minute, time.Hour}
}

// Reconcile asks the provider what became of an unknown message. It never sends
// anything: a message the provider does not know stays unknown, and a person who
// sees it may send it again.
func (s *Sender) Reconcile(ctx context.Context, id OutboxID) error {
	row, err := findRow(ctx, s.outbox.db, id)
	if errors.Is(err, ErrNotFound) || (err == nil && row.State != StateUnknown) {
		return nil
	}
	if err != nil {
		return err
	}
	sent, err := s.ask(ctx, row)
	if err != nil && (ctx.Err() != nil || !asked(err)) {
		return err // the question was not put, so it does not count
	}
	if err != nil {
		s.log.Warn("provider does not answer about a message", "outbox", id, "error", err)
	}
	if sent == nil {
		return s.askLater(ctx, row)
	}
	return s.store(ctx, row, accepted(*sent))
}

// asked tells a provider that did not answer, or a channel that cannot ask, from
// a fault of ours.
func asked(err error) bool {
	var temporary *Temporary
	var permanent *Permanent
	var blocked *Blocked
	return errors.As(err, &temporary) || errors.As(err, &permanent) || errors.As(err, &blocked) ||
		errors.Is(err, ErrUnknown) || errors.Is(err, ErrMalformed)
}

func (s *Sender) ask(ctx context.Context, row outboxRow) (*Sent, error) {
	inbox, adapter, err := s.outbox.carrier(ctx, s.outbox.db, row.InboxID)
	if err != nil {
		return nil, err
	}
	if inbox.Sealed() {
		return nil, ErrSealed
	}
	reconciler, ok := adapter.(Reconciler)
	if !ok {
		return nil, nil
	}
	out := Outgoing{ID: row.ID, To: row.Address, Buttons: row.Buttons, Template: row.Template, CalledAt: row.CalledAt}
	// A one-time password erased meanwhile, or sealed with a key that is lost, leaves
	// the text unknown.
	secret, _ := row.openSecret(s.outbox.seal)
	out.Text, _ = s.outbox.render(row, secret)
	if out.Taken, err = takenIDs(ctx, s.outbox.db, row); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, SendTimeout)
	defer cancel()
	return reconciler.Reconcile(ctx, inbox, out)
}

// askLater plans the next question; after the last one the secret is erased.
func (s *Sender) askLater(ctx context.Context, row outboxRow) error {
	asks := askAfter()
	asked := row.Asked + 1
	at := s.outbox.now().Add(asks[min(asked, len(asks)-1)])
	_, err := s.outbox.db.NewRaw(`UPDATE outbox AS o SET asked = ?1, due_at = ?2, updated_at = ?3,
		secret = CASE WHEN ?1 < ?4 THEN secret END WHERE id = ?0 AND state = 'unknown'`,
		row.ID, asked, at, s.outbox.now(), len(asks)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("plan next question about outbox %s: %w", row.ID, err)
	}
	if asked < len(asks) {
		s.outbox.queue.later(ctx, TaskReconcile, row.ID, at, s.outbox.now())
	}
	return nil
}
