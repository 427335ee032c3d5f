package intent_test

import (
	"bufio"
	"os"
	"slices"
	"strings"
	"testing"

	"sapa/program/intent"
)

// TestListMatchesTable holds the constants to the table that trainers, reports
// and the category tree were agreed on.
func TestListMatchesTable(t *testing.T) {
	t.Parallel()
	file, err := os.Open("testdata/intents.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()

	var want []intent.Code
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		code, meaning, _ := strings.Cut(lines.Text(), "\t")
		if code == "code" {
			continue
		}
		want = append(want, intent.Code(code))
		if got := intent.Meaning(intent.Code(code)); got != meaning {
			t.Errorf("Meaning(%s) = %q, want %q", code, got, meaning)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if got := intent.All(); !slices.Equal(got, want) {
		t.Errorf("All() = %v, want %v", got, want)
	}
	if len(want) != 49 {
		t.Errorf("table has %d codes, want 49", len(want))
	}
}

func TestValidAndGroup(t *testing.T) {
	t.Parallel()
	tests := []struct {
		code  intent.Code
		valid bool
		group string
	}{
		{intent.IncentiveStatus, true, "incentive"},
		{intent.RegistrationNIKUsed, true, "registration"},
		{intent.AccountOTP, true, "account"},
		{intent.OutOfScope, true, "out_of_scope"},
		{intent.Greeting, true, "greeting"},
		{"incentive.unknown", false, "incentive"},
		{"Greeting", false, "Greeting"},
		{"", false, ""},
	}
	for _, tt := range tests {
		t.Run(string(tt.code), func(t *testing.T) {
			t.Parallel()
			if got := intent.Valid(tt.code); got != tt.valid {
				t.Errorf("Valid = %v, want %v", got, tt.valid)
			}
			if got := intent.Group(tt.code); got != tt.group {
				t.Errorf("Group = %q, want %q", got, tt.group)
			}
		})
	}
}

// A caller that sorts or cuts its copy must not change everybody's list.
func TestAllIsACopy(t *testing.T) {
	t.Parallel()
	intent.All()[0] = "changed"
	if got := intent.All()[0]; got != intent.Greeting {
		t.Errorf("All()[0] = %q, want %q", got, intent.Greeting)
	}
}
