package record

import (
	"slices"
	"strings"
	"unicode"
)

// SameName reports whether two spellings may be one person's name, as a bank
// would judge: letters only, order, case and titles free. The shorter of two
// longer names may lack words or shorten some to an initial. "SITI AMINAH" is
// "Siti Aminah S.Pd." and "Aminah, Siti"; it is neither "Siti Aisyah" nor "Siti".
func SameName(a, b string) bool {
	short, long := nameWords(a), nameWords(b)
	if len(short) > len(long) {
		short, long = long, short
	}
	if len(short) == 0 || len(strings.Join(short, "")) < 2 {
		return false
	}
	if len(short) == 1 && len(long) > 1 {
		return false // one name of several fits too many people
	}
	free := slices.Clone(long)
	whole := 0
	for _, word := range short {
		at := slices.IndexFunc(free, func(other string) bool { return other == word || initialOf(word, other) })
		if at < 0 {
			return false
		}
		if free[at] == word {
			whole++
		}
		free = slices.Delete(free, at, at+1)
	}
	return whole > 0
}

func initialOf(a, b string) bool {
	return len(a) == 1 && strings.HasPrefix(b, a) || len(b) == 1 && strings.HasPrefix(a, b)
}

// nameWords splits a name into upper-case words of letters, without titles.
func nameWords(name string) []string {
	name = strings.NewReplacer("'", "", "’", "", "`", "").Replace(strings.ToUpper(name))
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && r != '.' })
	var kept []string
	for _, word := range words {
		word = strings.Trim(word, ".")
		if word == "" || title(word) {
			continue
		}
		kept = append(kept, strings.FieldsFunc(word, func(r rune) bool { return r == '.' })...)
	}
	return kept
}

// title knows the commonest titles that stand before or after names.
func title(word string) bool {
	switch word {
	case "H", "HJ", "IR", "DR", "DRS", "DRA", "S.PD", "S.E", "S.KOM", "S.H", "S.T", "S.SOS", "A.MD", "SE", "SH", "ST", "SPD", "SKOM", "SSOS", "AMD", "NY", "TN", "BPK", "IBU":
		return true
	}
	return false
}
