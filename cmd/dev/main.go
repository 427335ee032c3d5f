// Dev sets a clone of Sapa up, runs it and tests it, on a machine that has
// nothing but Go, Node.js and make. It stands behind `make run` and `make test`.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

const usage = `usage: go run ./cmd/dev COMMAND

  run        start Sapa with demonstration data, its own PostgreSQL and Redis
  test       run every check of the project
  databases  start the databases of the tests and keep them until Ctrl-C
  clean      stop what is left running and delete what run and test have made`

func main() {
	ends := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // under nohup we outlive the terminal
		ends = append(ends, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), ends...)
	defer stop()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go watchParent(ctx, cancel)
	err := dispatch(ctx, os.Args[1:])
	switch {
	case err == nil:
	case errors.Is(err, errChecks):
		os.Exit(1)
	case ctx.Err() != nil:
		fmt.Fprintf(os.Stderr, "\nstopped early: %v\n", err)
		os.Exit(130)
	default:
		fmt.Fprintf(os.Stderr, "\n%v\n", err)
		os.Exit(1)
	}
}

func dispatch(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return errors.New(usage)
	}
	switch args[0] {
	case "run":
		return run(ctx)
	case "test":
		return test(ctx)
	case "databases":
		return databases(ctx)
	case "clean":
		return clean(ctx)
	}
	return errors.New(usage)
}

// watchParent ends us when the `go run` that started us is gone: it passes a
// Ctrl-C on, but neither a SIGTERM nor a SIGKILL of its own.
func watchParent(ctx context.Context, cancel func()) {
	parent := os.Getppid()
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", parent))
	if err != nil || strings.TrimSpace(string(name)) != "go" {
		return
	}
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for os.Getppid() == parent {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
	cancel()
}
