package record_test

import (
	"testing"

	"sapa/program/record"
)

func TestSameName(t *testing.T) {
	t.Parallel()
	cases := []struct {
		a, b string
		want bool
	}{
		{"Siti Aminah", "SITI AMINAH", true},
		{"Siti Aminah", "Aminah, Siti", true},
		{"Siti Aminah", "Siti Aminah, S.Pd.", true},
		{"Siti Aminah", "Hj. Siti Aminah", true},
		{"Siti Aminah", "Siti A.", true},
		{"Siti Aminah", "S. A.", false},
		{"Siti Aminah", "Siti Aisyah", false},
		{"Siti Aminah", "Aminah", false},
		{"Siti Aminah", "Siti", false},
		{"Nur Hidayat Putra", "Nur Putra", true},
		{"Nurul Hidayah", "Budi Santoso", false},
		{"Sukarno", "Sukarno", true},
		{"Sukarno", "Sukarni", false},
		{"Ma'ruf Hasan", "Maruf Hasan", true},
		{"", "Siti", false},
		{"A", "A", false},
		{"Dwi Dwi", "Dwi", false},
		{"Dewi Dewi", "Dewi Lestari", false},
	}
	for _, c := range cases {
		t.Run(c.a+"/"+c.b, func(t *testing.T) {
			t.Parallel()
			if got := record.SameName(c.a, c.b); got != c.want {
				t.Errorf("SameName(%q, %q) = %v, want %v", c.a, c.b, got, c.want)
			}
			if got := record.SameName(c.b, c.a); got != c.want {
				t.Errorf("SameName(%q, %q) = %v, want %v", c.b, c.a, got, c.want)
			}
		})
	}
}
