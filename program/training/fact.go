package training

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// Facts says what was bought, how it went and what comes next.
func Facts(r record.Record) []record.Fact {
	var facts []record.Fact
	for _, t := range r.Trainings {
		facts = append(facts, record.Fact{Code: "training_bought", At: t.BoughtAt,
			Intents: []intent.Code{intent.TrainingBuy, intent.TrainingAccess, intent.TrainingRedeem},
			Params:  record.Params{"title": t.Title, "provider": t.Provider, "date": t.BoughtAt, "price": t.Price}})
		facts = append(facts, testFacts(t)...)
		facts = append(facts, nextSession(r, t)...)
	}
	return facts
}

func testFacts(t record.Training) []record.Fact {
	var facts []record.Fact
	if t.PostTest != nil {
		facts = append(facts, record.Fact{Code: "post_test", At: t.PostTestAt, Intents: []intent.Code{intent.TrainingAssessment, intent.TrainingCertificate},
			Params: record.Params{"title": t.Title, "score": *t.PostTest, "date": t.PostTestAt}})
	}
	if c := t.Certificate; c != nil {
		facts = append(facts, record.Fact{Code: "certificate_issued", At: c.IssuedAt, Intents: []intent.Code{intent.TrainingCertificate, intent.IncentiveStatus},
			Params: record.Params{"title": t.Title, "number": c.Number, "date": c.IssuedAt}})
	}
	if t.Rating != nil {
		facts = append(facts, record.Fact{Code: "training_rated", At: t.RatedAt, Intents: []intent.Code{intent.TrainingReview},
			Params: record.Params{"title": t.Title, "stars": *t.Rating, "date": t.RatedAt}})
	}
	return facts
}

func nextSession(r record.Record, t record.Training) []record.Fact {
	for _, s := range t.Sessions {
		if s.At.After(r.At) {
			return []record.Fact{{Code: "next_session", At: s.At, Intents: []intent.Code{intent.TrainingScheduleChange, intent.TrainingAttendance, intent.TrainingAccess},
				Params: record.Params{"title": t.Title, "clock": s.At}}}
		}
	}
	return nil
}
