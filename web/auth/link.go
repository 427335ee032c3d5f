package auth

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"sapa/program/access"
	"sapa/ticketing/team"
)

// LinkLife is how long somebody may take to set a password: over a weekend.
const LinkLife = 72 * time.Hour

// ErrLink says that a link is unknown, used, replaced by a newer one, too old, or
// of somebody who works here no more.
var ErrLink = errors.New("auth: link refused")

// Purposes of a link.
const (
	LinkInvite   = "invite"
	LinkPassword = "password"
)

// Link is what somebody who holds it may know: whose it is and what for.
type Link struct {
	Purpose   string
	ExpiresAt time.Time
	Staff     team.Staff
}

// MakeLink returns the secret of a link with which somebody sets their password,
// once; an older one of theirs is dead from then on. Only the hash is stored.
func (a *Auth) MakeLink(ctx context.Context, db bun.IDB, id team.StaffID, purpose string) (secret string, expires time.Time, err error) {
	secret, expires = token(), a.options.Now().Add(LinkLife).UTC()
	hash := sha256.Sum256([]byte(secret))
	_, err = db.NewRaw(`INSERT INTO staff_links (token, staff_id, purpose, expires_at) VALUES (?, ?, ?, ?)
ON CONFLICT (staff_id) DO UPDATE SET token = EXCLUDED.token, purpose = EXCLUDED.purpose, expires_at = EXCLUDED.expires_at`,
		hash[:], id, purpose, expires).Exec(ctx)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("make link of %s: %w", id, err)
	}
	return secret, expires, nil
}

// OpenLink reads a link without using it. Error: ErrLink.
func (a *Auth) OpenLink(ctx context.Context, secret string) (Link, error) {
	return a.link(ctx, a.options.DB, "SELECT staff_id, purpose, expires_at FROM staff_links WHERE token = ? AND expires_at > ?", secret)
}

func (a *Auth) link(ctx context.Context, db bun.IDB, query, secret string) (Link, error) {
	hash := sha256.Sum256([]byte(secret))
	var row struct {
		StaffID   team.StaffID
		Purpose   string
		ExpiresAt time.Time
	}
	err := db.NewRaw(query, hash[:], a.options.Now()).Scan(ctx, &row)
	if errors.Is(err, sql.ErrNoRows) {
		return Link{}, ErrLink
	}
	if err != nil {
		return Link{}, fmt.Errorf("read link: %w", err)
	}
	staff, err := team.ByID(ctx, db, row.StaffID)
	if err != nil {
		return Link{}, err
	}
	if staff.Status != team.StatusActive {
		return Link{}, ErrLink
	}
	return Link{Purpose: row.Purpose, ExpiresAt: row.ExpiresAt, Staff: staff}, nil
}

// UseLink sets the password, ends every session of the person and goes on as after
// the first step of signing in: a second factor that is on is still asked for.
// A password that is refused leaves the link good. Errors: ErrLink, those of
// CheckNewPassword.
func (a *Auth) UseLink(ctx context.Context, secret, password string) (Step, error) {
	opened, err := a.OpenLink(ctx, secret)
	if err != nil {
		return "", err
	}
	if err := CheckNewPassword(password, opened.Staff.Email, opened.Staff.Name); err != nil {
		return "", err
	}
	hash, err := HashPassword(password)
	if err != nil {
		return "", err
	}
	now := a.options.Now()
	err = a.options.DB.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		used, err := a.link(ctx, tx, "DELETE FROM staff_links WHERE token = ? AND expires_at > ? RETURNING staff_id, purpose, expires_at", secret)
		if err != nil {
			return err
		}
		if err := team.SetPassword(ctx, tx, used.Staff.ID, hash, now); err != nil {
			return err
		}
		return access.Audit(ctx, tx, access.AuditEntry{Actor: used.Staff.Actor(), Action: "staff.password_set", Object: "staff",
			ObjectID: string(used.Staff.ID), Reason: used.Purpose, At: now})
	})
	if err != nil {
		return "", err
	}
	if err := a.EndSessions(ctx, opened.Staff.ID); err != nil {
		return "", err
	}
	step, err := a.begin(ctx, opened.Staff)
	a.afterCut(ctx)
	return step, err
}

// afterCut dates a session begun in the second of a cut-off past it.
func (a *Auth) afterCut(ctx context.Context) {
	a.sessions.Put(ctx, keyBegun, a.options.Now().Add(2*time.Second).Unix())
}
