package kb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/uptrace/bun"

	"sapa/channels/words"
	"sapa/program/intent"
)

// Query is what a reader looks for. An empty Text lists articles by title.
type Query struct {
	Text     string
	Language string      // preferred; Indonesian stands in where an article lacks it
	Intent   intent.Code // "" for any
	Audience Audience    // Public for citizens, Staff for agents
	Limit    int         // at most MostHits; 0 means MostHits
}

// MostHits bounds every search: a list longer than this is not read by anybody.
const MostHits = 50

// Hit is one line of a search: enough to choose by.
type Hit struct {
	ID       ID          `bun:"id"`
	Slug     string      `bun:"slug"`
	Intent   intent.Code `bun:"intent"`
	Audience Audience    `bun:"audience"`
	Language string      `bun:"language"`
	Title    string      `bun:"title"`
	Answer   string      `bun:"answer"`
	Score    float64     `bun:"score"`
}

// searchSQL takes, of every article, the reader's language before Indonesian;
// ranks by full text in stems and in plain words (any word may match, more and
// rarer ones weigh more) and by the likeness of the title, which forgives typos.
// 0.3 is pg_trgm's own default threshold for word likeness being of use here.
const searchSQL = `
WITH best AS (
  SELECT DISTINCT ON (a.id) a.id, a.slug, a.intent, a.audience, v.language, v.title, v.answer, v.terms
  FROM articles a JOIN article_versions v ON v.article_id = a.id AND v.state = 'published'
  WHERE a.archived_at IS NULL AND v.language IN (?language, 'ind')
    AND (?audience = 'staff' OR a.audience = 'public')
    AND (?intent = '' OR a.intent = ?intent)
  ORDER BY a.id, v.language = ?language DESC
), scored AS (
  SELECT best.*, CASE WHEN ?text = '' THEN 0 ELSE
    ts_rank(terms, to_tsquery('simple', ?simple)) + ts_rank(terms, to_tsquery('indonesian', ?simple))
    + CASE WHEN word_similarity(?text, title) > 0.3 THEN word_similarity(?text, title) ELSE 0 END
  END AS score
  FROM best
)
SELECT id, slug, intent, audience, language, title, answer, score FROM scored
WHERE ?text = '' OR score > 0.01
ORDER BY score DESC, title, id LIMIT ?limit`

// searchArgs are the named arguments of searchSQL.
type searchArgs struct {
	Language string      `bun:"language"`
	Audience Audience    `bun:"audience"`
	Intent   intent.Code `bun:"intent"`
	Text     string      `bun:"text"`
	Simple   string      `bun:"simple"`
	Limit    int         `bun:"limit"`
}

// Search returns the best hits first, a bounded number of them.
func Search(ctx context.Context, db bun.IDB, query Query) ([]Hit, error) {
	if query.Limit <= 0 || query.Limit > MostHits {
		query.Limit = MostHits
	}
	text := strings.ToLower(strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(query.Text, ""), "\x00", "")))
	simple := anyWord(text)
	if simple == "" {
		text = ""
	}
	var hits []Hit
	err := db.NewRaw(searchSQL, searchArgs{
		Language: query.Language, Audience: query.Audience, Intent: query.Intent,
		Text: text, Simple: simple, Limit: query.Limit,
	}).Scan(ctx, &hits)
	if err != nil {
		return nil, fmt.Errorf("search articles: %w", err)
	}
	return hits, nil
}

// anyWord turns free text into a tsquery that any of its words satisfies.
func anyWord(text string) string { return strings.Join(words.Terms(text, mostWords), " | ") }

// mostWords bounds the cost of one search; a citizen's longest question has
// fewer telling words.
const mostWords = 24

// Answer is what the bot says to one intent.
type Answer struct {
	ArticleID ID     `bun:"id"`
	Slug      string `bun:"slug"`
	Language  string `bun:"language"`
	Title     string `bun:"title"`
	Text      string `bun:"answer"`
}

// ForIntent returns the public answer to an intent in the wanted language, else
// in Indonesian. ErrNotFound when nobody has written one.
func ForIntent(ctx context.Context, db bun.IDB, code intent.Code, language string) (Answer, error) {
	var answer Answer
	err := db.NewRaw(`
SELECT a.id, a.slug, v.language, v.title, v.answer
FROM articles a JOIN article_versions v ON v.article_id = a.id AND v.state = 'published'
WHERE a.intent = ? AND a.audience = 'public' AND a.archived_at IS NULL AND v.language IN (?, 'ind')
ORDER BY v.language = ? DESC, a.created_at, a.id LIMIT 1`, string(code), language, language).Scan(ctx, &answer)
	if errors.Is(err, sql.ErrNoRows) {
		return Answer{}, ErrNotFound
	}
	if err != nil {
		return Answer{}, fmt.Errorf("answer to %s: %w", code, err)
	}
	return answer, nil
}

// Suggest proposes articles to an agent: those of the intent first, then what
// the citizen's own words find.
func Suggest(ctx context.Context, db bun.IDB, code intent.Code, text, language string, limit int) ([]Hit, error) {
	var hits []Hit
	if code != "" {
		byIntent, err := Search(ctx, db, Query{Intent: code, Language: language, Audience: Staff, Limit: limit})
		if err != nil {
			return nil, err
		}
		hits = byIntent
	}
	if len(hits) >= limit || anyWord(text) == "" {
		return hits, nil
	}
	byText, err := Search(ctx, db, Query{Text: text, Language: language, Audience: Staff, Limit: limit})
	if err != nil {
		return nil, err
	}
	return appendNew(hits, byText, limit), nil
}

func appendNew(hits, more []Hit, limit int) []Hit {
	seen := make(map[ID]bool, len(hits))
	for _, hit := range hits {
		seen[hit.ID] = true
	}
	for _, hit := range more {
		if len(hits) < limit && !seen[hit.ID] {
			hits = append(hits, hit)
		}
	}
	return hits
}
