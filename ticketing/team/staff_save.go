package team

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"sapa/program/access"
)

// ErrLastAdmin says that nobody would be left who may change settings.
var ErrLastAdmin = errors.New("team: last administrator")

// States in which a list of staff can be asked for, beside StatusActive and
// StatusDisabled: invited has not set a password yet.
const StateInvited = "invited"

// StaffFilter narrows a list of all staff, those who left included; zero fields
// do not narrow.
type StaffFilter struct {
	Q     string
	Role  access.Role
	Team  TeamID
	State string
	Limit int
}

// List reads staff as administrators see them: those who work here first, by name.
func List(ctx context.Context, db bun.IDB, f StaffFilter) ([]Staff, error) {
	var list []Staff
	query := called(db.NewSelect().Model(&list).OrderExpr("s.status, s.name, s.id").Limit(int64(f.Limit)), f.Q)
	if f.Role != "" {
		query.Where("s.role = ?", f.Role)
	}
	if f.Team != "" {
		query.Where("EXISTS (SELECT FROM team_members m WHERE m.staff_id = s.id AND m.team_id = ?)", f.Team)
	}
	switch f.State {
	case StatusActive:
		query.Where("s.status = 'active' AND s.password_hash <> ''")
	case StateInvited:
		query.Where("s.status = 'active' AND s.password_hash = ''")
	case StatusDisabled:
		query.Where("s.status = 'disabled'")
	}
	if err := query.Scan(ctx); err != nil {
		return nil, fmt.Errorf("list staff: %w", err)
	}
	return list, fill(ctx, db, list)
}

// Profile is what an administrator decides about somebody, as it goes into the
// audit log: no address, and teams by name.
type Profile struct {
	Name      string         `json:"name"`
	Role      access.Role    `json:"role"`
	Status    string         `json:"status"`
	Capacity  int            `json:"capacity"`
	Limits    Limits         `json:"limits,omitempty"`
	Languages []string       `json:"languages,omitempty"`
	Skills    map[string]int `json:"skills,omitempty"`
	Teams     []string       `json:"teams,omitempty"`
	Leads     []string       `json:"leads,omitempty"`
}

// Profile is what can be changed of somebody.
func (s Staff) Profile() Profile {
	p := Profile{Name: s.Name, Role: s.Role, Status: s.Status, Capacity: s.Capacity, Limits: s.Limits, Languages: s.Languages, Skills: s.Levels}
	for _, one := range s.Teams {
		p.Teams = append(p.Teams, one.Name)
		if one.Lead {
			p.Leads = append(p.Leads, one.Name)
		}
	}
	return p
}

// Save stores the profile of somebody: name, role, capacity, limits, languages,
// skills and teams. Errors: ErrStale when it changed since staff.Version,
// Invalid, ErrLastAdmin.
func Save(ctx context.Context, db bun.IDB, staff Staff, now time.Time) error {
	if err := staff.check(); err != nil {
		return err
	}
	if staff.Role != access.Admin {
		if err := keepAnAdmin(ctx, db, staff.ID); err != nil {
			return err
		}
	}
	result, err := db.NewRaw(`UPDATE staff SET name = ?, role = ?, capacity = ?, limits = ?, version = version + 1, updated_at = ?
		WHERE id = ? AND version = ?`, staff.Name, staff.Role, staff.Capacity, map[string]int(staff.Limits), now, staff.ID, staff.Version).Exec(ctx)
	if err := oneRow(result, err, "save staff"); err != nil {
		return err
	}
	if err := setSkills(ctx, db, staff); err != nil {
		return err
	}
	return setTeams(ctx, db, staff)
}

// SaveStatus disables or enables an account as it stood at version.
// Errors: ErrStale, ErrLastAdmin.
func SaveStatus(ctx context.Context, db bun.IDB, id StaffID, status string, version int64, now time.Time) error {
	if status == StatusDisabled {
		if err := keepAnAdmin(ctx, db, id); err != nil {
			return err
		}
	}
	result, err := db.NewRaw(`UPDATE staff SET status = ?, version = version + 1, updated_at = ? WHERE id = ? AND version = ?`,
		status, now, id, version).Exec(ctx)
	return oneRow(result, err, "save status of staff")
}

// keepAnAdmin refuses to lose the only administrator who can sign in. The rows
// are held, so that two of them cannot remove each other.
func keepAnAdmin(ctx context.Context, db bun.IDB, id StaffID) error {
	var admins []StaffID
	err := db.NewRaw(`SELECT id FROM staff WHERE role = ? AND status = 'active' AND password_hash <> '' ORDER BY id FOR UPDATE`,
		access.Admin).Scan(ctx, &admins)
	if err != nil {
		return fmt.Errorf("look for administrators: %w", err)
	}
	if len(admins) == 1 && admins[0] == id {
		return ErrLastAdmin
	}
	return nil
}

func setTeams(ctx context.Context, db bun.IDB, staff Staff) error {
	ids, leads := make([]string, len(staff.Teams)), make([]bool, len(staff.Teams))
	for i, one := range staff.Teams {
		ids[i], leads[i] = string(one.ID), one.Lead
	}
	_, err := db.NewRaw(`WITH gone AS (DELETE FROM team_members WHERE staff_id = ?0 AND NOT team_id = ANY(?1::uuid[]))
		INSERT INTO team_members (team_id, staff_id, lead)
		SELECT DISTINCT ON (team) team, ?0::uuid, lead FROM unnest(?1::uuid[], ?2::boolean[]) AS joined (team, lead)
		ON CONFLICT (team_id, staff_id) DO UPDATE SET lead = EXCLUDED.lead`,
		staff.ID, pgdialect.Array(ids), pgdialect.Array(leads)).Exec(ctx)
	if missing(err) {
		return Invalid{"teams", "unknown"}
	}
	if err != nil {
		return fmt.Errorf("set teams of %s: %w", staff.ID, err)
	}
	return nil
}

// DropTOTP forgets somebody's second factor.
func DropTOTP(ctx context.Context, db bun.IDB, id StaffID, now time.Time) error {
	return change(ctx, db, id, now, "totp_secret = NULL, totp_enabled = false")
}

// Seen notes that somebody is at a console.
func Seen(ctx context.Context, db bun.IDB, id StaffID, now time.Time) error {
	if _, err := db.NewRaw("UPDATE staff SET seen_at = ? WHERE id = ?", now, id).Exec(ctx); err != nil {
		return fmt.Errorf("note staff seen: %w", err)
	}
	return nil
}

// missing tells whether a row refers to one that is not there.
func missing(err error) bool {
	var fault *pgconn.PgError
	return errors.As(err, &fault) && fault.Code == "23503"
}

// Twice tells whether a row of this name is there already.
func Twice(err error) bool {
	var fault *pgconn.PgError
	return errors.As(err, &fault) && fault.Code == "23505"
}
