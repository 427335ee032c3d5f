package seed

import (
	"math/rand/v2"
	"time"

	"sapa/program/incentive"
	"sapa/program/seed/draw"
	"sapa/program/survey"
)

// newSurveys makes two rounds: one that is over and one that is open.
func newSurveys(rng *rand.Rand, now time.Time) (over, open survey.Survey) {
	day := now.UTC().Truncate(24 * time.Hour)
	over = survey.Survey{ID: draw.ID(rng, day), Round: 1, Title: "Survei evaluasi 1", Amount: incentive.SurveyAmount,
		OpensAt: day.AddDate(0, 0, -90), ClosesAt: day.AddDate(0, 0, -30)}
	open = survey.Survey{ID: draw.ID(rng, day), Round: 2, Title: "Survei evaluasi 2", Amount: incentive.SurveyAmount,
		OpensAt: day.AddDate(0, 0, -10), ClosesAt: day.AddDate(0, 0, 20)}
	return over, open
}
