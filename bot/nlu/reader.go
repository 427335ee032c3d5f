package nlu

import (
	"maps"
	"slices"
)

// reader turns words as typed into what the intent model sees.
type reader struct {
	lex     *lexicon
	speller *speller
}

// newReader loads the word lists; the spelling it corrects to is that of the
// phrase files, but for their misspelt examples.
func newReader() (*reader, error) {
	lex, err := loadLexicon()
	if err != nil {
		return nil, err
	}
	phrases, err := loadPhrases()
	if err != nil {
		return nil, err
	}
	count := map[string]int{}
	for _, word := range lex.known() {
		count[word] = 1
	}
	for _, p := range phrases {
		if p.register == "typo" {
			continue
		}
		for _, word := range scan(p.text) {
			if len(lex.informal[word]) == 0 {
				count[word]++
			}
		}
	}
	return &reader{lex: lex, speller: newSpeller(slices.Sorted(maps.Keys(count)), count)}, nil
}

// token is one word: as typed (after the table of informal words), corrected,
// and what it comes down to: its root or the Indonesian concepts it stands for.
type token struct {
	typed, word string
	roots       []string
	concepts    []string // groups of like meaning it belongs to
}

// tokens spells words the model's way. Words of address are set aside unless
// nothing else is left.
func (r *reader) tokens(words []string) []token {
	out := make([]token, 0, len(words)+4)
	for _, word := range words {
		if !r.lex.address[word] {
			out = r.appendWord(out, word)
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, word := range words {
		out = append(out, token{typed: word, word: word, roots: []string{word}})
	}
	return out
}

func (r *reader) appendWord(out []token, word string) []token {
	formal, informal := r.lex.informal[word]
	if !informal {
		return append(out, r.token(word, r.spell(word)))
	}
	for _, part := range formal {
		out = append(out, r.token(part, part))
	}
	return out
}

// spell corrects a word, unless it is some form of a known root.
func (r *reader) spell(word string) string {
	if r.lex.isRoot(r.lex.stem(word)) {
		return word
	}
	return r.speller.correct(word)
}

func (r *reader) token(typed, word string) token {
	root := r.lex.stem(word)
	roots := []string{root}
	if abroad := r.lex.pivot[root]; len(abroad) > 0 && !r.lex.roots[root] {
		roots = abroad
	}
	concepts := slices.Clone(r.lex.concepts[word])
	for _, root := range roots {
		concepts = append(concepts, r.lex.concepts[root]...)
	}
	slices.Sort(concepts)
	return token{typed: typed, word: word, roots: roots, concepts: slices.Compact(concepts)}
}
