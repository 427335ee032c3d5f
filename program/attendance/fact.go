package attendance

import (
	"sapa/program/intent"
	"sapa/program/record"
)

// Facts says at how many of the held sessions the person was present.
func Facts(r record.Record) []record.Fact {
	var facts []record.Fact
	for _, t := range r.Trainings {
		present, held := 0, 0
		for _, s := range t.Sessions {
			if s.State == Planned {
				continue
			}
			held++
			if s.State == Present {
				present++
			}
		}
		if held > 0 {
			facts = append(facts, record.Fact{Code: "attendance_count", At: r.At, Intents: []intent.Code{intent.TrainingAttendance},
				Params: record.Params{"title": t.Title, "present": present, "held": held}})
		}
	}
	return facts
}
