package nlu

import (
	"math"
	"math/rand/v2"
	"slices"
)

// sample is one message to learn from.
type sample struct {
	found []feature // not yet scaled
	class int
	words int
}

// fitting is one training run: multinomial logistic regression by stochastic
// gradient descent with a step of its own for each weight (AdaGrad). The same
// seed and samples give the same weights.
type fitting struct {
	classes int
	bits    uint
	epochs  int
	rate    float32 // first step
	dropout float32 // share of features hidden from each step, against learning by heart
	rng     *rand.Rand
	rarity  []float32
}

// fit learns from what draw gives for each epoch.
func (f *fitting) fit(draw func(epoch int) []sample) []float32 {
	weights := make([]float32, f.classes<<f.bits)
	squares := make([]float32, len(weights))
	scores := make([]float32, f.classes)
	for epoch := range f.epochs {
		samples := draw(epoch)
		f.rng.Shuffle(len(samples), func(i, j int) { samples[i], samples[j] = samples[j], samples[i] })
		for _, s := range samples {
			f.step(weights, squares, scores, s)
		}
	}
	return weights
}

// step moves the weights towards one sample. The products are rounded by
// explicit conversion so that no processor fuses them: the same figures on
// every machine.
func (f *fitting) step(weights, squares, scores []float32, s sample) {
	found := f.thin(s.found)
	unit(found, func(at uint32) float32 { return f.rarity[at] })
	clear(scores)
	for _, x := range found {
		row := weights[int(x.at)*f.classes:][:f.classes]
		for c, w := range row {
			scores[c] += float32(x.value * w)
		}
	}
	errorsOf(scores, s.class)
	for _, x := range found {
		base := int(x.at) * f.classes
		row, squared := weights[base:][:f.classes], squares[base:][:f.classes]
		for c, e := range scores {
			g := e * x.value
			squared[c] += float32(g * g)
			row[c] -= float32(f.rate * g / float32(math.Sqrt(float64(squared[c])+1e-8)))
		}
	}
}

// thin copies features, leaving some out.
func (f *fitting) thin(found []feature) []feature {
	kept := make([]feature, 0, len(found))
	for _, x := range found {
		if f.dropout == 0 || f.rng.Float32() >= f.dropout {
			kept = append(kept, x)
		}
	}
	return kept
}

// errorsOf turns scores into probability minus truth, in place.
func errorsOf(scores []float32, truth int) {
	top := slices.Max(scores)
	var sum float32
	for c, s := range scores {
		scores[c] = float32(math.Exp(float64(s - top)))
		sum += scores[c]
	}
	for c := range scores {
		scores[c] /= sum
	}
	scores[truth]--
}

// rarityOf measures how telling each feature is: the fewer samples have it,
// the more (smoothed inverse document frequency).
func rarityOf(bits uint, samples []sample) []float32 {
	count := make([]int32, 1<<bits)
	last := make([]int32, 1<<bits)
	for i, s := range samples {
		for _, x := range s.found {
			if last[x.at] != int32(i+1) {
				last[x.at] = int32(i + 1)
				count[x.at]++
			}
		}
	}
	rarity := make([]float32, len(count))
	for at, n := range count {
		rarity[at] = float32(math.Log(float64(1+len(samples))/float64(1+n)) / 3)
	}
	return rarity
}

// quantise stores weights in one byte each. The scale covers all but the
// largest hundred-thousandth, which are cut.
func quantise(weights []float32) (small []int8, scale float32) {
	sizes := make([]float32, 0, len(weights))
	for _, w := range weights {
		if w != 0 {
			sizes = append(sizes, float32(math.Abs(float64(w))))
		}
	}
	slices.Sort(sizes)
	if len(sizes) == 0 {
		return make([]int8, len(weights)), 1
	}
	scale = sizes[len(sizes)-1-len(sizes)/100000] / 127
	small = make([]int8, len(weights))
	for i, w := range weights {
		small[i] = int8(math.Round(float64(max(-127, min(127, w/scale)))))
	}
	return small, scale
}

// verdict is a raw outcome kept for calibration.
type verdict struct {
	scores []float64
	class  int
	words  int
}

// temperatures finds, for each length of message, the divisor of the scores
// under which confidence is right most often (least log loss), on messages
// the model has not learnt from.
func temperatures(verdicts []verdict) []float64 {
	out := make([]float64, lengthBuckets)
	for bucket := range out {
		least := math.Inf(1)
		for t := 0.1; t < 5; t *= 1.05 {
			if loss := logLoss(verdicts, bucket, t); loss < least {
				least, out[bucket] = loss, t
			}
		}
	}
	return out
}

func logLoss(verdicts []verdict, bucket int, temperature float64) float64 {
	var loss float64
	n := 0
	for _, v := range verdicts {
		if lengthBucket(v.words) != bucket {
			continue
		}
		scores := slices.Clone(v.scores)
		for i := range scores {
			scores[i] /= temperature
		}
		loss -= math.Log(max(softmax(scores)[v.class], 1e-9))
		n++
	}
	if n == 0 {
		return math.Abs(temperature - 1)
	}
	return loss / float64(n)
}
