package nlu

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
)

// Example is one labelled message to measure the model on. More than one
// intent means that each of them is right.
type Example struct {
	Text, Language, Register string
	Intents                  []string
}

const exampleHeader = "text\tlanguage\tregister\tintent"

// ErrExamples means that a file of labelled messages is not of the form
// `text language register intent`, tab separated, with that header line.
var ErrExamples = errors.New("not a file of labelled messages")

// ReadExamples reads labelled messages; `a|b` in the intent column accepts
// either. Errors wrap [ErrExamples] and name the line.
func ReadExamples(from io.Reader) ([]Example, error) {
	var all []Example
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, 1<<20)
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSuffix(lines.Text(), "\r")
		if number == 1 && strings.TrimPrefix(line, "\ufeff") != exampleHeader {
			return nil, fmt.Errorf("%w: line 1 must be the header text, language, register, intent", ErrExamples)
		}
		if number == 1 || line == "" {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) != 4 {
			return nil, fmt.Errorf("%w: line %d has %d fields, want 4", ErrExamples, number, len(fields))
		}
		all = append(all, Example{fields[0], fields[1], fields[2], strings.Split(fields[3], "|")})
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%w: it holds no message", ErrExamples)
	}
	return all, nil
}

// Share is a part of a whole, as counts.
type Share struct{ Part, Whole int }

// Rate is the part divided by the whole, 0 when there is nothing.
func (s Share) Rate() float64 {
	if s.Whole == 0 {
		return 0
	}
	return float64(s.Part) / float64(s.Whole)
}

func (s *Share) count(hit bool) {
	s.Whole++
	if hit {
		s.Part++
	}
}

// LanguageScore is what was measured on the messages of one language.
type LanguageScore struct {
	Language               string
	Top1, Top3             Share // the right intent is first; among the first three
	Mistyped               Share // the right intent is first, after two blind typing errors
	Detected, FirstWords   Share // language right: whole text; its first five words
	DetectedWithPrior      Share // the same, told the language of the conversation
	MistypedLanguageIsKept Share // language right after the typing errors
}

// IntentScore is what was measured on one intent.
type IntentScore struct {
	Intent            string
	Precision, Recall Share
}

// F1 is the harmonic mean of precision and recall.
func (s IntentScore) F1() float64 {
	p, r := s.Precision.Rate(), s.Recall.Rate()
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}

// Confusion counts how often one intent was taken for another.
type Confusion struct {
	Want, Got string
	Count     int
}

// Report is the outcome of [Model.Evaluate].
type Report struct {
	Languages     []LanguageScore // as in the file, by first appearance
	Intents       []IntentScore   // by name
	Confusions    []Confusion     // commonest first
	MacroF1       float64
	RightAccepted Share // of right guesses within scope, those [Result.Sure] lets through
	WrongRefused  Share // of wrong guesses, those it holds back
	OutRefused    Share // of messages out of scope, those it holds back
}

// typoSeed fixes the typing errors that evaluation makes, two a message.
const (
	typoSeed       = 2026
	typosPerText   = 2
	firstWordCount = 5
)

// Evaluate measures the model on labelled messages. Typing errors are made
// blindly from a fixed seed, so the same file gives the same figures.
func (m *Model) Evaluate(examples []Example) Report {
	rng := rand.New(rand.NewPCG(typoSeed, 1))
	tally := newTally()
	for _, e := range examples {
		tally.add(m, e, mistype(rng, e.Text, typosPerText))
	}
	return tally.report()
}

// tally gathers counts while messages are classified.
type tally struct {
	order      []string
	languages  map[string]*LanguageScore
	intents    map[string]*IntentScore
	confusions map[Confusion]int
	counts     Report
}

func newTally() *tally {
	return &tally{languages: map[string]*LanguageScore{}, intents: map[string]*IntentScore{}, confusions: map[Confusion]int{}}
}

func (t *tally) language(code string) *LanguageScore {
	if t.languages[code] == nil {
		t.order = append(t.order, code)
		t.languages[code] = &LanguageScore{Language: code}
	}
	return t.languages[code]
}

func (t *tally) intent(name string) *IntentScore {
	if t.intents[name] == nil {
		t.intents[name] = &IntentScore{Intent: name}
	}
	return t.intents[name]
}

func (t *tally) add(m *Model, e Example, mistyped string) {
	result := m.Classify(e.Text, "")
	right := slices.Contains(e.Intents, result.Intent)
	score := t.language(e.Language)
	score.Top1.count(right)
	score.Top3.count(slices.ContainsFunc(result.Top, func(s Scored) bool { return slices.Contains(e.Intents, s.Intent) }))
	score.Detected.count(result.Language == e.Language)

	blurred := m.Classify(mistyped, "")
	score.Mistyped.count(slices.Contains(e.Intents, blurred.Intent))
	score.MistypedLanguageIsKept.count(blurred.Language == e.Language)

	words := strings.Fields(e.Text)
	first, _ := m.DetectLanguage(strings.Join(words[:min(len(words), firstWordCount)], " "), "")
	score.FirstWords.count(first == e.Language)
	told, _ := m.DetectLanguage(e.Text, e.Language)
	score.DetectedWithPrior.count(told == e.Language)

	t.judge(e, result, right)
}

// judge counts precision, recall, confusion and what the threshold does.
func (t *tally) judge(e Example, result Result, right bool) {
	want := e.Intents[0]
	if right {
		want = result.Intent
	}
	t.intent(want).Recall.count(right)
	t.intent(result.Intent).Precision.count(right)
	if !right {
		t.confusions[Confusion{Want: want, Got: result.Intent}]++
		t.counts.WrongRefused.count(!result.Sure())
	}
	if want == outOfScope {
		t.counts.OutRefused.count(!result.Sure())
	} else if right {
		t.counts.RightAccepted.count(result.Sure())
	}
}
