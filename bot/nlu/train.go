package nlu

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
)

// folds is into how many parts the phrases are cut for calibration: the model
// is fitted as often, each time without one part, and judged on that part.
const folds = 5

// Train learns both models anew and writes their data files into the folder
// out (the source folder of this package). data is the folder that holds
// sentences.tsv; when it is "", only the intent model is made, from our own
// phrases, and the language model stays. The same input gives the same bytes.
// What was measured on parts held out goes to log, line by line.
func Train(data, out string, log io.Writer) error {
	read, err := newReader()
	if err != nil {
		return err
	}
	phrases, err := loadPhrases()
	if err != nil {
		return err
	}
	if data != "" {
		sentences, err := loadSentences(filepath.Join(data, "sentences.tsv"))
		if err != nil {
			return err
		}
		model := trainLanguage(read, phrases, sentences, log)
		if err := save(filepath.Join(out, languageFile), model, languageNote); err != nil {
			return err
		}
	}
	model, err := trainIntent(read, phrases, log)
	if err != nil {
		return err
	}
	return save(filepath.Join(out, intentFile), model, intentNote)
}

const languageNote = `Sapa: weights of the language identifier (made by "sapa bot train --data DIR").
Learnt from NusaX (IndoNLP, CC BY-SA 4.0), STIF-Indonesia (Haryo AW, MIT) and phrases written for Sapa.
This file is licensed under CC BY-SA 4.0: https://creativecommons.org/licenses/by-sa/4.0/ . See NOTICE.`

const intentNote = `Sapa: weights of the intent classifier (made by "sapa bot train").
Learnt from the phrases in bot/nlu/phrases, which were written for Sapa. Licence: as Sapa itself.`

func save(path string, model *linear, note string) error {
	var out bytes.Buffer
	if err := encodeWeights(&out, model, note); err != nil {
		return err
	}
	return os.WriteFile(path, out.Bytes(), 0o644)
}

// intentTrainer fits intent models.
type intentTrainer struct {
	read    *reader
	classes []string
}

func trainIntent(read *reader, phrases []phrase, log io.Writer) (*linear, error) {
	t := &intentTrainer{read: read, classes: intentsOf(phrases)}
	verdicts := t.crossCheck(phrases, log)
	model := t.fit(phrases, 1)
	model.temperature = temperatures(verdicts)
	through, held := atThreshold(model, verdicts)
	fmt.Fprintf(log, "intent: at confidence %.2f, %.1f %% of the right guesses pass, %.1f %% of the wrong ones are held back\n",
		Threshold, 100*through.Rate(), 100*held.Rate())
	source, err := intentSource()
	model.source = source
	return model, err
}

func intentsOf(phrases []phrase) []string {
	var names []string
	for _, p := range phrases {
		if !slices.Contains(names, p.intent) {
			names = append(names, p.intent)
		}
	}
	slices.Sort(names)
	return names
}

// intentSource fingerprints all the embedded files that the intent model
// depends on, so that a test can tell when it is older than its phrases.
func intentSource() (string, error) {
	sum := sha256.New()
	for _, part := range []struct {
		files fs.FS
		glob  string
	}{{wordFiles, "words/*"}, {phraseFiles, "phrases/*"}} {
		names, err := fs.Glob(part.files, part.glob)
		if err != nil {
			return "", err
		}
		for _, name := range names {
			text, err := fs.ReadFile(part.files, name)
			if err != nil {
				return "", err
			}
			fmt.Fprintf(sum, "%s %d\n%s", name, len(text), text)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:16]), nil
}

func (t *intentTrainer) sample(p phrase, text string) sample {
	words := scan(text)
	if len(words) == 0 {
		words = scan(p.text)
	}
	return sample{t.read.intentFeatures(words), slices.Index(t.classes, p.intent), len(words)}
}

// fit learns from phrases, each epoch as written and in one new variant.
func (t *intentTrainer) fit(phrases []phrase, seed uint64) *linear {
	rng := rand.New(rand.NewPCG(seed, 49))
	vary := &varier{t.read.lex, rng}
	draw := func(int) []sample {
		samples := make([]sample, 0, 2*len(phrases))
		for _, p := range phrases {
			samples = append(samples, t.sample(p, p.text), t.sample(p, vary.variant(p)))
		}
		return samples
	}
	f := &fitting{classes: len(t.classes), bits: intentBits, epochs: 16, rate: 0.3, dropout: 0.2, rng: rng}
	f.rarity = rarityOf(intentBits, draw(0))
	return newLinear(t.classes, f, f.fit(draw))
}

func newLinear(classes []string, f *fitting, weights []float32) *linear {
	small, scale := quantise(weights)
	even := slices.Repeat([]float64{1}, lengthBuckets)
	return &linear{classes: classes, bits: f.bits, scale: scale, weights: small, rarity: f.rarity, temperature: even}
}

// crossCheck leaves out each fold in turn and returns how the model that has
// not seen them scores its phrases, as written and mistyped.
func (t *intentTrainer) crossCheck(phrases []phrase, log io.Writer) []verdict {
	order := rand.New(rand.NewPCG(5, 49)).Perm(len(phrases))
	results := make([][]verdict, folds)
	done := make(chan int)
	for fold := range folds {
		go func() {
			results[fold] = t.checkFold(phrases, order, fold)
			done <- fold
		}()
	}
	for range folds {
		<-done
	}
	verdicts := slices.Concat(results...)
	fmt.Fprintf(log, "intent: %.1f %% right on %d phrases left out in turn, half of them mistyped\n", 100*shareRight(verdicts), len(phrases))
	return verdicts
}

func (t *intentTrainer) checkFold(phrases []phrase, order []int, fold int) []verdict {
	var seen, unseen []phrase
	for i, at := range order {
		if i%folds == fold {
			unseen = append(unseen, phrases[at])
		} else {
			seen = append(seen, phrases[at])
		}
	}
	model := t.fit(seen, uint64(100+fold))
	rng := rand.New(rand.NewPCG(uint64(fold), 7))
	verdicts := make([]verdict, 0, len(unseen))
	for i, p := range unseen {
		text := p.text
		if i%2 == 1 {
			text = mistype(rng, text, 1)
		}
		s := t.sample(p, text)
		verdicts = append(verdicts, verdict{model.scores(s.found), s.class, s.words})
	}
	return verdicts
}

func shareRight(verdicts []verdict) float64 {
	right := 0
	for _, v := range verdicts {
		if v.scores[v.class] == slices.Max(v.scores) {
			right++
		}
	}
	return float64(right) / float64(max(1, len(verdicts)))
}

// atThreshold tells what [Threshold] does to guesses at messages not learnt
// from: the right ones let through, the wrong ones held back.
func atThreshold(model *linear, verdicts []verdict) (through, held Share) {
	for _, v := range verdicts {
		scores := slices.Clone(v.scores)
		for i := range scores {
			scores[i] /= model.temperature[lengthBucket(v.words)]
		}
		confidence := softmax(scores)[v.class]
		if top := slices.Max(scores); scores[v.class] == top {
			through.count(confidence >= Threshold)
		} else {
			held.count(top < Threshold)
		}
	}
	return through, held
}
