package auth

import (
	"context"
	"crypto/subtle"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
)

// GuestLimit is how long a citizen's page stays open without a new proof: phones
// are shared, and the code is quickly typed again.
const GuestLimit = 20 * time.Minute

// Guests keeps short sessions of citizens who have proved that they hold the
// secret of something: one subject a browser, no account. Safe for concurrent
// use.
type Guests struct {
	auth     *Auth
	sessions *scs.SessionManager
}

// Guests makes sessions beside those of staff, in a cookie of the given name.
func (a *Auth) Guests(name string) *Guests {
	sessions := scs.New()
	sessions.Store = &sessionStore{db: a.options.DB, now: a.options.Now}
	sessions.HashTokenInStore = true
	sessions.Lifetime = GuestLimit
	sessions.Cookie.Name = name
	sessions.Cookie.HttpOnly = true
	sessions.Cookie.SameSite = http.SameSiteLaxMode
	sessions.Cookie.Path = "/"
	sessions.Cookie.Persist = false // gone with the browser window
	if a.options.Secure {
		sessions.Cookie.Name = "__Host-" + name
		sessions.Cookie.Secure = true
	}
	return &Guests{auth: a, sessions: sessions}
}

const keySubject = "subject"

// Middleware loads the guest's session; failed answers when it cannot be read.
func (g *Guests) Middleware(failed func(http.ResponseWriter, *http.Request, error), next http.Handler) http.Handler {
	sessions := *g.sessions
	sessions.ErrorFunc = failed
	return sessions.LoadAndSave(next)
}

// Prove runs a proof under the limits of guessing, per subject asked for and per
// address, and begins a session for what it returns. A proof that says "" has
// failed. Errors: ErrCredentials, ErrSlowDown.
func (g *Guests) Prove(ctx context.Context, asked, address string, proof func(context.Context) (subject string, err error)) error {
	// Kept apart from staff's: who guesses here must not slow their sign-in.
	account, address := g.auth.options.Box.Lookup(asked, "guest"), "guest "+address
	if err := g.auth.slowDown(ctx, account, address); err != nil {
		return err
	}
	subject, err := proof(ctx)
	if err != nil {
		return err
	}
	if subject == "" {
		if err := g.auth.noteFailure(ctx, account, address); err != nil {
			return err
		}
		return ErrCredentials
	}
	if err := g.sessions.RenewToken(ctx); err != nil {
		return err
	}
	g.sessions.Put(ctx, keySubject, subject)
	g.sessions.Put(ctx, keyBegun, g.auth.options.Now().Unix())
	g.sessions.Put(ctx, keyCSRF, token())
	return nil
}

// Subject is what the guest has proved to hold the secret of, "" for nothing or
// when it is too long ago, and CSRF the proof that this browser's forms must carry.
func (g *Guests) Subject(ctx context.Context) (subject, csrf string) {
	begun := time.Unix(g.sessions.GetInt64(ctx, keyBegun), 0)
	if g.auth.options.Now().Sub(begun) > GuestLimit {
		return "", ""
	}
	return g.sessions.GetString(ctx, keySubject), g.sessions.GetString(ctx, keyCSRF)
}

// CSRFOK compares a form's proof with the session's.
func (g *Guests) CSRFOK(ctx context.Context, got string) bool {
	want := g.sessions.GetString(ctx, keyCSRF)
	return want != "" && subtle.ConstantTimeCompare([]byte(want), []byte(got)) == 1
}

// Leave ends the session, here and on the server.
func (g *Guests) Leave(ctx context.Context) error { return g.sessions.Destroy(ctx) }
