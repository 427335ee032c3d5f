package main

import (
	"crypto/rand"
	"encoding/hex"
	"regexp"
	"strings"
)

// The two channels of the desk that run over the carrier.
const (
	whatsApp = "whatsapp"
	sms      = "sms"
)

// whatsAppPrefix marks a WhatsApp address in the To and From of Twilio's API.
const whatsAppPrefix = "whatsapp:"

var (
	numberShape = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`) // E.164: at most 15 digits
	sidShape    = regexp.MustCompile(`^[A-Z]{2}[0-9a-f]{32}$`)
)

func isNumber(s string) bool { return numberShape.MatchString(s) }

// isSid tells whether s is an id of the given two-letter kind.
func isSid(kind, s string) bool {
	return sidShape.MatchString(s) && strings.HasPrefix(s, kind)
}

// newSid mints an id as Twilio does: kind and 32 random hex digits.
func newSid(kind string) string {
	var b [16]byte
	rand.Read(b[:]) // never fails since Go 1.24
	return kind + hex.EncodeToString(b[:])
}

// splitAddress parts "whatsapp:+62..." or "+62..." into channel and number.
func splitAddress(s string) (channel, number string) {
	if rest, ok := strings.CutPrefix(s, whatsAppPrefix); ok {
		return whatsApp, rest
	}
	return sms, s
}

// joinAddress is the inverse of splitAddress.
func joinAddress(channel, number string) string {
	if channel == whatsApp {
		return whatsAppPrefix + number
	}
	return number
}

// tidyNumber turns what people type (0812-..., 62812..., +62 812 ...) into
// E.164, taking Indonesia where no country is named. The result may still be
// no number; isNumber decides.
func tidyNumber(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -.()\u00a0", r) {
			return -1
		}
		return r
	}, strings.TrimPrefix(strings.TrimSpace(s), whatsAppPrefix))
	switch {
	case strings.HasPrefix(s, "+"), s == "":
		return s
	case strings.HasPrefix(s, "0"):
		return "+62" + s[1:]
	default:
		return "+" + s
	}
}
