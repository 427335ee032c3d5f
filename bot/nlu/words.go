package nlu

import (
	"bufio"
	"embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sapa/channels/words"
)

//go:embed words/*.tsv words/*.txt
var wordFiles embed.FS

// languages are the ISO 639-3 codes the model tells apart, Indonesian first.
func languages() []string {
	return words.Codes()
}

// lexicon is what the word files say.
type lexicon struct {
	informal map[string][]string            // how it is typed -> how the model spells it
	address  map[string]bool                // kak, min, pak: set aside
	roots    map[string]bool                // Indonesian roots
	pivot    map[string][]string            // word of another language -> Indonesian concepts
	concepts map[string][]string            // word or root -> groups of like meaning
	abroad   map[string]map[string][]string // language -> Indonesian word -> its words there
}

// loadLexicon reads the embedded word files.
func loadLexicon() (*lexicon, error) {
	lex := &lexicon{
		informal: map[string][]string{},
		address:  map[string]bool{},
		roots:    map[string]bool{},
		pivot:    map[string][]string{},
		concepts: map[string][]string{},
		abroad:   map[string]map[string][]string{},
	}
	for _, load := range []struct {
		file string
		line func([]string) error
	}{
		{"words/informal.tsv", lex.addInformal},
		{"words/address.txt", lex.addAddress},
		{"words/root.txt", lex.addRoots},
		{"words/glossary.tsv", lex.addTranslations},
		{"words/concept.tsv", lex.addConcept},
	} {
		if err := eachLine(load.file, load.line); err != nil {
			return nil, err
		}
	}
	return lex, nil
}

// eachLine gives the tab-separated fields of every line that is not a comment.
func eachLine(file string, use func([]string) error) error {
	opened, err := wordFiles.Open(file)
	if err != nil {
		return err
	}
	defer opened.Close()
	lines := bufio.NewScanner(opened)
	for number := 1; lines.Scan(); number++ {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := use(strings.Split(line, "\t")); err != nil {
			return fmt.Errorf("%s line %d: %w", file, number, err)
		}
	}
	return lines.Err()
}

func (lex *lexicon) addInformal(fields []string) error {
	if len(fields) != 2 {
		return fmt.Errorf("want 2 fields, got %d", len(fields))
	}
	lex.informal[fields[0]] = strings.Fields(fields[1])
	return nil
}

func (lex *lexicon) addAddress(fields []string) error {
	lex.address[fields[0]] = true
	return nil
}

func (lex *lexicon) addRoots(fields []string) error {
	for _, root := range strings.Fields(fields[0]) {
		lex.roots[root] = true
	}
	return nil
}

func (lex *lexicon) addConcept(fields []string) error {
	if len(fields) != 2 {
		return fmt.Errorf("want 2 fields, got %d", len(fields))
	}
	for _, word := range strings.Fields(fields[1]) {
		lex.concepts[word] = append(lex.concepts[word], fields[0])
	}
	return nil
}

// addTranslations reads one row of the glossary; its first row names the columns,
// which must be [languages] with Indonesian first and English last.
func (lex *lexicon) addTranslations(fields []string) error {
	columns := languages()
	if len(fields) != len(columns) {
		return fmt.Errorf("want %d fields, got %d", len(columns), len(fields))
	}
	if fields[0] == "ind" {
		if !slices.Equal(fields, columns) {
			return fmt.Errorf("columns are %v, want %v", fields, columns)
		}
		for _, code := range columns[1:] {
			lex.abroad[code] = map[string][]string{}
		}
		return nil
	}
	concept := fields[0]
	lex.roots[concept] = true
	for i, code := range columns[1:] {
		words := strings.Fields(fields[i+1])
		lex.abroad[code][concept] = words
		for _, word := range words {
			lex.addPivot(word, concept)
		}
	}
	return nil
}

// addPivot skips words that are spelled like the concept itself.
func (lex *lexicon) addPivot(word, concept string) {
	if word != concept && !slices.Contains(lex.pivot[word], concept) {
		lex.pivot[word] = append(lex.pivot[word], concept)
	}
}

// known lists every word the files mention, sorted.
func (lex *lexicon) known() []string {
	set := map[string]bool{}
	for _, formal := range lex.informal {
		for _, word := range formal {
			set[word] = true
		}
	}
	for word := range lex.pivot {
		set[word] = true
	}
	for root := range lex.roots {
		set[root] = true
	}
	for word := range lex.concepts {
		set[word] = true
	}
	return slices.Sorted(maps.Keys(set))
}
