// Package bus carries signals between the processes of one desk through Redis
// pub/sub. A signal says "look again"; the truth stays in PostgreSQL, so a lost
// signal costs a late screen, never a message.
package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/redis/go-redis/v9"
)

// Topics. The comment says what Signal.ID is.
const (
	Conversation = "conversation" // conversation; Seq is the newest message
	Outbox       = "outbox"       // conversation; Seq is the message whose delivery changed
	Typing       = "typing"       // conversation
	Viewing      = "viewing"      // conversation; Data["staff"] has it open while Data["on"] is "1"
	Presence     = "presence"     // staff
	Queue        = "queue"        // queue
	Ticket       = "ticket"       // ticket
	Approval     = "approval"     // approval
	Record       = "record"       // participant
	Session      = "session"      // staff whose sessions ended or whose role changed
	Wallboard    = "wallboard"    // empty
	Article      = "article"      // article
	Chat         = "chat"         // conversation in which something awaits the visitor
	View         = "view"         // saved view
	Mention      = "mention"      // staff whom a note calls, or who opened one that does
	Setting      = "setting"      // object that an administrator changed: staff, queue ...
	Attachment   = "attachment"   // conversation; Data["attachment"], Data["state"]

	// Lost is delivered to a subscriber after signals may have been missed: read
	// everything again by sequence. Nobody publishes it.
	Lost = "bus.lost"
)

// PublishTimeout bounds how long a request may wait for Redis: a signal is not
// worth more of a citizen's time.
const PublishTimeout = 200 * time.Millisecond

// prefix keeps our channels apart from other users of the same Redis.
const prefix = "sapa:bus:"

// Signal is one "look again". ID names the thing, Seq how far it has come, Data
// holds what a list row needs; no personal data belongs in it.
type Signal struct {
	Topic string            `json:"topic"`
	ID    string            `json:"id,omitempty"`
	Seq   int64             `json:"seq,omitempty"`
	Data  map[string]string `json:"data,omitempty"`
}

// Options are what a Bus needs; both are required.
type Options struct {
	Redis *redis.Client
	Log   *slog.Logger
}

// Bus publishes and delivers signals. Safe for concurrent use.
type Bus struct {
	redis *redis.Client
	log   *slog.Logger
}

// New panics without Redis, since that is a fault of the wiring.
func New(options Options) *Bus {
	if options.Redis == nil {
		panic("bus: Options.Redis is missing")
	}
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	return &Bus{redis: options.Redis, log: options.Log}
}

// Publish sends the signals in one round trip and gives up after
// PublishTimeout. The error is for tests and health checks; callers after a
// commit may ignore it, because readers catch up by sequence.
func (b *Bus) Publish(ctx context.Context, signals ...Signal) error {
	if len(signals) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, PublishTimeout)
	defer cancel()
	pipe := b.redis.Pipeline()
	for _, signal := range signals {
		body, err := json.Marshal(signal)
		if err != nil {
			return fmt.Errorf("encode signal %s: %w", signal.Topic, err)
		}
		pipe.Publish(ctx, prefix+signal.Topic, body)
	}
	// go-redis does not end a read at the context's deadline, so we stop waiting
	// for it; its own time-outs end the goroutine.
	done := make(chan error, 1)
	go func() {
		_, err := pipe.Exec(ctx)
		done <- err
	}()
	var err error
	select {
	case err = <-done:
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		b.log.Warn("signal not published", "topic", signals[0].Topic, "count", len(signals), "error", err)
		return fmt.Errorf("publish %s: %w", signals[0].Topic, err)
	}
	return nil
}

// Subscribe delivers the signals of the topics until ctx ends, when the channel
// closes. It returns once Redis has confirmed, so a signal published afterwards
// arrives. After a broken connection, or when the reader was too slow for the
// buffer of 256, the reader gets one Signal with Topic Lost.
func (b *Bus) Subscribe(ctx context.Context, topics ...string) (<-chan Signal, error) {
	if len(topics) == 0 {
		return nil, errors.New("bus: subscribe without topics")
	}
	names := make([]string, len(topics))
	for i, topic := range topics {
		names[i] = prefix + topic
	}
	s := &subscription{bus: b, names: names, out: make(chan Signal, 256)}
	if err := s.connect(ctx); err != nil {
		return nil, fmt.Errorf("subscribe: %w", err)
	}
	go s.run(ctx)
	return s.out, nil
}
