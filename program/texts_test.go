package program_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"sapa/program"
)

func texts(t *testing.T) *program.Texts {
	t.Helper()
	loaded, err := program.NewTexts()
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

func TestCatalogueIsWhole(t *testing.T) {
	t.Parallel()
	catalogue := texts(t).Catalogue()
	for _, problem := range catalogue.Problems() {
		t.Error(problem)
	}
	if missing := catalogue.Missing("eng"); len(missing) > 0 {
		t.Errorf("English lacks %v", missing)
	}
	for _, lang := range []string{"jav", "sun"} {
		for _, key := range catalogue.Missing(lang) {
			for _, needed := range []string{"fact.", "diagnosis.", "advice.", "fact_check."} {
				if strings.HasPrefix(key, needed) {
					t.Errorf("%s lacks %s", lang, key)
				}
			}
		}
	}
}

func TestSay(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 3, 13, 18, 0, 0, 0, time.UTC) // 14 March in WIB
	returned := program.Diagnosis{Code: "transfer_returned_account_closed", Params: program.Params{
		"amount": int64(600_000), "institution": "Bank Arunika", "date": day, "reason": "@return.AC04", "account": "******1234"}}
	cases := []struct{ lang, want string }{
		{"ind", "Insentif Rp600.000 dikembalikan Bank Arunika pada 14 Maret 2026: rekening sudah ditutup (******1234)."},
		{"eng", "Incentive Rp600,000 was returned by Bank Arunika on 14 March 2026: the account is closed (******1234)."},
		{"jav", "Insentif Rp600.000 dipunwangsulaken Bank Arunika tanggal 14 Maret 2026: rekening sampun dipuntutup (******1234)."},
		{"sun", "Insentif Rp600.000 diwangsulkeun Bank Arunika tanggal 14 Maret 2026: rekening parantos ditutup (******1234)."},
		{"mad", "Insentif Rp600.000 dikembalikan Bank Arunika pada 14 Maret 2026: rekening sudah ditutup (******1234)."},
	}
	for _, c := range cases {
		t.Run(c.lang, func(t *testing.T) {
			t.Parallel()
			if got := texts(t).Diagnosis(c.lang, returned); got != c.want {
				t.Errorf("said %q, want %q", got, c.want)
			}
			if got := texts(t).Diagnosis(c.lang, throughJSON(t, returned)); got != c.want {
				t.Errorf("after JSON %q, want %q", got, c.want)
			}
		})
	}
}

// throughJSON is what happens to facts kept in a row.
func throughJSON(t *testing.T, d program.Diagnosis) program.Diagnosis {
	t.Helper()
	raw, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var back program.Diagnosis
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	return back
}

func TestRupiah(t *testing.T) {
	t.Parallel()
	cases := []struct {
		lang   string
		amount int64
		want   string
	}{
		{"ind", 0, "Rp0"}, {"ind", 999, "Rp999"}, {"ind", 50_000, "Rp50.000"}, {"ind", 3_500_000, "Rp3.500.000"},
		{"eng", 3_500_000, "Rp3,500,000"}, {"ind", -50_000, "-Rp50.000"},
	}
	for _, c := range cases {
		if got := program.Rupiah(c.lang, c.amount); got != c.want {
			t.Errorf("Rupiah(%s, %d) = %q, want %q", c.lang, c.amount, got, c.want)
		}
	}
}
