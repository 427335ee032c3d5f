package registration_test

import (
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"sapa/migrations/dbtest"
	"sapa/migrations/sealtest"
	"sapa/program/record"
	"sapa/program/registration"
)

// TestLoadRefusesNumbersThatCanBeNone: one such number, and nobody is loaded.
func TestLoadRefusesNumbersThatCanBeNone(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	cases := map[string]struct{ nik, kk, rule string }{
		"both right":      {"3171015203949901", "3171011203149901", ""},
		"with separators": {"3171.0152.0394.9902", "", ""},
		"neither":         {"", "", ""},
		"too short":       {"123", "", "format"},
		"no such day":     {"3171013002949901", "", "date"},
		"card is a NIK":   {"", "3171015203949901", "looks_like_nik"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, url := dbtest.NewWithURL(t)
			conn, err := pgx.Connect(t.Context(), url)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close(t.Context())
			person := registration.Person{ID: record.ParticipantID("019c2fa9-7280-7e03-83e2-e0e3e347d9df"), Name: "Uji Coba", Sex: "f",
				BirthDate: now.AddDate(-30, 0, 0), NIK: test.nik, KK: test.kk, RegionCode: "31.71", Education: "sma", Occupation: "none",
				Language: "ind", Scheme: "normal", Stage: record.StageRegistered, Identity: "matched", CreatedAt: now, UpdatedAt: now}
			err = pgx.BeginFunc(t.Context(), conn, func(tx pgx.Tx) error {
				return registration.Load(t.Context(), tx, sealtest.Box(t), []registration.Person{person}, now)
			})
			var fault *registration.IDFault
			if errors.As(err, &fault); (test.rule == "") != (err == nil) || fault != nil && fault.Rule != test.rule || fault == nil && test.rule != "" {
				t.Errorf("got %v, want rule %q", err, test.rule)
			}
			var loaded int
			if err := db.NewRaw("SELECT count(*) FROM participants").Scan(t.Context(), &loaded); err != nil || (loaded == 1) != (test.rule == "") {
				t.Errorf("%d loaded, %v", loaded, err)
			}
		})
	}
}
