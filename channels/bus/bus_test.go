package bus_test

import (
	"context"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"

	"sapa/channels/bus"
	"sapa/migrations/redistest"
)

// patience bounds a wait for something that must happen.
const patience = 20 * time.Second

func redisClient(t *testing.T, through func(ctx context.Context, network, address string) (net.Conn, error)) *redis.Client {
	t.Helper()
	options := redistest.Options(redistest.Shared)
	options.Dialer = through
	client := redis.NewClient(options)
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func newBus(client *redis.Client) *bus.Bus {
	return bus.New(bus.Options{Redis: client, Log: slog.New(slog.DiscardHandler)})
}

// waitFor returns the first signal that fits.
func waitFor(t *testing.T, from <-chan bus.Signal, fits func(bus.Signal) bool) bus.Signal {
	t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case signal, open := <-from:
			if !open {
				t.Fatal("channel closed while waiting")
			}
			if fits(signal) {
				return signal
			}
		case <-deadline:
			t.Fatal("no such signal in time")
		}
	}
}

func TestSubscribersGetTheirTopics(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	b := newBus(redisClient(t, nil))
	id := uuid.NewString()
	mine := func(s bus.Signal) bool { return s.ID == id }
	conversations, err := b.Subscribe(ctx, bus.Conversation, bus.Ticket)
	if err != nil {
		t.Fatal(err)
	}
	err = b.Publish(ctx,
		bus.Signal{Topic: bus.Article, ID: id},
		bus.Signal{Topic: bus.Conversation, ID: id, Seq: 7, Data: map[string]string{"who": "agent"}},
		bus.Signal{Topic: bus.Ticket, ID: id})
	if err != nil {
		t.Fatal(err)
	}
	first := waitFor(t, conversations, mine)
	if first.Topic != bus.Conversation || first.Seq != 7 || first.Data["who"] != "agent" {
		t.Fatalf("first = %+v, want the conversation at 7", first)
	}
	if second := waitFor(t, conversations, mine); second.Topic != bus.Ticket {
		t.Fatalf("second = %+v, want the ticket", second)
	}
	cancel()
	deadline := time.After(patience)
	for {
		select {
		case _, open := <-conversations:
			if !open {
				return
			}
		case <-deadline:
			t.Fatal("channel still open after the context ended")
		}
	}
}

func TestBrokenConnectionIsToldAndMended(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	conns := make(chan net.Conn, 8)
	client := redisClient(t, func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err == nil {
			conns <- conn
		}
		return conn, err
	})
	got, err := newBus(client).Subscribe(ctx, bus.Conversation)
	if err != nil {
		t.Fatal(err)
	}
	_ = (<-conns).Close()
	waitFor(t, got, func(s bus.Signal) bool { return s.Topic == bus.Lost })
	id := uuid.NewString()
	if err := newBus(redisClient(t, nil)).Publish(ctx, bus.Signal{Topic: bus.Conversation, ID: id}); err != nil {
		t.Fatal(err)
	}
	waitFor(t, got, func(s bus.Signal) bool { return s.ID == id })
}

func TestSlowReaderIsTold(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	b := newBus(redisClient(t, nil))
	got, err := b.Subscribe(ctx, bus.Queue)
	if err != nil {
		t.Fatal(err)
	}
	id := uuid.NewString()
	flood := make([]bus.Signal, 2000)
	for i := range flood {
		flood[i] = bus.Signal{Topic: bus.Queue, ID: id, Seq: int64(i)}
	}
	for chunk := range 10 {
		_ = b.Publish(ctx, flood[chunk*200:(chunk+1)*200]...)
	}
	waitFor(t, got, func(s bus.Signal) bool { return s.ID == id })
	lost := make(chan struct{})
	go func() {
		// The next signals flush the notice that some were lost.
		for {
			select {
			case <-lost:
				return
			default:
				_ = b.Publish(ctx, bus.Signal{Topic: bus.Queue, ID: id, Seq: 9999})
			}
		}
	}()
	waitFor(t, got, func(s bus.Signal) bool { return s.Topic == bus.Lost })
	close(lost)
}

// A request must not hang on a Redis that accepts and never answers.
func TestPublishGivesUpInTime(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		for {
			if _, err := listener.Accept(); err != nil {
				return
			}
		}
	}()
	client := redis.NewClient(&redis.Options{Addr: listener.Addr().String()})
	defer client.Close()
	started := time.Now()
	err = newBus(client).Publish(t.Context(), bus.Signal{Topic: bus.Typing, ID: "x"})
	if err == nil {
		t.Fatal("published to nobody, want an error")
	}
	if took := time.Since(started); took > 5*bus.PublishTimeout {
		t.Fatalf("took %s, want about %s", took, bus.PublishTimeout)
	}
	if strings.Contains(err.Error(), "panic") {
		t.Fatal(err)
	}
}
