package web

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"sapa/program/access"
	"sapa/web/auth"
	"sapa/web/wire"
)

// apiKeyObject is what the audit log calls a key.
const apiKeyObject = "api_key"

// apiKeys are the keys there are, and what a new one may be given.
type apiKeys struct {
	Items  []wire.APIKey `json:"items" nullable:"false"`
	Scopes []string      `json:"scopes" nullable:"false"`
}

func (s *Server) listKeys(ctx context.Context, _ *struct{}) (apiKeys, error) {
	list, err := auth.Keys(ctx, s.options.DB)
	now := s.options.Now()
	return apiKeys{
		Items:  wire.Each(list, func(k auth.APIKey) wire.APIKey { return keyOf(k, now) }),
		Scopes: wire.Each(access.Scopes(), func(p access.Permission) string { return string(p) }),
	}, err
}

// keyOf shapes a key as it stands at an instant.
func keyOf(k auth.APIKey, now time.Time) wire.APIKey {
	return wire.APIKey{ID: k.ID, Name: k.Name, Prefix: k.Prefix, State: k.State(now), Scopes: k.Scopes, Networks: k.Networks, CreatedBy: k.CreatedBy,
		CreatedAt: k.CreatedAt.UTC(), ExpiresAt: k.ExpiresAt, RevokedAt: k.RevokedAt, LastUsedAt: k.LastUsedAt}
}

type makeKeyInput struct {
	Body struct {
		Name      string     `json:"name" maxLength:"200"`
		Scopes    []string   `json:"scopes" nullable:"false" maxItems:"50"`
		Networks  []string   `json:"networks,omitempty" nullable:"false" maxItems:"50"`
		ExpiresAt *time.Time `json:"expires_at,omitempty"`
	}
}

// madeKey is a new key with its secret, which is shown this once.
type madeKey struct {
	Key    wire.APIKey `json:"key"`
	Secret string      `json:"secret"`
}

func (s *Server) makeKey(ctx context.Context, in *makeKeyInput) (madeKey, error) {
	by := actor(ctx)
	var made madeKey
	err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		key, secret, err := s.options.Auth.MakeKey(ctx, tx, auth.APIKey{
			Name: in.Body.Name, Scopes: in.Body.Scopes, Networks: in.Body.Networks, ExpiresAt: in.Body.ExpiresAt, CreatedBy: by.Name})
		if err != nil {
			return err
		}
		made = madeKey{Key: keyOf(key, s.options.Now()), Secret: secret}
		entry := access.AuditEntry{Actor: by, Action: "api_key.create", Object: apiKeyObject, ObjectID: key.ID, At: s.options.Now()}
		return access.AuditChange(ctx, tx, entry, nil, key.Profile())
	})
	s.settingChanged(ctx, apiKeyObject)
	return made, err
}

// revokeKey ends a key at once, in every process.
func (s *Server) revokeKey(ctx context.Context, in *ByID) (apiKeys, error) {
	err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		key, err := s.options.Auth.RevokeKey(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		entry := access.AuditEntry{Actor: actor(ctx), Action: "api_key.revoke", Object: apiKeyObject, ObjectID: key.ID, At: s.options.Now()}
		return access.AuditChange(ctx, tx, entry, nil, struct {
			Name string `json:"name"`
		}{key.Name})
	})
	if err != nil {
		return apiKeys{}, err
	}
	s.settingChanged(ctx, apiKeyObject)
	return s.listKeys(ctx, nil)
}
