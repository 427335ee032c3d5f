package main

import (
	"context"
	"fmt"
	"time"

	"github.com/hibiken/asynq"
	"golang.org/x/sync/errgroup"

	"sapa/bot"
	"sapa/bot/nlu"
	"sapa/channels"
	"sapa/program/account"
	"sapa/ticketing"
	"sapa/ticketing/webhook"
)

// codeInbox is the slug of the SMS inbox that carries one-time codes.
const codeInbox = "sms"

// pickUp is how soon an idle worker sees a task. Asynq's own second would be
// felt in every answer of the bot; measured, 50 ms gives 3 to 67 ms.
const pickUp = 50 * time.Millisecond

// How often the worker repairs what a lost task or a dead process left behind.
const (
	sweepOutbox = 10 * time.Second
	sweepDesk   = 5 * time.Second
	sweepFiles  = 30 * time.Second
	sweepHooks  = time.Second // what receivers wait at most
	sealEvery   = time.Minute // source: decision 13, the hash chain is sealed each minute
	trimEvery   = time.Hour   // an hour's receipts are some thousands
)

// work runs the worker alone.
func work(ctx context.Context, c call) int {
	if len(c.args) > 0 {
		fmt.Fprintln(c.stderr, "usage: sapa work")
		return 2
	}
	config, err := readConfig(c.env)
	if err != nil {
		return c.fail(err)
	}
	p, err := build(ctx, config, newLog(c))
	if err != nil {
		return c.fail(err)
	}
	defer p.close()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { restart(ctx, p.log, "inboxes", p.followInboxes); return nil })
	group.Go(func() error { return p.work(ctx) })
	if err := group.Wait(); err != nil {
		return c.fail(err)
	}
	return 0
}

func (p *parts) work(ctx context.Context) error {
	mux, err := p.handlers()
	if err != nil {
		return err
	}
	server := asynq.NewServerFromRedisClient(p.redis, asynq.Config{
		Concurrency: p.config.WorkerSlots, TaskCheckInterval: pickUp, ShutdownTimeout: p.config.Shutdown,
		Queues:         map[string]int{"default": 6, channels.QueueSend: 6, channels.QueueFetch: 1, webhook.Queue: 2},
		RetryDelayFunc: retryAfter, Logger: taskLog{p.log},
		BaseContext: func() context.Context { return context.WithoutCancel(ctx) },
	})
	if err := server.Start(mux); err != nil {
		return fmt.Errorf("start worker: %w", err)
	}
	group, ctx := errgroup.WithContext(ctx)
	for _, l := range p.repairs() {
		group.Go(func() error { keep(ctx, p.log, l); return nil })
	}
	<-ctx.Done()
	server.Shutdown()
	return group.Wait()
}

// handlers is what the worker does with each task.
func (p *parts) handlers() (*asynq.ServeMux, error) {
	model, err := nlu.New()
	if err != nil {
		return nil, err
	}
	robot, err := bot.New(bot.Options{
		DB: p.db, Desk: p.desk, Program: p.program, Texts: p.texts, Proofs: p.proofs, Outbox: p.outbox, Inboxes: p.inboxes,
		Notices: p.notices, Model: model, CodeInbox: codeInbox, Owner: hostname(), Now: p.now, Log: p.log,
	})
	if err != nil {
		return nil, err
	}
	mux := asynq.NewServeMux()
	sender := channels.NewSender(channels.SenderOptions{
		Outbox: p.outbox, Throttle: channels.NewThrottle(p.redis), Media: p.files.Outgoing, Log: p.log,
	})
	sender.Register(mux)
	p.files.Register(mux)
	mux.HandleFunc(ticketing.TaskDue, p.desk.Handle)
	mux.HandleFunc(ticketing.TaskTicketDue, p.desk.Handle)
	mux.HandleFunc(webhook.TaskTell, p.hooks.Handle)
	mux.HandleFunc(ticketing.TaskHeldDue, p.desk.Handle)
	mux.HandleFunc(ticketing.TaskBotTurn, robot.Handle)
	return mux, nil
}

func (p *parts) repairs() []loop {
	sweeper := channels.NewSweeper(p.outbox, p.log)
	return []loop{
		{"sweep outbox", sweepOutbox, func(ctx context.Context) error { _, err := sweeper.Sweep(ctx); return err }},
		{"sweep desk", sweepDesk, p.desk.Sweep},
		{"sweep files", sweepFiles, func(ctx context.Context) error { _, err := p.files.Sweep(ctx); return err }},
		{"tell webhooks", sweepHooks, p.hooks.Sweep},
		{"forget webhooks", trimEvery, p.hooks.Trim},
		{"seal audit log", sealEvery, p.sealAudit},
		{"forget receipts", trimEvery, func(ctx context.Context) error { _, err := channels.TrimReceipts(ctx, p.db, p.now()); return err }},
		{"forget codes", trimEvery, func(ctx context.Context) error { return account.TrimCodes(ctx, p.db, p.now()) }},
	}
}

// slowestRetry bounds the wait between tries; the sweepers come around sooner
// for what is left in the rows.
const slowestRetry = time.Minute

// retryAfter waits a second, two, four and so on: tasks fail because a lease is
// taken or the database is away, and both pass soon.
func retryAfter(n int, _ error, _ *asynq.Task) time.Duration {
	return min(time.Second<<min(n, 6), slowestRetry)
}
