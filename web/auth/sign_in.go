package auth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"sapa/channels/bus"
	"sapa/ticketing/team"
)

// Step says what signing in still asks for.
type Step string

// After the password either nothing more is asked, or the second factor.
const (
	Done       Step = "ok"
	NeedsCode  Step = "totp"
	emailRunes      = 254 // RFC 5321's longest address
)

// SignIn checks e-mail and password. It takes as long for an unknown address as
// for a known one and answers both alike. Errors: ErrCredentials, ErrSlowDown.
func (a *Auth) SignIn(ctx context.Context, email, password, address string) (Step, error) {
	if len(email) > emailRunes || len(password) > 4*PasswordMost {
		return "", ErrCredentials
	}
	account := a.signInKey(email)
	if err := a.slowDown(ctx, account, address); err != nil {
		return "", err
	}
	staff, err := team.ByEmail(ctx, a.options.DB, strings.TrimSpace(email))
	known := err == nil && staff.Status == team.StatusActive && staff.PasswordHash != ""
	if err != nil && !errors.Is(err, team.ErrNotFound) {
		return "", fmt.Errorf("sign in: %w", err)
	}
	hash := nobody
	if known {
		hash = staff.PasswordHash
	}
	ok, err := a.passwordOK(ctx, hash, password)
	if err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	if !known || !ok {
		return "", errors.Join(ErrCredentials, a.noteFailure(ctx, account, address))
	}
	return a.begin(ctx, staff)
}

// signInKey is under what failures of an e-mail are counted.
func (a *Auth) signInKey(email string) []byte {
	return a.options.Box.Lookup(strings.ToLower(strings.TrimSpace(email)), "sign-in")
}

// begin gives the browser a new token, so that one planted before is dead.
func (a *Auth) begin(ctx context.Context, staff team.Staff) (Step, error) {
	if err := a.sessions.RenewToken(ctx); err != nil {
		return "", fmt.Errorf("renew session: %w", err)
	}
	if staff.TOTPEnabled {
		a.sessions.Put(ctx, keyPending, string(staff.ID))
		a.sessions.Put(ctx, keySeen, a.options.Now().Unix())
		a.sessions.Put(ctx, keyCSRF, token())
		return NeedsCode, nil
	}
	a.finish(ctx, staff.ID)
	return Done, nil
}

func (a *Auth) finish(ctx context.Context, id team.StaffID) {
	now := a.options.Now().Unix()
	a.sessions.Remove(ctx, keyPending)
	a.sessions.Put(ctx, keyStaff, string(id))
	a.sessions.Put(ctx, keyBegun, now)
	a.sessions.Put(ctx, keySeen, now)
	a.sessions.Put(ctx, keyCSRF, token())
}

// pendingLimit is how long a browser may take between password and code.
const pendingLimit = 5 * time.Minute

// SignInCode is the second step. Errors: ErrCode, ErrCredentials when the first
// step is missing or too old, ErrSlowDown.
func (a *Auth) SignInCode(ctx context.Context, code, address string) error {
	id := team.StaffID(a.sessions.GetString(ctx, keyPending))
	if id == "" || a.options.Now().Unix()-a.sessions.GetInt64(ctx, keySeen) > int64(pendingLimit.Seconds()) {
		return ErrCredentials
	}
	staff, err := team.ByID(ctx, a.options.DB, id)
	if err != nil {
		return fmt.Errorf("second step: %w", err)
	}
	account := a.options.Box.Lookup(string(staff.ID), "sign-in-code")
	if err := a.slowDown(ctx, account, address); err != nil {
		return err
	}
	if err := a.useCode(ctx, staff, code); err != nil {
		if errors.Is(err, ErrCode) {
			return errors.Join(err, a.noteFailure(ctx, account, address))
		}
		return err
	}
	if err := a.sessions.RenewToken(ctx); err != nil {
		return fmt.Errorf("renew session: %w", err)
	}
	a.finish(ctx, staff.ID)
	return nil
}

// SignOut ends this browser's session and, through the bus, its sockets.
func (a *Auth) SignOut(ctx context.Context) error {
	key, id := a.SessionKey(ctx), a.sessions.GetString(ctx, keyStaff)
	if err := a.sessions.Destroy(ctx); err != nil {
		return err
	}
	if id != "" {
		_ = a.options.Bus.Publish(ctx, bus.Signal{Topic: bus.Session, ID: id, Data: map[string]string{"session": key}})
	}
	return nil
}

// Refresh re-reads the identity inside the request that has just signed in.
func (a *Auth) Refresh(ctx context.Context) (Identity, bool) {
	identity, ok, err := a.identify(ctx)
	if err != nil {
		a.options.Log.ErrorContext(ctx, "session not read", "error", err)
	}
	return identity, ok
}

// CSRF is the proof that this browser must send; "" before the first step.
func (a *Auth) CSRF(ctx context.Context) string { return a.sessions.GetString(ctx, keyCSRF) }

// ChangePassword sets a new one after proving the old one, and ends every other
// session of the person. Guesses of the old one count and slow down with those of
// signing in: a stolen session must not find the password faster. Errors:
// ErrCredentials, ErrSlowDown, the rules of CheckNewPassword.
func (a *Auth) ChangePassword(ctx context.Context, staff team.Staff, old, fresh, address string) error {
	if len(old) > 4*PasswordMost {
		return ErrCredentials
	}
	account := a.signInKey(staff.Email)
	if err := a.slowDown(ctx, account, address); err != nil {
		return err
	}
	ok, err := a.passwordOK(ctx, staff.PasswordHash, old)
	if err != nil {
		return fmt.Errorf("change password: %w", err)
	}
	if !ok {
		return errors.Join(ErrCredentials, a.noteFailure(ctx, account, address))
	}
	if err := CheckNewPassword(fresh, staff.Email, staff.Name); err != nil {
		return err
	}
	hash, err := HashPassword(fresh)
	if err != nil {
		return err
	}
	if err := team.SetPassword(ctx, a.options.DB, staff.ID, hash, a.options.Now()); err != nil {
		return err
	}
	if err := a.EndSessions(ctx, staff.ID); err != nil {
		return err
	}
	if err := a.sessions.RenewToken(ctx); err != nil {
		return fmt.Errorf("renew session: %w", err)
	}
	a.finish(ctx, staff.ID)
	a.afterCut(ctx)
	return nil
}
