package ticketing

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"sapa/ticketing/team"
)

func selectViews(db bun.IDB, list *[]SavedView) *bun.SelectQuery {
	return db.NewSelect().Model(list).Column("v.*").ColumnExpr("coalesce(t.name, '') AS team_name").ColumnExpr("s.name AS owner_name").
		Join("JOIN staff AS s ON s.id = v.owner_id").Join("LEFT JOIN teams AS t ON t.id = v.team_id")
}

func savedViewsFor(ctx context.Context, db bun.IDB, staff team.StaffID) ([]SavedView, error) {
	var list []SavedView
	err := selectViews(db, &list).
		Where("v.owner_id = ?0 OR v.scope = 'all' OR v.scope = 'team' AND v.team_id IN (SELECT team_id FROM team_members WHERE staff_id = ?0)", staff).
		OrderExpr("CASE v.scope WHEN 'own' THEN 0 WHEN 'team' THEN 1 ELSE 2 END, v.sort, v.id").Limit(200).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list views: %w", err)
	}
	return list, nil
}

func savedView(ctx context.Context, db bun.IDB, id SavedViewID) (SavedView, error) {
	var list []SavedView
	if err := selectViews(db, &list).Where("v.id = ?", id).Scan(ctx); err != nil {
		return SavedView{}, fmt.Errorf("read view: %w", err)
	}
	if len(list) == 0 {
		return SavedView{}, fmt.Errorf("view %s: %w", id, ErrNotFound)
	}
	return list[0], nil
}

// createView stores a view behind its owner's others.
func createView(ctx context.Context, db bun.IDB, view SavedView) error {
	var held struct{ N, Last int }
	err := db.NewRaw("SELECT count(*) AS n, coalesce(max(sort), 0) AS last FROM saved_views WHERE owner_id = ?", view.Owner).Scan(ctx, &held)
	if err != nil {
		return fmt.Errorf("count views: %w", err)
	}
	if held.N >= mostViews {
		return &Invalid{Field: "name", Rule: "too_many"}
	}
	view.Sort = held.Last + 1
	if _, err := db.NewInsert().Model(&view).Exec(ctx); err != nil {
		return fmt.Errorf("create view: %w", err)
	}
	return nil
}

func saveView(ctx context.Context, db bun.IDB, view SavedView) error {
	result, err := db.NewUpdate().Model(&view).Column("name", "list", "filter", "scope", "team_id").Set("version = version + 1").
		Where("id = ? AND version = ?", view.ID, view.Version).Exec(ctx)
	if err != nil {
		return fmt.Errorf("save view: %w", err)
	}
	return affected(result, "save view")
}

func dropView(ctx context.Context, db bun.IDB, id SavedViewID) error {
	if _, err := db.NewRaw("DELETE FROM saved_views WHERE id = ?", id).Exec(ctx); err != nil {
		return fmt.Errorf("drop view: %w", err)
	}
	return nil
}

func orderViews(ctx context.Context, db bun.IDB, owner team.StaffID, ids []SavedViewID) error {
	for i, id := range ids {
		if _, err := db.NewRaw("UPDATE saved_views SET sort = ? WHERE id = ? AND owner_id = ?", i-len(ids), id, owner).Exec(ctx); err != nil {
			return fmt.Errorf("order views: %w", err)
		}
	}
	return nil
}

func inTeam(ctx context.Context, db bun.IDB, staff team.StaffID, id team.TeamID) (bool, error) {
	var member bool
	err := db.NewRaw("SELECT EXISTS (SELECT FROM team_members WHERE staff_id = ? AND team_id = ?)", staff, id).Scan(ctx, &member)
	if err != nil {
		return false, fmt.Errorf("read team of %s: %w", staff, err)
	}
	return member, nil
}
