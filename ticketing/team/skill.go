package team

import (
	"context"
	"fmt"
	"strings"

	"github.com/uptrace/bun"
)

// Skill is something that people learn and queues ask for.
type Skill struct {
	bun.BaseModel `bun:"table:skills,alias:k" json:"-"`

	Code    string `bun:"code,pk" json:"code"`
	Name    string `bun:"name" json:"name"`
	Status  string `bun:"status" json:"status"`
	Version int64  `bun:"version" json:"-"`

	// People counts who has it, Queues names the active queues that ask for it;
	// Skills fills them.
	People int      `bun:"people,scanonly" json:"-"`
	Queues []string `bun:"queues,array,scanonly" json:"-"`
}

// Skills lists all skills by name, the closed ones last.
func Skills(ctx context.Context, db bun.IDB) ([]Skill, error) {
	var list []Skill
	err := db.NewSelect().Model(&list).Column("k.*").
		ColumnExpr("(SELECT count(*) FROM staff_skills x JOIN staff s ON s.id = x.staff_id AND s.status = 'active' WHERE x.kind = 'skill' AND x.code = k.code) AS people").
		ColumnExpr("coalesce((SELECT array_agg(q.name ORDER BY q.sort) FROM queues q WHERE q.skill = k.code AND q.status = 'active'), '{}') AS queues").
		OrderExpr("k.status, k.name").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list skills: %w", err)
	}
	return list, nil
}

// SkillByCode reads one skill. Error: ErrNotFound.
func SkillByCode(ctx context.Context, db bun.IDB, code string) (Skill, error) {
	return oneOf[Skill](ctx, db, "k.code = ?", code)
}

// CreateSkill stores a skill that is not there yet. Error: Invalid.
func CreateSkill(ctx context.Context, db bun.IDB, skill Skill) error {
	skill.Status, skill.Version = StatusActive, 1
	if err := skill.check(); err != nil {
		return err
	}
	_, err := db.NewInsert().Model(&skill).Exec(ctx)
	if Twice(err) {
		return Invalid{"code", "taken"}
	}
	if err != nil {
		return fmt.Errorf("create skill: %w", err)
	}
	return nil
}

// SaveSkill renames, closes or reopens a skill as it stood at skill.Version. One
// that an active queue asks for cannot be closed: nobody could be given anything
// from there. Errors: ErrStale, Invalid.
func SaveSkill(ctx context.Context, db bun.IDB, skill Skill) error {
	if err := skill.check(); err != nil {
		return err
	}
	if skill.Status == StatusClosed {
		var asked bool
		if err := db.NewRaw("SELECT EXISTS (SELECT FROM queues WHERE skill = ? AND status = 'active')", skill.Code).Scan(ctx, &asked); err != nil {
			return fmt.Errorf("queues that ask for skill: %w", err)
		}
		if asked {
			return Invalid{"status", "queue_asks"}
		}
	}
	result, err := db.NewRaw("UPDATE skills SET name = ?, status = ?, version = version + 1 WHERE code = ? AND version = ?",
		skill.Name, skill.Status, skill.Code, skill.Version).Exec(ctx)
	return oneRow(result, err, "save skill")
}

func (s *Skill) check() error {
	s.Name = strings.TrimSpace(s.Name)
	switch {
	case !slugged(s.Code):
		return Invalid{"code", "malformed"}
	case s.Name == "":
		return Invalid{"name", "required"}
	case len([]rune(s.Name)) > mostName:
		return Invalid{"name", "too_long"}
	case s.Status != StatusActive && s.Status != StatusClosed:
		return Invalid{"status", "unknown"}
	}
	return nil
}
