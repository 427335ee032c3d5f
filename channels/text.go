package channels

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// CleanText makes inbound text fit for the database and for screens: valid
// UTF-8, NFC, line ends as \n, without NUL, control and direction-override
// characters, trimmed. Joiners stay, since emoji are built with them.
func CleanText(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), isDirection(r), r == '\uFEFF':
			return -1
		}
		return r
	}, text)
	return strings.TrimSpace(norm.NFC.String(text))
}

// isDirection: characters that reorder what a reader sees.
func isDirection(r rune) bool {
	return (r >= '\u202A' && r <= '\u202E') || (r >= '\u2066' && r <= '\u2069') || r == '\u200E' || r == '\u200F'
}

// WithChoices writes quick replies as numbered lines below the text, for
// channels without buttons. MatchChoice reads the answer.
func WithChoices(text string, buttons []Button) string {
	var b strings.Builder
	b.WriteString(text)
	for i, button := range buttons {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%d. %s", i+1, button.Label)
	}
	return b.String()
}

// MatchChoice finds the button that a typed answer means: its number ("2",
// "2."), or its label in any letter case. It is false for everything else.
func MatchChoice(answer string, buttons []Button) (Button, bool) {
	answer = strings.Trim(strings.TrimSpace(answer), ".)( ")
	for i, button := range buttons {
		if answer == fmt.Sprint(i+1) || (answer != "" && strings.EqualFold(answer, button.Label)) {
			return button, true
		}
	}
	return Button{}, false
}
