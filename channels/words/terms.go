package words

import (
	"slices"
	"strings"
	"unicode"
)

// Terms are the words to look for in what somebody typed: lower case, each once,
// at most most of them, none shorter than three bytes. They hold letters and
// digits only, so that they cannot speak a query's own language.
func Terms(typed string, most int) []string {
	var terms []string
	for _, word := range strings.FieldsFunc(strings.ToLower(typed), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if len(word) < 3 || slices.Contains(terms, word) {
			continue
		}
		if len(terms) == most {
			break
		}
		terms = append(terms, word)
	}
	return terms
}
