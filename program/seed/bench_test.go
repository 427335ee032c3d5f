package seed_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"sapa/migrations/dbtest"
	"sapa/migrations/sealtest"
	"sapa/program/seed"
)

// BenchmarkLoad tells how many participants a second are loaded.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		_, url := dbtest.NewWithURL(b)
		conn, err := pgx.Connect(b.Context(), url)
		if err != nil {
			b.Fatal(err)
		}
		report, err := seed.Load(b.Context(), conn, seed.Options{Participants: 10_000, Seed: 1, Now: now, Box: sealtest.Box(b)})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(report.Participants)/report.Took.Seconds(), "participants/s")
		_ = conn.Close(b.Context())
	}
}
