package team

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// Add stores a new member of staff with languages, skills and teams and returns
// it with its id. Errors: Invalid, ErrTaken.
func Add(ctx context.Context, db bun.IDB, staff Staff, now time.Time) (Staff, error) {
	if err := staff.prepare(now); err != nil {
		return Staff{}, err
	}
	_, err := db.NewInsert().Model(&staff).Exec(ctx)
	if Twice(err) {
		return Staff{}, ErrTaken
	}
	if err != nil {
		return Staff{}, fmt.Errorf("add staff: %w", err)
	}
	if err := setSkills(ctx, db, staff); err != nil {
		return Staff{}, err
	}
	for _, team := range staff.Teams {
		if err := Join(ctx, db, team.ID, staff.ID, team.Lead); err != nil {
			return Staff{}, err
		}
	}
	return staff, nil
}

// ByID reads one member of staff. Error: ErrNotFound.
func ByID(ctx context.Context, db bun.IDB, id StaffID) (Staff, error) {
	return one(ctx, db, "s.id = ?", id)
}

// ByEmail reads one member of staff by address, in any letter case.
// Error: ErrNotFound.
func ByEmail(ctx context.Context, db bun.IDB, email string) (Staff, error) {
	return one(ctx, db, "lower(s.email) = lower(?)", strings.TrimSpace(email))
}

func one(ctx context.Context, db bun.IDB, where string, argument any) (Staff, error) {
	var staff Staff
	err := db.NewSelect().Model(&staff).Where(where, argument).Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return Staff{}, ErrNotFound
	}
	if err != nil {
		return Staff{}, fmt.Errorf("read staff: %w", err)
	}
	list := []Staff{staff}
	if err := fill(ctx, db, list); err != nil {
		return Staff{}, err
	}
	return list[0], nil
}

// Search returns active staff whose name or e-mail contains q, by name; an empty
// q lists everybody. At most limit rows.
func Search(ctx context.Context, db bun.IDB, q string, limit int) ([]Staff, error) {
	var list []Staff
	query := db.NewSelect().Model(&list).Where("s.status = ?", StatusActive).OrderExpr("s.name, s.id").Limit(int64(limit))
	if err := called(query, q).Scan(ctx); err != nil {
		return nil, fmt.Errorf("search staff: %w", err)
	}
	return list, fill(ctx, db, list)
}

// called narrows to those whose name or e-mail contains q.
func called(query *bun.SelectQuery, q string) *bun.SelectQuery {
	if q = strings.TrimSpace(q); q == "" {
		return query
	}
	like := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(q) + "%"
	return query.Where("s.name ILIKE ? OR s.email ILIKE ?", like, like)
}

// fill reads skills and teams of all the staff in two queries.
func fill(ctx context.Context, db bun.IDB, list []Staff) error {
	if len(list) == 0 {
		return nil
	}
	ids := make([]string, len(list))
	place := make(map[StaffID]*Staff, len(list))
	for i := range list {
		ids[i] = string(list[i].ID)
		place[list[i].ID] = &list[i]
	}
	if err := fillSkills(ctx, db, ids, place); err != nil {
		return err
	}
	return fillTeams(ctx, db, ids, place)
}

func fillSkills(ctx context.Context, db bun.IDB, ids []string, place map[StaffID]*Staff) error {
	var rows []struct {
		StaffID StaffID
		Kind    string
		Code    string
		Level   int
	}
	err := db.NewRaw("SELECT staff_id, kind, code, level FROM staff_skills WHERE staff_id = ANY(?::uuid[]) ORDER BY code",
		pgdialect.Array(ids)).Scan(ctx, &rows)
	if err != nil {
		return fmt.Errorf("read skills: %w", err)
	}
	for _, row := range rows {
		staff := place[row.StaffID]
		if row.Kind == "language" {
			staff.Languages = append(staff.Languages, row.Code)
		} else {
			staff.Skills = append(staff.Skills, row.Code)
			if staff.Levels == nil {
				staff.Levels = map[string]int{}
			}
			staff.Levels[row.Code] = row.Level
		}
	}
	return nil
}

func fillTeams(ctx context.Context, db bun.IDB, ids []string, place map[StaffID]*Staff) error {
	var rows []struct {
		StaffID StaffID
		ID      TeamID
		Slug    string
		Name    string
		Lead    bool
	}
	err := db.NewRaw(`SELECT m.staff_id, t.id, t.slug, t.name, m.lead FROM team_members m JOIN teams t ON t.id = m.team_id
		WHERE m.staff_id = ANY(?::uuid[]) ORDER BY t.name`, pgdialect.Array(ids)).Scan(ctx, &rows)
	if err != nil {
		return fmt.Errorf("read teams: %w", err)
	}
	for _, row := range rows {
		place[row.StaffID].Teams = append(place[row.StaffID].Teams, Team{ID: row.ID, Slug: row.Slug, Name: row.Name, Lead: row.Lead})
	}
	return nil
}

// setSkills replaces the languages and skills of a member of staff.
func setSkills(ctx context.Context, db bun.IDB, staff Staff) error {
	levels := make([]int, len(staff.Skills))
	for i, skill := range staff.Skills {
		if levels[i] = staff.Levels[skill]; levels[i] == 0 {
			levels[i] = LevelAble
		}
	}
	languages, skills := pgdialect.Array(append([]string{}, staff.Languages...)), pgdialect.Array(append([]string{}, staff.Skills...))
	_, err := db.NewRaw(`WITH gone AS (DELETE FROM staff_skills WHERE staff_id = ?0
			AND NOT (kind = 'language' AND code = ANY(?1::text[])) AND NOT (kind = 'skill' AND code = ANY(?2::text[])))
		INSERT INTO staff_skills (staff_id, kind, code, level)
		SELECT DISTINCT ON (kind, code) ?0::uuid, kind, code, level FROM (
			SELECT 'language' AS kind, unnest(?1::text[]) AS code, ?4::int AS level UNION ALL SELECT 'skill', unnest(?2::text[]), unnest(?3::int[])) AS known
		ON CONFLICT (staff_id, kind, code) DO UPDATE SET level = EXCLUDED.level`,
		staff.ID, languages, skills, pgdialect.Array(levels), LevelAble).Exec(ctx)
	if err != nil {
		return fmt.Errorf("set skills of %s: %w", staff.ID, err)
	}
	return nil
}
