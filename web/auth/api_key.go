package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"sapa/program/access"
)

// ErrKey says that an API key is unknown, revoked, expired, or not for the network
// it came from; it never says which.
var ErrKey = errors.New("auth: API key refused")

// Invalid is a field of an API key that breaks a rule.
type Invalid struct{ Field, Rule string }

// Error names field and rule.
func (i Invalid) Error() string { return "auth: " + i.Field + ": " + i.Rule }

// APIKey is a program's way in. Its secret is shown once, when it is made.
type APIKey struct {
	bun.BaseModel `bun:"table:api_keys,alias:k"`

	ID         string     `bun:"id,pk,type:uuid"`
	Name       string     `bun:"name"`
	Prefix     string     `bun:"prefix"` // what people may see of the secret
	Hash       []byte     `bun:"hash"`
	Scopes     []string   `bun:"scopes,array"`
	Networks   []string   `bun:"networks,array"` // empty: from anywhere
	CreatedBy  string     `bun:"created_by"`
	CreatedAt  time.Time  `bun:"created_at"`
	ExpiresAt  *time.Time `bun:"expires_at"`
	RevokedAt  *time.Time `bun:"revoked_at"`
	LastUsedAt *time.Time `bun:"last_used_at"` // to the minute
}

// Actor is who acts with the key.
func (k APIKey) Actor() access.Actor {
	return access.Actor{Kind: access.Machine, ID: k.ID, Name: k.Name, Scopes: strings.Join(k.Scopes, " ")}
}

// Profile is the key as the audit log keeps it.
func (k APIKey) Profile() any {
	return struct {
		Name      string     `json:"name"`
		Scopes    []string   `json:"scopes"`
		Networks  []string   `json:"networks"`
		ExpiresAt *time.Time `json:"expires_at,omitempty"`
	}{k.Name, k.Scopes, k.Networks, k.ExpiresAt}
}

// Limits of what an administrator types.
const (
	keyNameMost     = 80
	keyNetworksMost = 20
)

// keyMark begins every key, so that scanners of leaked secrets know it.
const keyMark = "sapa_"

// Lengths in base32: 50 random bits to find the row by, 256 to prove it.
const (
	keyPrefixBytes = 10
	keyProofBytes  = 52
)

// MakeKey stores a new key and returns its secret, which nobody can read again.
// Error: Invalid.
func (a *Auth) MakeKey(ctx context.Context, db bun.IDB, k APIKey) (APIKey, string, error) {
	now := a.options.Now().UTC().Truncate(time.Microsecond)
	if err := k.check(now); err != nil {
		return APIKey{}, "", err
	}
	k.Prefix = letters(keyPrefixBytes)
	secret := keyMark + k.Prefix + "_" + letters(keyProofBytes)
	hash := sha256.Sum256([]byte(secret)) // 256 random bits need no slow hash
	k.Hash, k.CreatedAt = hash[:], now
	k.RevokedAt, k.LastUsedAt = nil, nil
	return k, secret, insertKey(ctx, db, &k)
}

// check holds a new key to the rules and writes networks as they are compared.
func (k *APIKey) check(now time.Time) error {
	k.Name = strings.TrimSpace(k.Name)
	switch {
	case k.Name == "":
		return Invalid{"name", "required"}
	case utf8.RuneCountInString(k.Name) > keyNameMost:
		return Invalid{"name", "too_long"}
	case len(k.Scopes) == 0:
		return Invalid{"scopes", "required"}
	case k.ExpiresAt != nil && !k.ExpiresAt.After(now):
		return Invalid{"expires_at", "in_the_past"}
	case len(k.Networks) > keyNetworksMost:
		return Invalid{"networks", "too_many"}
	}
	slices.Sort(k.Scopes)
	k.Scopes = slices.Compact(k.Scopes)
	for _, scope := range k.Scopes {
		if !slices.Contains(access.Scopes(), access.Permission(scope)) {
			return Invalid{"scopes", "unknown"}
		}
	}
	for i, text := range k.Networks {
		network, err := parseNetwork(text)
		if err != nil {
			return Invalid{"networks", "format"}
		}
		k.Networks[i] = network.String()
	}
	if k.Networks == nil {
		k.Networks = []string{}
	}
	return nil
}

// parseNetwork reads 203.0.113.0/24, or one address as the network of itself.
func parseNetwork(text string) (netip.Prefix, error) {
	text = strings.TrimSpace(text)
	if address, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(address.Unmap().WithZone(""), address.Unmap().BitLen()), nil
	}
	network, err := netip.ParsePrefix(text)
	return network.Masked(), err
}

// letters are n random letters and digits without those that look alike.
func letters(n int) string {
	raw := make([]byte, n)
	_, _ = rand.Read(raw) // never fails: the runtime ends the process instead
	return strings.ToLower(base32.StdEncoding.EncodeToString(raw)[:n])
}

// Bearer is the secret of a request that names one; such a request is a program's
// even when it is empty, and its cookies count for nothing.
func Bearer(r *http.Request) (string, bool) {
	scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(secret), strings.EqualFold(scheme, "Bearer")
}

// WithKey puts the identity behind a secret into the context. The row is read for
// every request, so that a key is dead everywhere the moment it is revoked.
// Error: ErrKey.
func (a *Auth) WithKey(ctx context.Context, secret, address string) (context.Context, APIKey, error) {
	rest, marked := strings.CutPrefix(secret, keyMark)
	prefix, proof, found := strings.Cut(rest, "_")
	if !marked || !found || len(prefix) != keyPrefixBytes || len(proof) != keyProofBytes {
		return ctx, APIKey{}, ErrKey
	}
	k, err := keyByPrefix(ctx, a.options.DB, prefix)
	if err != nil {
		return ctx, APIKey{}, err
	}
	now, hash := a.options.Now(), sha256.Sum256([]byte(secret))
	if subtle.ConstantTimeCompare(hash[:], k.Hash) != 1 || k.State(now) != KeyActive || !k.from(address) {
		return ctx, APIKey{}, ErrKey
	}
	if k.LastUsedAt == nil || now.Sub(*k.LastUsedAt) >= seenEvery {
		if err := keyUsed(ctx, a.options.DB, k.ID, now.UTC(), now.Add(-seenEvery).UTC()); err != nil {
			return ctx, APIKey{}, err
		}
	}
	return context.WithValue(ctx, identityKey{}, Identity{Key: &k}), k, nil
}

// States of a key.
const (
	KeyActive  = "active"
	KeyExpired = "expired"
	KeyRevoked = "revoked"
)

// State is how the key stands at an instant.
func (k APIKey) State(now time.Time) string {
	switch {
	case k.RevokedAt != nil:
		return KeyRevoked
	case k.ExpiresAt != nil && !now.Before(*k.ExpiresAt):
		return KeyExpired
	default:
		return KeyActive
	}
}

// from tells whether the key may be used from an address.
func (k APIKey) from(address string) bool {
	if len(k.Networks) == 0 {
		return true
	}
	parsed, err := netip.ParseAddr(address)
	return err == nil && slices.ContainsFunc(k.Networks, func(text string) bool {
		network, err := netip.ParsePrefix(text)
		return err == nil && network.Contains(parsed.Unmap())
	})
}
