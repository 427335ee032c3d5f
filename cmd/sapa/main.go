// Command sapa is the whole desk in one program: the web server, the worker,
// and the tools that set it up, measure it and look after it.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// call is what a sub-command is given: the words after its name and the three
// standard streams, so that tests can run it without a process.
type call struct {
	args   []string
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	env    func(string) string
}

// command is one word after `sapa`. run returns the exit code: 0 done, 1 failed,
// 2 called wrongly.
type command struct {
	name, help string
	run        func(context.Context, call) int
}

func commands() []command {
	return []command{
		{"serve", "web server and worker in one process (--no-worker: web only)", serve},
		{"work", "worker only", work},
		{"migrate", "bring the database to the newest schema", migrate},
		{"demo", "prepare demo logins, channels and data in an empty database", demo},
		{"seed", "load synthetic participants and conversations", seedData},
		{"user", "user add: create a member of staff", user},
		{"keys", "keys new|rotate|backup FILE: the keyset that seals personal data", keys},
		{"bench", "bench intake|chat|console: measure a desk of its own on this machine", measure},
		{"doctor", "say what is missing and how to mend it", doctor},
		{"audit", "prove that audit log and scholarship ledger were not tampered with", audit},
		{"bot", "bot classify|eval|train: the understanding part, without a database", botTools},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, call{args: os.Args[1:], stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, env: os.Getenv}))
}

func run(ctx context.Context, c call) int {
	if len(c.args) == 0 {
		usage(c.stderr)
		return 2
	}
	for _, known := range commands() {
		if known.name == c.args[0] {
			c.args = c.args[1:]
			return known.run(ctx, c)
		}
	}
	if c.args[0] == "help" || c.args[0] == "--help" || c.args[0] == "-h" {
		usage(c.stdout)
		return 0
	}
	fmt.Fprintf(c.stderr, "sapa: there is no command %q\n\n", c.args[0])
	usage(c.stderr)
	return 2
}

func usage(out io.Writer) {
	fmt.Fprintln(out, "usage: sapa COMMAND [options]")
	fmt.Fprintln(out)
	for _, known := range commands() {
		fmt.Fprintf(out, "  %-8s %s\n", known.name, known.help)
	}
	fmt.Fprintln(out)
	fmt.Fprintln(out, "Settings come from the environment (SAPA_...); `sapa doctor` lists and checks them.")
}

// fail prints what went wrong and returns the exit code for it.
func (c call) fail(err error) int {
	fmt.Fprintf(c.stderr, "sapa: %v\n", err)
	return 1
}

func botTools(_ context.Context, c call) int {
	return botCommand(c.args, c.stdin, c.stdout, c.stderr)
}
