package team

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// StatusClosed is a team, skill or queue that is used no more but stays in
// histories and figures.
const StatusClosed = "closed"

// Bounds of a queue's times. A ring shorter than five seconds cannot be answered,
// one longer than two minutes loses the citizen; after-contact work of more than
// half an hour is work on a ticket; a promise of more than a day is one of
// tickets, not of a queue. Ours.
const (
	leastRing  = 5
	mostRing   = 120
	mostWrapUp = 1800
	mostTarget = 86_400
	mostShort  = 60
)

func (q *Queue) orDefaults() {
	if q.ID == "" {
		q.ID, q.Version = QueueID(NewID()), 1
	}
	q.Status = orElse(q.Status, StatusActive)
	for field, fallback := range map[*int]int{
		&q.RingSeconds: 20, &q.SkillLevel: LevelLearning, &q.TargetPercent: 80, &q.Priority: 3,
	} {
		if *field == 0 {
			*field = fallback
		}
	}
	if q.Languages == nil {
		q.Languages = []string{}
	}
}

// check refuses a queue that breaks a rule, and tidies it.
func (q *Queue) check() error {
	q.Name = strings.TrimSpace(q.Name)
	between := func(n, least, most int) bool { return n >= least && n <= most }
	for _, rule := range []struct {
		broken      bool
		field, rule string
	}{
		{!slugged(q.Slug), "slug", "malformed"},
		{q.Name == "", "name", "required"},
		{len([]rune(q.Name)) > mostName, "name", "too_long"},
		{q.TeamID == "", "team_id", "required"},
		{!between(q.RingSeconds, leastRing, mostRing), "ring_seconds", "range"},
		{!between(q.WrapUpSeconds, 0, mostWrapUp), "wrap_up_seconds", "range"},
		{!between(q.TargetSeconds, 0, mostTarget), "target_seconds", "range"},
		{!between(q.TargetPercent, 1, 100), "target_percent", "range"},
		{!between(q.ShortAbandonSeconds, 0, mostShort), "short_abandon_seconds", "range"},
		{!between(q.Priority, 1, 4), "priority", "between_1_and_4"},
		{!between(q.SkillLevel, LevelLearning, LevelExpert), "skill_level", "range"},
		{q.Status != StatusActive && q.Status != StatusClosed, "status", "unknown"},
		{q.Status == StatusClosed && q.Slug == GeneralQueue, "status", "general_queue"},
	} {
		if rule.broken {
			return Invalid{rule.field, rule.rule}
		}
	}
	return q.Limits.check()
}

// slugged tells whether a text can stand in addresses and settings files.
func slugged(slug string) bool {
	return len(slug) <= 40 && regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`).MatchString(slug)
}

// CreateQueue stores a queue that is not there yet, last in the order.
// Error: Invalid.
func CreateQueue(ctx context.Context, db bun.IDB, queue Queue) error {
	queue.orDefaults()
	if err := queue.check(); err != nil {
		return err
	}
	if err := db.NewRaw("SELECT coalesce(max(sort), 0) + 1 FROM queues").Scan(ctx, &queue.Sort); err != nil {
		return fmt.Errorf("order queues: %w", err)
	}
	_, err := db.NewInsert().Model(&queue).Exec(ctx)
	switch {
	case Twice(err):
		return Invalid{"slug", "taken"}
	case missing(err):
		return Invalid{"team_id", "unknown"}
	case err != nil:
		return fmt.Errorf("create queue: %w", err)
	}
	return setServing(ctx, db, queue)
}

// SaveQueue changes, closes or reopens a queue as it stood at queue.Version. One
// in which somebody waits, or that categories send to, cannot be closed.
// Errors: ErrStale, Invalid.
func SaveQueue(ctx context.Context, db bun.IDB, queue Queue) error {
	if err := queue.check(); err != nil {
		return err
	}
	if queue.Status == StatusClosed {
		if err := mayClose(ctx, db, queue); err != nil {
			return err
		}
	}
	version := queue.Version
	queue.Version++
	result, err := db.NewUpdate().Model(&queue).Column("name", "team_id", "skill", "skill_level", "languages", "auto_accept", "ring_seconds",
		"wrap_up_seconds", "target_seconds", "target_percent", "short_abandon_seconds", "priority", "limits", "status", "version").
		Where("q.id = ? AND q.version = ?", queue.ID, version).Exec(ctx)
	if missing(err) {
		return Invalid{"team_id", "unknown"}
	}
	if err := oneRow(result, err, "save queue"); err != nil {
		return err
	}
	return setServing(ctx, db, queue)
}

func mayClose(ctx context.Context, db bun.IDB, queue Queue) error {
	var waiting, tickets, leaves bool
	err := db.NewRaw(`SELECT EXISTS (SELECT FROM conversations WHERE queue_id = ?0 AND ended_at IS NULL),
			EXISTS (SELECT FROM tickets WHERE queue_id = ?0 AND state NOT IN ('closed','resolved','rejected')),
			EXISTS (SELECT FROM categories WHERE queue = ?1 AND status = 'active')`, queue.ID, queue.Slug).Scan(ctx, &waiting, &tickets, &leaves)
	switch {
	case err != nil:
		return fmt.Errorf("look into queue: %w", err)
	case waiting:
		return Invalid{"status", "conversations_waiting"}
	case tickets:
		return Invalid{"status", "tickets_open"}
	case leaves:
		return Invalid{"status", "categories_send_here"}
	}
	return nil
}

func setServing(ctx context.Context, db bun.IDB, queue Queue) error {
	ids := []string{string(queue.TeamID)}
	for _, id := range queue.Serving {
		ids = append(ids, string(id))
	}
	_, err := db.NewRaw(`WITH gone AS (DELETE FROM queue_teams WHERE queue_id = ?0 AND NOT team_id = ANY(?1::uuid[]))
		INSERT INTO queue_teams (queue_id, team_id) SELECT DISTINCT ?0::uuid, unnest(?1::uuid[]) ON CONFLICT DO NOTHING`,
		queue.ID, pgdialect.Array(ids)).Exec(ctx)
	if missing(err) {
		return Invalid{"serving", "unknown"}
	}
	if err != nil {
		return fmt.Errorf("set teams of queue %s: %w", queue.ID, err)
	}
	return nil
}

// AllQueues lists every queue with the teams that serve it, the closed ones last.
func AllQueues(ctx context.Context, db bun.IDB) ([]Queue, error) {
	var list []Queue
	if err := db.NewSelect().Model(&list).OrderExpr("q.status, q.sort, q.name").Scan(ctx); err != nil {
		return nil, fmt.Errorf("list queues: %w", err)
	}
	return list, fillServing(ctx, db, list)
}

// WholeQueue reads one queue with the teams that serve it. Error: ErrNotFound.
func WholeQueue(ctx context.Context, db bun.IDB, id QueueID) (Queue, error) {
	queue, err := QueueByID(ctx, db, id)
	if err != nil {
		return Queue{}, err
	}
	list := []Queue{queue}
	err = fillServing(ctx, db, list)
	return list[0], err
}

func fillServing(ctx context.Context, db bun.IDB, list []Queue) error {
	var rows []struct {
		QueueID QueueID
		TeamID  TeamID
	}
	if err := db.NewRaw("SELECT queue_id, team_id FROM queue_teams ORDER BY team_id").Scan(ctx, &rows); err != nil {
		return fmt.Errorf("read teams of queues: %w", err)
	}
	for i := range list {
		for _, row := range rows {
			if row.QueueID == list[i].ID && row.TeamID != list[i].TeamID {
				list[i].Serving = append(list[i].Serving, row.TeamID)
			}
		}
	}
	return nil
}

// oneOf reads one row. Error: ErrNotFound.
func oneOf[T any](ctx context.Context, db bun.IDB, where string, argument any) (T, error) {
	var row T
	err := db.NewSelect().Model(&row).Where(where, argument).Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return row, ErrNotFound
	}
	if err != nil {
		return row, fmt.Errorf("read %T: %w", row, err)
	}
	return row, nil
}

// oneRow makes ErrStale of a change that found no row as it was.
func oneRow(result sql.Result, err error, what string) error {
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if n, _ := result.RowsAffected(); n == 0 {
		return fmt.Errorf("%s: %w", what, ErrStale)
	}
	return nil
}
