// Package wire holds the JSON shapes of the staff's API and of the console
// socket, and makes them of what the rooms return. The console's copy of these
// shapes is web/ui/src/lib/api/wire.ts.
//
// Lists are never null. Times are UTC, null is "not yet". What a person reads is
// said in their language by a Voice.
package wire

import (
	"time"

	"sapa/channels/words"
	"sapa/program"
	"sapa/program/access"
)

// Voice says things in the language of one reader.
type Voice struct {
	Language string
	// Words is the catalogue of package locale.
	Words *words.Catalogue
	// Texts says what the programme's record holds.
	Texts *program.Texts
}

// Say is a sentence of the desk.
func (v Voice) Say(key string, params map[string]any) string {
	return v.Words.Say(v.Language, key, params)
}

// Label is a sentence of the desk, or the code itself where there is none.
func (v Voice) Label(prefix, code string) string {
	if code == "" || !v.Words.Has(prefix+code) {
		return code
	}
	return v.Words.Say(v.Language, prefix+code, nil)
}

// Actor names who did something: staff by name, others by what they are.
func (v Voice) Actor(a access.Actor) string {
	if a.Kind == access.Staff && a.Name != "" {
		return a.Name
	}
	return v.Label("desk.actor.", string(a.Kind))
}

// Named is anything with an id that is shown by its name.
type Named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Option is a choice of a form.
type Option struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// Reason is a code with its label.
type Reason struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

// LabelValue is one line of a before/after view.
type LabelValue struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// Page is one page of a list; Next continues it and is null at its end.
type Page[T any] struct {
	Items []T     `json:"items" nullable:"false"`
	Next  *string `json:"next"`
}

// Items is a whole list.
type Items[T any] struct {
	Items []T `json:"items" nullable:"false"`
}

// ItemsOf makes a list of shapes.
func ItemsOf[A, B any](list []A, shape func(A) B) Items[B] { return Items[B]{Items: Each(list, shape)} }

// PageOf makes a page of shapes.
func PageOf[A, B any](list []A, next string, shape func(A) B) Page[B] {
	page := Page[B]{Items: Each(list, shape)}
	if next != "" {
		page.Next = &next
	}
	return page
}

// Each shapes every element; the result is never nil.
func Each[A, B any](list []A, shape func(A) B) []B {
	shaped := make([]B, len(list))
	for i, one := range list {
		shaped[i] = shape(one)
	}
	return shaped
}

// instant is a time for JSON: nil when it has not come.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	utc := t.UTC()
	return &utc
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	return instant(*t)
}

// texts is a list for JSON, never null.
func texts[T ~string](list []T) []string {
	return Each(list, func(one T) string { return string(one) })
}

// named is nil without an id.
func named(id, name string) *Named {
	if id == "" {
		return nil
	}
	return &Named{ID: id, Name: name}
}
