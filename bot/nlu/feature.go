package nlu

import (
	"math"
	"slices"
)

// feature is one coordinate of a message: a hashed word, pair or letter
// sequence, with its weight.
type feature struct {
	at    uint32
	value float32
}

// Kinds of features and how much each counts beside the others, tuned by
// leaving out phrases in turn. Letter sequences carry typos and endings,
// roots carry meaning across spellings and languages.
const (
	kindWord    byte = iota + 1
	kindRoot         // what a word comes down to
	kindNext         // two roots in a row
	kindSkip         // two roots with one between
	kindPair         // two roots farther apart
	kindGram         // letters
	kindConcept      // a group of words of like meaning
	kindMeet         // two such groups in one message
)

func kindWeight(kind byte) float32 {
	switch kind {
	case kindWord:
		return 0.5
	case kindRoot:
		return 1
	case kindNext:
		return 0.8
	case kindSkip:
		return 0.5
	case kindPair:
		return 0.3
	case kindGram:
		return 0.25
	case kindConcept:
		return 1
	case kindMeet:
		return 0.7
	}
	return 0
}

// pairWords bounds the roots that are paired with all others: in a long story
// pairs of distant words say little and cost much.
const pairWords = 14

// bag collects the hashed features of one message.
type bag struct {
	bits  uint
	found []feature
}

// FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/
const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

func hash(h uint64, s string) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * fnvPrime
	}
	return h
}

func (b *bag) add(kind byte, parts ...string) {
	h := (uint64(fnvOffset) ^ uint64(kind)) * fnvPrime
	for _, part := range parts {
		h = (hash(h, part) ^ 0xff) * fnvPrime
	}
	b.found = append(b.found, feature{uint32((h ^ h>>29) & (1<<b.bits - 1)), kindWeight(kind)})
}

// grams adds the letter sequences of low to high bytes of a word, with marks
// at its ends.
func (b *bag) grams(kind byte, word string, low, high int) {
	marked := "_" + word + "_"
	for n := low; n <= high; n++ {
		for i := 0; i+n <= len(marked); i++ {
			b.add(kind, marked[i:i+n])
		}
	}
}

// intentBits is the size, as a power of two, of the intent model's table.
const intentBits = 16

// intentFeatures lists what the intent model looks at.
func (r *reader) intentFeatures(words []string) []feature {
	tokens := r.tokens(words)
	b := &bag{bits: intentBits, found: make([]feature, 0, 40*len(tokens))}
	b.add(kindRoot, lengthMark(len(tokens)))
	for i, t := range tokens {
		b.add(kindWord, t.word)
		for _, root := range t.roots {
			b.add(kindRoot, root)
			if i+1 < len(tokens) {
				b.add(kindNext, root, tokens[i+1].roots[0])
			}
			if i+2 < len(tokens) {
				b.add(kindSkip, root, tokens[i+2].roots[0])
			}
		}
		b.grams(kindGram, t.typed, 3, 5)
	}
	b.add(kindNext, "_", tokens[0].roots[0])
	b.add(kindNext, tokens[len(tokens)-1].roots[0], "_")
	b.pairs(tokens)
	b.meetings(tokens)
	return b.found
}

func (b *bag) pairs(tokens []token) {
	for i := 0; i < len(tokens) && i < pairWords; i++ {
		for j := i + 3; j < len(tokens) && j < pairWords; j++ {
			first, second := tokens[i].roots[0], tokens[j].roots[0]
			if second < first {
				first, second = second, first
			}
			b.add(kindPair, first, second)
		}
	}
}

// lengthMark tells greetings from stories.
func lengthMark(words int) string {
	switch {
	case words <= 1:
		return "<1>"
	case words <= 3:
		return "<3>"
	case words <= 8:
		return "<8>"
	}
	return "<long>"
}

// unit scales features by weight and brings the whole to length 1, so that
// long messages do not shout.
func unit(found []feature, weight func(uint32) float32) {
	var sum float64
	for i := range found {
		found[i].value *= weight(found[i].at)
		sum += float64(found[i].value * found[i].value)
	}
	if sum == 0 {
		return
	}
	scale := float32(1 / math.Sqrt(sum))
	for i := range found {
		found[i].value *= scale
	}
}

// meetings adds the groups of like meaning in the message and each two of them.
func (b *bag) meetings(tokens []token) {
	var groups []string
	for _, t := range tokens {
		for _, group := range t.concepts {
			if !slices.Contains(groups, group) {
				groups = append(groups, group)
			}
		}
	}
	slices.Sort(groups)
	for i, group := range groups {
		b.add(kindConcept, group)
		for _, other := range groups[i+1:] {
			b.add(kindMeet, group, other)
		}
	}
}
