// Package words says sentences in the language of the person who reads them.
// A catalogue is a folder with one go-i18n file per language, named by its ISO
// 639-3 code (ind.toml, eng.toml, jav.json), with keys room.thing.meaning.
package words

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"text/template"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	i18ntemplate "github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"
)

// Base is the language every catalogue is complete in and every other language
// falls back to.
const Base = "ind"

// ErrUnknownKey means that not even Base has the key.
var ErrUnknownKey = errors.New("words: unknown key")

// Catalogue holds the sentences of one or more folders. It does not change
// after loading and is safe for concurrent use.
type Catalogue struct {
	languages map[string]*tongue
}

// tongue is one language: go-i18n's bundle to render, and the raw messages for
// the checks.
type tongue struct {
	bundle    *i18n.Bundle
	localizer *i18n.Localizer
	tag       language.Tag
	messages  map[string]*i18n.Message
}

// Load reads every <language>.toml and <language>.json of dir. It fails when a
// file is broken, when a key occurs twice, or when Base is not among them.
func Load(files fs.FS, dir string) (*Catalogue, error) {
	entries, err := fs.ReadDir(files, dir)
	if err != nil {
		return nil, fmt.Errorf("words: %w", err)
	}
	c := &Catalogue{languages: map[string]*tongue{}}
	for _, entry := range entries {
		format := path.Ext(entry.Name())
		if entry.IsDir() || (format != ".toml" && format != ".json") {
			continue
		}
		body, err := fs.ReadFile(files, path.Join(dir, entry.Name()))
		if err != nil {
			return nil, fmt.Errorf("words: %w", err)
		}
		if err := c.add(strings.TrimSuffix(entry.Name(), format), format, body); err != nil {
			return nil, fmt.Errorf("words: %s: %w", path.Join(dir, entry.Name()), err)
		}
	}
	if c.languages[Base] == nil {
		return nil, fmt.Errorf("words: %s has no %s.toml", dir, Base)
	}
	return c, nil
}

// Join makes one catalogue of several; a key in two of them is an error.
func Join(catalogues ...*Catalogue) (*Catalogue, error) {
	joined := &Catalogue{languages: map[string]*tongue{}}
	for _, c := range catalogues {
		for _, lang := range c.Languages() {
			messages := slices.Collect(maps.Values(c.languages[lang].messages))
			if err := joined.put(lang, messages); err != nil {
				return nil, fmt.Errorf("words: join %s: %w", lang, err)
			}
		}
	}
	return joined, nil
}

func (c *Catalogue) add(lang, format string, body []byte) error {
	unmarshal := toml.Unmarshal
	if format == ".json" {
		unmarshal = json.Unmarshal
	}
	messages, err := i18n.ParseMessageBytes(body, unmarshal)
	if err != nil {
		return err
	}
	return c.put(lang, messages)
}

func (c *Catalogue) put(lang string, messages []*i18n.Message) error {
	t := c.languages[lang]
	if t == nil {
		t = newTongue(lang)
		c.languages[lang] = t
	}
	for _, message := range messages {
		if t.messages[message.ID] != nil {
			return fmt.Errorf("key %s occurs twice", message.ID)
		}
		t.messages[message.ID] = message
	}
	return t.bundle.AddMessages(t.tag, messages...)
}

// newTongue gives each language a bundle of its own under a tag go-i18n has a
// plural rule for: it has none for eight of our twelve languages. Like
// Indonesian they do not inflect for number; English does.
func newTongue(lang string) *tongue {
	tag := language.Indonesian
	if lang == "eng" {
		tag = language.English
	}
	bundle := i18n.NewBundle(tag)
	return &tongue{
		bundle:    bundle,
		localizer: i18n.NewLocalizer(bundle, tag.String()),
		tag:       tag,
		messages:  map[string]*i18n.Message{},
	}
}

// Has tells whether the key can be said at all, that is, whether Base has it.
func (c *Catalogue) Has(key string) bool {
	t := c.languages[Base]
	return t != nil && t.messages[key] != nil
}

// Render says key in the language, or in Base where the language lacks it. A
// parameter "Count" also chooses the plural form. It fails with ErrUnknownKey,
// or when the sentence needs a parameter that params does not hold.
func (c *Catalogue) Render(lang, key string, params map[string]any) (string, error) {
	t := c.languages[lang]
	if t == nil || t.messages[key] == nil {
		t = c.languages[Base]
	}
	if t == nil || t.messages[key] == nil {
		return "", fmt.Errorf("%w %q", ErrUnknownKey, key)
	}
	if params == nil {
		params = map[string]any{}
	}
	text, err := t.localizer.Localize(&i18n.LocalizeConfig{
		MessageID:      key,
		TemplateData:   params,
		PluralCount:    params["Count"],
		TemplateParser: &i18ntemplate.TextParser{Option: "missingkey=error"},
	})
	if err != nil {
		return "", fmt.Errorf("words: %s in %s: %w", key, lang, plain(err))
	}
	return text, nil
}

// plain drops the template engine's position, which says nothing to our reader.
func plain(err error) error {
	var exec template.ExecError
	if errors.As(err, &exec) {
		return exec.Err
	}
	return err
}

// Say is Render for screens: what cannot be said shows as its key, which no
// reader mistakes for a sentence and every test finds.
func (c *Catalogue) Say(lang, key string, params map[string]any) string {
	text, err := c.Render(lang, key, params)
	if err != nil {
		return key
	}
	return text
}

// Languages lists what was loaded, sorted.
func (c *Catalogue) Languages() []string {
	return slices.Sorted(maps.Keys(c.languages))
}
