package seed

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sapa/program/intent"
	"sapa/ticketing"
)

// TestTextsAreThere asks for every section that a past may need.
func TestTextsAreThere(t *testing.T) {
	t.Parallel()
	all, err := readTexts()
	if err != nil {
		t.Fatal(err)
	}
	need := func(sections ...string) {
		t.Helper()
		if !slices.ContainsFunc(sections, func(s string) bool { return len(all[s]) > 0 }) {
			t.Errorf("no text for any of %q", sections)
		}
	}
	for _, m := range matters() {
		need("ask " + string(m.intent) + " ind")
		need("bot " + string(m.intent) + " ind")
		need("solve " + string(m.intent) + " ind")
		for _, part := range []string{"ask ", "detail "} {
			need(part + m.group() + " ind")
		}
		for _, part := range []string{"note ", "question ", "reply ", "party "} {
			need(part + m.group())
		}
		if !intent.Valid(m.intent) {
			t.Errorf("%s is no intent", m.intent)
		}
	}
	for _, language := range []string{"ind", "jav", "sun", "eng"} {
		for _, part := range []string{"more", "person", "wait", "glad", "sorry", "agree", "helped", "again", "connect", "bye", "offer", "prove", "proved",
			"hello", "look", "report", "close", "gone", "morning"} {
			need(part + " " + language)
		}
		if language != "ind" {
			need("ask any " + language)
			need("solve any " + language)
			need("detail any " + language)
		}
	}
	for _, outcome := range ticketing.TicketOutcomes() {
		need("answer " + string(outcome))
	}
	for _, section := range []string{"reopen", "appeal", "uphold", "overturn", "return", "body", "transfer umum", "passed ind", "comment good ind",
		"comment bad ind", "reject already_decided", "reject abusive", "reject spam"} {
		need(section)
	}
	lines := 0
	for section, some := range all {
		lines += len(some)
		for _, line := range some {
			if regexp.MustCompile(`[0-9]{16}|@|\+62`).MatchString(line) {
				t.Errorf("%s holds personal data: %q", section, line)
			}
		}
	}
	t.Logf("%d sections, %d lines", len(all), lines)
}

func TestTyped(t *testing.T) {
	t.Parallel()
	all, err := readTexts()
	if err != nil {
		t.Fatal(err)
	}
	evening := time.Date(2026, 11, 23, 13, 0, 0, 0, time.UTC) // 20:00 WIB
	rng := rand.New(rand.NewPCG(1, 2))
	different := map[string]bool{}
	for range 300 {
		text := strings.Join(all.typed(rng, "étos dicék", "sun", evening), " / ")
		if strings.Contains(text, "{") || strings.Contains(text, "siang") || !strings.Contains(strings.ToLower(text), "étos dicék") {
			t.Fatalf("typed %q", text)
		}
		different[text] = true
	}
	if len(different) < 12 {
		t.Errorf("only %d ways to type it", len(different))
	}
}

// TestNeeded keeps the table of matters at the containment it is scaled from.
func TestNeeded(t *testing.T) {
	t.Parallel()
	if got := needed(matters()); got < 30 || got > 42 {
		t.Errorf("people needed in %.1f of 100", got)
	}
}
