package webhook

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/hibiken/asynq"
	"github.com/uptrace/bun"

	"sapa/channels/bus"
	"sapa/channels/seal"
)

// Options are what telling needs. Queue, Bus, Log and Loopback may be left out.
type Options struct {
	DB    *bun.DB
	Box   *seal.Box
	Bus   *bus.Bus
	Queue *asynq.Client
	Now   func() time.Time
	Log   *slog.Logger
	// Text reads what a message said, for endpoints that may know it.
	Text func(ctx context.Context, conversation string, seq int64) (string, error)
	// Loopback allows http and this machine's own addresses: for a demo and tests.
	Loopback bool
}

// Hooks keeps endpoints and tells them. Safe for concurrent use.
type Hooks struct {
	db       *bun.DB
	box      *seal.Box
	bus      *bus.Bus
	queue    *asynq.Client
	now      func() time.Time
	log      *slog.Logger
	text     func(context.Context, string, int64) (string, error)
	loopback bool
	http     *http.Client
	random   func() float64
}

// New checks the options.
func New(o Options) (*Hooks, error) {
	if o.DB == nil || o.Box == nil || o.Now == nil || o.Text == nil {
		return nil, errors.New("webhook: Options.DB, Box, Now and Text are required")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	h := &Hooks{db: o.DB, box: o.Box, bus: o.Bus, queue: o.Queue, now: o.Now, log: o.Log, text: o.Text, loopback: o.Loopback, random: rand.Float64}
	h.http = h.client()
	return h, nil
}
