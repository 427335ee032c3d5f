package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// template is a message template as Twilio's Content API holds it.
type template struct {
	Sid       string                     `json:"sid"`
	Account   string                     `json:"account_sid"`
	Name      string                     `json:"friendly_name"`
	Language  string                     `json:"language"`
	Variables map[string]string          `json:"variables"`
	Types     map[string]json.RawMessage `json:"types"`
	Created   string                     `json:"date_created"`
	Updated   string                     `json:"date_updated"`
	URL       string                     `json:"url"`
	Links     map[string]string          `json:"links"`
}

// contents holds the templates; safe for concurrent use.
type contents struct {
	mu    sync.Mutex
	known map[string]template
}

// maxContents bounds the templates held.
const maxContents = 1000

func newContents() *contents { return &contents{known: map[string]template{}} }

func (s *contents) find(sid string) (template, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.known[sid]
	return t, ok
}

// vetContent checks the shape of ContentSid and ContentVariables. A template
// that was never made here is allowed: in the demo nobody registers them.
func (c *Carrier) vetContent(o order) *Problem {
	if o.contentSid == "" {
		return nil
	}
	if !isSid("HX", o.contentSid) {
		return problem(http.StatusBadRequest, 21655, "The ContentSid Parameter is Invalid")
	}
	if o.variables != "" && json.Unmarshal([]byte(o.variables), &map[string]any{}) != nil {
		return problem(http.StatusBadRequest, 21656, "The ContentVariables Parameter is invalid")
	}
	return nil
}

// face is the part of every template type that a phone shows.
type face struct {
	Body    string `json:"body"`
	Title   string `json:"title"`
	Actions []struct {
		Title string `json:"title"`
		ID    string `json:"id"`
		Type  string `json:"type"`
		URL   string `json:"url"`
	} `json:"actions"`
	Items []struct {
		Item string `json:"item"`
		ID   string `json:"id"`
	} `json:"items"`
}

// render gives the text and the buttons of a template as the phone shows
// them. Of an unknown template the values are shown in the order of names.
func (s *contents) render(sid, variables string) (string, []Button) {
	values := readVariables(variables)
	t, ok := s.find(sid)
	if !ok {
		return renderUnknown(values)
	}
	for name, value := range t.Variables {
		if _, given := values[name]; !given {
			values[name] = value
		}
	}
	var f face
	for _, kind := range slices.Sorted(maps.Keys(t.Types)) {
		if json.Unmarshal(t.Types[kind], &f); f.Body != "" || f.Title != "" {
			break
		}
	}
	if f.Body == "" {
		f.Body = f.Title
	}
	return fillIn(f.Body, values), f.buttons(values)
}

func (f face) buttons(values map[string]string) []Button {
	var buttons []Button
	for _, a := range f.Actions {
		if a.URL == "" {
			buttons = append(buttons, Button{Text: fillIn(a.Title, values), Payload: fillIn(a.ID, values)})
		}
	}
	for _, i := range f.Items {
		buttons = append(buttons, Button{Text: fillIn(i.Item, values), Payload: fillIn(i.ID, values)})
	}
	return buttons
}

func readVariables(variables string) map[string]string {
	raw, values := map[string]any{}, map[string]string{}
	json.Unmarshal([]byte(variables), &raw)
	for name, value := range raw {
		if text, ok := value.(string); ok {
			values[name] = text
		} else {
			values[name] = fmt.Sprint(value)
		}
	}
	return values
}

// renderUnknown shows values under names that begin with "button" as buttons
// and the others as lines, numbers before words.
func renderUnknown(values map[string]string) (string, []Button) {
	names := slices.SortedFunc(maps.Keys(values), func(a, b string) int {
		x, errX := strconv.Atoi(a)
		y, errY := strconv.Atoi(b)
		if errX == nil && errY == nil {
			return x - y
		}
		return strings.Compare(a, b)
	})
	var lines []string
	var buttons []Button
	for _, name := range names {
		if strings.HasPrefix(name, "button") {
			buttons = append(buttons, Button{Text: values[name], Payload: values[name]})
			continue
		}
		lines = append(lines, values[name])
	}
	return strings.Join(lines, "\n"), buttons
}

var placeholder = regexp.MustCompile(`\{\{\s*([0-9A-Za-z_]+)\s*\}\}`)

func fillIn(text string, values map[string]string) string {
	return placeholder.ReplaceAllStringFunc(text, func(mark string) string {
		if value, ok := values[placeholder.FindStringSubmatch(mark)[1]]; ok {
			return value
		}
		return mark
	})
}
