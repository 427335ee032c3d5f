package channels

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels/seal"
)

// inboxRow is an inbox as stored.
type inboxRow struct {
	bun.BaseModel `bun:"table:inboxes"`

	ID        InboxID `bun:"type:uuid"`
	Kind      Kind
	Slug      string
	Name      string
	Address   string
	Language  string
	Settings  []byte
	Status    string
	Trouble   string
	TroubleAt *time.Time
	BotOff    bool
	Version   int64
	SeenAt    *time.Time
	RefusedAt *time.Time
}

// open is ErrSealed beside the inbox without its settings when they do not open.
func (r inboxRow) open(box *seal.Box) (Inbox, error) {
	inbox := Inbox{
		ID: r.ID, Kind: r.Kind, Slug: r.Slug, Name: r.Name, Address: r.Address,
		Language: r.Language, Status: r.Status, Trouble: r.Trouble, BotOff: r.BotOff, Version: r.Version,
		TroubleAt: orZero(r.TroubleAt), SeenAt: orZero(r.SeenAt), RefusedAt: orZero(r.RefusedAt),
	}
	plain, err := box.Open(r.Settings, inbox.sealContext())
	if err == nil {
		err = json.Unmarshal(plain, &inbox.Settings)
	}
	if err != nil {
		inbox.Settings, inbox.Trouble, inbox.TroubleAt = Settings{}, troubleSealed, time.Time{}
		return inbox, fmt.Errorf("%w: %s/%s: %w", ErrSealed, r.Kind, r.Slug, err)
	}
	return inbox, nil
}

func orZero(at *time.Time) time.Time {
	if at == nil {
		return time.Time{}
	}
	return *at
}

// SaveInbox creates the inbox, or replaces name, address, language, settings and
// status of the one with the same kind and slug, whose id it returns. A fault of
// a field is *Invalid. An empty Status means active, an empty Language ind.
func SaveInbox(ctx context.Context, db bun.IDB, box *seal.Box, inbox Inbox, at time.Time) (InboxID, error) {
	if inbox.Status == "" {
		inbox.Status = InboxActive
	}
	if inbox.Language == "" {
		inbox.Language = "ind"
	}
	if err := inbox.check(); err != nil {
		return "", err
	}
	// The seal is bound to the id, so the id must be known before sealing.
	err := db.NewRaw("SELECT id FROM inboxes WHERE kind = ? AND slug = ?", inbox.Kind, inbox.Slug).Scan(ctx, &inbox.ID)
	switch {
	case errors.Is(err, sql.ErrNoRows) && inbox.ID == "":
		inbox.ID = NewInboxID()
	case err != nil && !errors.Is(err, sql.ErrNoRows):
		return "", fmt.Errorf("find inbox %s/%s: %w", inbox.Kind, inbox.Slug, err)
	}
	sealed, err := inbox.seal(box)
	if err != nil {
		return "", err
	}
	_, err = db.NewRaw(`INSERT INTO inboxes (id, kind, slug, name, address, language, settings, status, created_at, updated_at, bot_off)
		VALUES (?0, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9)
		ON CONFLICT (id) DO UPDATE SET name = ?3, address = ?4, language = ?5, settings = ?6, status = ?7, updated_at = ?8, bot_off = ?9,
			version = inboxes.version + 1`,
		inbox.ID, inbox.Kind, inbox.Slug, inbox.Name, inbox.Address, inbox.Language, sealed, inbox.Status, at, inbox.BotOff).Exec(ctx)
	if err != nil {
		return "", fmt.Errorf("save inbox %s/%s: %w", inbox.Kind, inbox.Slug, err)
	}
	return inbox.ID, nil
}

// seal seals the settings for the inbox's row.
func (i Inbox) seal(box *seal.Box) ([]byte, error) {
	plain, err := json.Marshal(i.Settings)
	if err != nil {
		return nil, fmt.Errorf("encode settings: %w", err)
	}
	return box.Seal(plain, i.sealContext())
}

// LoadInbox reads one inbox, ErrNoInbox when there is none and ErrSealed when its
// settings do not open. Requests use InboxCache instead.
func LoadInbox(ctx context.Context, db bun.IDB, box *seal.Box, kind Kind, slug string) (Inbox, error) {
	var row inboxRow
	err := db.NewSelect().Model(&row).Where("kind = ? AND slug = ?", kind, slug).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return Inbox{}, fmt.Errorf("%w %s/%s", ErrNoInbox, kind, slug)
	}
	if err != nil {
		return Inbox{}, fmt.Errorf("load inbox %s/%s: %w", kind, slug, err)
	}
	return row.open(box)
}

// ListInboxes reads all of them, by kind and slug: there are a handful. One whose
// settings do not open is among them, Sealed.
func ListInboxes(ctx context.Context, db bun.IDB, box *seal.Box) ([]Inbox, error) {
	var rows []inboxRow
	if err := db.NewSelect().Model(&rows).Order("kind", "slug").Scan(ctx); err != nil {
		return nil, fmt.Errorf("list inboxes: %w", err)
	}
	inboxes := make([]Inbox, 0, len(rows))
	for _, row := range rows {
		inbox, err := row.open(box)
		if err != nil && !errors.Is(err, ErrSealed) {
			return nil, err
		}
		inboxes = append(inboxes, inbox)
	}
	return inboxes, nil
}

// markTrouble notes a fault of the whole inbox, or with an empty key that it is
// over. It writes only when that changes something, and says whether it did.
func markTrouble(ctx context.Context, db bun.IDB, id InboxID, key string, at time.Time) (bool, error) {
	var since *time.Time
	if key != "" {
		since = &at
	}
	result, err := db.NewRaw("UPDATE inboxes SET trouble = ?, trouble_at = ? WHERE id = ? AND trouble <> ?",
		key, since, id, key).Exec(ctx)
	if err != nil {
		return false, fmt.Errorf("note trouble of inbox %s: %w", id, err)
	}
	n, _ := result.RowsAffected()
	return n > 0, nil
}
