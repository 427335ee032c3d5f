package seed_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/uptrace/bun"

	"sapa/migrations/dbtest"
	"sapa/migrations/sealtest"
	"sapa/program"
	"sapa/program/access"
	"sapa/program/calendar"
	"sapa/program/registration"
	"sapa/program/scholarship"
	"sapa/program/seed"
)

var now = time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC)

func load(t *testing.T, participants int, number uint64) (*bun.DB, *program.Core, seed.Report) {
	t.Helper()
	db, url := dbtest.NewWithURL(t)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	keys := sealtest.Box(t)
	report, err := seed.Load(t.Context(), conn, seed.Options{Participants: participants, Seed: number, Now: now, Box: keys})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := seed.Load(t.Context(), conn, seed.Options{Participants: 1, Now: now, Box: keys}); !errors.Is(err, seed.ErrNotEmpty) {
		t.Errorf("second load: %v, want ErrNotEmpty", err)
	}
	_ = conn.Close(t.Context())
	core, err := program.New(program.Options{
		Box: keys, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler),
		Calendar: func(context.Context) (*calendar.Calendar, error) {
			return calendar.New(calendar.Options{Years: []int{2026}, Holidays: calendar.Decreed(2026)}), nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return db, core, report
}

func ids(t *testing.T, db *bun.DB) []program.ParticipantID {
	t.Helper()
	var list []program.ParticipantID
	if err := db.NewRaw("SELECT id FROM participants ORDER BY id").Scan(t.Context(), &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// TestPopulation reads every record of a small population: each is coherent,
// sayable in four languages, and shows nobody's identity number.
func TestPopulation(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db, core, report := load(t, 700, 7)
	t.Logf("loaded in %s: %v", report.Took, report.ByPlot)
	texts, err := program.NewTexts()
	if err != nil {
		t.Fatal(err)
	}
	sixteen := regexp.MustCompile(`[1-9]\d{15}`)
	diagnoses := map[string]int{}
	for _, id := range ids(t, db) {
		r, err := core.Record(ctx, db, access.Timer(), id, program.Why{Reason: "test"})
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if found := sixteen.Find(raw); found != nil {
			t.Errorf("record %s shows a 16-digit number", id)
		}
		for _, said := range sentences(texts, r) {
			if strings.Contains(said, "<no value>") || strings.Count(said, ".") > 0 && !strings.Contains(said, " ") {
				t.Errorf("record %s says %q", id, said)
			}
		}
		for _, d := range r.Diagnoses {
			diagnoses[d.Code]++
		}
		if len(r.Journey) != 8 {
			t.Errorf("record %s has %d steps", id, len(r.Journey))
		}
	}
	t.Logf("diagnoses: %v", diagnoses)
	if len(diagnoses) < 20 {
		t.Errorf("only %d kinds of diagnoses found", len(diagnoses))
	}
	if wrong, err := scholarship.Audit(ctx, db); wrong != 0 || err != nil {
		t.Errorf("ledger: %d wrong, %v", wrong, err)
	}
	checkIdentities(t, db, core)
	checkShares(t, db)
}

func sentences(texts *program.Texts, r program.Record) []string {
	var all []string
	for _, lang := range []string{"ind", "eng", "jav", "sun"} {
		for _, f := range r.Facts {
			all = append(all, texts.Fact(lang, f))
		}
		for _, d := range r.Diagnoses {
			all = append(all, texts.Diagnosis(lang, d), texts.Advice(lang, d))
		}
		for _, s := range r.Journey {
			all = append(all, texts.Note(lang, s.Note), texts.Step(lang, s.Code))
		}
		for _, m := range r.Remedies {
			all = append(all, texts.RemedyLabel(lang, m.Code), texts.RemedyDescription(lang, m.Code))
			if m.Blocked != nil {
				all = append(all, texts.Note(lang, *m.Blocked))
			}
			for _, f := range m.Fields {
				all = append(all, texts.FieldLabel(lang, f.Name))
			}
		}
	}
	return all
}

// checkIdentities unmasks some numbers: each is well formed and carries a serial
// that is never issued.
func checkIdentities(t *testing.T, db *bun.DB, core *program.Core) {
	t.Helper()
	var some []program.ParticipantID
	if err := db.NewRaw("SELECT id FROM participants WHERE nik_lookup IS NOT NULL LIMIT 60").Scan(t.Context(), &some); err != nil {
		t.Fatal(err)
	}
	agent := access.Actor{Kind: access.Staff, ID: "a", Role: access.Agent}
	for _, id := range some {
		got, err := core.Unmask(t.Context(), db, agent, id, program.FieldNIK, program.Why{Reason: "test"})
		if err != nil {
			t.Fatal(err)
		}
		nik, err := registration.ParseNIK(got.Value, now)
		if err != nil || len(nik.Flags) > 0 || nik.Last4() < "9901" {
			t.Errorf("identity number of %s: %v %v, serial %s", id, err, nik.Flags, nik.Last4())
		}
		found, err := core.Find(t.Context(), db, program.Search{Q: got.Value}, 5)
		if err != nil || len(found) != 1 || found[0].ID != id {
			t.Errorf("search by identity number found %v, %v", found, err)
		}
	}
}

func checkShares(t *testing.T, db *bun.DB) {
	t.Helper()
	cases := []struct {
		name, query string
		from, to    float64
	}{
		{"women", "sex = 'f'", 0.47, 0.57},
		{"aged 18 to 35", "birth_date > '1990-11-22'", 0.55, 0.67},
		{"over 50", "birth_date < '1975-11-22'", 0.08, 0.17},
		{"rural", "rural", 0.60, 0.70},
		{"with a disability", "disability", 0.01, 0.06},
		{"West Java", "region_code LIKE '32.%'", 0.13, 0.23},
		{"under age", "birth_date > '2008-11-22'", 0, 0},
		{"real phone prefix", `phone !~ '^\+628(20|30|50|60|70|90)'`, 0, 0},
	}
	for _, c := range cases {
		var share float64
		if err := db.NewRaw("SELECT avg(CASE WHEN "+c.query+" THEN 1 ELSE 0 END) FROM participants").Scan(t.Context(), &share); err != nil {
			t.Fatal(err)
		}
		if share < c.from || share > c.to {
			t.Errorf("%s: %.3f, want %.2f to %.2f", c.name, share, c.from, c.to)
		}
	}
}

// TestPersonas holds every named participant to the trouble that is documented.
func TestPersonas(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	personas := program.DemoPersonas()
	db, core, _ := load(t, len(personas)+5, 1)
	for _, p := range personas {
		t.Run(p.Key, func(t *testing.T) {
			found, err := core.ByPhone(ctx, db, p.Phone)
			if err != nil || !slices.ContainsFunc(found, func(s program.Summary) bool { return s.ID == p.ID }) {
				t.Fatalf("phone finds %v, %v", found, err)
			}
			r, err := core.Record(ctx, db, access.Robot(), p.ID, program.Why{Reason: "test"})
			if err != nil {
				t.Fatal(err)
			}
			if r.Participant.Name != p.Name || r.Participant.Language != p.Language {
				t.Errorf("record is of %s (%s)", r.Participant.Name, r.Participant.Language)
			}
			texts, _ := program.NewTexts()
			for _, d := range r.Diagnoses {
				t.Logf("%s %s", d.Severity, texts.Diagnosis("ind", d))
			}
			if p.Diagnosis == "" {
				for _, d := range r.Diagnoses {
					if d.Severity == program.Fault {
						t.Errorf("all should be well, got %s", d.Code)
					}
				}
				return
			}
			if len(r.Diagnoses) == 0 || r.Diagnoses[0].Code != p.Diagnosis {
				t.Errorf("diagnoses %+v, want %s first", r.Diagnoses, p.Diagnosis)
			}
		})
	}
}

// TestReproducible: the same number gives the same people, another one others.
func TestReproducible(t *testing.T) {
	t.Parallel()
	digest := func(number uint64) string {
		db, _, _ := load(t, 120, number)
		var sum string
		err := db.NewRaw(`SELECT md5(
			(SELECT string_agg(concat_ws('|', id, name, phone, birth_date, stage, programme_number, created_at, nik_last4), ',' ORDER BY id) FROM participants) ||
			(SELECT string_agg(concat_ws('|', id, state, order_ref, ordered_at), ',' ORDER BY id) FROM transfers) ||
			(SELECT string_agg(concat_ws('|', id, redeem_code, bought_at), ',' ORDER BY id) FROM purchases))`).Scan(t.Context(), &sum)
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	first := digest(3)
	if again := digest(3); again != first {
		t.Error("the same seed gave other people")
	}
	if other := digest(4); other == first {
		t.Error("another seed gave the same people")
	}
}
