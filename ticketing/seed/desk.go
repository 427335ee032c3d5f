package seed

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/program/access"
	"sapa/program/calendar"
	"sapa/ticketing"
	"sapa/ticketing/category"
	"sapa/ticketing/sla"
	"sapa/ticketing/team"
)

// ErrNoDesk says that the database holds no queues or no inboxes: load a desk's
// foundation first.
var ErrNoDesk = errors.New("seed: there are no queues or inboxes; prepare the desk first")

// desk is what the database says about the place where the conversations took
// place.
type desk struct {
	queues  []team.Queue
	leaves  map[string]category.Category
	inboxes []inbox
	agents  []*agent
	// staff who work on tickets, by role; officers and agents by team too.
	byRole map[access.Role][]team.Staff
	byTeam map[team.TeamID][]team.Staff
	days   *calendar.Calendar
	clocks sla.Calendars
	logged map[team.StaffID]bool // whose presence is on record
	// question is the one about satisfaction.
	question ticketing.CSATQuestion
}

type inbox struct {
	id   channels.InboxID
	kind channels.Kind
}

func readDesk(ctx context.Context, db *bun.DB, now time.Time) (*desk, error) {
	d := &desk{leaves: map[string]category.Category{}, byRole: map[access.Role][]team.Staff{}, byTeam: map[team.TeamID][]team.Staff{}}
	var err error
	if d.queues, err = team.Queues(ctx, db); err != nil {
		return nil, err
	}
	tree, err := category.All(ctx, db)
	if err != nil {
		return nil, err
	}
	for _, leaf := range tree {
		d.leaves[leaf.Code] = leaf
	}
	var found []struct {
		ID   channels.InboxID
		Kind channels.Kind
	}
	if err := db.NewRaw("SELECT id, kind FROM inboxes ORDER BY kind, slug").Scan(ctx, &found); err != nil {
		return nil, fmt.Errorf("read inboxes: %w", err)
	}
	for _, f := range found {
		if shareOf(f.Kind) > 0 && !slices.ContainsFunc(d.inboxes, func(i inbox) bool { return i.kind == f.Kind }) {
			d.inboxes = append(d.inboxes, inbox{f.ID, f.Kind})
		}
	}
	if len(d.queues) == 0 || len(d.inboxes) == 0 || len(d.leaves) == 0 {
		return nil, ErrNoDesk
	}
	if d.days, err = ticketing.Calendar(ctx, db, now); err != nil {
		return nil, err
	}
	d.clocks.Days = d.days
	if d.clocks.Desk, err = ticketing.ServiceHours(ctx, db); err != nil {
		return nil, err
	}
	d.question, err = ticketing.CSATQuestionNow(ctx, db)
	return d, err
}

// shareOf is how many of a hundred contacts come through a channel: chat and
// WhatsApp carry nearly all writing of the reports, SMS a little.
func shareOf(kind channels.Kind) int {
	switch kind {
	case channels.Webchat:
		return 60
	case channels.WhatsApp:
		return 35
	case channels.SMS:
		return 5
	}
	return 0
}

// readStaff reads who is there to work, after the missing were added.
func (d *desk) readStaff(ctx context.Context, db *bun.DB) error {
	list, err := team.Search(ctx, db, "", 10_000)
	if err != nil {
		return err
	}
	slices.SortFunc(list, func(a, b team.Staff) int { return cmpIDs(a.ID, b.ID) })
	d.agents = nil
	clear(d.byRole)
	clear(d.byTeam)
	for _, one := range list {
		d.byRole[one.Role] = append(d.byRole[one.Role], one)
		for _, t := range one.Teams {
			d.byTeam[t.ID] = append(d.byTeam[t.ID], one)
		}
		if one.Role == access.Agent {
			d.agents = append(d.agents, newAgent(one, len(d.agents), d.queues))
		}
	}
	return nil
}

func cmpIDs(a, b team.StaffID) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// leaf is the category of an intent, as the desk chooses it.
func (d *desk) leaf(code string) category.Category {
	if leaf, ok := d.leaves[code]; ok {
		return leaf
	}
	return d.leaves[category.Other]
}

// queueFor is the place in queues of the queue that a category waits in.
func (d *desk) queueFor(slug string) int {
	general := 0
	for i, q := range d.queues {
		if q.Slug == slug {
			return i
		}
		if q.Slug == team.GeneralQueue {
			general = i
		}
	}
	return general
}

// member tells whether somebody serves a team.
func (d *desk) member(id team.TeamID, staff string) bool {
	return slices.ContainsFunc(d.byTeam[id], func(s team.Staff) bool { return string(s.ID) == staff })
}

// worker is who of a team takes a ticket up: an officer of the unit, else an
// agent; cases that need an inquiry wait for an officer.
func (d *desk) worker(id team.TeamID, guarded bool, draw func(int) int) (access.Actor, bool) {
	for _, role := range []access.Role{access.UnitOfficer, access.Agent} {
		var some []team.Staff
		for _, s := range d.byTeam[id] {
			if s.Role == role {
				some = append(some, s)
			}
		}
		if len(some) > 0 {
			return some[draw(len(some))].Actor(), true
		}
		if guarded {
			break
		}
	}
	return access.Actor{}, false
}

// one draws a member of staff of a role; ok is false when there is none.
func (d *desk) one(role access.Role, draw func(int) int) (access.Actor, bool) {
	list := d.byRole[role]
	if len(list) == 0 {
		return access.Actor{}, false
	}
	return list[draw(len(list))].Actor(), true
}
