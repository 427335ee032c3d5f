package kb

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"sapa/program/intent"
)

// Macro is a canned reply. Text may hold {name}, {agent} and {ticket}, filled by
// Fill when an agent picks it.
type Macro struct {
	bun.BaseModel `bun:"table:macros,alias:m"`

	ID        string      `bun:"id,pk"`
	Shortcut  string      `bun:"shortcut"`
	Language  string      `bun:"language"`
	Title     string      `bun:"title"`
	Text      string      `bun:"text"`
	Intent    intent.Code `bun:"intent"`
	UpdatedAt time.Time   `bun:"updated_at"`
}

// Macros lists those of one language, else Indonesian, whose shortcut, title or
// text holds what was typed; those of the case's intent come first.
func Macros(ctx context.Context, db bun.IDB, typed, language string, code intent.Code) ([]Macro, error) {
	pattern := "%" + escapeLike(strings.ToLower(strings.TrimSpace(typed))) + "%"
	var macros []Macro
	err := db.NewRaw(`
SELECT * FROM (
  SELECT DISTINCT ON (shortcut) * FROM macros WHERE language IN (?, 'ind')
  ORDER BY shortcut, language = ? DESC
) m
WHERE shortcut LIKE ? OR lower(title) LIKE ? OR lower(text) LIKE ?
ORDER BY (intent <> '' AND intent = ?) DESC, shortcut LIMIT ?`,
		language, language, pattern, pattern, pattern, string(code), MostHits).Scan(ctx, &macros)
	if err != nil {
		return nil, fmt.Errorf("list macros: %w", err)
	}
	return macros, nil
}

func escapeLike(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// SaveMacro writes a macro by its shortcut and language.
func SaveMacro(ctx context.Context, db bun.IDB, macro Macro, now time.Time) error {
	if !slugForm.MatchString(macro.Shortcut) {
		return Invalid{"shortcut", "malformed"}
	}
	if strings.TrimSpace(macro.Text) == "" {
		return Invalid{"text", "required"}
	}
	macro.ID, macro.UpdatedAt = newID(), now
	_, err := db.NewInsert().Model(&macro).On("CONFLICT (shortcut, language) DO UPDATE").
		Set("title = EXCLUDED.title").Set("text = EXCLUDED.text").
		Set("intent = EXCLUDED.intent").Set("updated_at = EXCLUDED.updated_at").Exec(ctx)
	if err != nil {
		return fmt.Errorf("save macro %s: %w", macro.Shortcut, err)
	}
	return nil
}

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// Fill puts values into the places of a macro. A place without a value becomes
// "…", which an agent sees before sending and completes by hand.
func Fill(text string, values map[string]string) string {
	return placeholder.ReplaceAllStringFunc(text, func(place string) string {
		if value := values[strings.Trim(place, "{}")]; value != "" {
			return value
		}
		return "…"
	})
}
