package channels_test

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/hibiken/asynq"
	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/channels/bus"
	"sapa/channels/seal"
	"sapa/channels/words"
	"sapa/migrations/dbtest"
	"sapa/migrations/redistest"
	"sapa/migrations/sealtest"
)

// emptied are the Redis databases of this package. Tests that run a worker have
// one of their own, since all workers of a database share its queue.
var emptied = []int{redistest.Channels, redistest.Wake, redistest.Sweep}

func TestMain(m *testing.M) {
	redistest.Flush(emptied...)
	code := m.Run()
	redistest.Flush(emptied...)
	os.Exit(code)
}

// clock is a time that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// provider is an adapter whose answers a test scripts.
type provider struct {
	mu     sync.Mutex
	limits channels.Limits
	calls  []channels.Outgoing
	answer func(channels.Outgoing) (channels.Sent, error)
	found  func(channels.Outgoing) (*channels.Sent, error)
	files  func() error // what reading the files of a message fails with
}

func (p *provider) Parse(context.Context, channels.Inbox, channels.Request) ([]channels.Event, error) {
	return nil, channels.ErrForged
}

func (p *provider) Send(_ context.Context, _ channels.Inbox, out channels.Outgoing) (channels.Sent, error) {
	p.mu.Lock()
	p.calls = append(p.calls, out)
	answer := p.answer
	p.mu.Unlock()
	if answer == nil {
		return channels.Sent{ProviderID: "SM" + string(out.ID)}, nil
	}
	return answer(out)
}

func (p *provider) Ack(w http.ResponseWriter) { w.WriteHeader(http.StatusNoContent) }
func (p *provider) Limits() channels.Limits   { return p.limits }
func (p *provider) Answer(sent channels.Sent, e error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = func(channels.Outgoing) (channels.Sent, error) { return sent, e }
}

func (p *provider) Calls() []channels.Outgoing {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]channels.Outgoing(nil), p.calls...)
}

func (p *provider) Reconcile(_ context.Context, _ channels.Inbox, out channels.Outgoing) (*channels.Sent, error) {
	p.mu.Lock()
	found := p.found
	p.mu.Unlock()
	if found == nil {
		return nil, nil
	}
	return found(out)
}

// room is everything a test of this package needs.
type room struct {
	t        *testing.T
	db       *bun.DB
	clock    *clock
	box      *seal.Box
	provider *provider
	registry channels.Registry
	cache    *channels.InboxCache
	outbox   *channels.Outbox
	sender   *channels.Sender
	sweeper  *channels.Sweeper
	bus      *bus.Bus
	log      *strings.Builder
	whatsapp channels.InboxID
	sms      channels.InboxID
	chat     channels.InboxID
}

// visitor is a number no operator holds.
const visitor = "+6282012345678"

func newRoom(t *testing.T) *room {
	t.Helper()
	return newRoomOn(t, redistest.Channels)
}

func newRoomOn(t *testing.T, redisNumber int) *room {
	t.Helper()
	return furnish(t, dbtest.New(t), sealtest.Box(t), redisNumber, "")
}

// beside makes another room in the same database, with inboxes, clock and
// provider of its own: for tables of cases that need no database each.
func (r *room) beside(t *testing.T) *room {
	t.Helper()
	return furnish(t, r.db, r.box, redistest.Channels, "-"+uuid.NewString()[:8])
}

// furnish fills a room; suffix keeps its inboxes apart from those of others.
func furnish(t *testing.T, db *bun.DB, box *seal.Box, redisNumber int, suffix string) *room {
	t.Helper()
	client := redistest.New(t, redisNumber)
	r := &room{
		t: t, db: db, box: box, log: &strings.Builder{},
		clock:    &clock{now: time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)},
		provider: &provider{limits: channels.Limits{TextRunes: 100, CaptionRunes: 50, MediaCount: 1, MediaBytes: 1000, Window: 24 * time.Hour, PerSecond: 80}},
		bus:      bus.New(bus.Options{Redis: client}),
	}
	log := slog.New(slog.NewTextHandler(&lockedWriter{to: r.log}, nil))
	r.registry = channels.Registry{
		channels.WhatsApp: r.provider,
		channels.SMS:      &limited{r.provider, channels.Limits{TextRunes: 160}},
		channels.Webchat:  &limited{r.provider, channels.Limits{TextRunes: 4000, Buttons: 10, MediaCount: 5, Local: true}},
	}
	r.cache = channels.NewInboxCache(channels.InboxCacheOptions{DB: r.db, Seal: box, Now: r.clock.Now, Log: log})
	r.outbox = channels.NewOutbox(channels.OutboxOptions{
		DB: r.db, Inboxes: r.cache, Seal: box, Words: words.Notices(), Bus: r.bus, Now: r.clock.Now, Log: log,
		Queue:    channels.NewQueue(asynq.NewClientFromRedisClient(client), log),
		Registry: r.registry,
	})
	r.sender = channels.NewSender(channels.SenderOptions{
		Outbox: r.outbox, Throttle: channels.NewThrottle(client), Media: r.media,
		Random: func() float64 { return 0.5 }, Log: log,
	})
	r.sweeper = channels.NewSweeper(r.outbox, log)
	r.whatsapp = r.inbox(channels.WhatsApp, "wa"+suffix, "+628001503001")
	r.sms = r.inbox(channels.SMS, "sms"+suffix, "+628001503002")
	r.chat = r.inbox(channels.Webchat, "web"+suffix, "")
	return r
}

// limited is the room's provider under other limits.
type limited struct {
	*provider
	limits channels.Limits
}

func (l *limited) Limits() channels.Limits { return l.limits }

type lockedWriter struct {
	mu sync.Mutex
	to *strings.Builder
}

func (w *lockedWriter) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.to.Write(b)
}

func (r *room) media(_ context.Context, _ bun.IDB, ids []channels.AttachmentID) ([]channels.OutgoingMedia, error) {
	if r.provider.files != nil {
		if err := r.provider.files(); err != nil {
			return nil, err
		}
	}
	media := make([]channels.OutgoingMedia, len(ids))
	for i, id := range ids {
		media[i] = channels.OutgoingMedia{URL: "https://files.example.id/" + string(id)}
	}
	return media, nil
}

func (r *room) inbox(kind channels.Kind, slug, address string) channels.InboxID {
	r.t.Helper()
	id, err := channels.SaveInbox(r.t.Context(), r.db, r.box, channels.Inbox{
		Kind: kind, Slug: slug, Name: slug, Address: address,
		Settings: channels.Settings{AuthToken: "canary-token", AccountSID: "AC1"},
	}, r.clock.Now())
	if err != nil {
		r.t.Fatal(err)
	}
	return id
}

// wrote opens the citizen's window.
func (r *room) wrote(address string) {
	r.t.Helper()
	_, err := channels.TouchWindow(r.t.Context(), r.db, r.whatsapp, channels.Event{
		From: channels.Address{Value: address}, At: r.clock.Now(),
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// draft is a reply that passes the gate.
func (r *room) draft() channels.Draft {
	return channels.Draft{InboxID: r.whatsapp, To: visitor, Purpose: channels.PurposeReply, Text: "Halo"}
}

func (r *room) post(draft channels.Draft) channels.OutboxID {
	r.t.Helper()
	id, err := r.outbox.Post(r.t.Context(), r.db, draft)
	if err != nil {
		r.t.Fatal(err)
	}
	return id
}

func (r *room) send(id channels.OutboxID) {
	r.t.Helper()
	if err := r.sender.Send(r.t.Context(), id); err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) delivery(id channels.OutboxID) channels.Delivery {
	r.t.Helper()
	found, err := channels.Deliveries(r.t.Context(), r.db, id)
	if err != nil {
		r.t.Fatal(err)
	}
	return found[id]
}

func (r *room) wantState(id channels.OutboxID, want channels.State) channels.Delivery {
	r.t.Helper()
	got := r.delivery(id)
	if got.State != want {
		r.t.Fatalf("state = %s (error %s %s), want %s", got.State, got.ErrorCode, got.ErrorKey, want)
	}
	return got
}

// report applies a status in a transaction of its own.
func (r *room) report(event channels.Event) *channels.Delivery {
	r.t.Helper()
	event.Kind = channels.EventStatus
	if event.At.IsZero() {
		event.At = r.clock.Now()
	}
	var change *channels.Delivery
	err := r.db.RunInTx(r.t.Context(), nil, func(ctx context.Context, tx bun.Tx) (err error) {
		change, err = r.outbox.ApplyStatus(ctx, tx, channels.Inbox{ID: r.whatsapp}, event)
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return change
}

func (r *room) column(id channels.OutboxID, name string) (value *string) {
	r.t.Helper()
	err := r.db.NewRaw("SELECT ?::text FROM outbox WHERE id = ?", bun.Ident(name), id).Scan(r.t.Context(), &value)
	if err != nil {
		r.t.Fatal(err)
	}
	return value
}

// work runs a worker over the room's Redis until the test ends.
func (r *room) work(redisNumber int) {
	r.t.Helper()
	mux := asynq.NewServeMux()
	r.sender.Register(mux)
	client := redistest.New(r.t, redisNumber)
	server := asynq.NewServerFromRedisClient(client, asynq.Config{
		Queues: map[string]int{channels.QueueSend: 1}, Concurrency: 2,
		TaskCheckInterval: 20 * time.Millisecond, LogLevel: asynq.FatalLevel,
	})
	r.must(server.Start(mux))
	r.t.Cleanup(server.Shutdown)
}

func newConversation() string { return uuid.Must(uuid.NewV7()).String() }
