package training

import (
	"time"

	"sapa/program/intent"
	"sapa/program/record"
)

// PostTestOpen: all sessions are over and the post-test was not taken.
func PostTestOpen() record.Rule {
	return record.Rule{
		Code: "posttest_not_taken", Severity: record.Waiting,
		Intents: []intent.Code{intent.TrainingCertificate, intent.TrainingAssessment, intent.IncentiveStatus},
		Find: func(r record.Record) []record.Finding {
			return each(r, func(t record.Training) *record.Finding {
				if t.PostTest != nil || t.Certificate != nil || !held(t, r.At) || len(t.Sessions) == 0 && r.At.Sub(t.RedeemedAt) < selfPacedTime {
					return nil
				}
				return &record.Finding{Since: ended(t), Params: record.Params{"title": t.Title, "provider": t.Provider, "needed": PassMark}}
			})
		},
	}
}

// selfPacedTime is what one may take for a training without sessions before the
// open post-test is worth a word (our choice).
const selfPacedTime = 14 * 24 * time.Hour

// ended is when the last session was, or when the training was opened.
func ended(t record.Training) time.Time {
	last := t.RedeemedAt
	for _, s := range t.Sessions {
		if s.At.After(last) {
			last = s.At
		}
	}
	return last
}
