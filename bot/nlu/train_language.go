package nlu

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
)

// sentence is one line of sentences.tsv.
type sentence struct {
	language, register, source, text string
}

// heldPart marks the sources kept back to calibrate the language model; the
// final model learns from them too.
const heldPart = "valid"

func loadSentences(path string) ([]sentence, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var all []sentence
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for number := 1; lines.Scan(); number++ {
		fields := strings.Split(lines.Text(), "\t")
		if len(fields) != 4 {
			return nil, fmt.Errorf("%s line %d: want language, register, source and text", path, number)
		}
		if number > 1 {
			all = append(all, sentence{fields[0], fields[1], fields[2], fields[3]})
		}
	}
	return all, lines.Err()
}

// languageTrainer fits language models from sentences and phrases.
type languageTrainer struct {
	read      *reader
	rng       *rand.Rand
	vary      *varier
	sentences map[string][]string // review and formal sentences by language
	chat      []string            // colloquial Indonesian
	phrases   map[string][]phrase
}

// perLanguage is how many samples of each language an epoch draws.
const perLanguage = 2500

func newLanguageTrainer(read *reader, phrases []phrase, sentences []sentence, seed uint64) *languageTrainer {
	rng := rand.New(rand.NewPCG(seed, 12))
	t := &languageTrainer{read: read, rng: rng, vary: &varier{read.lex, rng},
		sentences: map[string][]string{}, phrases: map[string][]phrase{}}
	for _, s := range sentences {
		text := strings.ReplaceAll(strings.ReplaceAll(s.text, "xxxuserxxx", " "), "xxxnumberxxx", " ")
		if s.register == "colloquial" {
			t.chat = append(t.chat, text)
		} else {
			t.sentences[s.language] = append(t.sentences[s.language], text)
		}
	}
	for _, p := range phrases {
		t.phrases[p.language] = append(t.phrases[p.language], p)
	}
	return t
}

// draw makes the samples of one epoch, as many for each language.
func (t *languageTrainer) draw(int) []sample {
	samples := make([]sample, 0, perLanguage*len(languages()))
	for class, code := range languages() {
		for range perLanguage {
			words := t.drawWords(code)
			if found := languageFeatures(words); len(found) > 0 {
				samples = append(samples, sample{found, class, len(words)})
			}
		}
	}
	return samples
}

// drawWords picks what somebody might type in a language: a piece of a
// sentence, a phrase of our own, or an Indonesian phrase with the words of
// the mother tongue put in.
func (t *languageTrainer) drawWords(code string) []string {
	chance := t.rng.Float64()
	switch {
	case code == defaultLanguage && chance < 0.35:
		return t.window(scan(pickOne(t.rng, t.chat)))
	case chance < 0.45:
		return t.window(scan(pickOne(t.rng, t.sentences[code])))
	case code != defaultLanguage && code != "eng" && chance < 0.65:
		text := t.phrases[defaultLanguage][t.rng.IntN(len(t.phrases[defaultLanguage]))].text
		return scan(t.vary.translate(text, code, 1))
	}
	p := t.phrases[code][t.rng.IntN(len(t.phrases[code]))]
	text := p.text
	if t.rng.IntN(4) == 0 {
		text = mistype(t.rng, text, 1)
	}
	return scan(text)
}

// window cuts a piece of 2 to 12 words out of half of the sentences.
func (t *languageTrainer) window(words []string) []string {
	size := 2 + t.rng.IntN(11)
	if len(words) <= size || t.rng.IntN(2) == 0 {
		return words
	}
	at := t.rng.IntN(len(words) - size + 1)
	return words[at : at+size]
}

func (t *languageTrainer) fit() *linear {
	f := &fitting{classes: len(languages()), bits: languageBits, epochs: 10, rate: 0.3, dropout: 0.3, rng: t.rng}
	f.rarity = rarityOf(languageBits, t.draw(0))
	return newLinear(languages(), f, f.fit(t.draw))
}

func trainLanguage(read *reader, phrases []phrase, sentences []sentence, log io.Writer) *linear {
	calibrated := calibrateLanguage(read, phrases, sentences, log)
	model := newLanguageTrainer(read, phrases, sentences, 1).fit()
	model.temperature = calibrated
	return model
}

// calibrateLanguage fits without the held part and a fifth of our phrases and
// judges on these, in full and by their first words.
func calibrateLanguage(read *reader, phrases []phrase, sentences []sentence, log io.Writer) []float64 {
	var seen, unseen []sentence
	for _, s := range sentences {
		if strings.HasSuffix(s.source, heldPart) || strings.HasSuffix(s.source, "stif-dev") {
			unseen = append(unseen, s)
		} else {
			seen = append(seen, s)
		}
	}
	var known []phrase
	for i, p := range phrases {
		if i%5 == 2 {
			unseen = append(unseen, sentence{p.language, p.register, "phrases", p.text})
		} else {
			known = append(known, p)
		}
	}
	model := newLanguageTrainer(read, known, seen, 2).fit()
	var all []verdict
	for _, source := range []string{"nusax-valid", "stif-dev", "phrases"} {
		for _, first := range []int{1000, 5} {
			verdicts := judgeLanguage(model, unseen, source, first)
			fmt.Fprintf(log, "language: %.1f %% right on %s, first %d words (%d texts, no prior)\n", 100*shareRight(verdicts), source, first, len(verdicts))
			all = append(all, verdicts...)
		}
	}
	return temperatures(balanced(all))
}

func judgeLanguage(model *linear, texts []sentence, source string, first int) []verdict {
	var verdicts []verdict
	for _, s := range texts {
		words := scan(s.text)
		words = words[:min(len(words), first)]
		found := languageFeatures(words)
		if s.source != source || len(found) == 0 {
			continue
		}
		verdicts = append(verdicts, verdict{model.scores(found), slices.Index(languages(), s.language), len(words)})
	}
	return verdicts
}

// balanced keeps at most so many verdicts of each language, since the model
// counts on all being as likely before the prior comes in.
func balanced(verdicts []verdict) []verdict {
	const most = 400
	count := map[int]int{}
	var kept []verdict
	for _, v := range verdicts {
		if count[v.class] < most {
			count[v.class]++
			kept = append(kept, v)
		}
	}
	return kept
}
