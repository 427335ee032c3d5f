package nlu

import (
	"math/rand/v2"
	"strings"
)

// neighbours lists, for each letter, the keys beside it on a telephone.
const neighbours = "a:qwsz b:vghn c:xdfv d:serfcx e:wsdr f:drtgvc g:ftyhbv h:gyujnb i:ujko j:huikmn k:jiolm l:kop " +
	"m:njk n:bhjm o:iklp p:ol q:wa r:edft s:awedxz t:rfgy u:yhji v:cfgb w:qase x:zsdc y:tghu z:asx"

// mistype makes n typing errors, each in a word of four letters or more: a
// letter left out, doubled, swapped with the next, or a neighbouring key.
func mistype(rng *rand.Rand, text string, n int) string {
	words := strings.Fields(text)
	var long []int
	for i, word := range words {
		if len(word) >= shortestCorrected && plain(word) {
			long = append(long, i)
		}
	}
	for range min(n, len(long)) {
		pick := rng.IntN(len(long))
		words[long[pick]] = slip(rng, words[long[pick]])
		long = append(long[:pick], long[pick+1:]...)
	}
	return strings.Join(words, " ")
}

func plain(word string) bool {
	for i := range len(word) {
		if c := word[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}

// slip makes one error in a word, after its first letter, where most happen.
func slip(rng *rand.Rand, word string) string {
	at := 1 + rng.IntN(len(word)-1)
	switch rng.IntN(4) {
	case 0:
		return word[:at] + word[at+1:]
	case 1:
		return word[:at] + word[at:at+1] + word[at:]
	case 2:
		if at+1 < len(word) {
			return word[:at] + word[at+1:at+2] + word[at:at+1] + word[at+2:]
		}
		return word[:at]
	}
	return word[:at] + beside(rng, word[at]|0x20) + word[at+1:]
}

func beside(rng *rand.Rand, letter byte) string {
	_, keys, _ := strings.Cut(neighbours, string(letter)+":")
	keys, _, _ = strings.Cut(keys, " ")
	at := rng.IntN(len(keys))
	return keys[at : at+1]
}
