// Package fix builds a desk for tests: a database of its own, staff, inboxes and
// citizens with good defaults, and a clock that tests move.
package fix

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
	"github.com/uptrace/bun"
	"gocloud.dev/blob/memblob"

	"sapa/channels"
	"sapa/channels/attachment"
	"sapa/channels/bus"
	"sapa/channels/seal"
	"sapa/migrations/dbtest"
	"sapa/migrations/redistest"
	"sapa/migrations/sealtest"
	"sapa/program"
	"sapa/program/access"
	"sapa/program/calendar"
	"sapa/ticketing"
	"sapa/ticketing/team"
)

// Start is the instant at which a world begins: a Monday, 10:00 WIB, inside desk
// hours.
func Start() time.Time { return time.Date(2026, time.November, 23, 3, 0, 0, 0, time.UTC) }

// Clock is a time that tests move. Safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is the time as the desk sees it.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Add moves the time on.
func (c *Clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Set moves the time to an instant.
func (c *Clock) Set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = at
}

// World is a desk with everything around it.
type World struct {
	T        testing.TB
	DB       *bun.DB
	Clock    *Clock
	Desk     *ticketing.Desk
	Program  *program.Core
	Outbox   *channels.Outbox
	Inboxes  *channels.InboxCache
	Redis    *redis.Client
	Files    *attachment.Store
	Bus      *bus.Bus
	Box      *seal.Box
	Provider *Provider
	WhatsApp channels.Inbox
	Chat     channels.Inbox
	SMS      channels.Inbox

	Queues map[string]team.Queue
	Teams  []team.Team

	queue  *channels.Queue
	mu     sync.Mutex
	serial int
}

// New builds a world. The holidays of 2026 are loaded, the queues answer without
// ringing, nobody is on duty.
func New(t testing.TB) *World {
	t.Helper()
	return equip(t, dbtest.New(t), sealtest.Box(t)).furnish()
}

// equip puts a desk around a database, whatever is in it.
func equip(t testing.TB, db *bun.DB, box *seal.Box) *World {
	t.Helper()
	w := &World{T: t, DB: db, Box: box, Clock: &Clock{now: Start()}, Provider: &Provider{}, Queues: map[string]team.Queue{}}
	client := redistest.New(t, redistest.Desk)
	t.Cleanup(func() { _ = client.FlushDB(context.Background()).Err() })
	w.Bus = bus.New(bus.Options{Redis: client})
	w.buildOutbox(client)
	w.buildProgram()
	w.Desk = w.DeskOn(w.DB)
	return w
}

// furnish fills an empty database with what every desk has.
func (w *World) furnish() *World {
	w.T.Helper()
	ctx := context.Background()
	w.must(ticketing.Prepare(ctx, w.DB, w.Clock.Now()))
	w.WhatsApp = w.inbox(channels.WhatsApp, "wa", "+628001503001")
	w.Chat = w.inbox(channels.Webchat, "web", "")
	w.SMS = w.inbox(channels.SMS, "sms", "+628001503002")
	queues, err := team.Queues(ctx, w.DB)
	w.must(err)
	for _, queue := range queues {
		w.Queues[queue.Slug] = queue
	}
	w.Teams, err = team.Teams(ctx, w.DB)
	w.must(err)
	return w
}

// DeskOn builds another desk of the same world on a database handle of the
// test's, such as one that counts queries.
func (w *World) DeskOn(db *bun.DB) *ticketing.Desk {
	w.T.Helper()
	desk, err := ticketing.New(ticketing.Options{
		DB: db, Outbox: w.Outbox, Inboxes: w.Inboxes, Program: w.Program, Files: w.Files, Fetch: w.queue, Bus: w.Bus, Now: w.Clock.Now,
		Site: "https://desk.example.id",
	})
	w.must(err)
	return desk
}

func (w *World) buildOutbox(client *redis.Client) {
	w.Inboxes, w.Redis = channels.NewInboxCache(channels.InboxCacheOptions{DB: w.DB, Seal: w.Box, Now: w.Clock.Now}), client
	w.queue = channels.NewQueue(asynq.NewClientFromRedisClient(client), nil)
	bucket := memblob.OpenBucket(nil)
	w.T.Cleanup(func() { _ = bucket.Close() })
	w.Files = attachment.New(attachment.Options{
		DB: w.DB, Bucket: bucket, Seal: w.Box, Inboxes: w.Inboxes, Queue: w.queue, Bus: w.Bus, FilesURL: "http://127.0.0.1", Now: w.Clock.Now,
	})
	w.Outbox = channels.NewOutbox(channels.OutboxOptions{
		DB: w.DB, Inboxes: w.Inboxes, Seal: w.Box, Words: ticketing.Texts(), Bus: w.Bus, Now: w.Clock.Now,
		Queue: w.queue,
		Registry: channels.Registry{
			channels.WhatsApp: w.Provider,
			channels.SMS:      texting{w.Provider},
			channels.Webchat:  local{w.Provider},
		},
	})
}

func (w *World) buildProgram() {
	core, err := program.New(program.Options{
		Box: w.Box, Now: w.Clock.Now, Log: slog.New(slog.DiscardHandler),
		Calendar: func(ctx context.Context) (*calendar.Calendar, error) {
			return ticketing.Calendar(ctx, w.DB, w.Clock.Now())
		},
	})
	w.must(err)
	w.Program = core
}

func (w *World) inbox(kind channels.Kind, slug, address string) channels.Inbox {
	w.T.Helper()
	inbox := channels.Inbox{Kind: kind, Slug: slug, Name: slug, Address: address, Language: "ind", Status: channels.InboxActive}
	id, err := channels.SaveInbox(context.Background(), w.DB, w.Box, inbox, w.Clock.Now())
	w.must(err)
	inbox.ID = id
	return inbox
}

func (w *World) must(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatalf("fix: %v", err)
	}
}

// next numbers what must be unique.
func (w *World) next() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.serial++
	return w.serial
}

// Staff adds a member of staff of a role who is in every team.
func (w *World) Staff(role access.Role, change ...func(*team.Staff)) team.Staff {
	w.T.Helper()
	n := w.next()
	staff := team.Staff{Email: fmt.Sprintf("staf%d@contoh.id", n), Name: fmt.Sprintf("Rina Contoh %d", n), Role: role, Teams: w.Teams}
	for _, f := range change {
		f(&staff)
	}
	made, err := team.Add(context.Background(), w.DB, staff, w.Clock.Now())
	w.must(err)
	return made
}

// Agent adds an agent who is available.
func (w *World) Agent(change ...func(*team.Staff)) team.Staff {
	w.T.Helper()
	staff := w.Staff(access.Agent, change...)
	w.Available(staff)
	return staff
}

// Available signs somebody on.
func (w *World) Available(staff team.Staff) {
	w.T.Helper()
	_, err := w.Desk.SetPresence(context.Background(), staff.Actor(), ticketing.ChosenAvailable, "")
	w.must(err)
}
