package kb

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/uptrace/bun"

	"sapa/program/intent"
)

//go:embed content/*.toml
var content embed.FS

// Text is one language of an article as the content files hold it. An empty
// body means that the answer says it all.
type text struct {
	Title  string `toml:"title"`
	Answer string `toml:"answer"`
	Body   string `toml:"body"`
}

type contentArticle struct {
	Slug     string          `toml:"slug"`
	Intent   intent.Code     `toml:"intent"`
	Audience Audience        `toml:"audience"`
	In       map[string]text `toml:"in"`
}

type contentMacro struct {
	Shortcut string          `toml:"shortcut"`
	Intent   intent.Code     `toml:"intent"`
	In       map[string]text `toml:"in"`
}

type contentFile struct {
	Articles []contentArticle `toml:"article"`
	Macros   []contentMacro   `toml:"macro"`
}

func readContent() (contentFile, error) {
	var all contentFile
	err := fs.WalkDir(content, "content", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		var one contentFile
		meta, err := toml.DecodeFS(content, path, &one)
		if err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
		if unknown := meta.Undecoded(); len(unknown) > 0 {
			return fmt.Errorf("read %s: unknown key %s", path, unknown[0])
		}
		all.Articles = append(all.Articles, one.Articles...)
		all.Macros = append(all.Macros, one.Macros...)
		return nil
	})
	return all, err
}

// LoadContent puts the articles and macros that ship with the desk into an empty
// knowledge base and publishes them. What is there already, edited or not, stays.
// It returns how many articles it added.
func LoadContent(ctx context.Context, db bun.IDB, now time.Time) (int, error) {
	all, err := readContent()
	if err != nil {
		return 0, err
	}
	var known []string
	if err := db.NewSelect().Model((*Article)(nil)).Column("slug").Scan(ctx, &known); err != nil {
		return 0, fmt.Errorf("list articles: %w", err)
	}
	added := 0
	for _, article := range all.Articles {
		if slices.Contains(known, article.Slug) {
			continue
		}
		if err := article.load(ctx, db, now); err != nil {
			return added, fmt.Errorf("load article %s: %w", article.Slug, err)
		}
		added++
	}
	return added, loadMacros(ctx, db, all.Macros, now)
}

func (c contentArticle) load(ctx context.Context, db bun.IDB, now time.Time) error {
	article, err := Create(ctx, db, Article{Slug: c.Slug, Intent: c.Intent, Audience: c.Audience}, now)
	if err != nil {
		return err
	}
	for language, words := range c.In {
		body := words.Body
		if body == "" {
			body = words.Answer
		}
		draft := Version{ArticleID: article.ID, Language: language, Title: words.Title, Answer: words.Answer, Body: body, Author: "Sapa"}
		if _, err := SaveDraft(ctx, db, draft, 0, now); err != nil {
			return err
		}
		if err := Publish(ctx, db, article.ID, language, now); err != nil {
			return err
		}
	}
	return nil
}

func loadMacros(ctx context.Context, db bun.IDB, macros []contentMacro, now time.Time) error {
	there, err := db.NewSelect().Model((*Macro)(nil)).Count(ctx)
	if err != nil {
		return fmt.Errorf("count macros: %w", err)
	}
	if there > 0 {
		return nil
	}
	for _, macro := range macros {
		for language, words := range macro.In {
			m := Macro{Shortcut: macro.Shortcut, Language: language, Title: words.Title, Text: words.Answer, Intent: macro.Intent}
			if err := SaveMacro(ctx, db, m, now); err != nil {
				return err
			}
		}
	}
	return nil
}
