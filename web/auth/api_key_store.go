package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// mostKeys bounds the list; revoked ones are last.
const mostKeys = 200

// Keys lists the keys, the living first, each newest first.
func Keys(ctx context.Context, db bun.IDB) ([]APIKey, error) {
	var list []APIKey
	err := db.NewSelect().Model(&list).OrderExpr("(k.revoked_at IS NOT NULL), k.created_at DESC, k.id DESC").Limit(mostKeys).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list API keys: %w", err)
	}
	return list, nil
}

func insertKey(ctx context.Context, db bun.IDB, k *APIKey) error {
	k.ID = uuid.Must(uuid.NewV7()).String()
	if _, err := db.NewInsert().Model(k).Exec(ctx); err != nil {
		return fmt.Errorf("store API key: %w", err)
	}
	return nil
}

func keyByPrefix(ctx context.Context, db bun.IDB, prefix string) (APIKey, error) {
	var k APIKey
	err := db.NewSelect().Model(&k).Where("k.prefix = ?", prefix).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return APIKey{}, ErrKey
	}
	if err != nil {
		return APIKey{}, fmt.Errorf("find API key: %w", err)
	}
	return k, nil
}

// keyUsed notes the use of a key, once a minute however many requests and
// processes there are.
func keyUsed(ctx context.Context, db bun.IDB, id string, now, before time.Time) error {
	_, err := db.NewRaw("UPDATE api_keys SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at <= ?)", now, id, before).Exec(ctx)
	if err != nil {
		return fmt.Errorf("note use of API key %s: %w", id, err)
	}
	return nil
}

// ErrNoKey says that there is no such key, or none that still lives.
var ErrNoKey = errors.New("auth: no such API key")

// RevokeKey ends a key for good. Error: ErrNoKey, also the second time.
func (a *Auth) RevokeKey(ctx context.Context, db bun.IDB, id string) (APIKey, error) {
	var k APIKey
	err := db.NewUpdate().Model(&k).Set("revoked_at = ?", a.options.Now().UTC()).Where("id = ? AND revoked_at IS NULL", id).Returning("*").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return APIKey{}, ErrNoKey
	}
	if err != nil {
		return APIKey{}, fmt.Errorf("revoke API key %s: %w", id, err)
	}
	return k, nil
}
