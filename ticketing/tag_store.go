package ticketing

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/uptrace/bun"

	"sapa/ticketing/team"
)

// TagStanding is a tag with how many cases carry it.
type TagStanding struct {
	bun.BaseModel `bun:"table:tags,alias:g"`
	Tag           `bun:",extend"`

	Conversations int `bun:"conversations,scanonly"`
	Tickets       int `bun:"tickets,scanonly"`
}

// Tags lists the tags that may be put on a case, by name.
func Tags(ctx context.Context, db bun.IDB) ([]Tag, error) {
	var list []Tag
	if err := db.NewSelect().Model(&list).Where("g.status = ?", team.StatusActive).OrderExpr("lower(g.name)").Scan(ctx); err != nil {
		return nil, fmt.Errorf("list tags: %w", err)
	}
	return list, nil
}

// tagsLike lists the tags in use whose name holds what was typed.
func tagsLike(ctx context.Context, db bun.IDB, typed string, limit int) ([]Tag, error) {
	var list []Tag
	err := db.NewSelect().Model(&list).Where("g.status = ? AND g.name ILIKE ?", team.StatusActive, holding(typed)).
		OrderExpr("lower(g.name)").Limit(int64(limit)).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("find tags: %w", err)
	}
	return list, nil
}

// TagStandings lists the whole vocabulary, the closed last. Counting stops at
// CountCap.
func TagStandings(ctx context.Context, db bun.IDB) ([]TagStanding, error) {
	var list []TagStanding
	const carried = "(SELECT count(*) FROM (SELECT FROM %[1]s_tags x WHERE x.tag_id = g.id LIMIT %[2]d) AS counted) AS %[1]ss"
	err := db.NewSelect().Model(&list).Column("g.*").
		ColumnExpr(fmt.Sprintf(carried, "conversation", CountCap)).ColumnExpr(fmt.Sprintf(carried, "ticket", CountCap)).
		OrderExpr("g.status, lower(g.name)").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list tags: %w", err)
	}
	return list, nil
}

func tagByID(ctx context.Context, db bun.IDB, id TagID) (Tag, error) {
	return oneTag(db.NewSelect().Where("g.id = ?", id), ctx)
}

// lockTag reads a tag that is not to be closed or merged while it is given cases.
func lockTag(ctx context.Context, db bun.IDB, id TagID) (Tag, error) {
	return oneTag(db.NewSelect().Where("g.id = ?", id).For("SHARE"), ctx)
}

func oneTag(query *bun.SelectQuery, ctx context.Context) (Tag, error) {
	var tag Tag
	err := query.Model(&tag).Scan(ctx)
	if noRows(err) {
		return Tag{}, fmt.Errorf("tag: %w", ErrNotFound)
	}
	if err != nil {
		return Tag{}, fmt.Errorf("read tag: %w", err)
	}
	return tag, nil
}

func createTag(ctx context.Context, db bun.IDB, tag Tag) error {
	var full bool
	if err := db.NewRaw("SELECT count(*) >= ? FROM tags WHERE status = 'active'", mostTags).Scan(ctx, &full); err != nil {
		return fmt.Errorf("count tags: %w", err)
	}
	if full {
		return &Invalid{Field: "name", Rule: "too_many"}
	}
	if _, err := db.NewInsert().Model(&tag).Exec(ctx); err != nil {
		return nameTaken(err, "create tag")
	}
	return nil
}

func saveTag(ctx context.Context, db bun.IDB, tag Tag) error {
	result, err := db.NewRaw("UPDATE tags SET name = ?, tone = ?, status = ?, version = version + 1 WHERE id = ? AND version = ?",
		tag.Name, tag.Tone, tag.Status, tag.ID, tag.Version).Exec(ctx)
	if err != nil {
		return nameTaken(err, "save tag")
	}
	return affected(result, "save tag")
}

// nameTaken tells a name that another tag has from a fault.
func nameTaken(err error, act string) error {
	if team.Twice(err) {
		return &Invalid{Field: "name", Rule: "taken"}
	}
	return fmt.Errorf("%s: %w", act, err)
}

func mergeTag(ctx context.Context, db bun.IDB, id TagID, version int64, into TagID) error {
	result, err := db.NewRaw(`UPDATE tags SET status = 'closed', merged_into = ?2, version = version + 1
		WHERE id = ?0 AND version = ?1 AND merged_into IS NULL`, id, version, into).Exec(ctx)
	if err != nil {
		return fmt.Errorf("merge tag: %w", err)
	}
	if err := affected(result, "merge tag"); err != nil {
		return err
	}
	for _, what := range []string{"conversation", "ticket"} {
		_, err := db.NewRaw(fmt.Sprintf(`WITH moved AS (DELETE FROM %[1]s_tags WHERE tag_id = ?0 RETURNING %[1]s_id)
			INSERT INTO %[1]s_tags (%[1]s_id, tag_id) SELECT %[1]s_id, ?1::uuid FROM moved ON CONFLICT DO NOTHING`, what), id, into).Exec(ctx)
		if err != nil {
			return fmt.Errorf("move %s tags: %w", what, err)
		}
	}
	return nil
}

// affected turns a row that is no longer as its writer saw it into ErrStale.
func affected(result sql.Result, act string) error {
	if n, _ := result.RowsAffected(); n == 0 {
		return fmt.Errorf("%s: %w", act, ErrStale)
	}
	return nil
}

// CaseTag is a tag as a case carries it.
type CaseTag struct {
	ID   TagID  `json:"id"`
	Name string `json:"name"`
	Tone string `json:"tone"`
}

// conversationTags and ticketTags are the tags of a row of a list, by name.
const (
	conversationTags = `(SELECT coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'name', g.name, 'tone', g.tone) ORDER BY lower(g.name)), '[]')
		FROM conversation_tags x JOIN tags g ON g.id = x.tag_id WHERE x.conversation_id = c.id) AS tags`
	ticketTags = `(SELECT coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'name', g.name, 'tone', g.tone) ORDER BY lower(g.name)), '[]')
		FROM ticket_tags x JOIN tags g ON g.id = x.tag_id WHERE x.ticket_id = ticket.id) AS tags`
)
