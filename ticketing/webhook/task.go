package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/hibiken/asynq"
)

// TaskTell tells one endpoint what is due; its payload is the endpoint's id.
const TaskTell = "webhook:tell"

// Queue is where these tasks wait: a slow receiver must not hold up citizens.
const Queue = "webhook"

// tellTimeout bounds one task: rounds of atOnce calls of callTimeout each.
const tellTimeout = time.Minute

type payload struct {
	ID string `json:"id"`
}

// Sweep puts a task on the queue for each endpoint that something is due for. The
// rows are the queue, so that losing Redis loses nothing; run it every second. One
// endpoint has one task at a time, in whatever process.
func (h *Hooks) Sweep(ctx context.Context) error {
	var ids []string
	err := h.db.NewRaw(`SELECT e.id FROM webhook_endpoints e WHERE e.state = 'active' AND (e.retry_at IS NULL OR e.retry_at <= ?0)
		AND EXISTS (SELECT FROM webhook_deliveries d WHERE d.endpoint_id = e.id AND d.state = 'pending' AND d.due_at <= ?0)`, h.now().UTC()).Scan(ctx, &ids)
	if err != nil {
		return fmt.Errorf("find due endpoints: %w", err)
	}
	var faults []error
	for _, id := range ids {
		body, err := json.Marshal(payload{id})
		if err == nil {
			_, err = h.queue.EnqueueContext(ctx, asynq.NewTask(TaskTell, body), asynq.TaskID(TaskTell+":"+id), asynq.MaxRetry(0),
				asynq.Timeout(tellTimeout), asynq.Queue(Queue))
		}
		if err != nil && !errors.Is(err, asynq.ErrTaskIDConflict) {
			faults = append(faults, fmt.Errorf("enqueue endpoint %s: %w", id, err))
		}
	}
	return errors.Join(faults...)
}

// Handle does TaskTell. Running it twice tells nothing twice at once: a row that is
// being sent is not due.
func (h *Hooks) Handle(ctx context.Context, t *asynq.Task) error {
	var p payload
	if err := json.Unmarshal(t.Payload(), &p); err != nil || p.ID == "" {
		return fmt.Errorf("task %s has no id: %w", t.Type(), asynq.SkipRetry)
	}
	return h.Tell(ctx, p.ID)
}
