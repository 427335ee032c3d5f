package ticketing

import (
	"context"

	"github.com/uptrace/bun"

	"sapa/channels/bus"
	"sapa/program/access"
	"sapa/ticketing/team"
)

// setting is a thing that administrators change: what it is called in the audit
// log, which one, and how it reads there; nil before it exists.
type setting struct {
	object string
	id     string
	read   func(context.Context, bun.IDB) (any, error)
}

// The actions after which, or before which, there is nothing to read.
const (
	actionCreate = "create"
	actionDrop   = "drop"
)

// changeSetting runs one change of a setting, leaves its audit row, tells open
// consoles, and routes anew: everything that routing goes by is read when it runs,
// in every process.
func (d *Desk) changeSetting(ctx context.Context, actor access.Actor, s setting, action string, save func(context.Context, *work) error) error {
	return d.changeAs(ctx, actor, access.SettingsEdit, s, action, save)
}

// changeAs does the same for those who hold another permission.
func (d *Desk) changeAs(ctx context.Context, actor access.Actor, need access.Permission, s setting, action string, save func(context.Context, *work) error) error {
	if !actor.May(need) {
		return ErrForbidden
	}
	return d.do(ctx, actor, func(ctx context.Context, w *work) error {
		var before any
		if action != actionCreate {
			var err error
			if before, err = s.read(ctx, w); err != nil {
				return err
			}
		}
		if err := save(ctx, w); err != nil {
			return err
		}
		var after any
		if action != actionDrop {
			var err error
			if after, err = s.read(ctx, w); err != nil {
				return err
			}
		}
		w.route = true
		w.signal(bus.Setting, s.object, 0)
		entry := access.AuditEntry{Actor: actor, Action: s.object + "." + action, Object: s.object, ObjectID: s.id, At: w.at}
		return access.AuditChange(ctx, w, entry, before, after)
	})
}

func teamSetting(id team.TeamID) setting {
	return setting{"team", string(id), func(ctx context.Context, db bun.IDB) (any, error) { return team.TeamByID(ctx, db, id) }}
}

// CreateTeam adds a team. Errors: ErrForbidden, team.Invalid.
func (d *Desk) CreateTeam(ctx context.Context, actor access.Actor, one team.Team) error {
	one.ID, one.Version = team.TeamID(team.NewID()), 1
	return d.changeSetting(ctx, actor, teamSetting(one.ID), "create", func(ctx context.Context, w *work) error {
		return team.CreateTeam(ctx, w, one)
	})
}

// SaveTeam renames, closes or reopens a team as it stood at one.Version.
// Errors: ErrForbidden, team.ErrNotFound, team.ErrStale, team.Invalid.
func (d *Desk) SaveTeam(ctx context.Context, actor access.Actor, one team.Team) error {
	return d.changeSetting(ctx, actor, teamSetting(one.ID), "change", func(ctx context.Context, w *work) error {
		before, err := team.TeamByID(ctx, w, one.ID)
		if err != nil {
			return err
		}
		one.Slug = before.Slug // others refer to it
		return team.SaveTeam(ctx, w, one)
	})
}

func skillSetting(code string) setting {
	return setting{"skill", code, func(ctx context.Context, db bun.IDB) (any, error) { return team.SkillByCode(ctx, db, code) }}
}

// CreateSkill adds a skill. Errors: ErrForbidden, team.Invalid.
func (d *Desk) CreateSkill(ctx context.Context, actor access.Actor, skill team.Skill) error {
	return d.changeSetting(ctx, actor, skillSetting(skill.Code), "create", func(ctx context.Context, w *work) error {
		return team.CreateSkill(ctx, w, skill)
	})
}

// SaveSkill renames, closes or reopens a skill as it stood at skill.Version.
// Errors: as SaveTeam.
func (d *Desk) SaveSkill(ctx context.Context, actor access.Actor, skill team.Skill) error {
	return d.changeSetting(ctx, actor, skillSetting(skill.Code), "change", func(ctx context.Context, w *work) error {
		return team.SaveSkill(ctx, w, skill)
	})
}

func queueSetting(id team.QueueID) setting {
	return setting{"queue", string(id), func(ctx context.Context, db bun.IDB) (any, error) { return team.WholeQueue(ctx, db, id) }}
}

// CreateQueue adds a queue. Errors: ErrForbidden, team.Invalid.
func (d *Desk) CreateQueue(ctx context.Context, actor access.Actor, queue team.Queue) error {
	queue.ID, queue.Version = team.QueueID(team.NewID()), 1
	return d.changeSetting(ctx, actor, queueSetting(queue.ID), "create", func(ctx context.Context, w *work) error {
		return team.CreateQueue(ctx, w, queue)
	})
}

// SaveQueue changes, closes or reopens a queue as it stood at queue.Version.
// Errors: as SaveTeam.
func (d *Desk) SaveQueue(ctx context.Context, actor access.Actor, queue team.Queue) error {
	return d.changeSetting(ctx, actor, queueSetting(queue.ID), "change", func(ctx context.Context, w *work) error {
		before, err := team.QueueByID(ctx, w, queue.ID)
		if err != nil {
			return err
		}
		queue.Slug = before.Slug // categories refer to it
		w.signal(bus.Queue, string(queue.ID), 0)
		if queue.ShortAbandonSeconds != before.ShortAbandonSeconds { // it counts for the past too
			if err := ForgetKeptDays(ctx, w); err != nil {
				return err
			}
		}
		return team.SaveQueue(ctx, w, queue)
	})
}
