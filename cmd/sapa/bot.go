package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"sapa/bot/nlu"
)

// longestLine bounds one message read from standard input, in bytes.
const longestLine = 1 << 20

// nluFolder is where the source of the understanding part lies, seen from the
// root of a checkout: `train` writes its data files there.
const nluFolder = "bot/nlu"

// botCommand runs `sapa bot classify|eval|train`. It needs no database and
// returns the exit code: 0 done, 1 failed, 2 called wrongly.
func botCommand(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		botUsage(stderr)
		return 2
	}
	switch args[0] {
	case "classify":
		return botRun(args[1:], 0, stderr, func([]string) error { return botClassify(stdin, stdout) })
	case "eval":
		return botRun(args[1:], 1, stderr, func(rest []string) error { return botEval(rest[0], stdout) })
	case "train":
		return botTrain(args[1:], stdout, stderr)
	case "help", "--help", "-h":
		botUsage(stdout)
		return 0
	}
	fmt.Fprintf(stderr, "sapa bot: there is no %q\n\n", args[0])
	botUsage(stderr)
	return 2
}

func botUsage(to io.Writer) {
	fmt.Fprint(to, `usage: sapa bot COMMAND

  classify          read messages, one a line, from standard input and print what
                    each is about as one JSON object a line:
                    {"text","language","language_confidence","intent","confidence"}
  eval FILE.tsv     measure on labelled messages: tab separated, header line
                    text language register intent; a|b accepts either intent
  train [--data DIR] [--out DIR]
                    learn anew and write the data files into --out (`+nluFolder+`);
                    DIR holds sentences.tsv; without it the language model stays
`)
}

// botRun checks the number of words that follow a command and runs it.
func botRun(rest []string, want int, stderr io.Writer, run func([]string) error) int {
	if len(rest) != want {
		botUsage(stderr)
		return 2
	}
	return botEnd(run(rest), stderr)
}

func botEnd(err error, stderr io.Writer) int {
	if err != nil {
		fmt.Fprintf(stderr, "sapa bot: %v\n", err)
		return 1
	}
	return 0
}

// understood is one line of what `classify` prints.
type understood struct {
	Text               string  `json:"text"`
	Language           string  `json:"language"`
	LanguageConfidence float64 `json:"language_confidence"`
	Intent             string  `json:"intent"`
	Confidence         float64 `json:"confidence"`
}

func botClassify(from io.Reader, to io.Writer) error {
	model, err := nlu.New()
	if err != nil {
		return err
	}
	out := bufio.NewWriter(to)
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, longestLine)
	printer := json.NewEncoder(out)
	printer.SetEscapeHTML(false)
	for lines.Scan() {
		r := model.Classify(lines.Text(), "")
		line := understood{r.Text, r.Language, r.LanguageConfidence, r.Intent, r.Confidence}
		if err := errors.Join(printer.Encode(line), out.Flush()); err != nil {
			return err
		}
	}
	return lines.Err()
}

func botEval(path string, to io.Writer) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	examples, err := nlu.ReadExamples(file)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	model, err := nlu.New()
	if err != nil {
		return err
	}
	return model.Evaluate(examples).Write(to)
}

func botTrain(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("sapa bot train", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { botUsage(stderr) }
	data := flags.String("data", "", "folder that holds sentences.tsv")
	out := flags.String("out", nluFolder, "folder to write the data files into")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	if flags.NArg() > 0 {
		botUsage(stderr)
		return 2
	}
	return botEnd(nlu.Train(*data, *out, stdout), stderr)
}
