package ticketing

import (
	"context"
	"fmt"
	"strings"

	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/channels/bus"
	"sapa/program/access"
	"sapa/ticketing/team"
)

// SavedViewID names a saved view.
type SavedViewID string

// Whom a saved view is for.
const (
	ViewOwn  = "own"
	ViewTeam = "team"
	ViewAll  = "all"
)

// Bounds of saved views, ours: a menu that nobody reads to its end helps nobody.
const (
	mostViews    = 30
	mostViewName = 60
)

// SavedView is a list of the inbox and what narrows it, under a name. It shows
// nobody a conversation that they could not see without it.
type SavedView struct {
	bun.BaseModel `bun:"table:saved_views,alias:v" json:"-"`

	ID      SavedViewID  `bun:"id,pk,type:uuid" json:"-"`
	Name    string       `bun:"name" json:"name"`
	List    string       `bun:"list" json:"list"`
	Filter  Filter       `bun:"filter,type:jsonb" json:"filter"`
	Owner   team.StaffID `bun:"owner_id,type:uuid" json:"-"`
	Scope   string       `bun:"scope" json:"scope"`
	Team    team.TeamID  `bun:"team_id,type:uuid,nullzero" json:"team_id,omitempty"`
	Sort    int          `bun:"sort" json:"-"`
	Version int64        `bun:"version" json:"-"`

	// TeamName and OwnerName are read with it; MayChange is for the reader.
	TeamName  string `bun:"team_name,scanonly" json:"-"`
	OwnerName string `bun:"owner_name,scanonly" json:"-"`
	MayChange bool   `bun:"-" json:"-"`
}

func (v *SavedView) check() error {
	v.Name = strings.Join(strings.Fields(channels.CleanText(v.Name)), " ")
	if v.Scope != ViewTeam {
		v.Team = ""
	}
	_, listed := listings(v.List)
	switch {
	case v.Name == "":
		return &Invalid{Field: "name", Rule: "required"}
	case len([]rune(v.Name)) > mostViewName:
		return &Invalid{Field: "name", Rule: "too_long"}
	case !listed:
		return &Invalid{Field: "list", Rule: "unknown"}
	case v.Scope == ViewTeam && v.Team == "":
		return &Invalid{Field: "team_id", Rule: "required"}
	}
	return v.Filter.check()
}

// changes tells whether an actor may change or remove a view: their own; of those
// for everybody, whoever may share with everybody.
func (v *SavedView) changes(actor access.Actor) bool {
	return v.Owner == team.StaffID(actor.ID) || v.Scope == ViewAll && actor.May(access.ViewShare)
}

// SavedViews lists the views that are for an actor: everybody's, their teams',
// their own, each in its order.
func (d *Desk) SavedViews(ctx context.Context, actor access.Actor) ([]SavedView, error) {
	if !actor.May(access.ConversationRead) {
		return nil, ErrForbidden
	}
	list, err := savedViewsFor(ctx, d.db, team.StaffID(actor.ID))
	for i := range list {
		list[i].MayChange = list[i].changes(actor)
	}
	return list, err
}

// CreateView saves a view. Errors: ErrForbidden, Invalid.
func (d *Desk) CreateView(ctx context.Context, actor access.Actor, view SavedView) error {
	view.ID, view.Owner, view.Version = SavedViewID(team.NewID()), team.StaffID(actor.ID), 1
	return d.onViews(ctx, actor, func(ctx context.Context, w *work) error {
		if err := w.mayShare(ctx, &view); err != nil {
			return err
		}
		return createView(ctx, w, view)
	}, "create", &view)
}

// SaveView changes a view as it stood at view.Version. Errors: ErrForbidden,
// ErrNotFound, ErrStale, Invalid.
func (d *Desk) SaveView(ctx context.Context, actor access.Actor, view SavedView) error {
	return d.onViews(ctx, actor, func(ctx context.Context, w *work) error {
		before, err := w.changeable(ctx, view.ID)
		if err != nil {
			return err
		}
		view.Owner = before.Owner
		if err := w.mayShare(ctx, &view); err != nil {
			return err
		}
		return saveView(ctx, w, view)
	}, "change", &view)
}

// DropView removes a view. Errors: ErrForbidden, ErrNotFound.
func (d *Desk) DropView(ctx context.Context, actor access.Actor, id SavedViewID) error {
	view := SavedView{ID: id}
	return d.onViews(ctx, actor, func(ctx context.Context, w *work) error {
		before, err := w.changeable(ctx, id)
		if err != nil {
			return err
		}
		view = before
		return dropView(ctx, w, id)
	}, "drop", &view)
}

// OrderViews puts the actor's own views into an order; those that are not named
// stay behind. Error: Invalid.
func (d *Desk) OrderViews(ctx context.Context, actor access.Actor, ids []SavedViewID) error {
	if len(ids) > mostViews {
		return &Invalid{Field: "ids", Rule: "too_many"}
	}
	return d.do(ctx, actor, func(ctx context.Context, w *work) error { return orderViews(ctx, w, team.StaffID(actor.ID), ids) })
}

// onViews runs a change of a view; one that others see leaves an audit row and
// tells their consoles.
func (d *Desk) onViews(ctx context.Context, actor access.Actor, use func(context.Context, *work) error, action string, view *SavedView) error {
	if !actor.May(access.ConversationRead) {
		return ErrForbidden
	}
	return d.do(ctx, actor, func(ctx context.Context, w *work) error {
		if err := use(ctx, w); err != nil {
			return err
		}
		w.signal(bus.View, string(view.ID), 0)
		if view.Scope == ViewOwn {
			return nil
		}
		entry := access.AuditEntry{Actor: actor, Action: "view." + action, Object: "view", ObjectID: string(view.ID), At: w.at}
		return access.AuditChange(ctx, w, entry, nil, view)
	})
}

// changeable reads a view that the actor may change. Errors: ErrForbidden,
// ErrNotFound.
func (w *work) changeable(ctx context.Context, id SavedViewID) (SavedView, error) {
	view, err := savedView(ctx, w, id)
	if err != nil {
		return SavedView{}, err
	}
	if !view.changes(w.actor) {
		return SavedView{}, fmt.Errorf("view %s: %w", id, ErrForbidden)
	}
	return view, nil
}

// mayShare checks a view and whom it is to be for: a team of one's own, or
// everybody by permission.
func (w *work) mayShare(ctx context.Context, view *SavedView) error {
	if err := view.check(); err != nil {
		return err
	}
	switch view.Scope {
	case ViewOwn:
		return nil
	case ViewAll:
		if !w.actor.May(access.ViewShare) {
			return fmt.Errorf("%s: %w", access.ViewShare, ErrForbidden)
		}
		return nil
	case ViewTeam:
		member, err := inTeam(ctx, w, team.StaffID(w.actor.ID), view.Team)
		if err == nil && !member {
			return &Invalid{Field: "team_id", Rule: "unknown"}
		}
		return err
	}
	return &Invalid{Field: "scope", Rule: "unknown"}
}
