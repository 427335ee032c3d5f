package nlu

// Words shorter than this are not corrected: too many others are one edit away.
const shortestCorrected = 4

// speller finds the known word one typing error away from an unknown one:
// a letter too many, missing, wrong, or two swapped. It looks words up under
// every form with one letter left out (symmetric deletion).
type speller struct {
	count map[string]int      // known word -> how often the phrases use it
	near  map[string][]string // a known word less one letter -> known words
}

// newSpeller indexes known words with their frequencies; order decides ties,
// so it must be the same each time.
func newSpeller(order []string, count map[string]int) *speller {
	s := &speller{count: count, near: make(map[string][]string, 8*len(order))}
	for _, word := range order {
		if len(word) < shortestCorrected {
			continue
		}
		eachDeletion(word, func(short string) { s.near[short] = append(s.near[short], word) })
	}
	return s
}

func eachDeletion(word string, use func(string)) {
	for i := range len(word) {
		if i == 0 || word[i] != word[i-1] {
			use(word[:i] + word[i+1:])
		}
	}
}

// correct returns the commonest known word one error away, or the word itself.
func (s *speller) correct(word string) string {
	if _, known := s.count[word]; known || len(word) < shortestCorrected || word[0] == '<' || hasDigit(word) {
		return word
	}
	found, most := word, 0
	consider := func(candidate string) {
		if n := s.count[candidate]; n > most && oneEdit(word, candidate) {
			found, most = candidate, n
		}
	}
	for _, longer := range s.near[word] {
		consider(longer)
	}
	eachDeletion(word, func(short string) {
		if len(short) >= shortestCorrected {
			consider(short)
		}
		for _, other := range s.near[short] {
			consider(other)
		}
	})
	return found
}

// oneEdit reports whether a single insertion, deletion, substitution or swap
// of neighbours turns a into b.
func oneEdit(a, b string) bool {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	a, b = a[i:], b[i:]
	j := 0
	for j < len(a) && j < len(b) && a[len(a)-1-j] == b[len(b)-1-j] {
		j++
	}
	a, b = a[:len(a)-j], b[:len(b)-j]
	if len(a) <= 1 && len(b) <= 1 {
		return true
	}
	return len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0]
}
