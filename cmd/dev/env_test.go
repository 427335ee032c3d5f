package main

import (
	"slices"
	"testing"
)

func TestSettings(t *testing.T) {
	t.Parallel()
	place := &Place{Root: "/srv/sapa", Kept: Kept{AccountSID: "AC1", AuthToken: "token"}}
	desk := Desk{Listen: "127.0.0.1:8081", Port: "8081", Carrier: "127.0.0.1:8090"}
	db := &Databases{PostgresURL: "postgres://db", RedisURL: "redis://cache"}
	set := map[string]string{"SAPA_PUBLIC_URL": "https://sapa.example", "SAPA_CARRIER_URL": "http://elsewhere"}
	got := place.settings(desk, db, func(name string) string { return set[name] })
	want := map[string]string{
		"SAPA_DATABASE_URL":     "postgres://db",
		"SAPA_REDIS_URL":        "redis://cache",
		"SAPA_LISTEN":           "127.0.0.1:8081",
		"SAPA_PUBLIC_URL":       "https://sapa.example",
		"SAPA_FILES_URL":        "http://127.0.0.1:8081",
		"SAPA_BLOB_URL":         "file:///srv/sapa/var/blobs",
		"SAPA_SPOOL_DIR":        "/srv/sapa/var/spool",
		"SAPA_KEYSET":           "/srv/sapa/var/keyset.json",
		"SAPA_CARRIER_URL":      "http://127.0.0.1:8090",
		"SAPA_DEMO_ACCOUNT_SID": "AC1",
		"SAPA_DEMO_AUTH_TOKEN":  "token",
		"CARRIER_LISTEN":        "127.0.0.1:8090",
		"CARRIER_TARGET":        "https://sapa.example",
		"CARRIER_ACCOUNT_SID":   "AC1",
		"CARRIER_AUTH_TOKEN":    "token",
		"CARRIER_PEOPLE":        "/srv/sapa/var/people.json",
		"SAPA_SECOND_FACTOR":    "none",
		"SAPA_WHATSAPP":         "+628001503001",
		"SAPA_PHONE":            "+628001503001",
	}
	for name, value := range want {
		if i := slices.IndexFunc(got, func(s Setting) bool { return s.Name == name }); i < 0 || got[i].Value != value {
			t.Errorf("%s: got %v, want %s", name, got, value)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %d settings, want %d", len(got), len(want))
	}
}

func TestCompose(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name        string
		environment []string
		settings    []Setting
		want        []string
	}{
		{"added", []string{"HOME=/root"}, []Setting{{"A", "1"}}, []string{"HOME=/root", "A=1"}},
		{"replaced", []string{"A=0", "B=2"}, []Setting{{"A", "1"}}, []string{"B=2", "A=1"}},
		{"name is a prefix of another", []string{"AB=0"}, []Setting{{"A", "1"}}, []string{"AB=0", "A=1"}},
		{"value holds a sign of equality", []string{"A=x=y"}, nil, []string{"A=x=y"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := compose(c.environment, c.settings); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestWithout(t *testing.T) {
	t.Parallel()
	got := without([]string{"SAPA_LISTEN=:1", "HOME=/root", "CARRIER_LISTEN=:2", "MY_SAPA_=3"}, "SAPA_", "CARRIER_")
	if want := []string{"HOME=/root", "MY_SAPA_=3"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
