package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"sapa/program"
	people "sapa/program/seed"
	past "sapa/ticketing/seed"
)

// amount is how much synthetic data is wanted.
type amount struct {
	participants, conversations int
	seed                        uint64
	add                         bool
}

// seedData loads synthetic participants and their conversations, for load tests.
func seedData(ctx context.Context, c call) int {
	var want amount
	flags := flag.NewFlagSet("seed", flag.ContinueOnError)
	flags.SetOutput(c.stderr)
	flags.IntVar(&want.participants, "participants", people.DefaultParticipants, "how many participants")
	flags.IntVar(&want.conversations, "conversations", past.DefaultConversations, "how many past conversations")
	flags.Uint64Var(&want.seed, "seed", 1, "another number gives other people and another past")
	flags.BoolVar(&want.add, "add", false, "add conversations to a database that holds some")
	if err := flags.Parse(c.args); err != nil || flags.NArg() > 0 || want.participants < 0 || want.conversations < 0 {
		fmt.Fprintln(c.stderr, "usage: sapa seed [--participants N] [--conversations N] [--seed S] [--add]")
		return 2
	}
	d, err := openData(ctx, c)
	if err != nil {
		return c.fail(err)
	}
	defer d.db.Close()
	if err := d.mayFill(ctx, want.add); err != nil {
		return c.fail(err)
	}
	if err := d.lay(ctx, false); err != nil {
		return c.fail(err)
	}
	if err := d.fill(ctx, c, want); err != nil {
		return c.fail(err)
	}
	return 0
}

var errHasData = errors.New("the database holds participants or conversations already; --add puts more conversations on top")

func (d *data) mayFill(ctx context.Context, add bool) error {
	for _, table := range []string{"participants", "conversations"} {
		found, err := d.holds(ctx, table)
		if err != nil {
			return err
		}
		if found && !add {
			return errHasData
		}
	}
	return nil
}

// fill loads people, where there are none, and then their past.
func (d *data) fill(ctx context.Context, c call, want amount) error {
	if err := d.loadPeople(ctx, c, want); err != nil {
		return err
	}
	if want.conversations == 0 {
		return nil
	}
	began, next := time.Now(), 50_000
	report, err := past.Load(ctx, past.Options{
		DB: d.db, Conversations: want.conversations, Seed: want.seed, Now: d.now, Apart: apart(),
		Progress: func(stored int) {
			if stored >= next {
				next += 50_000
				fmt.Fprintf(c.stderr, "conversations %s\n", rate(stored, time.Since(began)))
			}
		},
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "conversations %s, with %s messages, %s contacts, %s tickets\n", rate(report.Conversations, report.Took),
		thousands(report.Messages), thousands(report.Contacts), thousands(report.Tickets))
	if report.AgentsAdded > 0 {
		fmt.Fprintf(c.stdout, "%d members of staff were added to have answered them; they cannot sign in\n", report.AgentsAdded)
	}
	return nil
}

func (d *data) loadPeople(ctx context.Context, c call, want amount) error {
	found, err := d.holds(ctx, "participants")
	if err != nil || want.participants == 0 {
		return err
	}
	if found {
		fmt.Fprintln(c.stdout, "participants are there already; they stay as they are")
		return nil
	}
	conn, err := pgx.Connect(ctx, d.config.DatabaseURL)
	if err != nil {
		return fmt.Errorf("connect for loading: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	report, err := people.Load(ctx, conn, people.Options{Participants: want.participants, Seed: want.seed, Now: d.now, Box: d.box})
	if err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "participants %s, %d trainings\n", rate(report.Participants, report.Took), report.Trainings)
	return nil
}

// apart are the people of the demo who have not written yet: visitors play them.
func apart() []string {
	var ids []string
	for _, persona := range program.DemoPersonas() {
		ids = append(ids, string(persona.ID))
	}
	return ids
}
