package ticketing_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
	"sapa/ticketing/team"
)

func viewsOf(t *testing.T, w *fix.World, who team.Staff) []ticketing.SavedView {
	t.Helper()
	list, err := w.Desk.SavedViews(context.Background(), who.Actor())
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func viewNames(list []ticketing.SavedView) []string {
	names := []string{}
	for _, view := range list {
		names = append(names, view.Name)
	}
	return names
}

// A view is seen by those it is for and changed by whom it belongs to.
func TestSavedViewsAreForWhomTheyAreFor(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	supervisor, agent := w.Staff(access.Supervisor), w.Staff(access.Agent)
	outsider := w.Staff(access.Agent, func(s *team.Staff) { s.Teams = nil })
	unit := w.Teams[0].ID
	view := func(name, scope string) ticketing.SavedView {
		return ticketing.SavedView{Name: name, List: ticketing.ListAll, Scope: scope, Team: unit, Filter: ticketing.Filter{Kinds: []string{"sms"}, Holder: ticketing.HolderMe}}
	}
	for who, list := range map[*team.Staff][]ticketing.SavedView{
		&supervisor: {view("semua", ticketing.ViewAll), view("tim", ticketing.ViewTeam), view("sendiri", ticketing.ViewOwn)},
		&agent:      {view("satu", ticketing.ViewOwn), view("dua", ticketing.ViewOwn)},
	} {
		for _, one := range list {
			if err := w.Desk.CreateView(ctx, who.Actor(), one); err != nil {
				t.Fatal(err)
			}
		}
	}
	var invalid *ticketing.Invalid
	if err := w.Desk.CreateView(ctx, agent.Actor(), view("x", ticketing.ViewAll)); !errors.Is(err, ticketing.ErrForbidden) {
		t.Errorf("an agent shares with everybody: %v", err)
	}
	if err := w.Desk.CreateView(ctx, outsider.Actor(), view("x", ticketing.ViewTeam)); !errors.As(err, &invalid) {
		t.Errorf("sharing with a team of others: %v", err)
	}

	seen := viewsOf(t, w, agent)
	if got := viewNames(seen); !slices.Equal(got, []string{"satu", "dua", "tim", "semua"}) {
		t.Fatalf("the agent has %v", got)
	}
	if got := viewNames(viewsOf(t, w, outsider)); !slices.Equal(got, []string{"semua"}) {
		t.Errorf("somebody of no team has %v", got)
	}
	if err := w.Desk.OrderViews(ctx, agent.Actor(), []ticketing.SavedViewID{seen[1].ID, seen[0].ID, seen[3].ID}); err != nil {
		t.Fatal(err)
	}
	if got := viewNames(viewsOf(t, w, agent)); !slices.Equal(got, []string{"dua", "satu", "tim", "semua"}) {
		t.Errorf("in the order chosen: %v", got)
	}
	foreign := seen[2]
	if foreign.MayChange || !seen[0].MayChange {
		t.Errorf("the agent may change %v of the team's and %v of theirs", foreign.MayChange, seen[0].MayChange)
	}
	if err := w.Desk.DropView(ctx, agent.Actor(), foreign.ID); !errors.Is(err, ticketing.ErrForbidden) {
		t.Errorf("dropping a colleague's view: %v", err)
	}
	own := seen[0]
	own.Name, own.Filter = "baru", ticketing.Filter{Languages: []string{"jav"}}
	if err := w.Desk.SaveView(ctx, agent.Actor(), own); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.SaveView(ctx, agent.Actor(), own); !errors.Is(err, ticketing.ErrStale) {
		t.Errorf("an old version: %v", err)
	}
	if got := viewsOf(t, w, agent)[1]; got.Name != "baru" || len(got.Filter.Kinds) != 0 || !slices.Equal(got.Filter.Languages, []string{"jav"}) {
		t.Errorf("saved as %+v", got)
	}
}
