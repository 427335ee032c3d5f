package nlu

import "strings"

// The lengths, in digits, by which a number is told apart: an identity or
// family-card number has 16; Indonesian phone numbers 9 to 13 after the 0 or
// 62 they begin with; shorter ones of up to 3 digits (a batch, an age, hours)
// mean something to the classifier and stay as they are.
const (
	identityDigits = 16
	shortDigits    = 3
)

// numberKind masks a word that is a number: "" when it is none.
func numberKind(word string) string {
	digits, letters := 0, 0
	for _, r := range word {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == '.' || r == ',' || r == '-' || r == '+' || r == '\'':
		default:
			letters++
		}
	}
	switch {
	case digits == 0:
		return ""
	case letters > 0:
		return mixedKind(digits, letters, word)
	case digits == identityDigits:
		return "<nik16>"
	case isPhone(word, digits):
		return "<phone>"
	case digits <= shortDigits:
		return strings.Trim(word, "+.,-")
	}
	return "<num>"
}

// mixedKind names words of letters and digits such as ticket numbers and
// redeem codes; amounts (600rb) and doubled words (teman2) are left to the
// caller.
func mixedKind(digits, letters int, word string) string {
	if leadingDigits(word) > 0 && letters <= 6 && digits+letters == leadingDigits(word)+letters {
		return ""
	}
	if digits >= 4 && digits+letters >= 6 {
		return "<ticket>"
	}
	return ""
}

func isPhone(word string, digits int) bool {
	bare := strings.TrimLeft(word, "+")
	return digits >= 10 && digits <= 15 && (strings.HasPrefix(bare, "0") || strings.HasPrefix(bare, "62"))
}

// joinMoney turns "rp 600.000", "600 ribu" and "3,5 jt" into <money>, and puts
// digits typed in groups (3204 1234 ...) together again.
func joinMoney(words []string) []string {
	out := words[:0]
	for i := 0; i < len(words); i++ {
		word := words[i]
		isNumber := word == "<num>" || leadingDigits(word) == len(word)
		unit := i+1 < len(words) && isUnit(words[i+1])
		after := len(out) > 0 && out[len(out)-1] == "rp"
		switch {
		case isNumber && unit:
			out = append(out, word, "<money>")
			i++
		case isNumber && after:
			out[len(out)-1] = "<money>"
		case word == "<num>" && len(out) > 0 && out[len(out)-1] == "<num>":
		default:
			out = append(out, word)
		}
	}
	return out
}

func isUnit(word string) bool {
	switch word {
	case "rb", "rbu", "ribu", "ribuan", "rebu", "ewu", "k", "jt", "jta", "juta", "thousand", "million":
		return true
	}
	return false
}
