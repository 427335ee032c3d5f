package channels

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/hibiken/asynq"
)

// Task names. Each payload is {"id": "<uuid>"}.
const (
	TaskSend      = "channels:send"      // an outbox row is due
	TaskReconcile = "channels:reconcile" // ask the provider about an unknown row
	TaskFetch     = "channels:fetch"     // fetch a provider's file (package attachment)
)

// Names of the queues, for the server's configuration.
const (
	QueueSend  = "send"
	QueueFetch = "fetch"
)

// Bounds of a task. A send takes at most SendTimeout and a task drains a
// conversation, so it may take a few. Asynq's own retries serve only for a
// database that is away: back-off towards the provider is the row's.
const (
	sendTaskTimeout  = 2 * time.Minute
	fetchTaskTimeout = 2 * time.Minute
	taskRetries      = 5
)

// enqueueWait bounds how long a request waits for Redis; what takes longer goes
// on beside it, and the sweeper repairs what fails.
const enqueueWait = 300 * time.Millisecond

// Queue puts tasks of this room on asynq. Nothing it does can fail a request.
// Safe for concurrent use.
type Queue struct {
	client *asynq.Client
	log    *slog.Logger
}

// NewQueue panics without a client.
func NewQueue(client *asynq.Client, log *slog.Logger) *Queue {
	if client == nil {
		panic("channels: NewQueue needs a client")
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Queue{client: client, log: log}
}

// Wake enqueues sending of rows just posted, once each however often it is
// called. Outbox.Wake does this and more.
func (q *Queue) Wake(ctx context.Context, ids ...OutboxID) {
	due := make([]wake, len(ids))
	for i, id := range ids {
		due[i] = wake{id: id}
	}
	q.send(ctx, due)
}

// WakeFetch enqueues fetching of attachments after a wait; round tells one try
// from the next.
func (q *Queue) WakeFetch(ctx context.Context, wait time.Duration, round int, ids ...AttachmentID) {
	jobs := make([]job, len(ids))
	for i, id := range ids {
		jobs[i] = job{TaskFetch, string(id), fmt.Sprintf("fetch:%s:%d", id, round), QueueFetch, wait, fetchTaskTimeout}
	}
	q.enqueue(ctx, jobs)
}

// wake is a row to be sent: the attempt makes its task's id unique, so that a
// row has one task at a time but may have a next one while this one ends.
type wake struct {
	id      OutboxID
	attempt int
	wait    time.Duration
}

func (q *Queue) send(ctx context.Context, due []wake) {
	jobs := make([]job, len(due))
	for i, w := range due {
		taskID := string(w.id)
		if w.attempt > 0 {
			taskID = fmt.Sprintf("%s:%d", w.id, w.attempt)
		}
		jobs[i] = job{TaskSend, string(w.id), taskID, QueueSend, w.wait, sendTaskTimeout}
	}
	q.enqueue(ctx, jobs)
}

// again enqueues rows whose own task may be lost, or stuck in asynq's archive:
// round gives the new task another id.
func (q *Queue) again(ctx context.Context, task string, ids []OutboxID, round int64) {
	jobs := make([]job, len(ids))
	for i, id := range ids {
		jobs[i] = job{task, string(id), fmt.Sprintf("%s:%s:again:%d", task, id, round), QueueSend, 0, sendTaskTimeout}
	}
	q.enqueue(ctx, jobs)
}

// later enqueues one more task for a row that is due at a given time. The wait
// is told to asynq as a duration, so that clocks need not agree.
func (q *Queue) later(ctx context.Context, task string, id OutboxID, at, now time.Time) {
	taskID := fmt.Sprintf("%s:%s:at:%d", task, id, at.UnixMilli())
	q.enqueue(ctx, []job{{task, string(id), taskID, QueueSend, at.Sub(now), sendTaskTimeout}})
}

type job struct {
	name, id, taskID, queue string
	wait, timeout           time.Duration
}

func (q *Queue) enqueue(ctx context.Context, jobs []job) {
	if len(jobs) == 0 {
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, j := range jobs {
			if err := q.put(context.WithoutCancel(ctx), j); err != nil {
				q.log.Warn("task not enqueued, the sweeper will", "task", j.name, "id", j.id, "error", err)
				return // Redis is away: the others would fail as slowly
			}
		}
	}()
	timer := time.NewTimer(enqueueWait)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
	}
}

func (q *Queue) put(ctx context.Context, j job) error {
	payload, err := json.Marshal(taskPayload{ID: j.id})
	if err != nil {
		return err
	}
	options := []asynq.Option{
		asynq.TaskID(j.taskID), asynq.MaxRetry(taskRetries), asynq.Timeout(j.timeout), asynq.Queue(j.queue),
	}
	if j.wait > 0 {
		options = append(options, asynq.ProcessIn(j.wait))
	}
	_, err = q.client.EnqueueContext(ctx, asynq.NewTask(j.name, payload), options...)
	if errors.Is(err, asynq.ErrTaskIDConflict) {
		return nil // the row has its task
	}
	return err
}

type taskPayload struct {
	ID string `json:"id"`
}

// TaskSubject reads the id a task of this room is about; a task without one is
// hopeless.
func TaskSubject(task *asynq.Task) (string, error) {
	var payload taskPayload
	if err := json.Unmarshal(task.Payload(), &payload); err != nil || payload.ID == "" {
		return "", fmt.Errorf("payload of %s: %w", task.Type(), asynq.SkipRetry)
	}
	return payload.ID, nil
}
