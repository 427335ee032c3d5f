package team

import (
	"context"
	"fmt"
	"strings"

	"github.com/uptrace/bun"
)

// Team is a group of staff that serves queues. Lead is set where the team is
// read as somebody's membership and that person leads it.
type Team struct {
	bun.BaseModel `bun:"table:teams,alias:t" json:"-"`

	ID      TeamID `bun:"id,pk,type:uuid" json:"-"`
	Slug    string `bun:"slug" json:"slug"`
	Name    string `bun:"name" json:"name"`
	Status  string `bun:"status" json:"status"`
	Version int64  `bun:"version" json:"-"`
	Lead    bool   `bun:"-" json:"-"`
}

// AddTeam stores a new team, or renames the one with this slug.
func AddTeam(ctx context.Context, db bun.IDB, team Team) (Team, error) {
	if err := team.prepare(); err != nil {
		return Team{}, err
	}
	err := db.NewInsert().Model(&team).On("CONFLICT (slug) DO UPDATE").Set("name = EXCLUDED.name").
		Returning("id").Scan(ctx)
	if err != nil {
		return Team{}, fmt.Errorf("add team: %w", err)
	}
	return team, nil
}

// CreateTeam stores a team that is not there yet. Error: Invalid.
func CreateTeam(ctx context.Context, db bun.IDB, team Team) error {
	if err := team.prepare(); err != nil {
		return err
	}
	_, err := db.NewInsert().Model(&team).Exec(ctx)
	if Twice(err) {
		return Invalid{"slug", "taken"}
	}
	if err != nil {
		return fmt.Errorf("create team: %w", err)
	}
	return nil
}

// SaveTeam renames, closes or reopens a team as it stood at team.Version. One
// that owns an active queue cannot be closed. Errors: ErrStale, Invalid.
func SaveTeam(ctx context.Context, db bun.IDB, team Team) error {
	if err := team.prepare(); err != nil {
		return err
	}
	if team.Status == StatusClosed {
		var owns bool
		if err := db.NewRaw("SELECT EXISTS (SELECT FROM queues WHERE team_id = ? AND status = 'active')", team.ID).Scan(ctx, &owns); err != nil {
			return fmt.Errorf("queues of team: %w", err)
		}
		if owns {
			return Invalid{"status", "owns_queue"}
		}
	}
	result, err := db.NewRaw("UPDATE teams SET name = ?, status = ?, version = version + 1 WHERE id = ? AND version = ?",
		team.Name, team.Status, team.ID, team.Version).Exec(ctx)
	return oneRow(result, err, "save team")
}

func (t *Team) prepare() error {
	t.Name = strings.TrimSpace(t.Name)
	switch {
	case !slugged(t.Slug):
		return Invalid{"slug", "malformed"}
	case t.Name == "":
		return Invalid{"name", "required"}
	case len([]rune(t.Name)) > mostName:
		return Invalid{"name", "too_long"}
	case t.Status != "" && t.Status != StatusActive && t.Status != StatusClosed:
		return Invalid{"status", "unknown"}
	}
	if t.ID == "" {
		t.ID, t.Version = TeamID(NewID()), 1
	}
	t.Status = orElse(t.Status, StatusActive)
	return nil
}

// Teams lists the active teams by name.
func Teams(ctx context.Context, db bun.IDB) ([]Team, error) {
	var list []Team
	if err := db.NewSelect().Model(&list).Where("t.status = 'active'").OrderExpr("t.name").Scan(ctx); err != nil {
		return nil, fmt.Errorf("list teams: %w", err)
	}
	return list, nil
}

// Standing is a team with how many work in it and which queues it serves.
type Standing struct {
	Team    `bun:",extend"`
	Members int      `bun:"members"`
	Leads   []string `bun:"leads,array"`
	Queues  []string `bun:"queues,array"`
}

// TeamStandings lists all teams, the closed ones last.
func TeamStandings(ctx context.Context, db bun.IDB) ([]Standing, error) {
	var list []Standing
	err := db.NewRaw(`SELECT t.*,
			(SELECT count(*) FROM team_members m JOIN staff s ON s.id = m.staff_id AND s.status = 'active' WHERE m.team_id = t.id) AS members,
			coalesce((SELECT array_agg(s.name ORDER BY s.name) FROM team_members m JOIN staff s ON s.id = m.staff_id AND s.status = 'active'
				WHERE m.team_id = t.id AND m.lead), '{}') AS leads,
			coalesce((SELECT array_agg(q.name ORDER BY q.sort) FROM queue_teams qt JOIN queues q ON q.id = qt.queue_id AND q.status = 'active'
				WHERE qt.team_id = t.id), '{}') AS queues
		FROM teams t ORDER BY t.status, t.name`).Scan(ctx, &list)
	if err != nil {
		return nil, fmt.Errorf("list teams: %w", err)
	}
	return list, nil
}

// TeamByID reads one team. Error: ErrNotFound.
func TeamByID(ctx context.Context, db bun.IDB, id TeamID) (Team, error) {
	return oneOf[Team](ctx, db, "t.id = ?", id)
}

// Join makes somebody a member of a team, or changes whether they lead it.
func Join(ctx context.Context, db bun.IDB, team TeamID, staff StaffID, lead bool) error {
	_, err := db.NewRaw(`INSERT INTO team_members (team_id, staff_id, lead) VALUES (?, ?, ?)
		ON CONFLICT (team_id, staff_id) DO UPDATE SET lead = EXCLUDED.lead`, team, staff, lead).Exec(ctx)
	if err != nil {
		return fmt.Errorf("join team: %w", err)
	}
	return nil
}
