// Package auth says which member of staff a request comes from: passwords,
// second factor, browser sessions on PostgreSQL, anti-CSRF proof, slow-down of
// guessing, and single-use tickets for sockets.
package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/uptrace/bun"

	"sapa/channels/bus"
	"sapa/channels/seal"
	"sapa/program/access"
	"sapa/ticketing/team"
)

// Limits of a session. Source: security tests 24 (idle 15 minutes with an
// exemption for wallboards, absolute one shift of 12 hours).
const (
	IdleLimit     = 15 * time.Minute
	AbsoluteLimit = 12 * time.Hour
	// seenEvery keeps a busy session from writing its row at each request.
	seenEvery = time.Minute
)

// CSRFHeader carries the anti-CSRF proof of every state-changing request.
const CSRFHeader = "X-CSRF-Token"

// Errors a caller tells apart.
var (
	// ErrCredentials: e-mail or password is wrong; it never says which.
	ErrCredentials = errors.New("auth: wrong e-mail or password")
	// ErrCode: the six digits are wrong, late, or were used already.
	ErrCode = errors.New("auth: wrong code")
	// ErrSlowDown: too many failures from this address; see Retry.
	ErrSlowDown = errors.New("auth: too many failures")
	// ErrTicket: the socket ticket is unknown, used or older than 30 s.
	ErrTicket = errors.New("auth: ticket refused")
)

// Options are what sign-in needs; DB, Box, Bus and Now are required.
type Options struct {
	DB  *bun.DB
	Box *seal.Box
	Bus *bus.Bus
	Now func() time.Time
	Log *slog.Logger
	// Secure marks cookies Secure and gives them the __Host- prefix: set it
	// whenever browsers reach the desk over TLS.
	Secure bool
	// SecondFactor lists the roles that must enrol a second factor before they
	// may do anything else.
	SecondFactor map[access.Role]bool
}

// Auth answers who a request comes from. Safe for concurrent use.
type Auth struct {
	options  Options
	sessions *scs.SessionManager
	hashing  chan struct{}
}

// hashesAtOnce bounds the memory that argon2id takes: 64 MiB each.
const hashesAtOnce = 4

// New prepares sessions of at most AbsoluteLimit.
func New(options Options) *Auth {
	sessions := scs.New()
	sessions.Store = &sessionStore{db: options.DB, now: options.Now}
	sessions.HashTokenInStore = true
	sessions.Lifetime = AbsoluteLimit
	sessions.Cookie.Name = "sapa"
	sessions.Cookie.HttpOnly = true
	sessions.Cookie.SameSite = http.SameSiteLaxMode
	sessions.Cookie.Path = "/"
	if options.Secure {
		sessions.Cookie.Name = "__Host-sapa"
		sessions.Cookie.Secure = true
	}
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	return &Auth{options: options, sessions: sessions, hashing: make(chan struct{}, hashesAtOnce)}
}

// Identity is who a request comes from, as it stands in the database now.
type Identity struct {
	Staff team.Staff
	// Key is set instead of Staff when a program asks.
	Key  *APIKey
	CSRF string
	// MustEnrol: the role demands a second factor that is not set up yet; only
	// the person's own profile may be used.
	MustEnrol bool
}

// Actor is the identity as the rooms below see it.
func (i Identity) Actor() access.Actor {
	if i.Key != nil {
		return i.Key.Actor()
	}
	return i.Staff.Actor()
}

// May reports whether the person holds the permission right now.
func (i Identity) May(permission access.Permission) bool {
	return !i.MustEnrol && i.Actor().May(permission)
}

// Requires tells whether a role must have a second factor.
func (a *Auth) Requires(role access.Role) bool { return a.options.SecondFactor[role] }

type identityKey struct{}

// From returns the identity that Middleware found; ok is false for a stranger.
func From(ctx context.Context) (Identity, bool) {
	identity, ok := ctx.Value(identityKey{}).(Identity)
	return identity, ok
}

// Keys of a session's values.
const (
	keyStaff   = "staff"   // id, after the last step of signing in
	keyPending = "pending" // id, between password and second factor
	keyCSRF    = "csrf"
	keyBegun   = "begun" // Unix seconds of signing in
	keySeen    = "seen"  // Unix seconds of the last request
)

// Middleware loads the session and puts the Identity of a signed-in person into
// the context. Whether a request may change anything is asked of CSRFOK. A
// request whose session cannot be read gets a bare 500.
func (a *Auth) Middleware(next http.Handler) http.Handler {
	return a.MiddlewareOr(a.sessions.ErrorFunc, next)
}

// MiddlewareOr is Middleware that lets failed answer when the session cannot be
// read or stored, because the database is away: nobody is signed out by that.
func (a *Auth) MiddlewareOr(failed func(http.ResponseWriter, *http.Request, error), next http.Handler) http.Handler {
	sessions := *a.sessions
	sessions.ErrorFunc = failed
	return sessions.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		identity, ok, err := a.identify(r.Context())
		if err != nil {
			failed(w, r, err)
			return
		}
		if ok {
			r = r.WithContext(context.WithValue(r.Context(), identityKey{}, identity))
		}
		next.ServeHTTP(w, r)
	}))
}

// identify reads who the session belongs to, and ends one that is over.
func (a *Auth) identify(ctx context.Context) (Identity, bool, error) {
	id := team.StaffID(a.sessions.GetString(ctx, keyStaff))
	if id == "" {
		return Identity{}, false, nil
	}
	staff, err := team.ByID(ctx, a.options.DB, id)
	if err != nil && !errors.Is(err, team.ErrNotFound) {
		return Identity{}, false, fmt.Errorf("staff of session: %w", err)
	}
	alive := err == nil && staff.Status == team.StatusActive
	if alive {
		if alive, err = a.alive(ctx, staff); err != nil {
			return Identity{}, false, err
		}
	}
	if !alive {
		return Identity{}, false, a.sessions.Destroy(ctx)
	}
	return Identity{
		Staff:     staff,
		CSRF:      a.sessions.GetString(ctx, keyCSRF),
		MustEnrol: a.options.SecondFactor[staff.Role] && !staff.TOTPEnabled,
	}, true, nil
}

// alive checks idleness and cut-off, and notes that the session was used.
func (a *Auth) alive(ctx context.Context, staff team.Staff) (bool, error) {
	seen := time.Unix(a.sessions.GetInt64(ctx, keySeen), 0)
	alive, err := a.current(ctx, staff, seen, time.Unix(a.sessions.GetInt64(ctx, keyBegun), 0))
	if now := a.options.Now(); alive && (staff.SeenAt == nil || now.Sub(seen) > seenEvery) {
		a.sessions.Put(ctx, keySeen, now.Unix())
		return alive, team.Seen(ctx, a.options.DB, staff.ID, now)
	}
	return alive, err
}

// current tells whether a session last used at seen and begun at begun still
// counts.
func (a *Auth) current(ctx context.Context, staff team.Staff, seen, begun time.Time) (bool, error) {
	if staff.Role != access.WallboardReader && a.options.Now().Sub(seen) > IdleLimit {
		return false, nil
	}
	before, err := cutoff(ctx, a.options.DB, staff.ID)
	if err != nil {
		return false, fmt.Errorf("session cut-off: %w", err)
	}
	return !begun.Before(before), nil
}

// CSRFOK reports whether a request carries the proof of the session's browser.
// Reading never needs it.
func (a *Auth) CSRFOK(r *http.Request) bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return true
	}
	want := a.sessions.GetString(r.Context(), keyCSRF)
	got := r.Header.Get(CSRFHeader)
	return want != "" && subtle.ConstantTimeCompare([]byte(want), []byte(got)) == 1
}

// EndSessions kills every session of a person and, through the bus, the sockets.
func (a *Auth) EndSessions(ctx context.Context, id team.StaffID) error {
	if err := cut(ctx, a.options.DB, id, a.options.Now()); err != nil {
		return err
	}
	_ = a.options.Bus.Publish(ctx, bus.Signal{Topic: bus.Session, ID: string(id)})
	return nil
}

// token returns 256 random bits in the alphabet of URLs.
func token() string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails: the runtime ends the process instead
	return base64.RawURLEncoding.EncodeToString(raw)
}
