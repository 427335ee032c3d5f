package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/redis/go-redis/v9"
)

// A silent connection is asked for a sign of life after this long, and taken
// for dead when it stays silent as long again.
const silence = 5 * time.Second

// Pause between attempts to reconnect: from short, so that a restart of Redis
// is barely seen, to long, so that an outage does not fill the log.
const (
	firstPause = 100 * time.Millisecond
	longPause  = 3 * time.Second
)

// subscription owns one Redis connection and the reader's channel.
type subscription struct {
	bus   *Bus
	names []string
	out   chan Signal
	redis *redis.PubSub
	lost  bool // the reader must be told that signals may be missing
}

// connect subscribes and waits until Redis has confirmed every channel.
func (s *subscription) connect(ctx context.Context) error {
	pubsub := s.bus.redis.Subscribe(ctx, s.names...)
	for range s.names {
		if _, err := pubsub.ReceiveTimeout(ctx, silence); err != nil {
			_ = pubsub.Close()
			return err
		}
	}
	s.redis = pubsub
	return nil
}

func (s *subscription) run(ctx context.Context) {
	defer close(s.out)
	for {
		err := s.read(ctx)
		_ = s.redis.Close()
		if ctx.Err() != nil {
			return
		}
		s.bus.log.Warn("signals interrupted", "error", err)
		s.lost = true
		if !s.reconnect(ctx) {
			return
		}
		s.deliver(nil)
	}
}

// reconnect tries until it succeeds or ctx ends.
func (s *subscription) reconnect(ctx context.Context) bool {
	for pause := firstPause; ; pause = min(2*pause, longPause) {
		if err := s.connect(ctx); err == nil {
			s.bus.log.Info("signals restored")
			return true
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return false
		case <-timer.C:
		}
	}
}

// read delivers until the connection fails. Closing the connection is what
// wakes the blocked read when ctx ends.
func (s *subscription) read(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { _ = s.redis.Close() })
	defer stop()
	asked := false
	for {
		message, err := s.redis.ReceiveTimeout(ctx, silence)
		var timeout net.Error
		switch {
		case err == nil:
			asked = false
			s.take(message)
		case errors.As(err, &timeout) && timeout.Timeout() && !asked:
			asked = true
			if err := s.redis.Ping(ctx); err != nil {
				return err
			}
			s.deliver(nil)
		default:
			return fmt.Errorf("read: %w", err)
		}
	}
}

func (s *subscription) take(message any) {
	text, ok := message.(*redis.Message)
	if !ok {
		if _, ok := message.(*redis.Subscription); ok {
			// go-redis reconnected by itself; we do not know what was missed.
			s.lost = true
		}
		s.deliver(nil)
		return
	}
	var signal Signal
	if err := json.Unmarshal([]byte(text.Payload), &signal); err != nil {
		s.bus.log.Warn("unreadable signal", "channel", text.Channel)
		return
	}
	s.deliver(&signal)
}

// deliver never blocks: a reader who does not read loses signals and is told.
func (s *subscription) deliver(signal *Signal) {
	if s.lost {
		select {
		case s.out <- Signal{Topic: Lost}:
			s.lost = false
		default:
			return
		}
	}
	if signal == nil {
		return
	}
	select {
	case s.out <- *signal:
	default:
		s.lost = true
	}
}
