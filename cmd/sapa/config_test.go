package main

import (
	"strings"
	"testing"
)

func TestReadConfigTellsAllFaultsTogether(t *testing.T) {
	t.Parallel()
	good := map[string]string{
		"SAPA_DATABASE_URL": "postgres://sapa@db/sapa",
		"SAPA_REDIS_URL":    "redis://cache/0",
		"SAPA_KEYSET":       "/etc/sapa/keyset.json",
	}
	cases := map[string]struct {
		set  map[string]string
		want []string
	}{
		"complete":           {nil, nil},
		"nothing set":        {map[string]string{"SAPA_DATABASE_URL": "", "SAPA_REDIS_URL": "", "SAPA_KEYSET": ""}, []string{"SAPA_DATABASE_URL", "SAPA_REDIS_URL", "SAPA_KEYSET"}},
		"bad listen":         {map[string]string{"SAPA_LISTEN": "8080"}, []string{"SAPA_LISTEN"}},
		"bad public address": {map[string]string{"SAPA_PUBLIC_URL": "desk.example.id"}, []string{"SAPA_PUBLIC_URL"}},
		"files on one origin": {map[string]string{"SAPA_PUBLIC_URL": "https://desk.example.id", "SAPA_FILES_URL": "https://desk.example.id"},
			[]string{"SAPA_FILES_URL"}},
		"bad numbers": {map[string]string{"SAPA_WORKERS": "many", "SAPA_SHUTDOWN": "20", "SAPA_OTP_DAY": "0"}, []string{"SAPA_WORKERS", "SAPA_OTP_DAY", "SAPA_SHUTDOWN"}},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := readConfig(func(key string) string {
				if set, ok := test.set[key]; ok {
					return set
				}
				return good[key]
			})
			if (err != nil) != (len(test.want) > 0) {
				t.Fatalf("err = %v, want faults %v", err, test.want)
			}
			for _, name := range test.want {
				if !strings.Contains(err.Error(), name) {
					t.Errorf("err = %v, want it to name %s", err, name)
				}
			}
		})
	}
}
