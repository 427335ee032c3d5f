package channels

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels/bus"
	"sapa/channels/seal"
)

// cacheFor is how long a loaded list of inboxes is taken for current: a changed
// token works within this time on every process.
const cacheFor = 10 * time.Second

// missFor bounds how often an unknown slug may make us look again, so that a
// scanner guessing slugs does not reach the database.
const missFor = time.Second

// readFor bounds one read, so that a webhook is answered in time even when
// PostgreSQL hangs instead of refusing.
const readFor = 2 * time.Second

// InboxCacheOptions are what an InboxCache needs; all are required but Bases and
// Log.
type InboxCacheOptions struct {
	DB    bun.IDB
	Seal  *seal.Box
	Now   func() time.Time
	Bases []string // other addresses of providers' APIs that administrators may choose
	Log   *slog.Logger
}

// InboxCache keeps all inboxes in memory, since every webhook and every message
// out needs one. While PostgreSQL is away it answers with the last list it
// read, so that a webhook can still be proved and spooled. Safe for concurrent
// use.
type InboxCache struct {
	db   bun.IDB
	seal *seal.Box
	now  func() time.Time
	log  *slog.Logger

	bases   []string
	reading sync.Mutex // held by the one who refreshes

	mu     sync.RWMutex
	byID   map[InboxID]Inbox
	bySlug map[string]Inbox
	loaded time.Time // when the list was read
	tried  time.Time // when reading it was last tried
	forgot int       // how often the list was forgotten
	heard  map[heardMark]time.Time
}

// NewInboxCache panics when a need is missing. It reads nothing yet.
func NewInboxCache(options InboxCacheOptions) *InboxCache {
	if options.DB == nil || options.Seal == nil || options.Now == nil {
		panic("channels: InboxCacheOptions needs DB, Seal and Now")
	}
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	return &InboxCache{db: options.DB, seal: options.Seal, now: options.Now, log: options.Log, bases: options.Bases, heard: map[heardMark]time.Time{}}
}

// BySlug finds the inbox of a webhook. ErrNoInbox: there is none; ErrSealed: its
// settings do not open, so nobody can be proved; any other error: it is not among
// those read and PostgreSQL does not answer, so nobody can tell.
func (c *InboxCache) BySlug(ctx context.Context, kind Kind, slug string) (Inbox, error) {
	name := slugKey(kind, slug)
	inbox, err := c.find(ctx, c.db, missFor, func() (Inbox, bool) { i, ok := c.bySlug[name]; return i, ok })
	if err != nil {
		return Inbox{}, fmt.Errorf("inbox %s: %w", name, err)
	}
	if inbox.Sealed() {
		return Inbox{}, fmt.Errorf("inbox %s: %w", name, ErrSealed)
	}
	return inbox, nil
}

// ByID finds the inbox of a row; it may be Sealed. It reads through db, which may be the caller's
// transaction, so that it never waits for a second connection.
func (c *InboxCache) ByID(ctx context.Context, db bun.IDB, id InboxID) (Inbox, error) {
	inbox, err := c.find(ctx, db, 0, func() (Inbox, bool) { i, ok := c.byID[id]; return i, ok })
	if err != nil {
		return Inbox{}, fmt.Errorf("inbox %s: %w", id, err)
	}
	return inbox, nil
}

// All lists the inboxes, from memory when they are fresh enough.
func (c *InboxCache) All(ctx context.Context) ([]Inbox, error) {
	if err := c.refresh(ctx, c.db, cacheFor); err != nil {
		return nil, err
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	all := make([]Inbox, 0, len(c.byID))
	for _, inbox := range c.byID {
		all = append(all, inbox)
	}
	return all, nil
}

// Forget makes the next look-up read the list again: call it after a change.
func (c *InboxCache) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tried = time.Time{}
	c.forgot++
}

// InboxObject is what signals of changed settings and the audit log call an inbox.
const InboxObject = "inbox"

// Follow forgets the list whenever any process has changed an inbox, until ctx
// ends. A lost signal costs cacheFor.
func (c *InboxCache) Follow(ctx context.Context, b *bus.Bus) error {
	signals, err := b.Subscribe(ctx, bus.Setting)
	if err != nil {
		return err
	}
	for signal := range signals {
		if signal.ID == InboxObject || signal.Topic == bus.Lost {
			c.Forget()
		}
	}
	return ctx.Err()
}

func (c *InboxCache) find(ctx context.Context, db bun.IDB, missAge time.Duration, look func() (Inbox, bool)) (Inbox, error) {
	if err := c.refresh(ctx, db, cacheFor); err != nil {
		return Inbox{}, err
	}
	if inbox, ok := c.locked(look); ok {
		return inbox, nil
	}
	if err := c.refresh(ctx, db, missAge); err != nil {
		return Inbox{}, err
	}
	if inbox, ok := c.locked(look); ok {
		return inbox, nil
	}
	if !c.current() {
		return Inbox{}, errNotRead // it may have been made since the list was read
	}
	return Inbox{}, ErrNoInbox
}

// errNotRead: whether there is such an inbox cannot be told now.
var errNotRead = errors.New("channels: the list of inboxes could not be read")

// current tells whether the last look into the database succeeded.
func (c *InboxCache) current() bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.loaded.Equal(c.tried)
}

func (c *InboxCache) locked(look func() (Inbox, bool)) (Inbox, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return look()
}

// refresh reads the list when the last try is older than age. A failed read is
// an error only when there is no older list to go on with.
func (c *InboxCache) refresh(ctx context.Context, db bun.IDB, age time.Duration) error {
	have, tried := c.state()
	if have && !tried.IsZero() && c.now().Sub(tried) < age {
		return nil
	}
	// Who only finds the list a little old goes on with it while another reads:
	// waiting would tie up the caller's database connection.
	if !have || age < cacheFor {
		c.reading.Lock()
	} else if !c.reading.TryLock() {
		return nil
	}
	defer c.reading.Unlock()
	if now, since := c.state(); now && !since.Equal(tried) {
		return nil // another request has just read it
	}
	ctx, cancel := context.WithTimeout(ctx, readFor)
	defer cancel()
	forgot := c.forgotten()
	inboxes, err := ListInboxes(ctx, db, c.seal)
	c.keep(inboxes, err == nil, forgot)
	if err != nil && !have {
		return err
	}
	if err != nil {
		c.log.Warn("inboxes not refreshed, the last list stays in use", "error", err)
	}
	return nil
}

func (c *InboxCache) state() (have bool, tried time.Time) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return !c.loaded.IsZero(), c.tried
}

func (c *InboxCache) forgotten() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.forgot
}

// keep takes a list over that began to be read after so many changes; one that was
// overtaken by another is used and read again.
func (c *InboxCache) keep(inboxes []Inbox, ok bool, forgot int) {
	byID, bySlug := make(map[InboxID]Inbox, len(inboxes)), make(map[string]Inbox, len(inboxes))
	for _, inbox := range inboxes {
		if inbox.Sealed() && !c.sealed(inbox.ID) {
			c.log.Error("settings of inbox do not open", "inbox", inbox)
		}
		byID[inbox.ID] = inbox
		bySlug[slugKey(inbox.Kind, inbox.Slug)] = inbox
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tried = c.now()
	if ok {
		c.byID, c.bySlug, c.loaded = byID, bySlug, c.tried
	}
	if c.forgot != forgot {
		c.tried = time.Time{}
	}
}

// sealed tells whether the inbox was so when the list was last read.
func (c *InboxCache) sealed(id InboxID) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.byID[id].Sealed()
}

func slugKey(kind Kind, slug string) string { return string(kind) + "/" + slug }
