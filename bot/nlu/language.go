package nlu

import (
	"math"
	"slices"
)

// languageBits is the size, as a power of two, of the language model's table.
const languageBits = 17

// defaultLanguage is assumed when nothing speaks for another.
const defaultLanguage = "ind"

// How likely a message's language is before reading it. Most citizens write
// Indonesian whatever their mother tongue; a conversation seldom changes its
// language, and if so to Indonesian.
const (
	firstIndonesian = 0.6  // no conversation yet: Indonesian
	sameLanguage    = 0.7  // the conversation's language so far
	backIndonesian  = 0.15 // Indonesian, in a conversation in another language
)

// languageFeatures lists what the language model looks at: letters, words and
// pairs of words as they were typed.
func languageFeatures(words []string) []feature {
	b := &bag{bits: languageBits, found: make([]feature, 0, 40*len(words))}
	last := "_"
	for _, word := range words {
		if !speaks(word) {
			continue
		}
		b.add(kindWord, word)
		b.add(kindNext, last, word)
		b.grams(kindGram, word, 1, 5)
		last = word
	}
	return b.found
}

// speaks is false for numbers and placeholders, which are the same everywhere.
func speaks(word string) bool {
	return word[0] != '<' && !hasDigit(word)
}

// DetectLanguage says in which language a text is written and how sure that
// is. prior is the language of the conversation so far, or "". Text without
// words gives the prior (or Indonesian) with confidence 0.
func (m *Model) DetectLanguage(text, prior string) (code string, confidence float64) {
	return m.detect(scan(text), prior)
}

func (m *Model) detect(words []string, prior string) (string, float64) {
	telling := 0
	for _, word := range words {
		if speaks(word) {
			telling++
		}
	}
	if telling == 0 {
		if slices.Contains(m.language.classes, prior) {
			return prior, 0
		}
		return defaultLanguage, 0
	}
	scores := m.language.calibrated(languageFeatures(words), telling)
	for i, code := range m.language.classes {
		scores[i] += math.Log(priorOf(code, prior, len(m.language.classes)))
	}
	top := best(m.language.classes, softmax(scores), 1)[0]
	return top.Intent, top.Confidence
}

// priorOf is the probability of a language before the message is read.
func priorOf(code, prior string, n int) float64 {
	rest := float64(n - 1)
	switch {
	case prior == "" || prior == defaultLanguage || !slices.Contains(languages(), prior):
		if code == defaultLanguage {
			return firstIndonesian
		}
		return (1 - firstIndonesian) / rest
	case code == prior:
		return sameLanguage
	case code == defaultLanguage:
		return backIndonesian
	}
	return (1 - sameLanguage - backIndonesian) / (rest - 1)
}
