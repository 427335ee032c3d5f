package ticketing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/hibiken/asynq"
)

// Names of tasks on the queue. TaskBotTurn is handled by package bot, the others
// by Desk.Handle. Payloads are ids only.
const (
	TaskBotTurn   = "bot:turn"
	TaskDue       = "ticketing:due"
	TaskTicketDue = "ticketing:ticket_due"
	TaskHeldDue   = "ticketing:held_due"
)

// TaskPayload is the body of every task of this package.
type TaskPayload struct {
	ID string `json:"id"`
}

// task is work for the queue, due at once or at an instant. Two tasks with the
// same name, id and due second are one.
type task struct {
	name string
	id   string
	seq  int64
	at   time.Time
}

func (t task) taskID() string {
	mark := strconv.FormatInt(t.seq, 10)
	if !t.at.IsZero() {
		mark = "t" + strconv.FormatInt(t.at.Unix(), 10)
	}
	return t.name + ":" + t.id + ":" + mark
}

func (d *Desk) enqueue(ctx context.Context, tasks []task) {
	if d.queue == nil {
		return
	}
	for _, t := range tasks {
		if err := d.enqueueOne(ctx, t); err != nil {
			d.log.WarnContext(ctx, "task not enqueued, the sweeper will", "task", t.name, "id", t.id, "error", err)
		}
	}
}

func (d *Desk) enqueueOne(ctx context.Context, t task) error {
	payload, err := json.Marshal(TaskPayload{ID: t.id})
	if err != nil {
		return err
	}
	// Ten seconds cover a turn of the bot; three tries bridge a restart, after
	// which the sweeper sees the row.
	options := []asynq.Option{asynq.TaskID(t.taskID()), asynq.MaxRetry(3), asynq.Timeout(10 * time.Second), asynq.Queue("default")}
	if !t.at.IsZero() {
		options = append(options, asynq.ProcessAt(t.at))
	}
	_, err = d.queue.EnqueueContext(ctx, asynq.NewTask(t.name, payload), options...)
	if errors.Is(err, asynq.ErrTaskIDConflict) {
		return nil
	}
	return err
}

// Handle does the tasks of this package: it is what the worker's mux calls for
// the others. Running one twice does nothing the second time.
func (d *Desk) Handle(ctx context.Context, t *asynq.Task) error {
	var payload TaskPayload
	if err := json.Unmarshal(t.Payload(), &payload); err != nil || payload.ID == "" {
		return fmt.Errorf("task %s has no id: %w", t.Type(), asynq.SkipRetry)
	}
	switch t.Type() {
	case TaskDue:
		return d.Due(ctx, ConversationID(payload.ID))
	case TaskTicketDue:
		return d.TicketDue(ctx, TicketID(payload.ID))
	case TaskHeldDue:
		return d.HeldDue(ctx, HeldID(payload.ID))
	default:
		return fmt.Errorf("task %s is not of this desk: %w", t.Type(), asynq.SkipRetry)
	}
}
