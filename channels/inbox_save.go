package channels

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/uptrace/bun"

	"sapa/channels/words"
)

// Bounds of what administrators enter. Twilio's ids are AC and MG with 32 hex
// digits, its tokens 32; the stand-in's are shorter. The others are ours.
const (
	inboxNameRunes = 80
	mostOrigins    = 20
	originBytes    = 200
	mostPerSecond  = 500
)

var (
	accountShape = regexp.MustCompile(`^AC[0-9A-Za-z]{1,62}$`)
	serviceShape = regexp.MustCompile(`^MG[0-9A-Za-z]{1,62}$`)
	tokenShape   = regexp.MustCompile(`^[!-~]{8,200}$`)
	numberShape  = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
)

// Create stores a new inbox, active, through db. Errors: *Invalid.
func (c *InboxCache) Create(ctx context.Context, db bun.IDB, inbox Inbox, at time.Time) error {
	inbox.Status, inbox.Version = InboxActive, 1
	inbox.Settings.TokenAt = tokenAt(inbox.Settings, at)
	if err := c.checkEntered(&inbox, Inbox{}); err != nil {
		return err
	}
	sealed, err := inbox.seal(c.seal)
	if err != nil {
		return err
	}
	_, err = db.NewRaw(`INSERT INTO inboxes (id, kind, slug, name, address, language, settings, status, created_at, updated_at, bot_off)
		VALUES (?0, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9)`,
		inbox.ID, inbox.Kind, inbox.Slug, inbox.Name, inbox.Address, inbox.Language, sealed, inbox.Status, at, inbox.BotOff).Exec(ctx)
	if fault := (*pgconn.PgError)(nil); errors.As(err, &fault) && fault.Code == "23505" {
		return &Invalid{Field: "slug", Rule: "taken"}
	}
	if err != nil {
		return fmt.Errorf("create inbox: %w", err)
	}
	return nil
}

// Change stores what an administrator entered about the inbox as it stood at
// inbox.Version. Kind and slug stay: providers and pages call them. An empty token
// keeps the one that is there; a new one leaves the old to prove webhooks for a day.
// Errors: ErrNoInbox, ErrStale, *Invalid.
func (c *InboxCache) Change(ctx context.Context, db bun.IDB, inbox Inbox, at time.Time) error {
	before, err := c.Stored(ctx, db, inbox.ID)
	if err != nil {
		return err
	}
	inbox.Kind, inbox.Slug = before.Kind, before.Slug
	inbox.Settings.MediaHosts = before.Settings.MediaHosts // no screen shows them
	inbox.Settings.keepToken(before.Settings, at)
	if err := c.checkEntered(&inbox, before); err != nil {
		return err
	}
	sealed, err := inbox.seal(c.seal)
	if err != nil {
		return err
	}
	trouble, troubleAt := before.Trouble, &before.TroubleAt
	if inbox.Settings.TokenAt != before.Settings.TokenAt { // what the old token met says nothing of the new one
		trouble, troubleAt = "", nil
	}
	if before.TroubleAt.IsZero() {
		troubleAt = nil
	}
	result, err := db.NewRaw(`UPDATE inboxes SET name = ?, address = ?, language = ?, settings = ?, status = ?, bot_off = ?, trouble = ?, trouble_at = ?,
		updated_at = ?, version = version + 1 WHERE id = ? AND version = ?`,
		inbox.Name, inbox.Address, inbox.Language, sealed, inbox.Status, inbox.BotOff, trouble, troubleAt, at, inbox.ID, inbox.Version).Exec(ctx)
	if err != nil {
		return fmt.Errorf("change inbox %s: %w", inbox.ID, err)
	}
	if n, _ := result.RowsAffected(); n == 0 {
		return fmt.Errorf("change inbox %s: %w", inbox.ID, ErrStale)
	}
	return nil
}

// Stored reads an inbox as its row stands now, past the memory; it may be Sealed.
// Error: ErrNoInbox.
func (c *InboxCache) Stored(ctx context.Context, db bun.IDB, id InboxID) (Inbox, error) {
	var row inboxRow
	err := db.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return Inbox{}, fmt.Errorf("inbox %s: %w", id, ErrNoInbox)
	}
	if err != nil {
		return Inbox{}, fmt.Errorf("read inbox %s: %w", id, err)
	}
	inbox, err := row.open(c.seal)
	if errors.Is(err, ErrSealed) {
		err = nil
	}
	return inbox, err
}

// Listed reads all inboxes as their rows stand now, past the memory.
func (c *InboxCache) Listed(ctx context.Context, db bun.IDB) ([]Inbox, error) {
	return ListInboxes(ctx, db, c.seal)
}

// Bases are the other addresses of providers' APIs that an inbox may name.
func (c *InboxCache) Bases() []string { return c.bases }

func tokenAt(s Settings, at time.Time) time.Time {
	if s.AuthToken == "" {
		return time.Time{}
	}
	return at
}

// keepToken takes over the token of before unless another was entered.
func (s *Settings) keepToken(before Settings, at time.Time) {
	s.TokenAt, s.FormerToken, s.FormerUntil = before.TokenAt, before.FormerToken, before.FormerUntil
	switch {
	case s.AuthToken == "" && s.AccountSID == before.AccountSID && s.APIBase == before.APIBase:
		s.AuthToken = before.AuthToken
	case s.AuthToken != "" && s.AuthToken != before.AuthToken:
		s.TokenAt, s.FormerToken, s.FormerUntil = at, before.AuthToken, at.Add(formerFor)
	}
	if !at.Before(s.FormerUntil) {
		s.FormerToken, s.FormerUntil = "", time.Time{}
	}
}

// checkEntered tidies what an administrator entered and names the first fault.
func (c *InboxCache) checkEntered(inbox *Inbox, before Inbox) error {
	inbox.Name, inbox.Address = strings.TrimSpace(CleanText(inbox.Name)), strings.TrimSpace(inbox.Address)
	if err := inbox.check(); err != nil {
		return err
	}
	switch {
	case utf8.RuneCountInString(inbox.Name) > inboxNameRunes:
		return &Invalid{Field: "name", Rule: "too_long"}
	case !words.Known(inbox.Language):
		return &Invalid{Field: "language", Rule: "unknown"}
	case inbox.Settings.PerSecond < 0 || inbox.Settings.PerSecond > mostPerSecond:
		return &Invalid{Field: "per_second", Rule: "range"}
	}
	switch inbox.Kind {
	case WhatsApp, SMS:
		inbox.Settings.Origins = nil
		return c.checkAccount(*inbox, before)
	case Webchat:
		inbox.Address = ""
		inbox.Settings = Settings{Origins: inbox.Settings.Origins}
		return inbox.Settings.checkOrigins()
	}
	return &Invalid{Field: "kind", Rule: "unknown"}
}

// checkAccount: an API address is one that the operator of this desk allows, or the
// one that was there, so that nobody makes the desk call what they like, or send it
// a token they do not know.
func (c *InboxCache) checkAccount(inbox, before Inbox) error {
	s := inbox.Settings
	allowed := s.APIBase == "" || s.APIBase == before.Settings.APIBase || slices.Contains(c.bases, s.APIBase)
	for _, rule := range []struct {
		broken      bool
		field, rule string
	}{
		{!allowed, "api_base", "not_allowed"},
		{!accountShape.MatchString(s.AccountSID), "account_sid", "account_sid"},
		{s.AuthToken == "" && before.Settings.AuthToken != "", "auth_token", "token_again"},
		{s.AuthToken == "", "auth_token", "required"},
		{!tokenShape.MatchString(s.AuthToken), "auth_token", "token"},
		{s.MessagingService != "" && !serviceShape.MatchString(s.MessagingService), "messaging_service", "messaging_service"},
		{inbox.Address == "" && s.MessagingService == "", "address", "sender"},
		{inbox.Address != "" && !numberShape.MatchString(inbox.Address), "address", "number"},
	} {
		if rule.broken {
			return &Invalid{Field: rule.field, Rule: rule.rule}
		}
	}
	return nil
}

// checkOrigins writes them as browsers send them: scheme, host, port.
func (s *Settings) checkOrigins() error {
	if len(s.Origins) > mostOrigins {
		return &Invalid{Field: "origins", Rule: "too_many"}
	}
	tidy := make([]string, 0, len(s.Origins))
	for _, entered := range s.Origins {
		origin := strings.ToLower(strings.TrimSuffix(strings.TrimSpace(entered), "/"))
		at, err := url.Parse(origin)
		if err != nil || len(origin) > originBytes || !isOrigin(origin, at) {
			return &Invalid{Field: "origins", Rule: "origin"}
		}
		if !slices.Contains(tidy, origin) {
			tidy = append(tidy, origin)
		}
	}
	s.Origins = tidy
	return nil
}

// isOrigin: pages that hold a chat come over TLS; http is for the machine at which
// somebody tries the desk out.
func isOrigin(text string, at *url.URL) bool {
	local := at.Scheme == "http" && (at.Hostname() == "localhost" || at.Hostname() == "127.0.0.1")
	plain := !strings.ContainsFunc(text, func(r rune) bool { return r > '~' || strings.ContainsRune("*?#@\\ ", r) })
	return plain && at.Hostname() != "" && text == at.Scheme+"://"+at.Host && (at.Scheme == "https" || local)
}
