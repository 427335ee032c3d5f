package seed

import (
	"math/rand/v2"
	"time"

	"sapa/program/batch"
	"sapa/program/seed/draw"
)

// intake is a batch with its place in time.
type intake struct {
	batch.Batch
	// ago is how many days before now its result was announced; negative when
	// that is still to come.
	ago float64
}

// The batches by what has become of them.
const (
	toOpen    = iota // announced for next week
	pending          // closed, result in two days
	fresh            // result five days ago
	nearDue          // result thirteen days ago: two days left to buy
	learning         // about a month ago
	finishing        // about two months ago
	earning          // about three months ago
	paidOut          // about four and a half months ago
	settled          // about half a year ago
	older            // about nine months ago
	early            // in the semi-social-aid scheme, four years ago
)

// newBatches makes them; the newest has number 102 (our choice: past the
// programme's real ones, so that no report is contradicted).
func newBatches(rng *rand.Rand, now time.Time) []intake {
	ago := []float64{-16, -2, 5, 13, 34, 62, 95, 135, 185, 265, 1500}
	list := make([]intake, len(ago))
	for i, days := range ago {
		announced := now.Add(-time.Duration(days * 24 * float64(time.Hour))).Truncate(time.Hour)
		b := batch.Batch{
			ID: draw.ID(rng, announced.AddDate(0, 0, -14)), Number: 102 - i, Scheme: "normal",
			OpensAt: announced.AddDate(0, 0, -7), ClosesAt: announced.AddDate(0, 0, -3), AnnouncesAt: announced, Seats: 279_000,
		}
		if i == early {
			b.Number, b.Scheme = 29, "semi_social"
		}
		list[i] = intake{Batch: b, ago: days}
	}
	return list
}
