package auth

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"sapa/ticketing/team"
)

// ErrSession says that a session is over: signed out, idle, ended by somebody,
// or the account is disabled.
var ErrSession = errors.New("auth: session is over")

// SessionKey names the session of a request for longer than the request: it is
// the hash under which the session is stored, of no use as a cookie. "" for a
// stranger.
func (a *Auth) SessionKey(ctx context.Context) string {
	token := a.sessions.Token(ctx)
	if token == "" {
		return ""
	}
	hash := sha256.Sum256([]byte(token)) // as scs stores it
	return base64.RawURLEncoding.EncodeToString(hash[:])
}

// Check reads who a session belongs to right now, without counting as use of it.
// Error: ErrSession.
func (a *Auth) Check(ctx context.Context, key string) (Identity, error) {
	store := sessionStore{db: a.options.DB, now: a.options.Now}
	data, found, err := store.FindCtx(ctx, key)
	if err != nil {
		return Identity{}, err
	}
	if !found {
		return Identity{}, ErrSession
	}
	_, values, err := a.sessions.Codec.Decode(data)
	if err != nil {
		return Identity{}, fmt.Errorf("decode session: %w", err)
	}
	id, _ := values[keyStaff].(string)
	if id == "" {
		return Identity{}, ErrSession
	}
	staff, err := team.ByID(ctx, a.options.DB, team.StaffID(id))
	if errors.Is(err, team.ErrNotFound) {
		return Identity{}, ErrSession
	}
	if err != nil {
		return Identity{}, err
	}
	seen, _ := values[keySeen].(int64)
	begun, _ := values[keyBegun].(int64)
	csrf, _ := values[keyCSRF].(string)
	alive, err := a.current(ctx, staff, time.Unix(seen, 0), time.Unix(begun, 0))
	if err != nil {
		return Identity{}, err
	}
	if staff.Status != team.StatusActive || !alive {
		return Identity{}, ErrSession
	}
	return Identity{Staff: staff, CSRF: csrf, MustEnrol: a.options.SecondFactor[staff.Role] && !staff.TOTPEnabled}, nil
}
