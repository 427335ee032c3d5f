package team_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"sapa/migrations/dbtest"
	"sapa/program/access"
	"sapa/ticketing/team"
)

func at() time.Time { return time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC) }

func TestStaffIsKeptWithSkillsAndTeams(t *testing.T) {
	t.Parallel()
	db, ctx := dbtest.New(t), context.Background()
	if err := team.Seed(ctx, db); err != nil {
		t.Fatal(err)
	}
	if err := team.Seed(ctx, db); err != nil { // a second start changes nothing
		t.Fatal(err)
	}
	teams, err := team.Teams(ctx, db)
	if err != nil || len(teams) != 3 {
		t.Fatalf("%d teams, %v", len(teams), err)
	}
	teams[0].Lead = true
	made, err := team.Add(ctx, db, team.Staff{Email: " Rina@Contoh.id ", Name: "Rina", Role: access.Agent,
		Languages: []string{"jav", "sun"}, Skills: []string{"fraud"}, Teams: teams[:1]}, at())
	if err != nil {
		t.Fatal(err)
	}
	got, err := team.ByEmail(ctx, db, "rina@contoh.id")
	if err != nil || got.ID != made.ID || got.Capacity != team.DefaultCapacity || len(got.Languages) != 2 || len(got.Skills) != 1 ||
		len(got.Teams) != 1 || !got.Teams[0].Lead {
		t.Errorf("got %+v, %v", got, err)
	}
	if !got.Speaks("ind") || !got.Speaks("jav") || got.Speaks("min") {
		t.Errorf("speaks %v", got.Languages)
	}
	if got.Levels["fraud"] != team.LevelAble {
		t.Errorf("levels %v", got.Levels)
	}
	got.Languages, got.Skills, got.Levels = []string{"min"}, []string{"fraud", "data"}, map[string]int{"fraud": team.LevelExpert}
	got.Teams, got.Limits = teams[1:], team.Limits{"webchat": 2}
	if err := team.Save(ctx, db, got, at()); err != nil {
		t.Fatal(err)
	}
	if err := team.Save(ctx, db, got, at()); !errors.Is(err, team.ErrStale) {
		t.Errorf("an old version: got %v, want ErrStale", err)
	}
	if got, _ = team.ByID(ctx, db, got.ID); len(got.Languages) != 1 || got.Languages[0] != "min" || len(got.Skills) != 2 ||
		got.Levels["fraud"] != team.LevelExpert || got.Levels["data"] != team.LevelAble || len(got.Teams) != 2 || got.Limits["webchat"] != 2 {
		t.Errorf("after the change: %+v", got)
	}
	if _, err := team.Add(ctx, db, team.Staff{Email: "RINA@contoh.id", Name: "Lain", Role: access.Agent}, at()); !errors.Is(err, team.ErrTaken) {
		t.Errorf("same address: got %v, want ErrTaken", err)
	}
}

func TestStaffIsChecked(t *testing.T) {
	t.Parallel()
	db, ctx := dbtest.New(t), context.Background()
	for name, staff := range map[string]team.Staff{
		"email": {Email: "rina", Name: "Rina", Role: access.Agent},
		"name":  {Email: "rina@contoh.id", Name: " ", Role: access.Agent},
	} {
		var invalid team.Invalid
		if _, err := team.Add(ctx, db, staff, at()); !errors.As(err, &invalid) || invalid.Field != name {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := team.ByEmail(ctx, db, "siapa@contoh.id"); !errors.Is(err, team.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
}

// A one-time code is good for one use: its time step may not come twice.
func TestCodeStepIsUsedOnce(t *testing.T) {
	t.Parallel()
	db, ctx := dbtest.New(t), context.Background()
	staff, err := team.Add(ctx, db, team.Staff{Email: "a@contoh.id", Name: "A", Role: access.Agent}, at())
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		step int64
		want error
	}{{10, nil}, {10, team.ErrStale}, {9, team.ErrStale}, {11, nil}} {
		if err := team.UseTOTPStep(ctx, db, staff.ID, tt.step); !errors.Is(err, tt.want) {
			t.Errorf("step %d: got %v, want %v", tt.step, err, tt.want)
		}
	}
}

func TestSearchFindsByNameAndAddress(t *testing.T) {
	t.Parallel()
	db, ctx := dbtest.New(t), context.Background()
	for _, name := range []string{"Rina", "Rini", "Budi 100%"} {
		if _, err := team.Add(ctx, db, team.Staff{Email: name[:4] + "@contoh.id", Name: name, Role: access.Agent}, at()); err != nil {
			t.Fatal(err)
		}
	}
	gone, err := team.Add(ctx, db, team.Staff{Email: "rin.lama@contoh.id", Name: "Rin Lama", Role: access.Agent}, at())
	if err != nil {
		t.Fatal(err)
	}
	if err := team.SetStatus(ctx, db, gone.ID, team.StatusDisabled, at()); err != nil {
		t.Fatal(err)
	}
	for q, want := range map[string]int{"": 3, "rin": 2, "100%": 1, "%": 1, "budi@": 1, "x": 0} {
		list, err := team.Search(ctx, db, q, 10)
		if err != nil || len(list) != want {
			t.Errorf("%q: %d found, %v, want %d", q, len(list), err, want)
		}
	}
}
