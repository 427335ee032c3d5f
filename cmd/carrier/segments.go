package main

import (
	"strings"
	"unicode/utf16"
)

// The 7-bit alphabet of SMS (3GPP TS 23.038): characters of the basic table
// cost one septet, those of the extension table two.
const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtension = "\f^{}\\[~]|€"
)

// Capacity of one SMS and of each part of a longer one, which loses room to
// the header that joins the parts (3GPP TS 23.040).
const (
	gsmWhole, gsmPart         = 160, 153 // septets
	unicodeWhole, unicodePart = 70, 67   // UTF-16 units
)

// countSegments says how many SMS the carrier would bill for body.
func countSegments(body string) int {
	if septets, ok := countSeptets(body); ok {
		return parts(septets, gsmWhole, gsmPart)
	}
	return parts(len(utf16.Encode([]rune(body))), unicodeWhole, unicodePart)
}

// countSeptets is false when body needs a character outside the 7-bit tables.
func countSeptets(body string) (int, bool) {
	n := 0
	for _, r := range body {
		switch {
		case strings.ContainsRune(gsmBasic, r):
			n++
		case strings.ContainsRune(gsmExtension, r):
			n += 2
		default:
			return 0, false
		}
	}
	return n, true
}

func parts(units, whole, part int) int {
	if units <= whole {
		return 1
	}
	return (units + part - 1) / part
}
