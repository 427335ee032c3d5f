package channels

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/uptrace/bun"
)

// TemplateID names a template of ours; Ref is the provider's name for it.
type TemplateID string

// Template is a message that WhatsApp has approved and that may be sent when the
// window is closed. Its text is fixed but for the places {{1}}, {{2}} ...
type Template struct {
	bun.BaseModel `bun:"table:message_templates,alias:t"`

	ID       TemplateID `bun:"id,pk,type:uuid"`
	Name     string     `bun:"name"`
	Language string     `bun:"language"`
	Category string     `bun:"category"` // utility, marketing
	Ref      string     `bun:"provider_ref"`
	Body     string     `bun:"body"`
	Status   string     `bun:"status"` // TemplateActive or TemplateClosed
	Version  int64      `bun:"version"`
}

// Values of Template.Status.
const (
	TemplateActive = "active"
	TemplateClosed = "closed"
)

// WhatsApp's own bounds: a body has at most 1,024 characters; more than nine places
// have never passed its review.
const (
	templateRunes  = 1024
	templatePlaces = 9
)

// valueRunes keeps a value to what belongs into a place: no letter within a letter.
const valueRunes = 200

var (
	templatePlace = regexp.MustCompile(`\{\{([0-9]+)\}\}`)
	contentRef    = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
)

// Places is how many values the text wants: the highest number in it.
func (t Template) Places() int {
	most := 0
	for _, found := range templatePlace.FindAllStringSubmatch(t.Body, -1) {
		if n, err := strconv.Atoi(found[1]); err == nil {
			most = max(most, n)
		}
	}
	return most
}

// Fill puts the values into their places and returns the text, for the thread, and
// the variables as the provider wants them. Error: *Invalid for a value that is
// missing, too long or of several lines, which WhatsApp refuses.
func (t Template) Fill(values []string) (string, map[string]any, error) {
	if len(values) != t.Places() {
		return "", nil, &Invalid{Field: "values", Rule: "required"}
	}
	variables := make(map[string]any, len(values))
	for i, value := range values {
		value = strings.TrimSpace(value)
		if value == "" || utf8.RuneCountInString(value) > valueRunes || strings.ContainsAny(value, "\n\r\t") {
			return "", nil, &Invalid{Field: "values", Rule: "template_value"}
		}
		variables[strconv.Itoa(i+1)] = value
	}
	text := templatePlace.ReplaceAllStringFunc(t.Body, func(place string) string {
		return fmt.Sprint(variables[strings.Trim(place, "{}")])
	})
	return text, variables, nil
}

func (t Template) check() error {
	for n := 1; n <= t.Places() && n <= templatePlaces; n++ {
		if !strings.Contains(t.Body, fmt.Sprintf("{{%d}}", n)) {
			return &Invalid{Field: "body", Rule: "template_places"}
		}
	}
	for _, rule := range []struct {
		broken      bool
		field, rule string
	}{
		{strings.TrimSpace(t.Name) == "" || utf8.RuneCountInString(t.Name) > 80, "name", "required"},
		{len(t.Language) != 3, "language", "unknown"},
		{t.Category != "utility" && t.Category != "marketing", "category", "unknown"},
		{!contentRef.MatchString(t.Ref), "ref", "malformed"},
		{strings.TrimSpace(t.Body) == "", "body", "required"},
		{utf8.RuneCountInString(t.Body) > templateRunes, "body", "too_long"},
		{t.Places() > templatePlaces, "body", "template_places"},
		{t.Status != TemplateActive && t.Status != TemplateClosed, "status", "unknown"},
	} {
		if rule.broken {
			return &Invalid{Field: rule.field, Rule: rule.rule}
		}
	}
	return nil
}

// Templates lists all, those in use first.
func Templates(ctx context.Context, db bun.IDB) ([]Template, error) {
	var list []Template
	if err := db.NewSelect().Model(&list).Order("t.status", "t.name", "t.language").Scan(ctx); err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	return list, nil
}

// TemplateByID reads one. Error: ErrNotFound.
func TemplateByID(ctx context.Context, db bun.IDB, id TemplateID) (Template, error) {
	var t Template
	err := db.NewSelect().Model(&t).Where("t.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return t, fmt.Errorf("template %s: %w", id, ErrNotFound)
	}
	if err != nil {
		return t, fmt.Errorf("read template: %w", err)
	}
	return t, nil
}

// CreateTemplate stores a new one. Error: *Invalid.
func CreateTemplate(ctx context.Context, db bun.IDB, t Template) error {
	t.Status, t.Version = TemplateActive, 1
	if err := t.check(); err != nil {
		return err
	}
	_, err := db.NewInsert().Model(&t).Exec(ctx)
	return storedTemplate(err)
}

// SaveTemplate changes, closes or reopens one as it stood at t.Version. Errors:
// ErrStale, *Invalid.
func SaveTemplate(ctx context.Context, db bun.IDB, t Template) error {
	if err := t.check(); err != nil {
		return err
	}
	result, err := db.NewRaw(`UPDATE message_templates SET name = ?, language = ?, category = ?, provider_ref = ?, body = ?, status = ?,
		version = version + 1 WHERE id = ? AND version = ?`,
		t.Name, t.Language, t.Category, t.Ref, t.Body, t.Status, t.ID, t.Version).Exec(ctx)
	if err != nil {
		return storedTemplate(err)
	}
	if n, _ := result.RowsAffected(); n == 0 {
		return fmt.Errorf("template %s: %w", t.ID, ErrStale)
	}
	return nil
}

func storedTemplate(err error) error {
	if fault := (*pgconn.PgError)(nil); errors.As(err, &fault) && fault.Code == "23505" {
		return &Invalid{Field: "name", Rule: "taken"}
	}
	if err != nil {
		return fmt.Errorf("store template: %w", err)
	}
	return nil
}
