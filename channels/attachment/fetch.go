package attachment

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hibiken/asynq"
	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/channels/bus"
)

// Expected is a file that a provider holds for us.
type Expected struct {
	InboxID        channels.InboxID
	ConversationID string
	Reporter       string // contact point: whose quota it is
	Media          channels.Media
}

// Expect records a file to be fetched, in the transaction of its message. Call
// Queue.WakeFetch(ctx, 0, 0, ids...) after the commit.
func (s *Store) Expect(ctx context.Context, db bun.IDB, e Expected) (channels.AttachmentID, error) {
	now := s.now()
	r := row{
		ID: channels.NewAttachmentID(), ConversationID: e.ConversationID, InboxID: e.InboxID, Reporter: e.Reporter,
		Name: CleanName(e.Media.Name), Mime: channels.CleanText(e.Media.Mime), State: Fetching, SourceURL: e.Media.URL,
		DueAt: now, CreatedAt: now, UpdatedAt: now,
	}
	if r.Mime == "" {
		r.Mime = "application/octet-stream"
	}
	if _, err := db.NewInsert().Model(&r).Exec(ctx); err != nil {
		return "", fmt.Errorf("expect attachment: %w", err)
	}
	return r.ID, nil
}

// Register puts the handler of channels.TaskFetch on the server's mux.
func (s *Store) Register(mux *asynq.ServeMux) {
	mux.HandleFunc(channels.TaskFetch, func(ctx context.Context, task *asynq.Task) error {
		id, err := channels.TaskSubject(task)
		if err != nil {
			return err
		}
		return s.Fetch(ctx, channels.AttachmentID(id))
	})
}

// fetchBackoff is the wait after each failed try; then the file is missing. A
// provider's address may live for five minutes only, the file for days.
func fetchBackoff() []time.Duration {
	return []time.Duration{5 * time.Second, 15 * time.Second, time.Minute, 3 * time.Minute, 15 * time.Minute}
}

// fetchTimeout bounds one download; 20 MiB over a slow line take a minute.
const fetchTimeout = time.Minute

// Fetch downloads one expected file. It may run twice: a try takes the row for
// longer than it can last. An error means that the database failed.
func (s *Store) Fetch(ctx context.Context, id channels.AttachmentID) error {
	now := s.now()
	var r row
	err := s.db.NewRaw(`UPDATE attachments AS a SET attempts = attempts + 1, due_at = ?1, updated_at = ?2
		WHERE id = ?0 AND state = 'fetching' AND due_at <= ?2 RETURNING *`, id, now.Add(2*fetchTimeout), now).Scan(ctx, &r)
	if isNone(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("take attachment %s: %w", id, err)
	}
	if err := s.slots.Acquire(ctx, 1); err != nil {
		return err
	}
	defer s.slots.Release(1)
	err = s.bring(ctx, &r)
	var rejected *Rejected
	switch {
	case err == nil:
		return s.finish(ctx, r)
	case errors.As(err, &rejected):
		r.State, r.Reason = Refused, rejected.Reason
	case errors.Is(err, errGone):
		r.State, r.Reason = Missing, Gone
	default:
		s.log.Warn("file not fetched", "attachment", id, "attempt", r.Attempts, "error", err)
		waits := fetchBackoff()
		if r.Attempts <= len(waits) {
			return s.tryAgain(ctx, r, waits[r.Attempts-1])
		}
		s.log.Error("file given up", "attachment", id)
		r.State, r.Reason = Missing, Gone
	}
	return s.finish(ctx, r)
}

// bring downloads, judges and stores the bytes.
func (s *Store) bring(ctx context.Context, r *row) error {
	inbox, err := s.inboxes.ByID(ctx, s.db, r.InboxID)
	if err != nil {
		return err
	}
	if inbox.Sealed() {
		return channels.ErrSealed
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	got, err := newDownload(inbox.Settings).get(ctx, r.SourceURL)
	if err != nil {
		return err
	}
	name, declared := r.Name, r.Mime
	if name == "" {
		name = got.name
	}
	if undeclared(declared) {
		declared = got.mime
	}
	return s.keep(ctx, s.db, r, name, declared, got.body, false)
}

func (s *Store) finish(ctx context.Context, r row) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	r.UpdatedAt, r.DueAt = s.now(), time.Time{}
	result, err := s.db.NewUpdate().Model(&r).
		Column("name", "mime", "bytes", "width", "height", "sha256", "state", "reason", "blob_key", "due_at", "updated_at").
		Where("id = ? AND state = 'fetching'", r.ID).Exec(ctx)
	if err != nil {
		s.drop(ctx, r.BlobKey)
		return fmt.Errorf("record fetched attachment %s: %w", r.ID, err)
	}
	if n, _ := result.RowsAffected(); n == 0 {
		s.drop(ctx, r.BlobKey)
		return nil
	}
	s.announce(ctx, r)
	return nil
}

func (s *Store) tryAgain(ctx context.Context, r row, wait time.Duration) error {
	ctx = context.WithoutCancel(ctx)
	_, err := s.db.NewRaw("UPDATE attachments SET due_at = ? WHERE id = ? AND state = 'fetching'", s.now().Add(wait), r.ID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("plan next try of attachment %s: %w", r.ID, err)
	}
	s.queue.WakeFetch(ctx, wait, r.Attempts, r.ID)
	return nil
}

// Refetch tries a missing provider file again, at once and as often as the first
// time, and tells the screens; channels.ErrStale for a file that is not missing or
// that no provider holds.
func (s *Store) Refetch(ctx context.Context, id channels.AttachmentID) (Attachment, error) {
	now := s.now()
	var r row
	err := s.db.NewRaw(`UPDATE attachments AS a SET state = 'fetching', reason = '', attempts = 0, due_at = ?1, updated_at = ?1
		WHERE id = ?0 AND state = 'missing' AND source_url <> '' RETURNING *`, id, now).Scan(ctx, &r)
	if isNone(err) {
		return Attachment{}, fmt.Errorf("fetch attachment %s again: %w", id, channels.ErrStale)
	}
	if err != nil {
		return Attachment{}, fmt.Errorf("fetch attachment %s again: %w", id, err)
	}
	// The rounds of the first time are small numbers: this one is told from them.
	s.queue.WakeFetch(ctx, 0, int(now.UnixMilli()), id)
	s.announce(ctx, r)
	return r.attachment(), nil
}

func (s *Store) announce(ctx context.Context, r row) {
	_ = s.bus.Publish(ctx, bus.Signal{Topic: bus.Attachment, ID: r.ConversationID,
		Data: map[string]string{"attachment": string(r.ID), "state": string(r.State)}})
}

// Sweep enqueues fetches whose task was lost or whose process died, and returns
// how many.
func (s *Store) Sweep(ctx context.Context) (int, error) {
	const late = 15 * time.Second
	var ids []channels.AttachmentID
	err := s.db.NewRaw("SELECT id FROM attachments WHERE state = 'fetching' AND due_at < ? ORDER BY due_at LIMIT 500",
		s.now().Add(-late)).Scan(ctx, &ids)
	if err != nil {
		return 0, fmt.Errorf("find late fetches: %w", err)
	}
	s.queue.WakeFetch(ctx, 0, int(s.now().Unix()/int64(late.Seconds())), ids...)
	return len(ids), nil
}
