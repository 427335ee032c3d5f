// Package redistest connects tests to Redis, each package to a database of its
// own where it leaves keys. Signals know no databases: whoever listens takes those
// with ids of its own.
package redistest

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/redis/go-redis/v9"

	"sapa/channels/bus"
)

// fallbackURL is what a developer's own Redis usually answers to.
const fallbackURL = "redis://127.0.0.1:6379/0"

// The databases that tests fill: workers of one database share its queue, and
// packages are tested beside each other.
const (
	Shared      = 0 // signals only
	Channels    = 9
	Wake        = 10
	Sweep       = 11
	Attachments = 12
	Desk        = 13 // of ticketing/fix: its tasks are never worked on
)

// URL is the server's address, from SAPA_REDIS_URL.
func URL() string {
	if set := os.Getenv("SAPA_REDIS_URL"); set != "" {
		return set
	}
	return fallbackURL
}

// Options lead to a database of the server.
func Options(number int) *redis.Options {
	options, err := redis.ParseURL(URL())
	if err != nil {
		panic(fmt.Sprintf("redistest: SAPA_REDIS_URL: %v", err))
	}
	options.DB = number
	return options
}

// New is a client of a database, closed with the test.
func New(t testing.TB, number int) *redis.Client {
	t.Helper()
	client := redis.NewClient(Options(number))
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// Bus passes signals on until the test ends.
func Bus(t testing.TB) *bus.Bus {
	t.Helper()
	return bus.New(bus.Options{Redis: New(t, Shared)})
}

// Flush empties databases, for TestMain.
func Flush(numbers ...int) {
	for _, number := range numbers {
		client := redis.NewClient(Options(number))
		_ = client.FlushDB(context.Background()).Err() // a server that is away fails the tests themselves
		_ = client.Close()
	}
}
