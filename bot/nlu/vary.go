package nlu

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// varier makes new messages from phrases, so that the model learns what does
// not matter: typing errors, greetings around the matter, a dropped word, a
// word of the mother tongue.
type varier struct {
	lex *lexicon
	rng *rand.Rand
}

// Shares of the variants that get each treatment; tuned by leaving phrases out.
const (
	shareMistyped = 0.4
	shareWrapped  = 0.3
	shareMixed    = 0.3
	shareDropped  = 0.15
)

// openings and closings are what people say around their matter.
func openings() []string {
	return []string{"halo kak", "selamat pagi", "selamat siang pak", "selamat malam kak", "assalamualaikum", "permisi", "min",
		"kak mau tanya", "maaf mau nanya", "mohon bantuannya", "halo admin saya mau tanya", "hi", "good morning",
		"punten", "nuwun sewu", "sampurasun", "kulo nuwun", "hello", "saya mau bertanya", "pak", "bu tolong", "izin bertanya"}
}

func closings() []string {
	return []string{"terima kasih", "makasih kak", "mohon bantuannya", "tolong ya", "mohon dijawab", "ya kak", "min",
		"please", "thank you", "matur nuwun", "hatur nuhun", "gimana ya", "mohon solusinya", "tolong dibantu", "trims", "suwun"}
}

// wraps reports whether an intent keeps its meaning inside greeting and thanks.
func wraps(intent string) bool {
	return intent != "greeting" && intent != "thanks" && intent != "goodbye"
}

// variant returns one altered form of a phrase.
func (v *varier) variant(p phrase) string {
	text := p.text
	if p.language == defaultLanguage && v.rng.Float64() < shareMixed {
		others := languages()[1:]
		text = v.translate(text, others[v.rng.IntN(len(others))], 0.8)
	}
	if v.rng.Float64() < shareDropped {
		text = v.drop(text)
	}
	if v.rng.Float64() < shareMistyped {
		text = mistype(v.rng, text, 1+v.rng.IntN(2))
	}
	if wraps(p.intent) && v.rng.Float64() < shareWrapped {
		text = v.wrap(text)
	}
	return text
}

func (v *varier) wrap(text string) string {
	which := v.rng.IntN(3)
	if which != 1 {
		text = pickOne(v.rng, openings()) + " " + text
	}
	if which != 0 {
		text += " " + pickOne(v.rng, closings())
	}
	return text
}

func pickOne(rng *rand.Rand, from []string) string {
	return from[rng.IntN(len(from))]
}

// drop leaves out one word of five or more.
func (v *varier) drop(text string) string {
	words := strings.Fields(text)
	if len(words) < 5 {
		return text
	}
	at := v.rng.IntN(len(words))
	return strings.Join(slices.Delete(words, at, at+1), " ")
}

// translate replaces, word by word, that share of the words the glossary
// knows in a language: what citizens do who mix their mother tongue into
// Indonesian. Grammar is not kept.
func (v *varier) translate(text, language string, share float64) string {
	words := scan(text)
	var out []string
	for _, word := range words {
		if formal := v.lex.informal[word]; len(formal) == 1 {
			word = formal[0]
		}
		abroad := v.lex.abroad[language][v.lex.stem(word)]
		if len(abroad) == 0 || v.rng.Float64() >= share {
			out = append(out, word)
			continue
		}
		out = append(out, strings.ReplaceAll(pickOne(v.rng, abroad), "_", " "))
	}
	return strings.Join(out, " ")
}
