package main

import (
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/uptrace/bun"

	"sapa/migrations/dbtest"
)

// sentCodes lays down codes as if they had been sent at an instant.
func sentCodes(t *testing.T, db bun.IDB, count int, at time.Time) {
	t.Helper()
	_, err := db.NewRaw(`INSERT INTO one_time_codes (id, address, channel, purpose, hash, created_at, expires_at, state, sent)
		SELECT gen_random_uuid(), '+62820' || n, 'sms', 'bot', '', ?, ?, 'spent', true FROM generate_series(1, ?) AS n`, at, at, count).Exec(t.Context())
	if err != nil {
		t.Fatal(err)
	}
}

func TestCodesAreMeasured(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	now := time.Date(2026, 11, 30, 16, 59, 59, 0, time.UTC) // a second before midnight, WIB
	registry := prometheus.NewRegistry()
	registry.MustRegister(newCodeMetrics(db, 2, func() time.Time { return now }))
	cases := []struct {
		name string
		do   func()
		want map[string]float64
	}{
		{"none yet", func() {}, map[string]float64{"sapa_codes_sent_today": 0, "sapa_codes_limit": 2, "sapa_codes_stopped": 0}},
		{"one", func() { sentCodes(t, db, 1, now) }, map[string]float64{"sapa_codes_sent_today": 1, "sapa_codes_limit": 2, "sapa_codes_stopped": 0}},
		{"all", func() { sentCodes(t, db, 1, now) }, map[string]float64{"sapa_codes_sent_today": 2, "sapa_codes_limit": 2, "sapa_codes_stopped": 1}},
		{"next day", func() { now = now.Add(time.Second) }, map[string]float64{"sapa_codes_sent_today": 0, "sapa_codes_limit": 2, "sapa_codes_stopped": 0}},
		{"database away", func() { _ = db.Close() }, map[string]float64{}},
	}
	for _, test := range cases {
		test.do()
		families, err := registry.Gather()
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		got := map[string]float64{}
		for _, family := range families {
			got[family.GetName()] = family.GetMetric()[0].GetGauge().GetValue()
		}
		if len(got) != len(test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
		for name, want := range test.want {
			if got[name] != want {
				t.Errorf("%s: %s = %v, want %v", test.name, name, got[name], want)
			}
		}
	}
}
