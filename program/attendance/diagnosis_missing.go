package attendance

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// Rules lists the diagnoses of this sub-room.
func Rules() []record.Rule { return []record.Rule{NotRecorded()} }

// NotRecorded: a session was held and the participant's attendance does not
// count. One finding a training: the first such session, and how many there are.
func NotRecorded() record.Rule {
	return record.Rule{
		Code: "attendance_missing", Severity: record.Fault, Remedies: []string{CorrectCode},
		Intents: []intent.Code{intent.TrainingAttendance, intent.TrainingCertificate, intent.IncentiveStatus},
		Find:    findUnrecorded,
	}
}

func findUnrecorded(r record.Record) []record.Finding {
	var hits []record.Finding
	for _, t := range r.Trainings {
		if !t.FinishedAt.IsZero() || t.RedeemState != "redeemed" {
			continue
		}
		var first *record.Session
		count := 0
		for i, s := range t.Sessions {
			if !wanting(s) {
				continue
			}
			if first == nil {
				first = &t.Sessions[i]
			}
			count++
		}
		if first != nil {
			hits = append(hits, record.Finding{Since: first.At, Params: record.Params{
				"title": t.Title, "date": first.At, "sessions": count, "reason": "@attendance_reason." + reason(*first)}})
		}
	}
	return hits
}

func reason(s record.Session) string {
	if s.Reason == "" {
		return s.State
	}
	return s.Reason
}
