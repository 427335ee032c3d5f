package channels

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"sapa/channels/bus"
)

// Ages after which the sweeper steps in.
const (
	// A call and storing its outcome are over by then; a row that still says
	// sending belongs to a process that died.
	deadSending = SendTimeout + settleTimeout + time.Minute
	// A task is picked up within a second or two, so an older row has lost its.
	lostTask = 10 * time.Second
	// A day is enough to send a failed message again, and for a chat window to
	// show its line after a reload.
	secretLife = 24 * time.Hour
)

// sweepMost bounds one round; what is left comes next.
const sweepMost = 1000

// Sweeper repairs what a lost task, a wiped Redis or a dead process left in the
// outbox. One round may run in every process at once.
type Sweeper struct {
	outbox *Outbox
	log    *slog.Logger
}

// NewSweeper panics without an outbox.
func NewSweeper(outbox *Outbox, log *slog.Logger) *Sweeper {
	if outbox == nil {
		panic("channels: NewSweeper needs an Outbox")
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Sweeper{outbox: outbox, log: log}
}

// Swept counts what one round did.
type Swept struct{ Requeued, Unknown, Asked, Adopted, Erased int }

// Sweep does one round. A part that fails does not stop the others.
func (s *Sweeper) Sweep(ctx context.Context) (Swept, error) {
	var swept Swept
	var faults []error
	step := func(into *int, do func(context.Context) (int, error)) {
		n, err := do(ctx)
		*into = n
		faults = append(faults, err)
	}
	step(&swept.Unknown, s.buryDead)
	step(&swept.Requeued, s.requeue)
	step(&swept.Asked, s.askAgain)
	step(&swept.Adopted, s.adopt)
	step(&swept.Erased, s.eraseSecrets)
	return swept, errors.Join(faults...)
}

// buryDead marks rows in mid-send of a dead process: they may have been sent.
func (s *Sweeper) buryDead(ctx context.Context) (int, error) {
	now := s.outbox.now()
	var rows []outboxRow
	err := s.outbox.db.NewRaw(`UPDATE outbox AS o SET state = 'unknown', asked = 0, due_at = ?0, error_key = ?1, updated_at = ?0
		WHERE state = 'sending' AND called_at < ?2 RETURNING `+deliveryColumns,
		now, ErrorKey("unknown"), now.Add(-deadSending)).Scan(ctx, &rows)
	if err != nil {
		return 0, fmt.Errorf("find dead sends: %w", err)
	}
	changes := make([]Delivery, len(rows))
	for i, row := range rows {
		changes[i] = row.delivery()
		s.log.Warn("outcome of a send is unknown", "outbox", row.ID, "inbox", row.InboxID)
	}
	s.outbox.Announce(ctx, changes...)
	return len(rows), nil
}

func (s *Sweeper) requeue(ctx context.Context) (int, error) {
	return s.enqueue(ctx, TaskSend, "state = 'queued' AND due_at < ?", s.outbox.now().Add(-lostTask))
}

func (s *Sweeper) askAgain(ctx context.Context) (int, error) {
	return s.enqueue(ctx, TaskReconcile, "state = 'unknown' AND due_at <= ? AND asked < ?", s.outbox.now(), len(askAfter()))
}

func (s *Sweeper) enqueue(ctx context.Context, task, where string, args ...any) (int, error) {
	var ids []OutboxID
	query := fmt.Sprintf("SELECT id FROM outbox WHERE %s ORDER BY due_at LIMIT %d", where, sweepMost)
	if err := s.outbox.db.NewRaw(query, args...).Scan(ctx, &ids); err != nil {
		return 0, fmt.Errorf("find rows for %s: %w", task, err)
	}
	// The same row gets another task only after lostTask once more.
	s.outbox.queue.again(ctx, task, ids, s.outbox.now().Unix()/int64(lostTask.Seconds()))
	return len(ids), nil
}

func (s *Sweeper) adopt(ctx context.Context) (int, error) {
	changes, err := s.outbox.adopt(ctx)
	s.outbox.Announce(ctx, changes...)
	if len(changes) > 0 {
		_ = s.outbox.bus.Publish(ctx, bus.Signal{Topic: bus.Wallboard})
	}
	return len(changes), err
}

// eraseSecrets forgets what was sealed in rows that need it no longer.
func (s *Sweeper) eraseSecrets(ctx context.Context) (int, error) {
	result, err := s.outbox.db.NewRaw(`UPDATE outbox SET secret = NULL
		WHERE secret IS NOT NULL AND created_at < ? AND state NOT IN ('queued','sending')`, s.outbox.now().Add(-secretLife)).Exec(ctx)
	if err != nil {
		return 0, fmt.Errorf("erase secrets: %w", err)
	}
	n, err := result.RowsAffected()
	return int(n), err
}
