package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"sapa/cmd/sapa/bench"
)

const benchUsage = `usage: sapa bench intake  [--senders 1,8,32,64] [--seconds N] [--known SHARE] [--bot on|off|both]
       sapa bench chat    [--idle N] [--agents N] [--talking N] [--rate N] [--seconds N]
       sapa bench console [--participants N] [--conversations N] [--clients 1,8] [--seconds N]
SAPA_DATABASE_URL and SAPA_REDIS_URL name servers on this machine; a database is made there and removed afterwards.
`

// errBenchUsage asks for the usage to be shown.
var errBenchUsage = errors.New("called wrongly")

// measure runs one of the project's own benchmarks and prints its figures.
func measure(ctx context.Context, c call) int {
	kind := ""
	if len(c.args) > 0 {
		kind, c.args = c.args[0], c.args[1:]
	}
	runs, known := map[string]func(context.Context, call) error{
		"intake": benchIntake, "chat": benchChat, "console": benchConsole,
	}[kind]
	if !known {
		fmt.Fprint(c.stderr, benchUsage)
		return 2
	}
	err := runs(ctx, c)
	if errors.Is(err, errBenchUsage) {
		fmt.Fprint(c.stderr, benchUsage)
		return 2
	}
	if err != nil {
		return c.fail(err)
	}
	return 0
}

// onGround opens a desk of its own for a measurement and removes it afterwards.
func onGround(ctx context.Context, c call, run func(*bench.Ground) error) (err error) {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	ground, err := bench.Open(ctx, bench.Options{
		Program: program, DatabaseURL: c.env("SAPA_DATABASE_URL"), RedisURL: c.env("SAPA_REDIS_URL"), Out: c.stdout, Log: c.stderr,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ground.Close()) }()
	return run(ground)
}

func benchIntake(ctx context.Context, c call) error {
	how := bench.Intake{}
	flags := flag.NewFlagSet("intake", flag.ContinueOnError)
	flags.SetOutput(c.stderr)
	senders := flags.String("senders", "1,8,32,64", "senders at a time, a run each")
	seconds := flags.Int("seconds", 10, "length of a run")
	flags.Float64Var(&how.Known, "known", 0.9, "share of messages from known people")
	bot := flags.String("bot", "both", "on, off or both")
	if err := flags.Parse(c.args); err != nil || flags.NArg() > 0 || *seconds < 1 || *seconds > 600 || how.Known < 0 || how.Known > 1 {
		return errBenchUsage
	}
	var err error
	if how.Senders, err = counts(*senders, 512); err != nil {
		return err
	}
	how.Length = time.Duration(*seconds) * time.Second
	for _, worker := range map[string][]bool{"on": {true}, "off": {false}, "both": {false, true}}[*bot] {
		how.Worker = worker
		if err := onGround(ctx, c, func(g *bench.Ground) error { return g.Intake(ctx, how) }); err != nil {
			return err
		}
	}
	return nil
}

func benchChat(ctx context.Context, c call) error {
	how := bench.Chat{}
	flags := flag.NewFlagSet("chat", flag.ContinueOnError)
	flags.SetOutput(c.stderr)
	flags.IntVar(&how.Idle, "idle", 10_000, "windows that only listen; 0 leaves them out")
	flags.IntVar(&how.Agents, "agents", 50, "agents with open conversations")
	flags.IntVar(&how.Talking, "talking", 100, "visitors who write")
	flags.IntVar(&how.Rate, "rate", 50, "messages a second of all visitors together")
	seconds := flags.Int("seconds", 20, "how long they write")
	err := flags.Parse(c.args)
	within := how.Idle >= 0 && how.Idle <= 15_000 && how.Agents > 0 && how.Agents <= 500 && how.Talking >= 0 && how.Talking <= 5000 &&
		how.Rate > 0 && how.Rate <= 5000 && *seconds > 0 && *seconds <= 600
	if err != nil || flags.NArg() > 0 || !within {
		return errBenchUsage
	}
	how.Length = time.Duration(*seconds) * time.Second
	return onGround(ctx, c, func(g *bench.Ground) error { return g.Chat(ctx, how) })
}

func benchConsole(ctx context.Context, c call) error {
	how := bench.Console{}
	flags := flag.NewFlagSet("console", flag.ContinueOnError)
	flags.SetOutput(c.stderr)
	flags.IntVar(&how.Participants, "participants", 100_000, "how many participants")
	flags.IntVar(&how.Conversations, "conversations", 100_000, "how many past conversations")
	clients := flags.String("clients", "1,8", "clients at a time, a run each")
	seconds := flags.Int("seconds", 5, "length of a look")
	err := flags.Parse(c.args)
	if err != nil || flags.NArg() > 0 || how.Participants < 20_000 || how.Conversations < 20_000 || *seconds < 1 || *seconds > 600 {
		return errBenchUsage
	}
	if how.Clients, err = counts(*clients, 256); err != nil {
		return err
	}
	how.Length = time.Duration(*seconds) * time.Second
	return onGround(ctx, c, func(g *bench.Ground) error { return g.Console(ctx, how) })
}

// counts reads "1,8,32"; each from 1 to most.
func counts(text string, most int) ([]int, error) {
	var list []int
	for word := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 || n > most {
			return nil, errBenchUsage
		}
		list = append(list, n)
	}
	return list, nil
}
