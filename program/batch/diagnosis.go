package batch

import (
	"time"

	"sapa/program/record"
)

// Rules lists the diagnoses of this sub-room.
func Rules() []record.Rule {
	return []record.Rule{DeadlineMissed(), DeadlineNear(), VideosUnwatched(), NotSelected(), ResultPending()}
}

// near is how early a coming deadline is spoken of (our choice).
const near = 5 * 24 * time.Hour

// newest is the application made last, nil when none.
func newest(r record.Record) *record.Application {
	if len(r.Applications) == 0 {
		return nil
	}
	return &r.Applications[0]
}
