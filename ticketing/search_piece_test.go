package ticketing

import (
	"slices"
	"strings"
	"testing"
)

func TestPieces(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, line, plain, marked string
		want                      []Piece
	}{
		{"whole", "kartu belum sampai", "kartu belum sampai", "\x02kartu\x03 belum sampai", []Piece{{"kartu", true}, {" belum sampai", false}}},
		{"cut on both sides", "é. satu/dua tiga", "é  satu dua tiga", "satu \x02dua\x03", []Piece{{"…satu/", false}, {"dua", true}, {"…", false}}},
		{"nothing marked", "satu dua", "satu dua", "satu", []Piece{{"satu…", false}}},
		{"another text than that", "satu dua", "satu dua", "tiga", []Piece{{"satu dua", false}}},
		{"of another length", "satu", "satu ", "satu", []Piece{{"satu", false}}},
		{"long and unmarked", strings.Repeat("a", 500), "", "x", []Piece{{strings.Repeat("a", previewRunes-1) + "…", false}}},
	} {
		if got := pieces(tt.line, tt.plain, tt.marked); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}
