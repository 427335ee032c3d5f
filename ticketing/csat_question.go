package ticketing

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/channels/words"
	"sapa/program/access"
	"sapa/ticketing/team"
)

// CSATQuestion is the question about satisfaction as it was written at a version:
// a sentence a language, and the inboxes in which nobody is asked.
type CSATQuestion struct {
	bun.BaseModel `bun:"table:csat_questions,alias:o" json:"-"`

	Version int64              `bun:"version,pk" json:"-"`
	Texts   map[string]string  `bun:"texts,type:jsonb" json:"texts"`
	Off     []channels.InboxID `bun:"off,array,type:uuid[]" json:"off"`
	FromAt  time.Time          `bun:"from_at" json:"-"`
}

// In is the question in a language, in Indonesian where it was not written in it.
func (q CSATQuestion) In(language string) string {
	if text := q.Texts[language]; text != "" {
		return text
	}
	return q.Texts["ind"]
}

// mostQuestion is how long a question may be, in characters: with its scale it
// must fit into two short messages. Ours.
const mostQuestion = 200

func (q *CSATQuestion) check() error {
	for language, text := range q.Texts {
		text = strings.TrimSpace(channels.CleanText(text))
		if text == "" {
			delete(q.Texts, language)
			continue
		}
		q.Texts[language] = text
		if !words.Known(language) {
			return &Invalid{Field: language, Rule: "unknown"}
		}
		if len([]rune(text)) > mostQuestion {
			return &Invalid{Field: language, Rule: "too_long"}
		}
	}
	for _, needed := range []string{"ind", "eng"} {
		if q.Texts[needed] == "" {
			return &Invalid{Field: needed, Rule: "required"}
		}
	}
	return nil
}

// CSATQuestionNow is the question as it is asked now.
func CSATQuestionNow(ctx context.Context, db bun.IDB) (CSATQuestion, error) {
	var q CSATQuestion
	if err := db.NewSelect().Model(&q).OrderExpr("o.version DESC").Limit(1).Scan(ctx); err != nil {
		return q, fmt.Errorf("read csat question: %w", err)
	}
	return q, nil
}

// CSATAsked is a version of the question with how it was answered lately: Good
// counts the scores 4 and 5.
type CSATAsked struct {
	CSATQuestion
	Asked, Answered, Good int
}

// csatRecent is over how long answers are counted beside a question; the reports
// have the rest.
const csatRecent = 30 * 24 * time.Hour

// CSATQuestions lists the newest versions of the question, each with the answers
// to what was asked since recently.
func CSATQuestions(ctx context.Context, db bun.IDB, now time.Time) ([]CSATAsked, error) {
	var list []CSATAsked
	err := db.NewSelect().TableExpr("csat_questions AS o").ColumnExpr("o.*").
		ColumnExpr("coalesce(s.asked, 0) AS asked, coalesce(s.answered, 0) AS answered, coalesce(s.good, 0) AS good").
		Join(`LEFT JOIN (SELECT question, count(*) AS asked, count(score) AS answered, count(*) FILTER (WHERE score >= 4) AS good
			FROM csat WHERE asked_at >= ? GROUP BY question) AS s ON s.question = o.version`, now.Add(-csatRecent)).
		OrderExpr("o.version DESC").Limit(20).Scan(ctx, &list)
	if err != nil {
		return nil, fmt.Errorf("list csat questions: %w", err)
	}
	return list, nil
}

// SaveCSATQuestion writes the question anew, as somebody read it at q.Version: from
// now on the new one is asked, and answers to the old one stay answers to the old
// one. Errors: ErrForbidden, ErrStale, Invalid.
func (d *Desk) SaveCSATQuestion(ctx context.Context, actor access.Actor, q CSATQuestion) error {
	s := setting{"csat", "question", func(ctx context.Context, db bun.IDB) (any, error) { return CSATQuestionNow(ctx, db) }}
	return d.changeSetting(ctx, actor, s, "change", func(ctx context.Context, w *work) error {
		if err := q.check(); err != nil {
			return err
		}
		q.Version, q.FromAt = q.Version+1, w.at
		if q.Off == nil {
			q.Off = []channels.InboxID{}
		}
		result, err := w.NewInsert().Model(&q).On("CONFLICT DO NOTHING").Exec(ctx)
		if err != nil {
			return fmt.Errorf("save csat question: %w", err)
		}
		now, err := CSATQuestionNow(ctx, w)
		if n, _ := result.RowsAffected(); n == 0 || now.Version != q.Version {
			return ErrStale
		}
		return err
	})
}

// csatQuestion is what a conversation is asked now; off says that its inbox asks nobody.
func (w *work) csatQuestion(ctx context.Context, c *Conversation) (q CSATQuestion, off bool, err error) {
	q, err = CSATQuestionNow(ctx, w)
	return q, slices.Contains(q.Off, c.InboxID), err
}

// sendQuestion remembers that a question was asked and sends it into a thread.
func (w *work) sendQuestion(ctx context.Context, thread *Conversation, row CSAT, q CSATQuestion, more ...channels.Button) error {
	row.ID, row.AskedAt, row.Question = team.NewID(), w.at, q.Version
	if _, err := w.NewInsert().Model(&row).Exec(ctx); err != nil {
		return fmt.Errorf("ask csat: %w", err)
	}
	return w.notify(ctx, thread, channels.PurposeCSAT, Notice{Key: "notice.csat.question",
		Params: map[string]any{"Question": q.In(thread.Language)}, Buttons: append(CSATButtons(), more...)})
}
