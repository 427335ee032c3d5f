package nlu

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// few returns a training run small enough for a test.
func few(t *testing.T) (*intentTrainer, []phrase) {
	t.Helper()
	read, err := newReader()
	if err != nil {
		t.Fatal(err)
	}
	phrases, err := loadPhrases()
	if err != nil {
		t.Fatal(err)
	}
	var some []phrase
	for i := 0; i < len(phrases); i += 60 {
		some = append(some, phrases[i])
	}
	return &intentTrainer{read: read, classes: intentsOf(some)}, some
}

func TestTrainingIsRepeatable(t *testing.T) {
	t.Parallel()
	trainer, phrases := few(t)
	var files [2]bytes.Buffer
	for i := range files {
		if err := encodeWeights(&files[i], trainer.fit(phrases, 1), "note"); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files[0].Bytes(), files[1].Bytes()) {
		t.Fatal("the same phrases gave different weights")
	}
}

func TestWeightsSurviveTheFile(t *testing.T) {
	t.Parallel()
	trainer, phrases := few(t)
	model := trainer.fit(phrases, 1)
	model.source = "abc"
	var file bytes.Buffer
	if err := encodeWeights(&file, model, "note"); err != nil {
		t.Fatal(err)
	}
	got, err := decodeWeights(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.classes, model.classes) || !slices.Equal(got.weights, model.weights) || got.source != "abc" {
		t.Fatal("weights changed on the way")
	}
	right := 0
	for _, p := range phrases {
		s := trainer.sample(p, p.text)
		if best(got.classes, got.probabilities(s.found, s.words), 1)[0].Intent == p.intent {
			right++
		}
	}
	if 10*right < 9*len(phrases) {
		t.Fatalf("%d of %d learnt phrases are known again", right, len(phrases))
	}
}

func TestDamagedWeightsAreRefused(t *testing.T) {
	t.Parallel()
	whole, err := weightFiles.ReadFile(languageFile)
	if err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string][]byte{
		"empty":         nil,
		"no figures":    []byte("note\n\n"),
		"not packed":    []byte("note\n\nfigures"),
		"cut in figure": whole[:len(whole)/2],
		"cut in head":   whole[:bytes.Index(whole, []byte("\n\n"))+30],
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := decodeWeights(raw); !errors.Is(err, errWeights) {
				t.Fatalf("got %v, want errWeights", err)
			}
		})
	}
}

func TestTrainNeedsItsData(t *testing.T) {
	t.Parallel()
	if err := Train(filepath.Join(t.TempDir(), "none"), t.TempDir(), io.Discard); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("got %v, want that the file is missing", err)
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "sentences.tsv"), []byte("language\tregister\tsource\ttext\nind\tformal\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Train(folder, t.TempDir(), io.Discard); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Fatalf("got %v, want one that names line 2", err)
	}
}

func TestTemperatures(t *testing.T) {
	t.Parallel()
	bold := verdict{scores: []float64{4, 0}, class: 0, words: 1}
	wrong := verdict{scores: []float64{4, 0}, class: 1, words: 1}
	modest := verdict{scores: []float64{1, 0}, class: 0, words: 8}
	got := temperatures([]verdict{bold, wrong, bold, modest})
	if got[lengthBucket(1)] <= 1 {
		t.Errorf("overconfident scores keep temperature %.2f, want above 1", got[lengthBucket(1)])
	}
	if got[lengthBucket(8)] >= 1 {
		t.Errorf("modest right scores keep temperature %.2f, want below 1", got[lengthBucket(8)])
	}
	if even := got[lengthBucket(20)]; even < 0.9 || even > 1.1 {
		t.Errorf("without messages temperature is %.2f, want about 1", even)
	}
}
