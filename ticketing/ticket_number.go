package ticketing

import (
	"crypto/rand"
	"fmt"
	"math/bits"
	"strings"
)

// A ticket number is what a citizen reads aloud, types on a phone keypad and
// finds in a short message: SP-2718-2818-9. The digits are a sequence value,
// scrambled so that neighbours look unlike, and a check digit.

// numberPrefix starts every number ("Sapa").
const numberPrefix = "SP"

// numberBand is a range of sequence values whose numbers have the same length.
type numberBand struct {
	width  int    // digits before the check digit
	size   uint64 // how many values: ten to the power of width
	factor uint64 // shares no factor with size, so that scrambling is one to one
	shift  uint64
}

// numberBands are used up in order: a hundred million short numbers, then a
// million million longer ones. Changing them would issue numbers twice.
func numberBands() []numberBand {
	return []numberBand{
		{width: 8, size: 1e8, factor: 61803399, shift: 27182818},
		{width: 12, size: 1e12, factor: 618033988751, shift: 271828182845},
	}
}

// FormatNumber is the ticket number of a sequence value, counted from 1. Two
// values never share a number. It is "" for a value below 1, or beyond the
// capacity of some 10^12.
func FormatNumber(seq int64) string {
	if seq < 1 {
		return ""
	}
	left := uint64(seq) - 1
	for _, band := range numberBands() {
		if left < band.size {
			high, low := bits.Mul64(left, band.factor)
			body := (bits.Rem64(high, low, band.size) + band.shift) % band.size
			return spell(fmt.Sprintf("%0*d", band.width, body))
		}
		left -= band.size
	}
	return ""
}

// ParseNumber reads a number as people write it: with or without prefix, in any
// case, with spaces, dashes or dots anywhere, with O for 0 and I or L for 1. It
// gives the form of [FormatNumber], or [*Invalid] with the rule "format", or
// "check_digit" when one digit is wrong or two neighbours are swapped.
func ParseNumber(text string) (string, error) {
	digits := strings.TrimPrefix(squeeze(text), numberPrefix)
	digits = strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(digits)
	if strings.Trim(digits, "0123456789") != "" {
		return "", &Invalid{Field: "number", Rule: "format"}
	}
	for _, band := range numberBands() {
		if len(digits) != band.width+1 {
			continue
		}
		if damm(digits) != 0 {
			return "", &Invalid{Field: "number", Rule: "check_digit"}
		}
		return spell(digits[:band.width]), nil
	}
	return "", &Invalid{Field: "number", Rule: "format"}
}

// spell groups the digits by four and adds the check digit.
func spell(body string) string {
	groups := []string{numberPrefix}
	for i := 0; i < len(body); i += 4 {
		groups = append(groups, body[i:i+4])
	}
	return fmt.Sprintf("%s-%d", strings.Join(groups, "-"), damm(body))
}

// squeeze drops what people put between digits and raises the case.
func squeeze(text string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\n', '\r', '\u00a0', '-', '.', '_', '/', '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2212', '#':
			return -1
		}
		return r
	}, strings.ToUpper(text))
}

// damm is the check digit of a string of digits after H. M. Damm: 0 for a
// string that ends in its own. It catches every single wrong digit and every
// swap of neighbours.
func damm(digits string) int {
	// A totally anti-symmetric quasigroup of order ten, from the thesis of 2004.
	table := [10][10]int{
		{0, 3, 1, 7, 5, 9, 8, 6, 4, 2},
		{7, 0, 9, 2, 1, 5, 4, 8, 6, 3},
		{4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
		{1, 7, 5, 0, 9, 8, 3, 4, 2, 6},
		{6, 1, 2, 3, 0, 4, 5, 9, 7, 8},
		{3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
		{5, 8, 6, 9, 7, 2, 0, 1, 3, 4},
		{8, 9, 4, 5, 3, 6, 2, 0, 1, 7},
		{9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
		{2, 5, 8, 1, 4, 3, 6, 7, 9, 0},
	}
	interim := 0
	for _, d := range digits {
		interim = table[interim][d-'0']
	}
	return interim
}

// secretAlphabet has no two symbols that look or sound alike when read out
// (no 0 O, 1 I L, 2 Z, 5 S, 8 B, U V) and no vowels, so that it spells nothing.
const secretAlphabet = "34679CDFGHJKMNPQRTWXY"

// secretLength gives 52.7 bits: 12 symbols out of 21.
const secretLength = 12

// NewSecret makes up the code that, with the number, opens a ticket to whoever
// holds it: three groups of four symbols, drawn from the system's secure
// source. Store a hash of it, never the code.
func NewSecret() string {
	symbols := make([]byte, 0, secretLength)
	for len(symbols) < secretLength {
		symbols = appendSymbol(symbols)
	}
	return groupSecret(string(symbols))
}

// appendSymbol adds one symbol, or none when the drawn byte would favour some.
func appendSymbol(symbols []byte) []byte {
	var drawn [1]byte
	_, _ = rand.Read(drawn[:]) // never fails: the runtime ends the program instead
	const fair = 256 - 256%len(secretAlphabet)
	if int(drawn[0]) >= fair {
		return symbols
	}
	return append(symbols, secretAlphabet[int(drawn[0])%len(secretAlphabet)])
}

// ParseSecret reads a code as people write it, in any case and grouping, into
// the form of [NewSecret]; [*Invalid] says that it cannot be one.
func ParseSecret(text string) (string, error) {
	symbols := squeeze(text)
	if len(symbols) != secretLength || strings.Trim(symbols, secretAlphabet) != "" {
		return "", &Invalid{Field: "secret", Rule: "format"}
	}
	return groupSecret(symbols), nil
}

func groupSecret(symbols string) string {
	return symbols[:4] + "-" + symbols[4:8] + "-" + symbols[8:]
}
