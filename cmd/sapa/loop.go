package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// loop is work that repeats for as long as the process lives.
type loop struct {
	name  string
	every time.Duration
	run   func(context.Context) error
}

// keep runs a loop until ctx ends. A failure is logged and tried again at the
// next turn; a panic ends the turn, not the process, since the next turn reads
// everything anew from PostgreSQL.
func keep(ctx context.Context, log *slog.Logger, l loop) {
	ticker := time.NewTicker(l.every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if err := once(ctx, l); err != nil && !errors.Is(err, context.Canceled) {
			log.ErrorContext(ctx, "loop failed", "loop", l.name, "error", err)
		}
	}
}

func once(ctx context.Context, l loop) (err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("panic: %v", panicked)
		}
	}()
	return l.run(ctx)
}

// restart runs something that ends only by failing, again and again: a reader of
// the bus, a hub.
func restart(ctx context.Context, log *slog.Logger, name string, run func(context.Context) error) {
	for wait := time.Second; ctx.Err() == nil; wait = min(2*wait, 30*time.Second) {
		began := time.Now()
		err := once(ctx, loop{run: run})
		if ctx.Err() != nil {
			return
		}
		log.ErrorContext(ctx, "restarting", "part", name, "error", err)
		if time.Since(began) > time.Minute {
			wait = time.Second
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
		}
	}
}
