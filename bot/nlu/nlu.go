// Package nlu understands what a citizen types: in which language, and about
// which of the 49 matters of the programme (see package intent).
//
// It is pure Go, needs no network and no database, and carries its trained
// weights inside the binary. README.md says how it works and how to teach it.
package nlu

import "fmt"

// Threshold is the confidence under which the best guess of [Model.Classify]
// should not be acted upon without asking back. Chosen on training phrases
// left out in turn: there 95 % of the right guesses pass and nearly half of
// the wrong ones are held back (`sapa bot train` prints both).
const Threshold = 0.55

// outOfScope is the intent of everything the desk does not handle.
const outOfScope = "out_of_scope"

// Scored is one candidate intent with its probability, 0 to 1.
type Scored struct {
	Intent     string
	Confidence float64
}

// Result is what [Model.Classify] makes of one message. Text is the message
// as given, so it may hold personal data: never log it. Language is an
// ISO 639-3 code. Top holds the three likeliest intents, best first; Intent
// and Confidence repeat the first.
type Result struct {
	Text               string
	Language           string
	LanguageConfidence float64
	Intent             string
	Confidence         float64
	Top                []Scored
}

// Sure reports whether the best guess may be acted upon: it is at or above
// [Threshold] and not out of scope.
func (r Result) Sure() bool {
	return r.Confidence >= Threshold && r.Intent != outOfScope
}

// Model is a loaded classifier. It is read only and safe for concurrent use.
type Model struct {
	reader   *reader
	intents  *linear
	language *linear
}

// New loads the weights that the binary carries, in some tens of milliseconds.
// An error means that the committed weights are damaged or older than the
// words: `sapa bot train` makes new ones.
func New() (*Model, error) {
	read, err := newReader()
	if err != nil {
		return nil, fmt.Errorf("load words: %w", err)
	}
	language, err := loadWeights(languageFile)
	if err != nil {
		return nil, err
	}
	intents, err := loadWeights(intentFile)
	if err != nil {
		return nil, err
	}
	return &Model{reader: read, intents: intents, language: language}, nil
}

func loadWeights(name string) (*linear, error) {
	raw, err := weightFiles.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("load weights: %w", err)
	}
	model, err := decodeWeights(raw)
	if err != nil {
		return nil, fmt.Errorf("load weights %s: %w", name, err)
	}
	return model, nil
}

// Classify says what a message is about and in which language it is written.
// prior is the language of the conversation so far, or "" when nothing is
// known. Empty or wordless text is out of scope with confidence 0.
func (m *Model) Classify(text, prior string) Result {
	result := Result{Text: text}
	words := scan(text)
	result.Language, result.LanguageConfidence = m.detect(words, prior)
	if len(words) == 0 {
		result.Intent = outOfScope
		result.Top = []Scored{{Intent: outOfScope}}
		return result
	}
	scores := m.intents.probabilities(m.reader.intentFeatures(words), len(words))
	result.Top = best(m.intents.classes, scores, 3)
	result.Intent, result.Confidence = result.Top[0].Intent, result.Top[0].Confidence
	return result
}

// best picks the n highest of scores, best first.
func best(classes []string, scores []float64, n int) []Scored {
	top := make([]Scored, 0, n+1)
	for i, score := range scores {
		at := len(top)
		for at > 0 && top[at-1].Confidence < score {
			at--
		}
		if at == n {
			continue
		}
		top = append(top, Scored{})
		copy(top[at+1:], top[at:])
		top[at] = Scored{Intent: classes[i], Confidence: score}
		top = top[:min(len(top), n)]
	}
	return top
}
