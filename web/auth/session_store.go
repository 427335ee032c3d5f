package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"sapa/ticketing/team"
)

// sessionStore keeps scs sessions in PostgreSQL. Tokens arrive hashed.
type sessionStore struct {
	db  *bun.DB
	now func() time.Time
}

// contextFree bounds the calls of scs that bring no context of their own.
const contextFree = 5 * time.Second

// FindCtx returns the data of a session that has not expired.
func (s *sessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var data []byte
	err := s.db.NewRaw("SELECT data FROM web_sessions WHERE token = ? AND expires_at > ?", token, s.now()).Scan(ctx, &data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("find session: %w", err)
	}
	return data, true, nil
}

// CommitCtx stores or replaces a session. One that has ended meanwhile stays
// ended: a slow request must not bring back what another has signed out.
func (s *sessionStore) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	_, err := s.db.NewRaw(`INSERT INTO web_sessions (token, data, expires_at) VALUES (?0, ?1, ?2)
ON CONFLICT (token) DO UPDATE SET data = EXCLUDED.data, expires_at = EXCLUDED.expires_at WHERE web_sessions.expires_at > ?3`,
		token, data, expiry, s.now()).Exec(ctx)
	if err != nil {
		return fmt.Errorf("store session: %w", err)
	}
	return nil
}

// DeleteCtx ends a session; one that is not there is no error. Its row stays
// empty until Sweep, as CommitCtx needs it.
func (s *sessionStore) DeleteCtx(ctx context.Context, token string) error {
	if _, err := s.db.NewRaw("UPDATE web_sessions SET data = '', expires_at = ? WHERE token = ?", s.now(), token).Exec(ctx); err != nil {
		return fmt.Errorf("delete session: %w", err)
	}
	return nil
}

// Find, Commit and Delete are the forms without context that scs.Store asks for.
func (s *sessionStore) Find(token string) ([]byte, bool, error) {
	ctx, cancel := context.WithTimeout(context.Background(), contextFree)
	defer cancel()
	return s.FindCtx(ctx, token)
}

// Commit is CommitCtx with a deadline of its own.
func (s *sessionStore) Commit(token string, data []byte, expiry time.Time) error {
	ctx, cancel := context.WithTimeout(context.Background(), contextFree)
	defer cancel()
	return s.CommitCtx(ctx, token, data, expiry)
}

// Delete is DeleteCtx with a deadline of its own.
func (s *sessionStore) Delete(token string) error {
	ctx, cancel := context.WithTimeout(context.Background(), contextFree)
	defer cancel()
	return s.DeleteCtx(ctx, token)
}

// endedFor is how long an ended session is remembered: longer than any request
// that began before its end may run.
const endedFor = 10 * time.Minute

// Sweep removes what has expired: sessions, tickets, and failures older than a
// day. It returns how many rows went.
func (a *Auth) Sweep(ctx context.Context) (int64, error) {
	now, gone := a.options.Now(), int64(0)
	for query, before := range map[string]time.Time{
		"DELETE FROM web_sessions WHERE expires_at < ?":   now.Add(-endedFor),
		"DELETE FROM socket_tickets WHERE expires_at < ?": now,
		"DELETE FROM staff_links WHERE expires_at < ?":    now,
		"DELETE FROM sign_in_failures WHERE at < ?":       now.Add(-24 * time.Hour),
	} {
		result, err := a.options.DB.NewRaw(query, before).Exec(ctx)
		if err != nil {
			return gone, fmt.Errorf("sweep sessions: %w", err)
		}
		n, _ := result.RowsAffected()
		gone += n
	}
	return gone, nil
}

func cutoff(ctx context.Context, db bun.IDB, id team.StaffID) (time.Time, error) {
	var before time.Time
	err := db.NewRaw("SELECT before FROM session_cutoffs WHERE staff_id = ?", id).Scan(ctx, &before)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return before, err
}

// cut rounds up to the next second, since sessions remember whole seconds.
func cut(ctx context.Context, db bun.IDB, id team.StaffID, now time.Time) error {
	_, err := db.NewRaw(`INSERT INTO session_cutoffs (staff_id, before) VALUES (?, ?)
ON CONFLICT (staff_id) DO UPDATE SET before = EXCLUDED.before`, id, now.Add(time.Second).Truncate(time.Second)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("end sessions of %s: %w", id, err)
	}
	return nil
}
