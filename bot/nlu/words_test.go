package nlu

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestScan(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text, want string
	}{
		{"case and marks", "Halo, KAK!!", "halo kak"},
		{"lengthened", "bangettt yaaa maaf", "banget ya maaf"},
		{"full width", "ｈａｌｏ ＡＢＣ", "halo abc"},
		{"accents", "dé' pà", "de pa"},
		{"curly quote inside", "ta’ bisa", "ta bisa"},
		{"doubled word", "teman-teman teman2 laki2", "teman teman laki"},
		{"identity number", "3204123456789012", "<nik16>"},
		{"identity number in groups", "3204 1234 5678 9012", "<num>"},
		{"identity number with dots", "3204.1234.5678.9012", "<nik16>"},
		{"phone", "081234567890 +6281234567890", "<phone> <phone>"},
		{"money", "Rp600.000 600rb 3,5 juta", "<money> 600 <money> 3,5 <money>"},
		{"short numbers stay", "umur 17 gelombang 72", "umur 17 gelombang 72"},
		{"ticket", "tiket SP-20260012", "tiket <ticket>"},
		{"address", "buka https://contoh.id/x atau a@b.id", "buka <url> atau <email>"},
		{"emoji", "belum cair 😭😭🙏", "belum cair <sad> <ok>"},
		{"question", "kapan?", "kapan <ask>"},
		{"placeholder", "nomor <ticket>", "nomor <ticket>"},
		{"invisible", "in\u200bsen\u00adtif", "insentif"},
		{"nothing", " \t\n", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := strings.Join(scan(test.text), " "); got != test.want {
				t.Fatalf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	read, err := newReader()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, text string
		words      string // as corrected
		roots      string
	}{
		{"abbreviations", "sy blm dpt krn gk bs", "saya belum dapat karena tidak bisa", "saya belum dapat karena tidak bisa"},
		{"address set aside", "min kak bu insentif", "insentif", "insentif"},
		{"nothing but address", "min kak", "min kak", "min kak"},
		{"affixes", "menyambungkan pendaftaran pencairan", "menyambungkan pendaftaran pencairan", "sambung daftar cair"},
		{"informal affixes", "nyambungin nyari ngisi", "nyambungin nyari ngisi", "sambung cari isi"},
		{"typing errors", "insentih sertifikkat gelombabg", "insentif sertifikat gelombang", "insentif sertifikat gelombang"},
		{"other languages", "duit durung mlebu", "uang durung mlebu", "uang belum masuk"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var words, roots []string
			for _, token := range read.tokens(scan(test.text)) {
				words = append(words, token.word)
				roots = append(roots, token.roots[0])
			}
			if got := strings.Join(words, " "); got != test.words {
				t.Errorf("words %q, want %q", got, test.words)
			}
			if got := strings.Join(roots, " "); got != test.roots {
				t.Errorf("roots %q, want %q", got, test.roots)
			}
		})
	}
}

func TestOneEdit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"saldo", "sald", true}, {"saldo", "ssaldo", true}, {"saldo", "sakdo", true}, {"saldo", "salod", true},
		{"saldo", "saldo", true}, {"saldo", "sadlo", true}, {"saldo", "slado", true}, {"saldo", "sodla", false}, {"saldo", "sal", false},
	} {
		if got := oneEdit(test.a, test.b); got != test.want {
			t.Errorf("oneEdit(%q, %q) = %t, want %t", test.a, test.b, got, test.want)
		}
	}
}

func TestMistypeIsRepeatable(t *testing.T) {
	t.Parallel()
	const text = "kapan insentif saya dicairkan ke rekening"
	first := mistype(rand.New(rand.NewPCG(1, 2)), text, 2)
	second := mistype(rand.New(rand.NewPCG(1, 2)), text, 2)
	if first != second || first == text {
		t.Fatalf("got %q and %q", first, second)
	}
	if len(strings.Fields(first)) != len(strings.Fields(text)) {
		t.Fatalf("words were lost: %q", first)
	}
	if got := mistype(rand.New(rand.NewPCG(1, 2)), "ya di 12", 5); got != "ya di 12" {
		t.Fatalf("short words and numbers changed: %q", got)
	}
}

func TestTranslatePutsInTheMotherTongue(t *testing.T) {
	t.Parallel()
	lex, err := loadLexicon()
	if err != nil {
		t.Fatal(err)
	}
	vary := &varier{lex, rand.New(rand.NewPCG(1, 1))}
	got := strings.Fields(vary.translate("uang saya blm masuk", "min", 1))
	if len(got) != 4 || slices.Contains(got, "uang") || got[2] != "alun" || got[3] != "masuak" {
		t.Fatalf("got %v", got)
	}
}

func TestGlossaryRefusesMissingColumns(t *testing.T) {
	t.Parallel()
	lex := &lexicon{}
	for _, fields := range [][]string{{"uang", "duit"}, slices.Repeat([]string{"ind"}, len(languages()))} {
		if err := lex.addTranslations(fields); err == nil {
			t.Errorf("took %v", fields)
		}
	}
}
