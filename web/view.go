package web

import (
	"context"

	"sapa/ticketing"
	"sapa/ticketing/team"
	"sapa/web/wire"
)

func (s *Server) listViews(ctx context.Context, _ *struct{}) (wire.Items[wire.SavedView], error) {
	list, err := s.options.Desk.SavedViews(ctx, actor(ctx))
	return wire.ItemsOf(list, wire.SavedViewOf), err
}

// afterView is the list of views as it stands after a change of one.
func (s *Server) afterView(ctx context.Context, err error) (wire.Items[wire.SavedView], error) {
	if err != nil {
		return wire.Items[wire.SavedView]{}, err
	}
	return s.listViews(ctx, nil)
}

// ViewBody is what is said of a view that is saved.
type ViewBody struct {
	Name   string      `json:"name" maxLength:"200"`
	List   string      `json:"list" maxLength:"20"`
	Filter wire.Filter `json:"filter"`
	Scope  string      `json:"scope" enum:"own,team,all"`
	TeamID string      `json:"team_id,omitempty" format:"uuid"`
}

func (b ViewBody) view() ticketing.SavedView {
	return ticketing.SavedView{Name: b.Name, List: b.List, Filter: b.Filter.Filter(), Scope: b.Scope, Team: team.TeamID(b.TeamID)}
}

type createViewInput struct{ Body ViewBody }

func (s *Server) createView(ctx context.Context, in *createViewInput) (wire.Items[wire.SavedView], error) {
	return s.afterView(ctx, s.options.Desk.CreateView(ctx, actor(ctx), in.Body.view()))
}

type saveViewInput struct {
	ByID
	Body struct {
		ViewBody
		Version int64 `json:"version"`
	}
}

func (s *Server) saveView(ctx context.Context, in *saveViewInput) (wire.Items[wire.SavedView], error) {
	view := in.Body.view()
	view.ID, view.Version = ticketing.SavedViewID(in.ID), in.Body.Version
	return s.afterView(ctx, s.options.Desk.SaveView(ctx, actor(ctx), view))
}

func (s *Server) dropView(ctx context.Context, in *ByID) (wire.Items[wire.SavedView], error) {
	return s.afterView(ctx, s.options.Desk.DropView(ctx, actor(ctx), ticketing.SavedViewID(in.ID)))
}

type orderViewsInput struct {
	Body struct {
		IDs []string `json:"ids" maxItems:"30" format:"uuid" nullable:"false"`
	}
}

// orderViews puts the asker's own views into an order.
func (s *Server) orderViews(ctx context.Context, in *orderViewsInput) (wire.Items[wire.SavedView], error) {
	ids := wire.Each(in.Body.IDs, func(id string) ticketing.SavedViewID { return ticketing.SavedViewID(id) })
	return s.afterView(ctx, s.options.Desk.OrderViews(ctx, actor(ctx), ids))
}
