package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestBotCommandUsage(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		args []string
		want int
	}{
		{"nothing", nil, 2},
		{"unknown", []string{"dance"}, 2},
		{"help", []string{"help"}, 0},
		{"eval without file", []string{"eval"}, 2},
		{"eval of two files", []string{"eval", "a", "b"}, 2},
		{"eval of a missing file", []string{"eval", filepath.Join("testdata", "none.tsv")}, 1},
		{"classify with words", []string{"classify", "halo"}, 2},
		{"train with words", []string{"train", "now"}, 2},
		{"train with an unknown option", []string{"train", "--fast"}, 2},
		{"train without its data", []string{"train", "--data", "none", "--out", "none"}, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var out, errs bytes.Buffer
			if got := botCommand(test.args, strings.NewReader(""), &out, &errs); got != test.want {
				t.Fatalf("exit code %d, want %d: %s", got, test.want, errs.String())
			}
			if test.want != 0 && errs.Len() == 0 {
				t.Fatal("failed without a word")
			}
		})
	}
}

func TestBotClassify(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	if code := botCommand([]string{"classify"}, strings.NewReader("otp gak masuk kak <3\n\nsampurasun\n"), &out, &errs); code != 0 {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 3 {
		t.Fatalf("got %d lines, want 3: %s", len(lines), out.String())
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(lines[0]), &got); err != nil {
		t.Fatal(err)
	}
	if got["text"] != "otp gak masuk kak <3" || got["language"] != "ind" || got["intent"] != "account.otp" {
		t.Fatalf("got %v", got)
	}
	for _, name := range []string{"language_confidence", "confidence"} {
		if share, isNumber := got[name].(float64); !isNumber || share <= 0 || share > 1 {
			t.Errorf("%s is %v, want a share", name, got[name])
		}
	}
	if len(got) != 5 {
		t.Errorf("got %d fields, want 5: %v", len(got), got)
	}
}

func TestBotEval(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "some.tsv")
	text := "text\tlanguage\tregister\tintent\nkapan insentif cair\tind\tcolloquial\tincentive.status|incentive.amount\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if code := botCommand([]string{"eval", file}, strings.NewReader(""), &out, &errs); code != 0 {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	if !strings.Contains(out.String(), "100.0 %") || !strings.Contains(out.String(), "macro F1") {
		t.Fatalf("got %s", out.String())
	}
}
