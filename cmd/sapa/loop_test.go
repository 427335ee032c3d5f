package main

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"
)

func TestKeepSurvivesFailureAndPanic(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	turns := make(chan int, 3)
	n := 0
	keep(ctx, slog.New(slog.DiscardHandler), loop{name: "test", every: time.Millisecond, run: func(context.Context) error {
		n++
		turns <- n
		switch n {
		case 1:
			return errors.New("broken")
		case 2:
			panic("worse")
		}
		cancel()
		return nil
	}})
	if len(turns) != 3 {
		t.Fatalf("turns = %d, want 3: a loop goes on after a failure and a panic", len(turns))
	}
}

func TestRestartEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	runs := 0
	restart(ctx, slog.New(slog.DiscardHandler), "test", func(context.Context) error {
		runs++
		cancel()
		return errors.New("gone")
	})
	if runs != 1 {
		t.Fatalf("runs = %d, want 1", runs)
	}
}
