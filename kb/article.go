// Package kb is the knowledge base: one article an intent, in versions by
// language, read by citizens in the help pages, by agents beside a case and by
// the bot as its answer. It also keeps the agents' macros.
package kb

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"sapa/program/intent"
)

// Errors of the room. Invalid is the third: a field that breaks a rule.
var (
	// ErrNotFound: no such article, or none published in any language the reader may have.
	ErrNotFound = errors.New("kb: not found")
	// ErrStale: somebody saved or published between the reader's look and the write.
	ErrStale = errors.New("kb: changed by somebody else")
)

// Invalid says which field broke which rule; the edge turns it into words.
type Invalid struct{ Field, Rule string }

func (i Invalid) Error() string { return fmt.Sprintf("kb: %s is %s", i.Field, i.Rule) }

// ID names an article; a UUIDv7.
type ID string

// Audience says who may read an article.
type Audience string

// Staff readers see both kinds, everybody else only Public.
const (
	Public Audience = "public"
	Staff  Audience = "staff"
)

// State is where a version stands between writing and being replaced.
type State string

// A version is a draft, then the published one of its language, then superseded.
const (
	Draft      State = "draft"
	Published  State = "published"
	Superseded State = "superseded"
)

// Base is the language every article has and every other falls back to.
const Base = "ind"

// Article is what one thing is explained in, whatever the language.
type Article struct {
	bun.BaseModel `bun:"table:articles,alias:a"`

	ID         ID          `bun:"id,pk"`
	Slug       string      `bun:"slug"`
	Intent     intent.Code `bun:"intent"`
	Audience   Audience    `bun:"audience"`
	CreatedAt  time.Time   `bun:"created_at"`
	ArchivedAt *time.Time  `bun:"archived_at"`

	// Versions are the published one and the draft of each language, when loaded.
	Versions []Version `bun:"-"`
}

// Version is the text of an article in one language. Answer is what the bot
// says and what a list shows: plain text, at most AnswerRunes. Body is Markdown.
type Version struct {
	bun.BaseModel `bun:"table:article_versions,alias:v"`

	ID          string     `bun:"id,pk"`
	ArticleID   ID         `bun:"article_id"`
	Language    string     `bun:"language"`
	Number      int        `bun:"number"`
	Title       string     `bun:"title"`
	Answer      string     `bun:"answer"`
	Body        string     `bun:"body"`
	State       State      `bun:"state"`
	Author      string     `bun:"author"`
	CreatedAt   time.Time  `bun:"created_at"`
	PublishedAt *time.Time `bun:"published_at"`
}

// Limits of a text. AnswerRunes leaves room for a greeting and an offer inside
// one WhatsApp message of 1,024 characters with a picture.
const (
	TitleRunes  = 120
	AnswerRunes = 600
	BodyRunes   = 20_000
)

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func newID() string { return uuid.Must(uuid.NewV7()).String() }

func (a Article) check() error {
	switch {
	case !slugForm.MatchString(a.Slug):
		return Invalid{"slug", "malformed"}
	case a.Intent != "" && !intent.Valid(a.Intent):
		return Invalid{"intent", "unknown"}
	case a.Audience != Public && a.Audience != Staff:
		return Invalid{"audience", "unknown"}
	}
	return nil
}

func (v Version) check() error {
	fields := []struct {
		name, text string
		most       int
	}{
		{"title", v.Title, TitleRunes}, {"answer", v.Answer, AnswerRunes}, {"body", v.Body, BodyRunes},
	}
	for _, field := range fields {
		if strings.TrimSpace(field.text) == "" {
			return Invalid{field.name, "required"}
		}
		if utf8.RuneCountInString(field.text) > field.most {
			return Invalid{field.name, "too_long"}
		}
	}
	if len(v.Language) != 3 {
		return Invalid{"language", "unknown"}
	}
	return nil
}
