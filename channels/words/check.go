package words

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// Keys lists the keys of a language, sorted; none for one that was not loaded.
func (c *Catalogue) Keys(lang string) []string {
	t := c.languages[lang]
	if t == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(t.messages))
}

// Missing lists the keys of Base that the language lacks and so says in
// Indonesian.
func (c *Catalogue) Missing(lang string) []string {
	var missing []string
	for _, key := range c.Keys(Base) {
		if t := c.languages[lang]; t == nil || t.messages[key] == nil {
			missing = append(missing, key)
		}
	}
	return missing
}

// Problems is what a test of a catalogue wants empty: keys that Base does not
// know, placeholders that differ from those of Base, and empty sentences.
func (c *Catalogue) Problems() []string {
	var problems []string
	for _, lang := range c.Languages() {
		for _, key := range c.Keys(lang) {
			message := c.languages[lang].messages[key]
			base := c.languages[Base].messages[key]
			switch {
			case base == nil:
				problems = append(problems, fmt.Sprintf("%s: %s is not in %s", lang, key, Base))
			case strings.TrimSpace(message.Other) == "":
				problems = append(problems, fmt.Sprintf("%s: %s is empty", lang, key))
			default:
				problems = append(problems, c.compare(lang, key, message, base)...)
			}
		}
	}
	return problems
}

func (c *Catalogue) compare(lang, key string, message, base *i18n.Message) []string {
	want := placeholders(base.Other)
	var problems []string
	for form, text := range map[string]string{"one": message.One, "other": message.Other} {
		if text == "" {
			continue
		}
		// A sentence about one thing need not repeat the number.
		got := placeholders(text)
		missing := slices.DeleteFunc(slices.Clone(want), func(name string) bool {
			return slices.Contains(got, name) || (form == "one" && name == "Count")
		})
		extra := slices.DeleteFunc(got, func(name string) bool { return slices.Contains(want, name) })
		if len(missing)+len(extra) > 0 {
			problems = append(problems, fmt.Sprintf("%s: %s: placeholders missing %v, unknown %v", lang, key, missing, extra))
		}
	}
	return problems
}

// Placeholders lists the parameters that a key takes in Base, sorted.
func (c *Catalogue) Placeholders(key string) []string {
	t := c.languages[Base]
	if t == nil || t.messages[key] == nil {
		return nil
	}
	return placeholders(t.messages[key].Other)
}

// field is a parameter inside a template's braces.
var field = regexp.MustCompile(`\.([A-Z][A-Za-z0-9]*)`)

func placeholders(text string) []string {
	found := map[string]bool{}
	for _, match := range field.FindAllStringSubmatch(actions(text), -1) {
		found[match[1]] = true
	}
	return slices.Sorted(maps.Keys(found))
}

// actions keeps only what stands between the braces of a template.
func actions(text string) string {
	var b strings.Builder
	for _, part := range strings.Split(text, "{{")[1:] {
		inside, _, _ := strings.Cut(part, "}}")
		b.WriteString(inside + " ")
	}
	return b.String()
}
