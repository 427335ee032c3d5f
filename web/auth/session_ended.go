package auth

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun/dialect/pgdialect"

	"sapa/program/access"
	"sapa/ticketing/team"
)

// Held is a session that something long-lived, such as a socket, relies on: its
// key, and who it belonged to when that began.
type Held struct {
	Key   string
	Staff team.StaffID
	Role  access.Role
}

// Ended finds which of the sessions no longer hold: over, or belonging to
// somebody whose account or role has changed. It takes two queries however many
// there are.
func (a *Auth) Ended(ctx context.Context, held []Held) ([]Held, error) {
	if len(held) == 0 {
		return nil, nil
	}
	sessions, err := a.stored(ctx, held)
	if err != nil {
		return nil, err
	}
	people, err := a.people(ctx, held)
	if err != nil {
		return nil, err
	}
	var ended []Held
	for _, h := range held {
		if !a.holds(h, sessions[h.Key], people[h.Staff]) {
			ended = append(ended, h)
		}
	}
	return ended, nil
}

// person is what a session is judged by.
type person struct {
	ID     team.StaffID
	Role   access.Role
	Status string
	Before *time.Time
}

func (a *Auth) holds(h Held, values map[string]any, p person) bool {
	id, _ := values[keyStaff].(string)
	seen, _ := values[keySeen].(int64)
	begun, _ := values[keyBegun].(int64)
	switch {
	case id != string(h.Staff), p.Status != team.StatusActive, p.Role != h.Role:
		return false
	case p.Before != nil && time.Unix(begun, 0).Before(*p.Before):
		return false
	default:
		return p.Role == access.WallboardReader || a.options.Now().Sub(time.Unix(seen, 0)) <= IdleLimit
	}
}

func (a *Auth) stored(ctx context.Context, held []Held) (map[string]map[string]any, error) {
	keys := make([]string, len(held))
	for i, h := range held {
		keys[i] = h.Key
	}
	var rows []struct {
		Token string
		Data  []byte
	}
	err := a.options.DB.NewRaw("SELECT token, data FROM web_sessions WHERE token = ANY(?::text[]) AND expires_at > ?",
		pgdialect.Array(keys), a.options.Now()).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read sessions: %w", err)
	}
	sessions := make(map[string]map[string]any, len(rows))
	for _, row := range rows {
		_, values, err := a.sessions.Codec.Decode(row.Data)
		if err != nil {
			return nil, fmt.Errorf("decode session: %w", err)
		}
		sessions[row.Token] = values
	}
	return sessions, nil
}

func (a *Auth) people(ctx context.Context, held []Held) (map[team.StaffID]person, error) {
	ids := make([]string, len(held))
	for i, h := range held {
		ids[i] = string(h.Staff)
	}
	var rows []person
	err := a.options.DB.NewRaw(`SELECT s.id, s.role, s.status, c.before FROM staff s LEFT JOIN session_cutoffs c ON c.staff_id = s.id
		WHERE s.id = ANY(?::uuid[])`, pgdialect.Array(ids)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read staff of sessions: %w", err)
	}
	people := make(map[team.StaffID]person, len(rows))
	for _, row := range rows {
		people[row.ID] = row
	}
	return people, nil
}
