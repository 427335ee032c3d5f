package team

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// TeamID names a team, QueueID a queue.
type (
	TeamID  string
	QueueID string
)

// Team is a group of staff that serves queues. Lead is set where the team is
// read as somebody's membership and that person leads it.
type Team struct {
	bun.BaseModel `bun:"table:teams,alias:t"`

	ID   TeamID `bun:"id,pk,type:uuid"`
	Slug string `bun:"slug"`
	Name string `bun:"name"`
	Lead bool   `bun:"-"`
}

// Queue is where conversations and tickets wait for a team. Skill, when set, is
// asked of whoever is given a conversation; Ring is how long an offer rings when
// AutoAccept is off, WrapUp the longest after-contact work.
type Queue struct {
	bun.BaseModel `bun:"table:queues,alias:q"`

	ID            QueueID `bun:"id,pk,type:uuid"`
	Slug          string  `bun:"slug"`
	Name          string  `bun:"name"`
	TeamID        TeamID  `bun:"team_id,type:uuid"`
	Skill         string  `bun:"skill"`
	AutoAccept    bool    `bun:"auto_accept"`
	RingSeconds   int     `bun:"ring_seconds"`
	WrapUpSeconds int     `bun:"wrap_up_seconds"`
	Sort          int     `bun:"sort"`
	Status        string  `bun:"status"`
}

// Ring is how long an offer rings before it goes back to its place.
func (q Queue) Ring() time.Duration { return time.Duration(q.RingSeconds) * time.Second }

// WrapUp is the longest time for after-contact work, zero for none.
func (q Queue) WrapUp() time.Duration { return time.Duration(q.WrapUpSeconds) * time.Second }

// GeneralQueue is the slug of the queue that takes what no other queue takes.
const GeneralQueue = "umum"

// AddTeam stores a new team, or renames the one with this slug.
func AddTeam(ctx context.Context, db bun.IDB, team Team) (Team, error) {
	if team.Slug == "" || team.Name == "" {
		return Team{}, Invalid{"slug", "required"}
	}
	if team.ID == "" {
		team.ID = TeamID(NewID())
	}
	err := db.NewInsert().Model(&team).On("CONFLICT (slug) DO UPDATE").Set("name = EXCLUDED.name").
		Returning("id").Scan(ctx)
	if err != nil {
		return Team{}, fmt.Errorf("add team: %w", err)
	}
	return team, nil
}

// Teams lists all teams by name.
func Teams(ctx context.Context, db bun.IDB) ([]Team, error) {
	var list []Team
	if err := db.NewSelect().Model(&list).OrderExpr("t.name").Scan(ctx); err != nil {
		return nil, fmt.Errorf("list teams: %w", err)
	}
	return list, nil
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

// AddQueue stores a new queue, or changes the one with this slug.
func AddQueue(ctx context.Context, db bun.IDB, queue Queue) (Queue, error) {
	if queue.Slug == "" || queue.Name == "" || queue.TeamID == "" {
		return Queue{}, Invalid{"queue", "required"}
	}
	if queue.ID == "" {
		queue.ID = QueueID(NewID())
	}
	queue.Status = orElse(queue.Status, "active")
	if queue.RingSeconds == 0 {
		queue.RingSeconds = 20
	}
	err := db.NewInsert().Model(&queue).On("CONFLICT (slug) DO UPDATE").
		Set("name = EXCLUDED.name, team_id = EXCLUDED.team_id, skill = EXCLUDED.skill").
		Set("auto_accept = EXCLUDED.auto_accept, ring_seconds = EXCLUDED.ring_seconds").
		Set("wrap_up_seconds = EXCLUDED.wrap_up_seconds, sort = EXCLUDED.sort, status = EXCLUDED.status").
		Returning("id").Scan(ctx)
	if err != nil {
		return Queue{}, fmt.Errorf("add queue: %w", err)
	}
	return queue, nil
}

// Queues lists the active queues in their order.
func Queues(ctx context.Context, db bun.IDB) ([]Queue, error) {
	var list []Queue
	err := db.NewSelect().Model(&list).Where("q.status = 'active'").OrderExpr("q.sort, q.name").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list queues: %w", err)
	}
	return list, nil
}

// QueuesIn lists the active queues of one team in their order.
func QueuesIn(ctx context.Context, db bun.IDB, team TeamID) ([]Queue, error) {
	var list []Queue
	err := db.NewSelect().Model(&list).Where("q.status = 'active' AND q.team_id = ?", team).OrderExpr("q.sort, q.name").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("queues of team %s: %w", team, err)
	}
	return list, nil
}

// QueueByID reads one queue. Error: ErrNotFound.
func QueueByID(ctx context.Context, db bun.IDB, id QueueID) (Queue, error) {
	return oneQueue(ctx, db, "q.id = ?", id)
}

// QueueBySlug reads one queue. Error: ErrNotFound.
func QueueBySlug(ctx context.Context, db bun.IDB, slug string) (Queue, error) {
	return oneQueue(ctx, db, "q.slug = ?", slug)
}

func oneQueue(ctx context.Context, db bun.IDB, where string, argument any) (Queue, error) {
	var queue Queue
	err := db.NewSelect().Model(&queue).Where(where, argument).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return Queue{}, ErrNotFound
	}
	if err != nil {
		return Queue{}, fmt.Errorf("read queue: %w", err)
	}
	return queue, nil
}

// QueuesOf lists the ids of the active queues that somebody serves.
func QueuesOf(ctx context.Context, db bun.IDB, staff StaffID) ([]QueueID, error) {
	var ids []QueueID
	err := db.NewRaw(`SELECT q.id FROM queues q JOIN team_members m ON m.team_id = q.team_id
		WHERE m.staff_id = ? AND q.status = 'active' ORDER BY q.sort`, staff).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("queues of %s: %w", staff, err)
	}
	return ids, nil
}

// LeadsOf lists who leads the team of a queue: where a case without an owner
// escalates to.
func LeadsOf(ctx context.Context, db bun.IDB, queue QueueID) ([]StaffID, error) {
	var ids []StaffID
	err := db.NewRaw(`SELECT m.staff_id FROM team_members m JOIN queues q ON q.team_id = m.team_id
		JOIN staff s ON s.id = m.staff_id WHERE q.id = ? AND m.lead AND s.status = 'active'`, queue).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("leads of queue %s: %w", queue, err)
	}
	return ids, nil
}
