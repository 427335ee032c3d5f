package channels

import (
	"strings"
	"unicode"
)

// MaskPhone keeps country, prefix and the last three digits:
// +6282012345678 -> +62820*****678. What is too short to hide in is hidden whole.
func MaskPhone(e164 string) string {
	const front, back = 6, 3
	runes := []rune(e164)
	if len(runes) < front+back+2 {
		return strings.Repeat("*", len(runes))
	}
	return string(runes[:front]) + strings.Repeat("*", len(runes)-front-back) + string(runes[len(runes)-back:])
}

// MaskEmail keeps the first letter and the domain: siti@contoh.id -> s***@contoh.id.
// The number of stars tells nothing.
func MaskEmail(address string) string {
	local, domain, found := strings.Cut(address, "@")
	if !found || local == "" || domain == "" {
		return "***"
	}
	return string([]rune(local)[:1]) + "***@" + domain
}

// identityDigits is the length of NIK, KK and most card numbers.
const identityDigits = 16

// MaskIdentity hides every 16-digit number a person typed, however it is
// spaced, but for its last four digits, and leaves the rest of the text alone.
// Doing it twice changes nothing more. Text is masked before it is stored.
func MaskIdentity(text string) string {
	runes := []rune(text)
	for start := 0; start < len(runes); {
		groups, end := digitGroups(runes, start)
		if len(groups) == 0 {
			start = max(end, start+1)
			continue
		}
		maskGroups(runes, groups)
		start = end
	}
	return string(runes)
}

// group is a run of digits in runes[from:to].
type group struct{ from, to int }

func (g group) size() int { return g.to - g.from }

// digitGroups reads groups of digits from start on that are parted only by
// spacing, and where that ends.
func digitGroups(runes []rune, start int) (groups []group, end int) {
	i := start
	for i < len(runes) {
		from := i
		for i < len(runes) && unicode.IsDigit(runes[i]) {
			i++
		}
		if i > from {
			groups = append(groups, group{from, i})
		}
		gap := i
		for i < len(runes) && isSpacing(runes[i]) {
			i++
		}
		if i == gap || len(groups) == 0 {
			break
		}
	}
	return groups, max(i, start)
}

// isSpacing knows what people, keyboards and copied documents put between
// groups of digits.
func isSpacing(r rune) bool {
	return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Pd, r) ||
		strings.ContainsRune("._/,:·•'", r)
}

// maskGroups hides each group, or run of neighbouring small groups, that adds
// up to 16 digits; two numbers typed without a space between them count too.
func maskGroups(runes []rune, groups []group) {
	for i := 0; i < len(groups); i++ {
		if size := groups[i].size(); size == identityDigits || size == 2*identityDigits {
			hide(runes, groups[i:i+1])
			continue
		}
		total := 0
		for j := i; j < len(groups) && total < identityDigits && !isMobile(runes, groups[j]); j++ {
			if total += groups[j].size(); total == identityDigits {
				hide(runes, groups[i:j+1])
				i = j
				break
			}
		}
	}
}

// isMobile keeps a phone number that stands beside other digits readable.
func isMobile(runes []rune, g group) bool {
	phone, err := ParsePhone(string(runes[g.from:g.to]))
	return err == nil && phone.Class == PhoneMobile
}

// hide replaces all digits of the groups but the last four.
func hide(runes []rune, groups []group) {
	left := 0
	for _, g := range groups {
		left += g.size()
	}
	for _, g := range groups {
		for i := g.from; i < g.to; i++ {
			if left > 4 {
				runes[i] = '•'
			}
			left--
		}
	}
}
