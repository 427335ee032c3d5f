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

// Queue is where conversations and tickets wait for the teams that serve it;
// TeamID is the one that owns its tickets, and always among them. Skill, when
// set, is asked of whoever is given a conversation, at SkillLevel or above, and
// one of Languages where some are named. Ring is how long an offer rings when
// AutoAccept is off, WrapUp the longest after-contact work. Target is the promised
// wait, zero for that of the channel, which TargetPercent of the contacts are to
// keep; Priority is 1 (served first) to 4. Limits bounds what one person holds of
// a kind of channel when given something from here.
type Queue struct {
	bun.BaseModel `bun:"table:queues,alias:q" json:"-"`

	ID            QueueID  `bun:"id,pk,type:uuid" json:"-"`
	Slug          string   `bun:"slug" json:"slug"`
	Name          string   `bun:"name" json:"name"`
	TeamID        TeamID   `bun:"team_id,type:uuid" json:"team_id"`
	Skill         string   `bun:"skill" json:"skill"`
	SkillLevel    int      `bun:"skill_level" json:"skill_level"`
	Languages     []string `bun:"languages,array" json:"languages"`
	AutoAccept    bool     `bun:"auto_accept" json:"auto_accept"`
	RingSeconds   int      `bun:"ring_seconds" json:"ring_seconds"`
	WrapUpSeconds int      `bun:"wrap_up_seconds" json:"wrap_up_seconds"`
	TargetSeconds int      `bun:"target_seconds" json:"target_seconds"`
	TargetPercent int      `bun:"target_percent" json:"target_percent"`
	// ShortAbandonSeconds is within how long nobody could have answered.
	ShortAbandonSeconds int    `bun:"short_abandon_seconds" json:"short_abandon_seconds"`
	Priority            int    `bun:"priority" json:"priority"`
	Limits              Limits `bun:"limits,type:jsonb" json:"limits"`
	Sort                int    `bun:"sort" json:"-"`
	Status              string `bun:"status" json:"status"`
	Version             int64  `bun:"version" json:"-"`

	// Serving are the other teams that serve it; AllQueues and WholeQueue fill it.
	Serving []TeamID `bun:"-" json:"serving,omitempty"`
}

// Ring is how long an offer rings before it goes back to its place.
func (q Queue) Ring() time.Duration { return time.Duration(q.RingSeconds) * time.Second }

// Target is the promised wait in desk hours, zero for that of the channel.
func (q Queue) Target() time.Duration { return time.Duration(q.TargetSeconds) * time.Second }

// WrapUp is the longest time for after-contact work, zero for none.
func (q Queue) WrapUp() time.Duration { return time.Duration(q.WrapUpSeconds) * time.Second }

// GeneralQueue is the slug of the queue that takes what no other queue takes.
const GeneralQueue = "umum"

// AddQueue stores a new queue, or changes the one with this slug.
func AddQueue(ctx context.Context, db bun.IDB, queue Queue) (Queue, error) {
	queue.orDefaults()
	if err := queue.check(); err != nil {
		return Queue{}, err
	}
	err := db.NewInsert().Model(&queue).On("CONFLICT (slug) DO UPDATE").
		Set("name = EXCLUDED.name, team_id = EXCLUDED.team_id, skill = EXCLUDED.skill").
		Set("auto_accept = EXCLUDED.auto_accept, ring_seconds = EXCLUDED.ring_seconds").
		Set("wrap_up_seconds = EXCLUDED.wrap_up_seconds, sort = EXCLUDED.sort, status = EXCLUDED.status").
		Returning("id").Scan(ctx)
	if err != nil {
		return Queue{}, fmt.Errorf("add queue: %w", err)
	}
	return queue, setServing(ctx, db, queue)
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
	err := db.NewRaw(`SELECT q.id FROM queues q JOIN queue_staff s ON s.queue_id = q.id
		WHERE s.staff_id = ? AND q.status = 'active' ORDER BY q.sort`, staff).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("queues of %s: %w", staff, err)
	}
	return ids, nil
}
