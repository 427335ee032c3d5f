package nlu

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"sapa/program/intent"
)

// TestHeldoutFloors holds the measured quality, a little below the figures
// in README.md. Nothing here depends on time: the figures only move when the
// words, phrases or weights do.
func TestHeldoutFloors(t *testing.T) {
	t.Parallel()
	report := load(t).Evaluate(heldout(t))
	byLanguage := map[string]LanguageScore{}
	for _, score := range report.Languages {
		byLanguage[score.Language] = score
	}
	for _, floor := range []struct {
		name        string
		got, atWant float64
	}{
		{"Indonesian intent", byLanguage["ind"].Top1.Rate(), 0.92},
		{"Indonesian intent in top 3", byLanguage["ind"].Top3.Rate(), 0.96},
		{"Indonesian intent, mistyped", byLanguage["ind"].Mistyped.Rate(), 0.88},
		{"Javanese intent", byLanguage["jav"].Top1.Rate(), 0.93},
		{"Sundanese intent", byLanguage["sun"].Top1.Rate(), 0.93},
		{"English intent", byLanguage["eng"].Top1.Rate(), 0.80},
		{"macro F1", report.MacroF1, 0.91},
		{"Indonesian language", byLanguage["ind"].Detected.Rate(), 0.97},
		{"Indonesian language, first words", byLanguage["ind"].FirstWords.Rate(), 0.96},
		{"Javanese language", byLanguage["jav"].Detected.Rate(), 0.95},
		{"Sundanese language", byLanguage["sun"].Detected.Rate(), 0.97},
		{"English language", byLanguage["eng"].Detected.Rate(), 0.97},
		{"right guesses let through", report.RightAccepted.Rate(), 0.93},
		{"out of scope held back", report.OutRefused.Rate(), 0.83},
	} {
		if floor.got < floor.atWant {
			t.Errorf("%s: %.3f, want at least %.2f", floor.name, floor.got, floor.atWant)
		}
	}
}

func TestHeldoutCoversEveryIntent(t *testing.T) {
	t.Parallel()
	count := map[[2]string]int{}
	for _, e := range heldout(t) {
		for _, code := range e.Intents {
			if !slices.Contains(intent.All(), intent.Code(code)) {
				t.Errorf("unknown intent %q: %s", code, e.Text)
			}
			count[[2]string{e.Language, code}]++
		}
	}
	for language, least := range map[string]int{"ind": 6, "jav": 2, "sun": 2, "eng": 2} {
		for _, code := range intent.All() {
			if got := count[[2]string{language, string(code)}]; got < least {
				t.Errorf("%s %s has %d messages, want at least %d", language, code, got, least)
			}
		}
	}
}

func TestEvaluateAcceptsEitherIntent(t *testing.T) {
	t.Parallel()
	model := load(t)
	const text = "saldo pelatihan saya berapa"
	guess := model.Classify(text, "").Intent
	report := model.Evaluate([]Example{{text, "ind", "colloquial", []string{"greeting", guess}}})
	if got := report.Languages[0].Top1; got != (Share{1, 1}) {
		t.Fatalf("got %v, want 1 of 1", got)
	}
	if len(report.Confusions) != 0 {
		t.Fatalf("got confusions %v, want none", report.Confusions)
	}
}

func TestReportPrints(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	examples := []Example{{"halo", "ind", "colloquial", []string{"goodbye"}}, {"otp gak masuk", "ind", "colloquial", []string{"account.otp"}}}
	if err := load(t).Evaluate(examples).Write(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"language", "first 5 words", "macro F1", "goodbye  ", "wrong guesses held back", "precision"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("report lacks %q:\n%s", want, out.String())
		}
	}
}

func TestReadExamples(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		want       int // examples; 0: an error
	}{
		{"one", exampleHeader + "\nhalo\tind\tcolloquial\tgreeting\n", 1},
		{"either, Windows line ends, byte order mark", "\ufeff" + exampleHeader + "\r\nhalo\tind\tcolloquial\tgreeting|thanks\r\n", 1},
		{"blank lines", exampleHeader + "\n\nhalo\tind\tcolloquial\tgreeting\n\n", 1},
		{"no header", "halo\tind\tcolloquial\tgreeting\n", 0},
		{"three fields", exampleHeader + "\nhalo\tind\tgreeting\n", 0},
		{"header only", exampleHeader + "\n", 0},
		{"empty", "", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := ReadExamples(strings.NewReader(test.text))
			if len(got) != test.want || (err == nil) != (test.want > 0) {
				t.Fatalf("got %d examples, %v, want %d", len(got), err, test.want)
			}
			if err != nil && !errors.Is(err, ErrExamples) {
				t.Fatalf("got %v, want ErrExamples", err)
			}
		})
	}
}
