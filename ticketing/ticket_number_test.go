package ticketing

import (
	"errors"
	"strings"
	"testing"
)

func TestFormatNumber(t *testing.T) {
	t.Parallel()
	tests := []struct {
		seq  int64
		want string
	}{
		{1, "SP-2718-2818-9"},
		{2, "SP-8898-6217-3"},
		{3, "SP-5078-9616-7"},
		{100_000_000, "SP-6537-9419-0"},
		{100_000_001, "SP-2718-2818-2845-0"},
		{1_000_100_000_000, "SP-6537-9419-4094-7"},
		{1_000_100_000_001, ""},
		{0, ""},
		{-5, ""},
	}
	for _, tt := range tests {
		if got := FormatNumber(tt.seq); got != tt.want {
			t.Errorf("FormatNumber(%d) = %q, want %q", tt.seq, got, tt.want)
		}
	}
}

func TestNumbersAreNeverReused(t *testing.T) {
	t.Parallel()
	seen := map[string]int64{}
	for _, start := range []int64{1, 50_000_000, 99_950_000, 100_000_001, 500_000_000_000} {
		for seq := start; seq < start+50_000; seq++ {
			number := FormatNumber(seq)
			if other, taken := seen[number]; taken {
				t.Fatalf("%d and %d are both %s", seq, other, number)
			}
			seen[number] = seq
		}
	}
	for _, band := range numberBands() {
		if band.factor%2 == 0 || band.factor%5 == 0 || band.factor >= band.size || band.shift >= band.size {
			t.Errorf("band of %d digits is not one to one", band.width)
		}
	}
}

func TestParseNumber(t *testing.T) {
	t.Parallel()
	const want = "SP-2718-2818-9"
	for _, text := range []string{
		want, "sp-2718-2818-9", "SP 2718 2818 9", " sp271828189 ", "271828189", "2718-2818-9", "2718.2818.9",
		"SP–2718–2818–9", "SP\u00a02718\u00a02818\u00a09", "SP-27I8-28L8-9", "#SP-2718-2818-9",
	} {
		if got, err := ParseNumber(text); err != nil || got != want {
			t.Errorf("ParseNumber(%q) = %q, %v", text, got, err)
		}
	}
	if got, err := ParseNumber("sp 2718 2818 2845 0"); err != nil || got != "SP-2718-2818-2845-0" {
		t.Errorf("long number = %q, %v", got, err)
	}
	refused := map[string]string{
		"SP-2718-2818-2": "check_digit", "SP-2718-2881-9": "check_digit",
		"": "format", "SP": "format", "SP-2718-2818": "format", "SP-2718-2818-99": "format",
		"XY-2718-2818-9": "format", "3171012501909901": "format", "SP-٢718-2818-9": "format", "SPSP-2718-2818-9": "format",
	}
	for text, rule := range refused {
		var invalid *Invalid
		if got, err := ParseNumber(text); !errors.As(err, &invalid) || invalid.Rule != rule {
			t.Errorf("ParseNumber(%q) = %q, %v, want %s", text, got, err, rule)
		}
	}
}

// The example that goes with the published algorithm.
func TestDamm(t *testing.T) {
	t.Parallel()
	if got := damm("572"); got != 4 {
		t.Errorf("damm(572) = %d, want 4", got)
	}
	if got := damm("5724"); got != 0 {
		t.Errorf("damm(5724) = %d, want 0", got)
	}
}

// Every single wrong digit and every swap of unlike neighbours is caught.
func TestCheckDigitCatchesSlips(t *testing.T) {
	t.Parallel()
	for seq := int64(1); seq <= 2000; seq++ {
		number := FormatNumber(seq * 49_999)
		digits := []byte(strings.ReplaceAll(strings.TrimPrefix(number, numberPrefix), "-", ""))
		for i := range digits {
			for wrong := byte('0'); wrong <= '9'; wrong++ {
				slip := append([]byte(nil), digits...)
				slip[i] = wrong
				if _, err := ParseNumber(string(slip)); (err == nil) != (wrong == digits[i]) {
					t.Fatalf("%s read as %s: %v", number, slip, err)
				}
			}
			if i == 0 || digits[i] == digits[i-1] {
				continue
			}
			swap := append([]byte(nil), digits...)
			swap[i], swap[i-1] = swap[i-1], swap[i]
			if _, err := ParseNumber(string(swap)); err == nil {
				t.Fatalf("%s read as %s was accepted", number, swap)
			}
		}
	}
}

func TestSecret(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	count := map[rune]int{}
	for range 2000 {
		secret := NewSecret()
		if seen[secret] {
			t.Fatalf("%s came twice", secret)
		}
		seen[secret] = true
		if len(secret) != 14 || secret[4] != '-' || secret[9] != '-' {
			t.Fatalf("form of %s", secret)
		}
		for _, r := range strings.ReplaceAll(secret, "-", "") {
			count[r]++
		}
		loose := " " + strings.ToLower(strings.ReplaceAll(secret, "-", " "))
		if got, err := ParseSecret(loose); err != nil || got != secret {
			t.Fatalf("ParseSecret(%q) = %q, %v", loose, got, err)
		}
	}
	if len(count) != len(secretAlphabet) {
		t.Errorf("%d symbols drawn, want %d", len(count), len(secretAlphabet))
	}
	mean := 2000 * secretLength / len(secretAlphabet)
	for r, n := range count { // a fair draw misses this once in some 10^14 runs
		if n < mean*3/4 || n > mean*5/4 {
			t.Errorf("%c drawn %d times, mean %d", r, n, mean)
		}
	}
}

func TestParseSecretRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "3467-9CDF-GHJ", "3467-9CDF-GHJKM", "3467-9CDF-GHJ0", "O467-9CDF-GHJK", "3467-9CDF-GHJé"} {
		if got, err := ParseSecret(text); err == nil {
			t.Errorf("ParseSecret(%q) = %q", text, got)
		}
	}
}
