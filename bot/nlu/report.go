package nlu

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// shownConfusions is how many confusions a printed report lists.
const shownConfusions = 15

// report closes the tally.
func (t *tally) report() Report {
	r := t.counts
	for _, code := range t.order {
		r.Languages = append(r.Languages, *t.languages[code])
	}
	var sum float64
	measured := 0
	for _, score := range t.intents {
		r.Intents = append(r.Intents, *score)
	}
	slices.SortFunc(r.Intents, func(a, b IntentScore) int { return cmp.Compare(a.Intent, b.Intent) })
	for _, score := range r.Intents {
		if score.Recall.Whole > 0 {
			sum += score.F1()
			measured++
		}
	}
	r.MacroF1 = sum / float64(max(1, measured))
	for pair, count := range t.confusions {
		r.Confusions = append(r.Confusions, Confusion{pair.Want, pair.Got, count})
	}
	slices.SortFunc(r.Confusions, func(a, b Confusion) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Want, b.Want), cmp.Compare(a.Got, b.Got))
	})
	return r
}

// Write prints the report for people, in plain text.
func (r Report) Write(to io.Writer) error {
	table := tabwriter.NewWriter(to, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "language\tmessages\tintent\tin top 3\tmistyped\tlanguage\tfirst 5 words\twith prior\tmistyped")
	for _, l := range r.Languages {
		fmt.Fprintf(table, "%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", l.Language, l.Top1.Whole, percent(l.Top1), percent(l.Top3),
			percent(l.Mistyped), percent(l.Detected), percent(l.FirstWords), percent(l.DetectedWithPrior), percent(l.MistypedLanguageIsKept))
	}
	fmt.Fprintln(table, "\nintent\tprecision\trecall\tF1")
	for _, i := range r.Intents {
		fmt.Fprintf(table, "%s\t%s\t%s\t%.3f\n", i.Intent, fraction(i.Precision), fraction(i.Recall), i.F1())
	}
	fmt.Fprintf(table, "macro F1\t\t\t%.3f\n", r.MacroF1)
	fmt.Fprintln(table, "\nwanted\tunderstood\ttimes")
	for _, c := range r.Confusions[:min(len(r.Confusions), shownConfusions)] {
		fmt.Fprintf(table, "%s\t%s\t%d\n", c.Want, c.Got, c.Count)
	}
	fmt.Fprintf(table, "\nat confidence %.2f\t\n", Threshold)
	fmt.Fprintf(table, "right guesses let through\t%s\n", fraction(r.RightAccepted))
	fmt.Fprintf(table, "wrong guesses held back\t%s\n", fraction(r.WrongRefused))
	fmt.Fprintf(table, "out of scope held back\t%s\n", fraction(r.OutRefused))
	return table.Flush()
}

func percent(s Share) string {
	return fmt.Sprintf("%.1f %%", 100*s.Rate())
}

func fraction(s Share) string {
	return fmt.Sprintf("%d/%d %.1f %%", s.Part, s.Whole, 100*s.Rate())
}
