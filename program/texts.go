package program

import (
	"embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"sapa/channels/words"
	"sapa/program/calendar"
)

//go:embed locale/*.toml
var localeFiles embed.FS

// Texts puts facts, diagnoses, notes and labels of the record into words.
// Indonesian and English are complete; Javanese and Sundanese hold what the bot
// says to citizens and fall back to Indonesian for the rest. It does not change
// and is safe for concurrent use.
type Texts struct{ words *words.Catalogue }

// NewTexts loads the embedded catalogue.
func NewTexts() (*Texts, error) {
	catalogue, err := words.Load(localeFiles, "locale")
	if err != nil {
		return nil, fmt.Errorf("program texts: %w", err)
	}
	return &Texts{words: catalogue}, nil
}

// Catalogue gives the bare sentences, for tests and for joining catalogues.
func (t *Texts) Catalogue() *words.Catalogue { return t.words }

// Say puts one key into words; see Params for how values are printed.
func (t *Texts) Say(language, key string, params Params) string {
	ready := map[string]any{}
	for name, value := range params {
		ready[name] = t.value(language, name, value)
	}
	return t.words.Say(language, key, ready)
}

// Note says a note, "" for an empty one.
func (t *Texts) Note(language string, n Note) string {
	if n.Key == "" {
		return ""
	}
	return t.Say(language, n.Key, n.Params)
}

// Fact says one thing the record tells.
func (t *Texts) Fact(language string, f Fact) string {
	return t.Say(language, "fact."+f.Code, f.Params)
}

// Diagnosis says in one sentence what is wrong, in words that fit both the
// citizen and the agent.
func (t *Texts) Diagnosis(language string, d Diagnosis) string {
	return t.Say(language, "diagnosis."+d.Code, d.Params)
}

// Advice tells the citizen the next step for a diagnosis.
func (t *Texts) Advice(language string, d Diagnosis) string {
	return t.Say(language, "advice."+d.Code, d.Params)
}

// Step is the name of a station of the journey.
func (t *Texts) Step(language, code string) string { return t.Say(language, "step."+code, nil) }

// RemedyLabel is the button's text; approvals and changes use it too.
func (t *Texts) RemedyLabel(language, code string) string {
	return t.Say(language, "remedy."+code+".label", nil)
}

// RemedyDescription tells what a remedy does.
func (t *Texts) RemedyDescription(language, code string) string {
	return t.Say(language, "remedy."+code+".description", nil)
}

// FieldLabel is the label of a form field or a before/after line.
func (t *Texts) FieldLabel(language, name string) string { return t.Say(language, "field."+name, nil) }

// FieldHelp is the line under a form field, "" where it needs none.
func (t *Texts) FieldHelp(language, name string) string {
	key := "field_help." + name
	if !t.words.Has(key) {
		return ""
	}
	return t.Say(language, key, nil)
}

// Rule says what is wrong with an input.
func (t *Texts) Rule(language, rule string) string { return t.Say(language, "rule."+rule, nil) }

// Option is the text of a select's option.
func (t *Texts) Option(language string, o Option) string {
	return fmt.Sprint(t.value(language, "", o.Label))
}

// Labelled is one line of a before/after view in words.
type Labelled struct{ Field, Label, Value string }

// Lines says a before/after view.
func (t *Texts) Lines(language string, lines []Line) []Labelled {
	list := make([]Labelled, len(lines))
	for i, l := range lines {
		list[i] = Labelled{Field: l.Field, Label: t.FieldLabel(language, l.Field), Value: fmt.Sprint(t.value(language, l.Field, l.Value))}
	}
	return list
}

// value prints one parameter by its name and shape; numbers that no name claims
// stay numbers.
func (t *Texts) value(language, name string, value any) any {
	switch v := value.(type) {
	case string:
		if key, isKey := strings.CutPrefix(v, "@"); isKey {
			return t.words.Say(language, key, map[string]any{})
		}
		if at, err := time.Parse(time.RFC3339Nano, v); err == nil && isTime(name) {
			return t.moment(language, name, at)
		}
		return v
	case time.Time:
		return t.moment(language, name, v)
	case nil:
		return ""
	}
	if number, isNumber := wholeNumber(value); isNumber && isMoney(name) {
		return Rupiah(language, number)
	}
	return value
}

func isMoney(name string) bool { return name == "amount" || name == "balance" || name == "price" }

func isTime(name string) bool {
	return name == "date" || name == "due" || name == "since" || name == "clock" || strings.HasSuffix(name, "_date")
}

func wholeNumber(value any) (int64, bool) {
	switch v := value.(type) {
	case int64:
		return v, true
	case int:
		return int64(v), true
	case float64:
		return int64(v), v == float64(int64(v))
	case json.Number:
		n, err := v.Int64()
		return n, err == nil
	}
	return 0, false
}

func (t *Texts) moment(language, name string, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	local := at.In(calendar.WIB.Location())
	day := fmt.Sprintf("%d %s %d", local.Day(), t.words.Say(language, "month."+strconv.Itoa(int(local.Month())), nil), local.Year())
	if name == "clock" {
		return day + ", " + local.Format("15.04") + " WIB"
	}
	return day
}

// Rupiah prints whole rupiah as people write them: Rp600.000, in English Rp600,000.
func Rupiah(language string, amount int64) string {
	separator := "."
	if language == "eng" {
		separator = ","
	}
	digits := strconv.FormatInt(max(amount, -amount), 10)
	var groups []string
	for len(digits) > 3 {
		groups = append([]string{digits[len(digits)-3:]}, groups...)
		digits = digits[:len(digits)-3]
	}
	text := "Rp" + strings.Join(append([]string{digits}, groups...), separator)
	if amount < 0 {
		return "-" + text
	}
	return text
}
