package nlu

import (
	"bufio"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

//go:embed phrases/*.tsv
var phraseFiles embed.FS

// phrase is one example of how citizens say something. Registers are formal,
// colloquial, slang, typo, story (long-winded) and fragment.
type phrase struct {
	intent, language, register, text string
}

const phraseHeader = "intent\tlanguage\tregister\ttext"

// loadPhrases reads all embedded phrase files, in the order of their names.
func loadPhrases() ([]phrase, error) {
	names, err := fs.Glob(phraseFiles, "phrases/*.tsv")
	if err != nil {
		return nil, err
	}
	var all []phrase
	for _, name := range names {
		file, err := phraseFiles.Open(name)
		if err != nil {
			return nil, err
		}
		read, err := readPhrases(file)
		file.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, read...)
	}
	return all, nil
}

func readPhrases(from io.Reader) ([]phrase, error) {
	var all []phrase
	lines := bufio.NewScanner(from)
	for number := 1; lines.Scan(); number++ {
		if number == 1 {
			if lines.Text() != phraseHeader {
				return nil, fmt.Errorf("line 1 is %q, want %q", lines.Text(), phraseHeader)
			}
			continue
		}
		fields := strings.Split(lines.Text(), "\t")
		if len(fields) != 4 || fields[0] == "" || fields[3] == "" {
			return nil, fmt.Errorf("line %d: want intent, language, register and text", number)
		}
		all = append(all, phrase{fields[0], fields[1], fields[2], fields[3]})
	}
	return all, lines.Err()
}
