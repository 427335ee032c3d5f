package words_test

import (
	"slices"
	"testing"

	"sapa/channels/words"
)

func TestTerms(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, typed string
		want        []string
	}{
		{"lower case, each once", "Insentif insentif CAIR", []string{"insentif", "cair"}},
		{"no short words", "di ke saya", []string{"saya"}},
		{"nothing of tsquery's language", "cair & !otp | (a:* <-> 'sandi')", []string{"cair", "otp", "sandi"}},
		{"at most as many", "satu dua tiga empat", []string{"satu", "dua", "tiga"}},
		{"other scripts", "données сапа", []string{"données", "сапа"}},
		{"none", "%%% \\ '' ??", nil},
	} {
		if got := words.Terms(tt.typed, 3); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
