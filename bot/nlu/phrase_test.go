package nlu

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sapa/program/intent"
)

func TestPhrases(t *testing.T) {
	t.Parallel()
	phrases, err := loadPhrases()
	if err != nil {
		t.Fatal(err)
	}
	registers := []string{"formal", "colloquial", "slang", "typo", "story", "fragment"}
	seen := map[string]string{}
	for _, p := range phrases {
		if !slices.Contains(intent.All(), intent.Code(p.intent)) {
			t.Errorf("unknown intent %q: %s", p.intent, p.text)
		}
		if !slices.Contains(languages(), p.language) || !slices.Contains(registers, p.register) {
			t.Errorf("unknown language or register %q %q: %s", p.language, p.register, p.text)
		}
		key := p.language + " " + strings.ToLower(p.text)
		if seen[key] != "" {
			t.Errorf("%q stands under %s and %s", p.text, seen[key], p.intent)
		}
		seen[key] = p.intent
	}
}

// TestPhrasesCoverEveryIntent asks for enough examples of each intent in the
// languages most citizens write.
func TestPhrasesCoverEveryIntent(t *testing.T) {
	t.Parallel()
	phrases, err := loadPhrases()
	if err != nil {
		t.Fatal(err)
	}
	count := map[[2]string]int{}
	for _, p := range phrases {
		count[[2]string{p.language, p.intent}]++
	}
	for _, need := range []struct {
		language string
		least    int
	}{{"ind", 40}, {"jav", 12}, {"sun", 12}, {"eng", 12}} {
		for _, code := range intent.All() {
			if got := count[[2]string{need.language, string(code)}]; got < need.least {
				t.Errorf("%s %s has %d phrases, want at least %d", need.language, code, got, need.least)
			}
		}
	}
}

func TestReadPhrasesRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, want string }{
		{"no header", "greeting\tind\tformal\thalo\n", "line 1"},
		{"too few fields", phraseHeader + "\ngreeting\tind\thalo\n", "line 2"},
		{"no text", phraseHeader + "\ngreeting\tind\tformal\t\n", "line 2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if _, err := readPhrases(strings.NewReader(test.text)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, want one that names %s", err, test.want)
			}
		})
	}
}

// fourgrams of a text's letters, blind to case and punctuation.
func fourgrams(text string) map[string]bool {
	bare := strings.TrimSpace(regexp.MustCompile(`[^\p{L}\p{N}]+`).ReplaceAllString(strings.ToLower(text), " "))
	set := map[string]bool{}
	for i := 0; i+4 <= max(4, len(bare)); i++ {
		set[bare[i:min(i+4, len(bare))]] = true
	}
	return set
}

// TestHeldoutIsUnseen keeps the measured messages out of the training
// phrases: none may share more than half of its letter sequences with one.
func TestHeldoutIsUnseen(t *testing.T) {
	t.Parallel()
	const most = 0.5
	phrases, err := loadPhrases()
	if err != nil {
		t.Fatal(err)
	}
	sizes := make([]int, len(phrases))
	holders := map[string][]int{} // letter sequence -> phrases that have it
	for i, p := range phrases {
		grams := fourgrams(p.text)
		sizes[i] = len(grams)
		for gram := range grams {
			holders[gram] = append(holders[gram], i)
		}
	}
	for _, e := range heldout(t) {
		grams := fourgrams(e.Text)
		shared := map[int]int{}
		for gram := range grams {
			for _, i := range holders[gram] {
				shared[i]++
			}
		}
		for i, both := range shared {
			if float64(both)/float64(len(grams)+sizes[i]-both) > most {
				t.Errorf("%q was learnt as %q", e.Text, phrases[i].text)
			}
		}
	}
}

// heldout reads the committed messages that no model has learnt from.
func heldout(tb testing.TB) []Example {
	tb.Helper()
	file, err := os.Open("testdata/heldout.tsv")
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	examples, err := ReadExamples(file)
	if err != nil {
		tb.Fatal(err)
	}
	return examples
}
