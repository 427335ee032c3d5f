package kb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// Create stores an article without text; SaveDraft gives it some.
func Create(ctx context.Context, db bun.IDB, article Article, now time.Time) (Article, error) {
	if err := article.check(); err != nil {
		return Article{}, err
	}
	article.ID, article.CreatedAt = ID(newID()), now
	result, err := db.NewInsert().Model(&article).On("CONFLICT (slug) DO NOTHING").Exec(ctx)
	if err != nil {
		return Article{}, fmt.Errorf("create article %s: %w", article.Slug, err)
	}
	if n, _ := result.RowsAffected(); n == 0 {
		return Article{}, Invalid{"slug", "taken"}
	}
	return article, nil
}

// Load returns an article with the published version and the draft of each language.
func Load(ctx context.Context, db bun.IDB, id ID) (Article, error) {
	return load(ctx, db, "id", string(id))
}

// LoadSlug is Load by the name in the address.
func LoadSlug(ctx context.Context, db bun.IDB, slug string) (Article, error) {
	if !slugForm.MatchString(slug) { // nothing has such an address, and not every one is text
		return Article{}, ErrNotFound
	}
	return load(ctx, db, "slug", slug)
}

func load(ctx context.Context, db bun.IDB, column, value string) (Article, error) {
	var article Article
	err := db.NewSelect().Model(&article).Where("?::text = ?", bun.Ident(column), value).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return Article{}, ErrNotFound
	}
	if err != nil {
		return Article{}, fmt.Errorf("load article: %w", err)
	}
	err = db.NewSelect().Model(&article.Versions).
		Where("article_id = ?", article.ID).Where("state <> ?", Superseded).
		Order("language", "number").Scan(ctx)
	if err != nil {
		return Article{}, fmt.Errorf("load versions of article %s: %w", article.ID, err)
	}
	return article, nil
}

// In picks the published version to show to a reader of language: theirs, else
// Indonesian. ok is false when neither is published.
func (a Article) In(language string) (version Version, ok bool) {
	for _, v := range a.Versions {
		if v.State != Published {
			continue
		}
		if v.Language == language {
			return v, true
		}
		if v.Language == Base {
			version, ok = v, true
		}
	}
	return version, ok
}

// SaveDraft writes the draft of one language. base is the number of the newest
// version the writer saw (0 for none): a newer one means that a colleague was
// faster, and ErrStale keeps both texts.
func SaveDraft(ctx context.Context, db bun.IDB, draft Version, base int, now time.Time) (Version, error) {
	if err := draft.check(); err != nil {
		return Version{}, err
	}
	newest, err := newestVersion(ctx, db, draft.ArticleID, draft.Language)
	if err != nil {
		return Version{}, err
	}
	if newest.Number != base {
		return Version{}, ErrStale
	}
	draft.ID, draft.Number, draft.State, draft.CreatedAt = newID(), base+1, Draft, now
	if newest.State == Draft {
		if err := supersede(ctx, db, newest); err != nil {
			return Version{}, err
		}
	}
	result, err := db.NewInsert().Model(&draft).On("CONFLICT DO NOTHING").Exec(ctx)
	if err != nil {
		return Version{}, fmt.Errorf("save draft of article %s: %w", draft.ArticleID, err)
	}
	if n, _ := result.RowsAffected(); n == 0 {
		return Version{}, ErrStale
	}
	return draft, nil
}

func newestVersion(ctx context.Context, db bun.IDB, article ID, language string) (Version, error) {
	var exists bool
	if err := db.NewSelect().Model((*Article)(nil)).ColumnExpr("true").Where("id = ?", article).For("UPDATE").Scan(ctx, &exists); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			return Version{}, ErrNotFound
		}
		return Version{}, fmt.Errorf("lock article %s: %w", article, err)
	}
	var newest Version
	err := db.NewSelect().Model(&newest).
		Where("article_id = ?", article).Where("language = ?", language).
		Order("number DESC").Limit(1).Scan(ctx)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Version{}, fmt.Errorf("newest version of article %s: %w", article, err)
	}
	return newest, nil
}

func supersede(ctx context.Context, db bun.IDB, version Version) error {
	_, err := db.NewUpdate().Model((*Version)(nil)).Set("state = ?", Superseded).
		Where("id = ?", version.ID).Where("state = ?", version.State).Exec(ctx)
	if err != nil {
		return fmt.Errorf("supersede version %d of article %s: %w", version.Number, version.ArticleID, err)
	}
	return nil
}

// Publish makes the draft of one language the text that everybody reads.
// Call it inside a transaction. ErrNotFound means there is no draft.
func Publish(ctx context.Context, db bun.IDB, article ID, language string, now time.Time) error {
	newest, err := newestVersion(ctx, db, article, language)
	if err != nil {
		return err
	}
	if newest.State != Draft {
		return ErrNotFound
	}
	_, err = db.NewUpdate().Model((*Version)(nil)).Set("state = ?", Superseded).
		Where("article_id = ?", article).Where("language = ?", language).Where("state = ?", Published).Exec(ctx)
	if err != nil {
		return fmt.Errorf("supersede article %s: %w", article, err)
	}
	_, err = db.NewUpdate().Model((*Version)(nil)).Set("state = ?", Published).Set("published_at = ?", now).
		Where("id = ?", newest.ID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("publish article %s: %w", article, err)
	}
	return nil
}
