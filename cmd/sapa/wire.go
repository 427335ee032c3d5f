package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
	"github.com/uptrace/bun"
	"gocloud.dev/blob"

	"sapa/channels"
	"sapa/channels/attachment"
	"sapa/channels/bus"
	"sapa/channels/seal"
	"sapa/channels/sms"
	"sapa/channels/spool"
	"sapa/channels/twilio"
	"sapa/channels/webchat"
	"sapa/channels/whatsapp"
	"sapa/channels/words"
	"sapa/migrations"
	"sapa/program"
	"sapa/program/access"
	"sapa/program/account"
	"sapa/program/calendar"
	"sapa/ticketing"
	"sapa/ticketing/webhook"
)

// parts is everything below the web server and the worker, built once. This
// file is the only one that knows all rooms.
type parts struct {
	config config
	log    *slog.Logger
	now    func() time.Time

	db     *bun.DB
	redis  *redis.Client
	tasks  *asynq.Client
	bucket *blob.Bucket
	box    *seal.Box
	bus    *bus.Bus

	queue    *channels.Queue
	inboxes  *channels.InboxCache
	adapters channels.Registry
	files    *attachment.Store
	outbox   *channels.Outbox
	notices  *words.Catalogue

	program *program.Core
	texts   *program.Texts
	proofs  *account.Desk
	desk    *ticketing.Desk
	hooks   *webhook.Hooks
}

// connections per process: the web server's requests and the worker's tasks
// share them; PostgreSQL's default of 100 leaves room for three processes.
const connections = 30

// build opens what outlives a request. It fails with everything that is wrong
// with the settings at once; a database that is away is not: the desk starts,
// says so in /readyz, and spools.
func build(ctx context.Context, c config, log *slog.Logger) (*parts, error) {
	p := &parts{config: c, log: log, now: time.Now, notices: ticketing.Texts()}
	var err error
	if p.box, err = seal.Load(c.Keyset); err != nil {
		return nil, fmt.Errorf("%w (make one with `sapa keys new %s`)", err, c.Keyset)
	}
	if p.db, err = migrations.Open(c.DatabaseURL); err != nil {
		return nil, err
	}
	p.db.SetMaxOpenConns(connections)
	p.db.SetMaxIdleConns(connections)
	options, err := redis.ParseURL(c.RedisURL)
	if err != nil {
		return nil, fmt.Errorf("SAPA_REDIS_URL: %w", err)
	}
	p.redis = redis.NewClient(options)
	p.tasks = asynq.NewClientFromRedisClient(p.redis)
	p.bus = bus.New(bus.Options{Redis: p.redis, Log: log})
	if p.bucket, err = attachment.OpenBucket(ctx, c.BlobURL); err != nil {
		return nil, fmt.Errorf("SAPA_BLOB_URL: %w", err)
	}
	p.buildChannels()
	return p, p.buildRooms()
}

func (p *parts) buildChannels() {
	p.queue = channels.NewQueue(p.tasks, p.log)
	p.inboxes = channels.NewInboxCache(channels.InboxCacheOptions{DB: p.db, Seal: p.box, Now: p.now, Bases: p.config.apiBases(), Log: p.log})
	gateway := twilio.New(twilio.Options{PublicURL: p.config.PublicURL.String(), HTTP: &http.Client{Timeout: channels.SendTimeout}})
	p.adapters = channels.Registry{
		channels.WhatsApp: whatsapp.New(gateway),
		channels.SMS:      sms.New(gateway),
		channels.Webchat:  webchat.New(p.bus),
	}
	p.files = attachment.New(attachment.Options{
		DB: p.db, Bucket: p.bucket, Seal: p.box, Inboxes: p.inboxes, Queue: p.queue, Bus: p.bus,
		FilesURL: p.config.FilesURL.String(), Scan: p.scanner(), Now: p.now, Log: p.log,
	})
	p.outbox = channels.NewOutbox(channels.OutboxOptions{
		DB: p.db, Inboxes: p.inboxes, Registry: p.adapters, Seal: p.box, Words: p.notices, Queue: p.queue, Bus: p.bus,
		Now: p.now, Log: p.log,
	})
}

// followInboxes keeps this process's list of inboxes to what any process changes.
func (p *parts) followInboxes(ctx context.Context) error { return p.inboxes.Follow(ctx, p.bus) }

func (p *parts) scanner() attachment.Scanner {
	if p.config.Clamd == "" {
		return nil
	}
	return attachment.Clamd(p.config.Clamd)
}

func (p *parts) buildRooms() error {
	var errs [5]error
	p.program, errs[0] = program.New(program.Options{Box: p.box, Calendar: p.calendar(), Now: p.now, Log: p.log})
	p.texts, errs[1] = program.NewTexts()
	p.proofs, errs[2] = account.New(account.Options{Box: p.box, Send: p.outbox.Post, Daily: p.config.CodesADay, Now: p.now, Log: p.log})
	if err := errors.Join(errs[:]...); err != nil {
		return err
	}
	p.desk, errs[3] = ticketing.New(ticketing.Options{
		DB: p.db, Outbox: p.outbox, Inboxes: p.inboxes, Program: p.program, Files: p.files, Fetch: p.queue, Bus: p.bus, Queue: p.tasks,
		Now: p.now, Log: p.log, Site: strings.TrimSuffix(p.config.PublicURL.String(), "/"),
	})
	p.hooks, errs[4] = webhook.New(webhook.Options{DB: p.db, Box: p.box, Bus: p.bus, Queue: p.tasks, Now: p.now, Log: p.log,
		Text: ticketing.WebhookText(p.db), Loopback: p.config.WebhookLoopback})
	return errors.Join(errs[3:]...)
}

// calendarFor bounds how long a list of days off is taken for current.
const calendarFor = time.Minute

// calendar keeps the working days in memory, since every deadline asks for them.
func (p *parts) calendar() func(context.Context) (*calendar.Calendar, error) {
	var mu sync.Mutex
	var known *calendar.Calendar
	var read time.Time
	return func(ctx context.Context) (*calendar.Calendar, error) {
		mu.Lock()
		defer mu.Unlock()
		if known != nil && p.now().Sub(read) < calendarFor {
			return known, nil
		}
		fresh, err := ticketing.Calendar(ctx, p.db, p.now())
		if err != nil {
			return nil, err
		}
		known, read = fresh, p.now()
		return known, nil
	}
}

// openSpool is apart from build, since the folder belongs to one process: the
// web server's.
func (p *parts) openSpool() (*spool.Spool, error) {
	return spool.Open(spool.Options{Dir: p.config.SpoolDir, Seal: p.box, Log: p.log})
}

// sealAudit closes the chain over the audit log, until nothing is left to seal.
func (p *parts) sealAudit(ctx context.Context) error {
	for {
		var sealed access.Seal
		err := p.db.RunInTx(ctx, &sql.TxOptions{}, func(ctx context.Context, tx bun.Tx) (err error) {
			sealed, err = access.SealAudit(ctx, tx, p.now())
			return err
		})
		if err != nil || sealed.Rows == 0 {
			return err
		}
	}
}

func (p *parts) close() {
	_ = p.tasks.Close()
	_ = p.redis.Close()
	_ = p.bucket.Close()
	_ = p.db.Close()
}

// newLog writes JSON lines; SAPA_LOG_LEVEL=debug says more.
func newLog(c call) *slog.Logger {
	level := slog.LevelInfo
	if c.env("SAPA_LOG_LEVEL") == "debug" {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}
