package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"sapa/channels/spool"
	"sapa/web"
	"sapa/web/auth"
	"sapa/web/live"
	"sapa/web/portal"
)

// chatInbox is the slug of the live chat that the citizens' pages open.
const chatInbox = "web"

// forgetEvery is how often expired sessions and tickets are removed.
const forgetEvery = 10 * time.Minute

// serve runs the web server and, unless told otherwise, the worker in the same
// process. It ends when its context does: first no new requests, then those
// under way and the tasks, then the connections.
func serve(ctx context.Context, c call) int {
	withWorker := true
	for _, arg := range c.args {
		if arg != "--no-worker" {
			fmt.Fprintln(c.stderr, "usage: sapa serve [--no-worker]")
			return 2
		}
		withWorker = false
	}
	config, err := readConfig(c.env)
	if err != nil {
		return c.fail(err)
	}
	log := newLog(c)
	p, err := build(ctx, config, log)
	if err != nil {
		return c.fail(err)
	}
	defer p.close()
	waiting, err := p.openSpool()
	if err != nil {
		return c.fail(fmt.Errorf("SAPA_SPOOL_DIR: %w", err))
	}
	defer waiting.Close()
	if err := p.serve(ctx, waiting, withWorker); err != nil {
		return c.fail(err)
	}
	return 0
}

func (p *parts) serve(ctx context.Context, waiting *spool.Spool, withWorker bool) error {
	chat, server, signIn, err := p.site(waiting)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	parts := map[string]func(context.Context) error{"console": server.Run, "chat": chat.Run, "spool": server.ReplaySpool, "inboxes": p.followInboxes}
	for name, run := range parts {
		group.Go(func() error { restart(ctx, p.log, name, run); return nil })
	}
	forget := loop{"forget sessions", forgetEvery, func(ctx context.Context) error {
		_, err := signIn.Sweep(ctx)
		return errors.Join(err, chat.Sweep(ctx))
	}}
	group.Go(func() error { keep(ctx, p.log, forget); return nil })
	if withWorker {
		group.Go(func() error { return p.work(ctx) })
	}
	group.Go(func() error { return p.listen(ctx, server) })
	return group.Wait()
}

// site builds what browsers and providers reach.
func (p *parts) site(waiting *spool.Spool) (*live.Chat, *web.Server, *auth.Auth, error) {
	said, err := live.Words()
	if err != nil {
		return nil, nil, nil, err
	}
	chat := live.NewChat(live.ChatOptions{
		DB: p.db, Desk: p.desk, Inboxes: p.inboxes, Files: p.files, Bus: p.bus, Words: said, Origin: p.config.PublicURL.String(),
		Now: p.now, Address: web.ClientAddress(p.config.Proxies), Log: p.log,
	})
	signIn := auth.New(auth.Options{
		DB: p.db, Box: p.box, Bus: p.bus, Now: p.now, Log: p.log, Secure: p.config.secureCookies(), SecondFactor: p.config.SecondFactor,
	})
	pages, err := portal.New(portal.Options{
		DB: p.db, Now: p.now, Log: p.log, Inbox: chatInbox, Phone: p.config.Phone, WhatsApp: p.config.WhatsApp, Secure: p.config.secureCookies(),
		Desk: p.desk, Guests: signIn.Guests("sapa_case"), Address: web.ClientAddress(p.config.Proxies),
	})
	if err != nil {
		return nil, nil, nil, err
	}
	server, err := web.New(web.Options{
		DB: p.db, Redis: p.redis, Bus: p.bus, Auth: signIn, Desk: p.desk, Webhooks: p.hooks, Program: p.program, Texts: p.texts,
		Outbox: p.outbox, Inboxes: p.inboxes, Adapters: p.adapters, Files: p.files, Bucket: p.bucket, Spool: waiting,
		PublicURL: p.config.PublicURL, FilesURL: p.config.FilesURL, Now: p.now, Chat: chat, Portal: pages,
		Proxies: p.config.Proxies, Metrics: p.metrics(), Log: p.log,
	})
	return chat, server, signIn, err
}

// listen serves until ctx ends, then lets requests under way finish.
func (p *parts) listen(ctx context.Context, server *web.Server) error {
	listener := server.HTTP(p.config.Listen)
	failed := make(chan error, 1)
	go func() { failed <- listener.ListenAndServe() }()
	p.log.InfoContext(ctx, "serving", "listen", p.config.Listen, "address", p.config.PublicURL.String())
	select {
	case err := <-failed:
		return fmt.Errorf("listen on %s: %w", p.config.Listen, err)
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.config.Shutdown)
	defer cancel()
	if err := listener.Shutdown(ending); err != nil && !errors.Is(err, http.ErrServerClosed) {
		p.log.WarnContext(ctx, "requests were cut off", "error", err)
	}
	return nil
}
