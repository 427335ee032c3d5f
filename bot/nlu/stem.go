package nlu

import "strings"

// nasal lists the Indonesian prefixes whose last sound may have swallowed the
// first of the root: menyambung is sambung, nyari is cari, memakai is pakai.
// What was swallowed is tried in order; "" means nothing was.
func nasal() []struct{ prefix, swallowed string } {
	return []struct{ prefix, swallowed string }{
		{"meny", "s"}, {"peny", "s"}, {"ny", "s"}, {"ny", "c"},
		{"menge", ""}, {"penge", ""}, {"nge", ""},
		{"meng", ""}, {"meng", "k"}, {"peng", ""}, {"peng", "k"}, {"ng", ""}, {"ng", "k"},
		{"mem", "p"}, {"mem", ""}, {"pem", "p"}, {"pem", ""}, {"m", "p"},
		{"men", "t"}, {"men", ""}, {"pen", "t"}, {"pen", ""}, {"n", "t"},
		{"me", ""}, {"pe", ""},
		{"diper", ""}, {"memper", ""}, {"ber", ""}, {"ter", ""}, {"per", ""}, {"be", ""},
		{"di", ""}, {"ke", ""}, {"se", ""}, {"te", ""},
	}
}

// suffixes of Indonesian, then those Javanese, Sundanese and others add.
func suffixes() []string {
	return []string{"kannya", "annya", "inya", "nya", "kan", "an", "in", "i", "ku", "mu", "lah", "kah",
		"nipun", "ipun", "aken", "ake", "ne", "ke", "no", "e", "keun", "eun", "ana", "na", "aghi", "ra", "ang", "akan", "hu", "ta", "ah"}
}

// stem cuts affixes off a word as long as a known root remains. A word
// without one keeps its form, but for a possessive or particle at its end.
func (lex *lexicon) stem(word string) string {
	if lex.isRoot(word) || len(word) < 4 {
		return word
	}
	if root := lex.stripPrefix(word); root != "" {
		return root
	}
	for _, suffix := range suffixes() {
		bare, found := strings.CutSuffix(word, suffix)
		if !found || len(bare) < 3 {
			continue
		}
		if lex.isRoot(bare) {
			return bare
		}
		if root := lex.stripPrefix(bare); root != "" {
			return root
		}
	}
	for _, suffix := range []string{"nya", "lah", "kah"} {
		if bare, found := strings.CutSuffix(word, suffix); found && len(bare) > 3 {
			return bare
		}
	}
	return word
}

func (lex *lexicon) isRoot(word string) bool {
	return lex.roots[word] || len(lex.pivot[word]) > 0
}

// stripPrefix returns the root behind a prefix, "" when there is none.
func (lex *lexicon) stripPrefix(word string) string {
	for _, affix := range nasal() {
		bare, found := strings.CutPrefix(word, affix.prefix)
		if found && len(bare)+len(affix.swallowed) > 2 && lex.isRoot(affix.swallowed+bare) {
			return affix.swallowed + bare
		}
	}
	return ""
}
