package main

import (
	"strings"
	"testing"
)

func TestTidyNumber(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"+6281234567890", "+6281234567890"},
		{"0812-3456-7890", "+6281234567890"},
		{" 62 812 3456 7890 ", "+6281234567890"},
		{"(0812) 3456.7890", "+6281234567890"},
		{"whatsapp:+6281234567890", "+6281234567890"},
		{"+14155550100", "+14155550100"},
		{"", ""},
	} {
		if got := tidyNumber(c.in); got != c.want {
			t.Errorf("tidyNumber(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestCountSegments(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, body string
		want       int
	}{
		{"empty", "", 1},
		{"160 septets fit one", strings.Repeat("a", 160), 1},
		{"161 need two", strings.Repeat("a", 161), 2},
		{"306 fit two parts of 153", strings.Repeat("a", 306), 2},
		{"307 need three", strings.Repeat("a", 307), 3},
		{"extension characters cost two", strings.Repeat("€", 81), 2},
		{"70 characters of Unicode fit one", strings.Repeat("ꦲ", 70), 1},
		{"71 need two", strings.Repeat("ꦲ", 71), 2},
		{"an emoji is two units", strings.Repeat("🙏", 36), 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := countSegments(c.body); got != c.want {
				t.Errorf("countSegments = %d, want %d", got, c.want)
			}
		})
	}
}
