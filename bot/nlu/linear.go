package nlu

import "math"

// linear is a multinomial logistic regression over hashed features, as
// stored: one byte a weight.
type linear struct {
	classes     []string
	bits        uint
	scale       float32   // what one step of a weight is worth
	weights     []int8    // feature by feature, len(classes) each
	rarity      []float32 // per feature: how much it tells (inverse document frequency)
	temperature []float64 // by length of message, see [lengthBucket]; 1 leaves scores as they are
	source      string    // fingerprint of what it was learnt from
}

// lengthBuckets counts what lengthBucket returns: messages of 1, 2, 3-5, 6-10
// and more words. Confidence is calibrated for each apart, since a short
// message says less than its score pretends.
const lengthBuckets = 5

func lengthBucket(words int) int {
	switch {
	case words <= 1:
		return 0
	case words == 2:
		return 1
	case words <= 5:
		return 2
	case words <= 10:
		return 3
	}
	return 4
}

// scores returns the raw score of each class. It changes found.
func (l *linear) scores(found []feature) []float64 {
	unit(found, func(at uint32) float32 { return l.rarity[at] })
	n := len(l.classes)
	sums := make([]float32, n)
	for _, f := range found {
		row := l.weights[int(f.at)*n : int(f.at)*n+n]
		for c, w := range row {
			sums[c] += f.value * float32(w)
		}
	}
	out := make([]float64, n)
	for c, sum := range sums {
		out[c] = float64(sum) * float64(l.scale)
	}
	return out
}

// softmax turns scores into probabilities, in place.
func softmax(scores []float64) []float64 {
	top := math.Inf(-1)
	for _, s := range scores {
		top = max(top, s)
	}
	var sum float64
	for i, s := range scores {
		scores[i] = math.Exp(s - top)
		sum += scores[i]
	}
	for i := range scores {
		scores[i] /= sum
	}
	return scores
}

// calibrated divides scores by the temperature for a message of that many words.
func (l *linear) calibrated(found []feature, words int) []float64 {
	scores := l.scores(found)
	for i := range scores {
		scores[i] /= l.temperature[lengthBucket(words)]
	}
	return scores
}

// probabilities of the classes for a message.
func (l *linear) probabilities(found []feature, words int) []float64 {
	return softmax(l.calibrated(found, words))
}
