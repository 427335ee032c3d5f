package web

import (
	"context"

	"github.com/uptrace/bun"

	"sapa/channels/bus"
	"sapa/kb"
	"sapa/program/intent"
	"sapa/web/wire"
)

type articlesInput struct {
	Q        string `query:"q" maxLength:"200"`
	Intent   string `query:"intent" maxLength:"60"`
	Language string `query:"language" maxLength:"3"`
}

func (s *Server) listArticles(ctx context.Context, in *articlesInput) (wire.Items[wire.ArticleHit], error) {
	language := in.Language
	if language == "" {
		language = languageIn(ctx)
	}
	hits, err := kb.Search(ctx, s.options.DB, kb.Query{Text: in.Q, Intent: intent.Code(in.Intent), Language: language, Audience: kb.Staff})
	return wire.ItemsOf(hits, wire.Hit), err
}

func (s *Server) readArticle(ctx context.Context, in *ByID) (wire.Article, error) {
	article, err := kb.Load(ctx, s.options.DB, kb.ID(in.ID))
	if err != nil {
		return wire.Article{}, err
	}
	return wire.ArticleOf(article)
}

type createArticleInput struct {
	Body struct {
		Slug     string `json:"slug" maxLength:"80"`
		Intent   string `json:"intent,omitempty" maxLength:"60"`
		Audience string `json:"audience" enum:"public,staff"`
	}
}

func (s *Server) createArticle(ctx context.Context, in *createArticleInput) (wire.Article, error) {
	article := kb.Article{Slug: in.Body.Slug, Intent: intent.Code(in.Body.Intent), Audience: kb.Audience(in.Body.Audience)}
	made, err := kb.Create(ctx, s.options.DB, article, s.options.Now())
	if err != nil {
		return wire.Article{}, err
	}
	s.changed(ctx, made.ID)
	return wire.ArticleOf(made)
}

type versionInput struct {
	ByID
	Language string `path:"language" pattern:"^[a-z]{3}$"`
	Body     struct {
		Title  string `json:"title" maxLength:"200"`
		Body   string `json:"body" maxLength:"40000"`
		Answer string `json:"answer" maxLength:"2000"`
	}
}

// saveVersion writes the draft of one language over the newest one there is.
func (s *Server) saveVersion(ctx context.Context, in *versionInput) (wire.Article, error) {
	err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		article, err := kb.Load(ctx, tx, kb.ID(in.ID))
		if err != nil {
			return err
		}
		draft := kb.Version{ArticleID: kb.ID(in.ID), Language: in.Language, Title: in.Body.Title, Body: in.Body.Body, Answer: in.Body.Answer, Author: actor(ctx).Name}
		_, err = kb.SaveDraft(ctx, tx, draft, newest(article, in.Language), s.options.Now())
		return err
	})
	if err != nil {
		return wire.Article{}, err
	}
	s.changed(ctx, kb.ID(in.ID))
	return s.readArticle(ctx, &in.ByID)
}

// newest is the number of the newest version in a language, 0 for none.
func newest(a kb.Article, language string) int {
	number := 0
	for _, v := range a.Versions {
		if v.Language == language {
			number = max(number, v.Number)
		}
	}
	return number
}

type publishInput struct {
	ByID
	Body struct {
		Language string `json:"language" pattern:"^[a-z]{3}$"`
	}
}

func (s *Server) publishArticle(ctx context.Context, in *publishInput) (wire.Article, error) {
	err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		return kb.Publish(ctx, tx, kb.ID(in.ID), in.Body.Language, s.options.Now())
	})
	if err != nil {
		return wire.Article{}, err
	}
	s.changed(ctx, kb.ID(in.ID))
	return s.readArticle(ctx, &in.ByID)
}

// changed tells open consoles that an article is another one now.
func (s *Server) changed(ctx context.Context, id kb.ID) {
	_ = s.options.Bus.Publish(ctx, bus.Signal{Topic: bus.Article, ID: string(id)}) // a lost one is seen at the next look
}
