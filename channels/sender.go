package channels

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/hibiken/asynq"
	"github.com/uptrace/bun"

	"sapa/channels/bus"
)

// SendTimeout bounds one call of a provider, from connecting to the answer.
const SendTimeout = 20 * time.Second

// settleTimeout bounds storing an outcome, which goes on when the process has
// been told to stop: a call whose outcome is lost is an unknown message.
const settleTimeout = 10 * time.Second

// settleEvery is the pace of tries within settleTimeout: a database that changes
// over to its replica is back within seconds.
const settleEvery = 500 * time.Millisecond

// drainMost is how many messages of one conversation a task sends before it
// makes room for others.
const drainMost = 20

// shortTurn is how long a sender waits for its turn in place; for a longer wait
// the row goes back to the queue.
const shortTurn = 250 * time.Millisecond

// sealedWait is how long the messages of an inbox wait whose settings do not open,
// again and again until somebody mends it.
const sealedWait = time.Minute

// SenderOptions are what a Sender needs; all are required but Random and Log.
type SenderOptions struct {
	Outbox   *Outbox
	Throttle *Throttle
	// Media turns attachments into links the provider may fetch for some minutes.
	Media  func(context.Context, bun.IDB, []AttachmentID) ([]OutgoingMedia, error)
	Random func() float64 // in [0,1), spreads retries; rand.Float64 when nil
	Log    *slog.Logger
}

// Sender turns queued rows into calls of providers. Any number of processes may
// run one. Safe for concurrent use.
type Sender struct {
	outbox   *Outbox
	throttle *Throttle
	media    func(context.Context, bun.IDB, []AttachmentID) ([]OutgoingMedia, error)
	random   func() float64
	log      *slog.Logger
}

// NewSender panics when a need is missing.
func NewSender(o SenderOptions) *Sender {
	if o.Outbox == nil || o.Throttle == nil || o.Media == nil {
		panic("channels: SenderOptions needs Outbox, Throttle and Media")
	}
	if o.Random == nil {
		o.Random = rand.Float64
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Sender{outbox: o.Outbox, throttle: o.Throttle, media: o.Media, random: o.Random, log: o.Log}
}

// Register puts the handlers of TaskSend and TaskReconcile on the server's mux.
func (s *Sender) Register(mux *asynq.ServeMux) {
	mux.HandleFunc(TaskSend, func(ctx context.Context, task *asynq.Task) error {
		id, err := TaskSubject(task)
		if err != nil {
			return err
		}
		return s.Send(ctx, OutboxID(id))
	})
	mux.HandleFunc(TaskReconcile, func(ctx context.Context, task *asynq.Task) error {
		id, err := TaskSubject(task)
		if err != nil {
			return err
		}
		return s.Reconcile(ctx, OutboxID(id))
	})
}

// Send sends the row, and with it what else is due in its conversation, in
// order. It may run any number of times, at the same moment too: each row is
// marked before its call, so each call is made once. An error means that the
// database failed, not that the provider did.
func (s *Sender) Send(ctx context.Context, id OutboxID) error {
	conversation, err := ordered(ctx, s.outbox.db, id)
	if err != nil {
		return err
	}
	for range drainMost {
		row, err := s.claim(ctx, id, conversation)
		if err != nil || row == nil {
			return err
		}
		if err := s.sendRow(ctx, *row); err != nil {
			return err
		}
		if conversation == "" {
			return nil
		}
	}
	s.outbox.queue.later(ctx, TaskSend, id, s.outbox.now(), s.outbox.now())
	return nil
}

// claim marks a row before its call. Once begun it is seen through, even when the
// process has been told to stop: a mark whose answer was not awaited would pass
// for a message that may have been sent.
func (s *Sender) claim(ctx context.Context, id OutboxID, conversation string) (*outboxRow, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	return claim(ctx, s.outbox.db, id, conversation, s.outbox.now())
}

// sendRow makes the call for a row marked as sending, and stores what came of it.
func (s *Sender) sendRow(ctx context.Context, row outboxRow) error {
	now := s.outbox.now()
	if !row.ExpiresAt.IsZero() && !now.Before(row.ExpiresAt) {
		return s.store(ctx, row, outcome{state: StateFailed, errorKey: ErrorKey("expired")})
	}
	inbox, adapter, err := s.outbox.carrier(ctx, s.outbox.db, row.InboxID)
	if blocked := (*Blocked)(nil); errors.As(err, &blocked) {
		return s.store(ctx, row, outcome{state: StateFailed, errorKey: blocked.Key()})
	}
	if err != nil {
		return s.putBack(ctx, row, now, err)
	}
	if inbox.Sealed() {
		return s.store(ctx, row, outcome{state: StateQueued, errorKey: inbox.Trouble, dueAt: now.Add(sealedWait), uncall: true})
	}
	if later, err := s.waitTurn(ctx, row, inbox, adapter); later > 0 || err != nil {
		at := now.Add(later)
		return s.store(ctx, row, outcome{state: StateQueued, dueAt: at, slotAt: at, uncall: true})
	}
	out, err := s.compose(ctx, row)
	if err != nil {
		return s.store(ctx, row, s.uncomposed(ctx, row, err))
	}
	sent, err := s.call(ctx, adapter, inbox, out)
	s.noteInbox(ctx, inbox, err)
	return s.store(ctx, row, s.judge(row, sent, err))
}

// call bounds the adapter's call.
func (s *Sender) call(ctx context.Context, adapter Adapter, inbox Inbox, out Outgoing) (Sent, error) {
	ctx, cancel := context.WithTimeout(ctx, SendTimeout)
	defer cancel()
	return adapter.Send(ctx, inbox, out)
}

// waitTurn returns how much later the inbox's turn for this row comes, zero when
// it is now. A throttle that does not answer holds nothing up.
func (s *Sender) waitTurn(ctx context.Context, row outboxRow, inbox Inbox, adapter Adapter) (time.Duration, error) {
	if !row.SlotAt.IsZero() {
		return 0, nil // it has waited for its turn already
	}
	perSecond := inbox.Settings.PerSecond
	if perSecond == 0 {
		perSecond = adapter.Limits().PerSecond
	}
	wait, err := s.turn(ctx, inbox.ID, perSecond)
	if err != nil && ctx.Err() != nil {
		return 0, err
	}
	if err != nil {
		s.log.Warn("sending without throttle", "inbox", inbox, "error", err)
		return 0, nil
	}
	if wait > shortTurn {
		return wait, nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return 0, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// turn asks Redis, which has a second: one that hangs must not eat the time of
// the calls.
func (s *Sender) turn(ctx context.Context, inbox InboxID, perSecond int) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return s.throttle.Turn(ctx, inbox, perSecond, s.outbox.now())
}

// putBack undoes the mark of a row that was not called, for a little while, and
// passes the error on.
func (s *Sender) putBack(ctx context.Context, row outboxRow, now time.Time, cause error) error {
	at := now.Add(backoff()[0])
	stored := s.store(ctx, row, outcome{state: StateQueued, dueAt: at, slotAt: row.SlotAt, uncall: true})
	return errors.Join(cause, stored)
}

// store writes the outcome, tells the screens and plans the next step. It does
// not give up because the process was told to stop.
func (s *Sender) store(ctx context.Context, row outboxRow, o outcome) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	change, err := s.settle(ctx, row.ID, o)
	if err != nil {
		return err
	}
	if !o.uncall || o.errorKey != "" {
		s.outbox.Announce(ctx, change)
	}
	switch change.State {
	case StateQueued:
		s.outbox.queue.later(ctx, TaskSend, row.ID, o.dueAt, s.outbox.now())
	case StateUnknown:
		s.outbox.queue.later(ctx, TaskReconcile, row.ID, o.dueAt, s.outbox.now())
	case StateFailed:
		s.log.Warn("message failed", "outbox", row.ID, "inbox", row.InboxID, "code", o.errorCode, "key", o.errorKey)
	}
	return nil
}

// settle tries until the time for it is over, since an outcome that is not stored
// makes an unknown message of one that was sent or could wait.
func (s *Sender) settle(ctx context.Context, id OutboxID, o outcome) (Delivery, error) {
	again := time.NewTicker(settleEvery)
	defer again.Stop()
	for {
		change, err := settle(ctx, s.outbox.db, id, o, s.outbox.now())
		if err == nil || errors.Is(err, sql.ErrNoRows) {
			return change, err
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return change, err
		}
	}
}

// noteInbox shows a fault of the whole inbox on the channel, and that it is over.
func (s *Sender) noteInbox(ctx context.Context, inbox Inbox, err error) {
	key := ""
	if temporary := (*Temporary)(nil); errors.As(err, &temporary) && temporary.Inbox {
		key = temporary.Key
	} else if err != nil {
		return
	}
	if key == inbox.Trouble {
		return
	}
	ctx = context.WithoutCancel(ctx)
	changed, stored := markTrouble(ctx, s.outbox.db, inbox.ID, key, s.outbox.now())
	if stored != nil {
		s.log.Warn("trouble of inbox not noted", "inbox", inbox, "error", stored)
		return
	}
	s.outbox.inboxes.Forget()
	if changed {
		s.log.Error("state of inbox changed", "inbox", inbox, "trouble", key)
		_ = s.outbox.bus.Publish(ctx, bus.Signal{Topic: bus.Wallboard})
	}
}
