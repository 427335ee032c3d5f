package kb

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"
)

// Source says where a judgement on an article was given.
type Source string

// A reader judges in the help pages, the citizen of a chat behind the bot's
// answer, staff beside a case.
const (
	FromReader Source = "reader"
	FromBot    Source = "bot"
	FromStaff  Source = "staff"
)

// Feedback is one judgement: did the article help?
type Feedback struct {
	bun.BaseModel `bun:"table:article_feedback,alias:f"`

	ID        string    `bun:"id,pk"`
	ArticleID ID        `bun:"article_id"`
	Language  string    `bun:"language"`
	Source    Source    `bun:"source"`
	Helpful   bool      `bun:"helpful"`
	Comment   string    `bun:"comment"`
	At        time.Time `bun:"at"`
}

// commentRunes bounds what a stranger may leave behind.
const commentRunes = 1000

// Judge stores a judgement.
func Judge(ctx context.Context, db bun.IDB, feedback Feedback) error {
	feedback.Comment = strings.TrimSpace(feedback.Comment)
	if utf8.RuneCountInString(feedback.Comment) > commentRunes {
		return Invalid{"comment", "too_long"}
	}
	feedback.ID = newID()
	if _, err := db.NewInsert().Model(&feedback).Exec(ctx); err != nil {
		return fmt.Errorf("judge article %s: %w", feedback.ArticleID, err)
	}
	return nil
}
