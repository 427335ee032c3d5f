package live

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/ticketing"
)

// sessionsAnHour is how many chats one network may open in an hour, over all
// processes. Carriers hide thousands of phones behind one address, so it is wide;
// the limits of each session are narrow. Whoever comes above it is told to try
// again after sessionsRetry, in which ten more are free.
const (
	sessionsAnHour = 600
	sessionsRetry  = time.Minute
)

// errTooMany: the address opens chats faster than people do.
var errTooMany = errors.New("live: too many chats from this address")

// errNoSession: the browser's secret is unknown, forgotten or too old. The window
// begins anew.
var errNoSession = errors.New("live: unknown chat session")

// How long a chat that nobody opens may be opened again. Tickets are answered
// within weeks, and a citizen comes back to the thread to read the answer; a
// secret left in a browser longer than that opens a talk to whoever has the
// browser now. What the bot tells of a person ends much sooner, see
// ticketing.ProofIdle.
const (
	sessionIdle = 30 * 24 * time.Hour
	// seenEvery bounds the writes: a day's use is one or two.
	seenEvery = 6 * time.Hour
)

// visitor is one browser's chat: what its secret stands for, and the network it
// is used from now.
type visitor struct {
	session  string
	inbox    channels.Inbox
	point    ticketing.PointID
	language string
	network  string
}

type chatSession struct {
	bun.BaseModel `bun:"table:chat_sessions"`

	ID        string           `bun:"id,pk,type:uuid"`
	Secret    []byte           `bun:"secret"`
	InboxID   channels.InboxID `bun:"inbox_id,type:uuid"`
	PointID   string           `bun:"point_id,type:uuid"`
	Language  string           `bun:"language"`
	Address   string           `bun:"address"`
	CreatedAt time.Time        `bun:"created_at"`
	SeenAt    time.Time        `bun:"seen_at"`
}

// newSession makes a session with its contact and returns the secret, of which
// only the hash is stored.
func (c *Chat) newSession(ctx context.Context, inbox channels.Inbox, language, address string) (string, visitor, error) {
	now := c.o.Now()
	opened, err := c.o.DB.NewSelect().Model((*chatSession)(nil)).
		Where("address = ? AND created_at > ?", address, now.Add(-time.Hour)).Limit(sessionsAnHour).Count(ctx)
	if err != nil {
		return "", visitor{}, fmt.Errorf("count chat sessions: %w", err)
	}
	if opened >= sessionsAnHour {
		return "", visitor{}, errTooMany
	}
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails: the runtime ends the process instead
	secret, id := base64.RawURLEncoding.EncodeToString(raw), uuid.Must(uuid.NewV7()).String()
	point, err := c.o.Desk.OpenChat(ctx, ticketing.Visitor{Inbox: inbox, Key: id, Language: language})
	if err != nil {
		return "", visitor{}, err
	}
	row := chatSession{ID: id, Secret: hash(secret), InboxID: inbox.ID, PointID: string(point), Language: language,
		Address: address, CreatedAt: now, SeenAt: now}
	if _, err := c.o.DB.NewInsert().Model(&row).Exec(ctx); err != nil {
		return "", visitor{}, fmt.Errorf("store chat session: %w", err)
	}
	return secret, visitor{session: id, inbox: inbox, point: point, language: language}, nil
}

func hash(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// bySecret finds the visitor of a bearer secret.
func (c *Chat) bySecret(ctx context.Context, header string) (visitor, error) {
	secret, ok := strings.CutPrefix(header, "Bearer ")
	if !ok || secret == "" {
		return visitor{}, errNoSession
	}
	return c.visitor(ctx, "secret = ?", hash(secret))
}

func (c *Chat) byID(ctx context.Context, id string) (visitor, error) {
	return c.visitor(ctx, "id = ?", id)
}

func (c *Chat) visitor(ctx context.Context, where string, argument any) (visitor, error) {
	var row chatSession
	now := c.o.Now()
	err := c.o.DB.NewSelect().Model(&row).Where(where, argument).Where("seen_at > ?", now.Add(-sessionIdle)).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return visitor{}, errNoSession
	}
	if err != nil {
		return visitor{}, fmt.Errorf("find chat session: %w", err)
	}
	inbox, err := c.o.Inboxes.ByID(ctx, c.o.DB, row.InboxID)
	if err != nil {
		return visitor{}, err
	}
	if inbox.Sealed() {
		return visitor{}, channels.ErrSealed
	}
	v := visitor{session: row.ID, inbox: inbox, point: ticketing.PointID(row.PointID), language: row.Language}
	if now.Sub(row.SeenAt) > seenEvery {
		err = c.seen(ctx, v)
	}
	return v, err
}

// seen keeps a chat in use from ending.
func (c *Chat) seen(ctx context.Context, v visitor) error {
	now := c.o.Now()
	_, err := c.o.DB.NewRaw("UPDATE chat_sessions SET seen_at = ? WHERE id = ? AND seen_at < ?", now, v.session, now.Add(-seenEvery)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("note use of chat session: %w", err)
	}
	return nil
}

// Sweep removes the chats that were idle too long, their secrets with them. What
// was said stays with the desk.
func (c *Chat) Sweep(ctx context.Context) error {
	_, err := c.o.DB.NewRaw("DELETE FROM chat_sessions WHERE seen_at <= ?", c.o.Now().Add(-sessionIdle)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("sweep chat sessions: %w", err)
	}
	return nil
}
