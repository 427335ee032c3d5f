package webhook

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// States of an endpoint. A paused one keeps collecting and is told everything
// when it is active again; a closed one is told nothing any more.
const (
	Active = "active"
	Paused = "paused"
	Closed = "closed"
)

// Why an endpoint is paused.
const (
	ByHand  = "by_hand"
	Failing = "failing" // nothing arrived for pauseAfter
	Gone    = "gone"    // it answered 410
)

// What an administrator may get wrong.
var (
	ErrNotFound = errors.New("webhook: not found")
	ErrStale    = errors.New("webhook: changed meanwhile")
)

// Invalid is a field that breaks a rule.
type Invalid struct{ Field, Rule string }

// Error names field and rule.
func (i Invalid) Error() string { return "webhook: " + i.Field + ": " + i.Rule }

// Endpoint is another system's address and what it is told.
type Endpoint struct {
	bun.BaseModel `bun:"table:webhook_endpoints,alias:e" json:"-"`

	ID             string     `bun:"id,pk,type:uuid" json:"-"`
	Name           string     `bun:"name" json:"name"`
	URL            string     `bun:"url" json:"url"`
	Events         []string   `bun:"events,array" json:"events"`
	WithText       bool       `bun:"with_text" json:"with_text"` // what was said goes along
	State          string     `bun:"state" json:"status"`
	PauseReason    string     `bun:"pause_reason" json:"pause_reason"`
	Secret         []byte     `bun:"secret" json:"-"` // sealed
	PreviousSecret []byte     `bun:"previous_secret" json:"-"`
	PreviousUntil  *time.Time `bun:"previous_until" json:"-"`
	FailingSince   *time.Time `bun:"failing_since" json:"-"`
	Failures       int        `bun:"failures" json:"-"`
	RetryAt        *time.Time `bun:"retry_at" json:"-"`
	CreatedAt      time.Time  `bun:"created_at" json:"-"`
	Version        int64      `bun:"version" json:"-"`
}

const (
	nameMost      = 80
	urlMost       = 500
	endpointsMost = 50
	secretBytes   = 32
	// secretMark begins every secret, as Standard Webhooks has it.
	secretMark = "whsec_"
	// previousLife is how long the secret before still signs.
	previousLife = 24 * time.Hour
)

func (h *Hooks) check(e *Endpoint) error {
	e.Name, e.URL = strings.TrimSpace(e.Name), strings.TrimSpace(e.URL)
	switch {
	case e.Name == "":
		return Invalid{"name", "required"}
	case utf8.RuneCountInString(e.Name) > nameMost:
		return Invalid{"name", "too_long"}
	case len(e.URL) > urlMost:
		return Invalid{"url", "too_long"}
	case len(e.Events) == 0:
		return Invalid{"events", "required"}
	case !slices.Contains([]string{Active, Paused, Closed}, e.State):
		return Invalid{"state", "unknown"}
	}
	slices.Sort(e.Events)
	e.Events = slices.Compact(e.Events)
	for _, kind := range e.Events {
		if !slices.Contains(Kinds(), kind) {
			return Invalid{"events", "unknown"}
		}
	}
	return h.checkURL(e.URL)
}

// checkURL refuses what can be seen to be wrong without looking a name up; the
// address behind a name is looked at when it is dialled.
func (h *Hooks) checkURL(text string) error {
	parsed, err := url.Parse(text)
	if err != nil || parsed.Hostname() == "" || parsed.User != nil || parsed.Fragment != "" {
		return Invalid{"url", "url"}
	}
	address, err := netip.ParseAddr(parsed.Hostname())
	literal := err == nil
	loopback := h.loopback && (parsed.Hostname() == "localhost" || literal && address.IsLoopback())
	switch {
	case parsed.Scheme != "https" && !(parsed.Scheme == "http" && loopback):
		return Invalid{"url", "https"}
	case literal && !h.allowed(address):
		return Invalid{"url", "not_public"}
	}
	return nil
}

// Create stores a new endpoint and returns its secret, which is told once.
// Errors: Invalid.
func (h *Hooks) Create(ctx context.Context, db bun.IDB, e Endpoint) (Endpoint, string, error) {
	e.State = Active
	if err := h.check(&e); err != nil {
		return e, "", err
	}
	var n int
	if err := db.NewRaw("SELECT count(*) FROM webhook_endpoints WHERE state <> 'closed'").Scan(ctx, &n); err != nil {
		return e, "", fmt.Errorf("count endpoints: %w", err)
	}
	if n >= endpointsMost {
		return e, "", Invalid{"name", "too_many"}
	}
	e.ID, e.Version, e.CreatedAt = uuid.Must(uuid.NewV7()).String(), 1, h.now().UTC()
	secret, sealed, err := h.newSecret(e.ID)
	if err != nil {
		return e, "", err
	}
	e.Secret = sealed
	if _, err := db.NewInsert().Model(&e).Exec(ctx); err != nil {
		return e, "", fmt.Errorf("store endpoint: %w", err)
	}
	return e, secret, nil
}

func (h *Hooks) newSecret(id string) (secret string, sealed []byte, err error) {
	raw := make([]byte, secretBytes)
	_, _ = rand.Read(raw) // never fails: the runtime ends the process instead
	sealed, err = h.box.Seal(raw, sealContext(id))
	return secretMark + base64.StdEncoding.EncodeToString(raw), sealed, err
}

func sealContext(id string) string { return "webhook " + id }

// Save changes an endpoint as it stood at e.Version. One that was paused and is
// active again begins without the failures of before. Errors: Invalid, ErrStale.
func (h *Hooks) Save(ctx context.Context, db bun.IDB, e Endpoint) error {
	if err := h.check(&e); err != nil {
		return err
	}
	e.PauseReason = ""
	if e.State == Paused {
		e.PauseReason = ByHand
	}
	result, err := db.NewUpdate().Model(&e).Column("name", "url", "events", "with_text", "state", "pause_reason").
		Set("version = version + 1, failing_since = NULL, failures = 0, retry_at = NULL").
		Where("id = ? AND version = ?", e.ID, e.Version).Exec(ctx)
	return changedOne(result, err, ErrStale)
}

// Rotate gives an endpoint another secret; the one before signs beside it for a
// day. Error: ErrStale.
func (h *Hooks) Rotate(ctx context.Context, db bun.IDB, id string, version int64) (string, error) {
	secret, sealed, err := h.newSecret(id)
	if err != nil {
		return "", err
	}
	result, err := db.NewRaw(`UPDATE webhook_endpoints SET previous_secret = secret, previous_until = ?, secret = ?, version = version + 1
		WHERE id = ? AND version = ?`, h.now().Add(previousLife).UTC(), sealed, id, version).Exec(ctx)
	return secret, changedOne(result, err, ErrStale)
}

func changedOne(result sql.Result, err, none error) error {
	if err != nil {
		return fmt.Errorf("change webhooks: %w", err)
	}
	if n, _ := result.RowsAffected(); n == 0 {
		return none
	}
	return nil
}

// ByID reads an endpoint. Error: ErrNotFound.
func ByID(ctx context.Context, db bun.IDB, id string) (Endpoint, error) {
	var e Endpoint
	err := db.NewSelect().Model(&e).Where("e.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return e, ErrNotFound
	}
	if err != nil {
		return e, fmt.Errorf("read endpoint %s: %w", id, err)
	}
	return e, nil
}

// Standing is an endpoint with what of it waits and what was given up.
type Standing struct {
	Endpoint
	Pending int `bun:"pending"`
	Dead    int `bun:"dead"`
}

// countMost bounds the counting of rows for a screen.
const countMost = 1000

// Endpoints lists all, oldest first, with how many deliveries wait and how many
// were given up since it was kept.
func Endpoints(ctx context.Context, db bun.IDB) ([]Standing, error) {
	var list []Standing
	counted := func(state string) string {
		return fmt.Sprintf("(SELECT count(*) FROM (SELECT FROM webhook_deliveries d WHERE d.endpoint_id = e.id AND d.state = '%s' LIMIT %d) few)", state, countMost)
	}
	err := db.NewRaw("SELECT e.*, "+counted(pending)+" AS pending, "+counted(dead)+" AS dead FROM webhook_endpoints e ORDER BY e.created_at, e.id LIMIT 200").Scan(ctx, &list)
	if err != nil {
		return nil, fmt.Errorf("list endpoints: %w", err)
	}
	return list, nil
}
