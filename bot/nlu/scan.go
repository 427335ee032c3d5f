package nlu

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxRunes bounds the work on one message; a citizen's longest stories stay
// well below it, pasted documents do not.
const maxRunes = 4000

// scan cuts a message into lower-case words. Accents fall away, letters
// repeated for emphasis are cut back, numbers and addresses are replaced by
// what they are (<nik16>, <phone>, <money>, ...), emoji by what they mean.
func scan(text string) []string {
	var words []string
	for _, field := range strings.Fields(fold(text)) {
		words = appendField(words, field)
	}
	return joinMoney(words)
}

// fold lower-cases, undoes compatibility forms (full-width letters, styled
// alphabets), drops accents and invisible characters, and unifies quotes.
func fold(text string) string {
	var out strings.Builder
	out.Grow(len(text))
	left := maxRunes
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(text, " ")) {
		if left--; left < 0 {
			break
		}
		switch {
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
		case r == '’' || r == '‘' || r == '`' || r == '´' || r == 'ʼ':
			out.WriteByte('\'')
		case unicode.IsControl(r):
			out.WriteByte(' ')
		default:
			out.WriteRune(unicode.ToLower(r))
		}
	}
	return out.String()
}

func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\'' || r == '-'
}

// appendField cuts what stands between two spaces into words.
func appendField(words []string, field string) []string {
	if kind := wholeField(field); kind != "" {
		return append(words, kind)
	}
	start := -1
	for i, r := range field {
		if isWordRune(r) || ((r == '.' || r == ',' || r == '+') && betweenDigits(field, i)) {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			words = appendWord(words, field[start:i])
			start = -1
		}
		if sign := signOf(r); sign != "" && (len(words) == 0 || words[len(words)-1] != sign) {
			words = append(words, sign)
		}
	}
	if start >= 0 {
		words = appendWord(words, field[start:])
	}
	return words
}

// betweenDigits reports whether a digit follows position i (a plus sign) or
// stands on both sides of it (a decimal or thousands sign).
func betweenDigits(s string, i int) bool {
	after := i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9'
	if s[i] == '+' {
		return after
	}
	return after && i > 0 && s[i-1] >= '0' && s[i-1] <= '9'
}

// wholeField recognises addresses and the placeholders used in phrase files.
func wholeField(field string) string {
	bare := strings.Trim(field, "\"'.,!?()[]:;")
	switch {
	case strings.HasPrefix(bare, "<") && strings.HasSuffix(bare, ">") && len(bare) > 2:
		return bare
	case strings.Contains(bare, "://"), strings.HasPrefix(bare, "www."):
		return "<url>"
	case strings.Count(bare, "@") == 1 && strings.Contains(bare[strings.Index(bare, "@"):], "."):
		return "<email>"
	}
	return ""
}

// signOf names what an emoji or a bare question mark says; "" for the rest.
func signOf(r rune) string {
	switch r {
	case '?':
		return "<ask>"
	case '👍', '🙏', '👌', '✅', '🤝', '💯':
		return "<ok>"
	case '😭', '😢', '😞', '😔', '🥺', '😥', '😩', '😫':
		return "<sad>"
	case '😡', '😠', '🤬', '👎', '😤', '🖕':
		return "<angry>"
	case '😂', '🤣', '😆', '😹':
		return "<laugh>"
	case '❤', '😍', '😘', '🥰', '😊', '😁', '☺', '🤩':
		return "<love>"
	case '👋', '🖐':
		return "<wave>"
	}
	if unicode.Is(unicode.So, r) {
		return "<emoji>"
	}
	return ""
}

// appendWord cleans one run of word characters and splits what people write
// together: doubled words (teman-teman, teman2), numbers with a unit (600rb).
func appendWord(words []string, word string) []string {
	word = strings.Trim(word, "-'")
	if word == "" {
		return words
	}
	if kind := numberKind(word); kind != "" && !strings.HasPrefix(word, "rp") {
		return append(words, kind)
	}
	if head, tail, found := strings.Cut(word, "-"); found {
		if head == tail {
			return appendWord(words, head)
		}
		if len(head) > 1 && len(tail) > 1 && head != "e" {
			return appendWord(appendWord(words, head), tail)
		}
	}
	if amount, found := strings.CutPrefix(word, "rp"); found && amount != "" && leadingDigits(amount) == len(amount) {
		return appendWord(append(words, "rp"), amount)
	}
	if digits := leadingDigits(word); digits > 0 && digits < len(word) {
		words = appendWord(words, word[:digits])
		return appendWord(words, word[digits:])
	}
	if bare := strings.TrimSuffix(word, "2"); len(bare) > 2 && len(bare) < len(word) && !hasDigit(bare) {
		word = bare
	}
	return append(words, squeeze(word))
}

func leadingDigits(word string) int {
	for i := range len(word) {
		if c := word[i]; (c < '0' || c > '9') && c != '.' && c != ',' {
			return i
		}
	}
	return len(word)
}

func hasDigit(word string) bool {
	return strings.ContainsAny(word, "0123456789")
}

// squeeze cuts letters repeated three times or more, and any doubled at the
// end of a word, back to one: bangettt, banget; iyaa, iya.
func squeeze(word string) string {
	runes := []rune(word)
	out := runes[:0:len(runes)]
	for i := 0; i < len(runes); {
		j := i
		for j < len(runes) && runes[j] == runes[i] {
			j++
		}
		run := j - i
		if run > 2 || (run == 2 && j == len(runes) && j > 2) {
			run = 1
		}
		for range run {
			out = append(out, runes[i])
		}
		i = j
	}
	return string(out)
}
