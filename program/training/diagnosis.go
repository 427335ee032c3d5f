package training

import "sapa/program/record"

// Rules lists the diagnoses of this sub-room.
func Rules() []record.Rule {
	return []record.Rule{CertificateName(), PostTestFailed(), PostTestOpen(), RedeemUnused()}
}

// each runs a test over all trainings.
func each(r record.Record, find func(record.Training) *record.Finding) []record.Finding {
	var hits []record.Finding
	for _, t := range r.Trainings {
		if hit := find(t); hit != nil {
			hits = append(hits, *hit)
		}
	}
	return hits
}
