package wire

import (
	"time"

	"sapa/kb"
)

// ArticleHit is an article in a list.
type ArticleHit struct {
	ID       string `json:"id"`
	Slug     string `json:"slug"`
	Title    string `json:"title"`
	Excerpt  string `json:"excerpt"`
	Intent   string `json:"intent,omitempty"`
	Language string `json:"language"`
	Audience string `json:"audience" enum:"public,staff"`
}

// Hit shapes an article for a list.
func Hit(h kb.Hit) ArticleHit {
	return ArticleHit{ID: string(h.ID), Slug: h.Slug, Title: h.Title, Excerpt: h.Answer, Intent: string(h.Intent), Language: h.Language, Audience: string(h.Audience)}
}

// Article is an article with its published texts and drafts.
type Article struct {
	ID       string           `json:"id"`
	Slug     string           `json:"slug"`
	Intent   string           `json:"intent,omitempty"`
	Audience string           `json:"audience" enum:"public,staff"`
	Versions []ArticleVersion `json:"versions" nullable:"false"`
}

// ArticleVersion is the text of an article in one language.
type ArticleVersion struct {
	Language string    `json:"language"`
	Title    string    `json:"title"`
	Body     string    `json:"body"`
	HTML     string    `json:"html"`
	Answer   string    `json:"answer"`
	State    string    `json:"state" enum:"draft,published"`
	Author   string    `json:"author"`
	At       time.Time `json:"at"`
}

// ArticleOf shapes an article with its texts rendered.
func ArticleOf(a kb.Article) (Article, error) {
	shaped := Article{ID: string(a.ID), Slug: a.Slug, Intent: string(a.Intent), Audience: string(a.Audience), Versions: []ArticleVersion{}}
	for _, v := range a.Versions {
		html, err := kb.Render(v.Body)
		if err != nil {
			return Article{}, err
		}
		at := v.CreatedAt
		if v.PublishedAt != nil {
			at = *v.PublishedAt
		}
		shaped.Versions = append(shaped.Versions, ArticleVersion{Language: v.Language, Title: v.Title, Body: v.Body, HTML: string(html),
			Answer: v.Answer, State: string(v.State), Author: v.Author, At: at.UTC()})
	}
	return shaped, nil
}

// Macro is a canned reply, filled in for the conversation it is picked in.
type Macro struct {
	ID       string `json:"id"`
	Shortcut string `json:"shortcut"`
	Title    string `json:"title"`
	Text     string `json:"text"`
	Language string `json:"language"`
}

// MacroOf shapes a macro with the places of its text filled.
func MacroOf(m kb.Macro, values map[string]string) Macro {
	text := m.Text
	if values != nil {
		text = kb.Fill(text, values)
	}
	return Macro{ID: m.ID, Shortcut: m.Shortcut, Title: m.Title, Text: text, Language: m.Language}
}
