package main

import (
	"slices"
	"strings"
	"testing"
)

func TestChooseVersion(t *testing.T) {
	t.Parallel()
	both := map[int]string{15: "/15", 17: "/17"}
	cases := []struct {
		name      string
		installed map[int]string
		made      int
		want      string
		wantErr   string
	}{
		{"newest for new data", both, 0, "/17", ""},
		{"the one that made the data", both, 15, "/15", ""},
		{"the one that made the data is gone", map[int]string{17: "/17"}, 15, "", "make clean"},
		{"too old", map[int]string{13: "/13", 14: "/14"}, 0, "", "installed: [13 14]"},
		{"none", nil, 0, "", "is needed"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := chooseVersion(c.installed, c.made)
			if got != c.want || (err == nil) != (c.wantErr == "") || (err != nil && !strings.Contains(err.Error(), c.wantErr)) {
				t.Errorf("got %q, %v; want %q, error with %q", got, err, c.want, c.wantErr)
			}
		})
	}
}

func TestAddressesOfInstances(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, got, want string }{
		{"trusted database", postgresURL(Instance{Port: 15632}), "postgres://sapa@127.0.0.1:15632/sapa?sslmode=disable"},
		{"database with password", postgresURL(Instance{Port: 15432, Password: "pw"}), "postgres://sapa:pw@127.0.0.1:15432/sapa?sslmode=disable"},
		{"trusted Redis", redisURL(Instance{Port: 16579}), "redis://127.0.0.1:16579/0"},
		{"Redis with password", redisURL(Instance{Port: 16379, Password: "pw"}), "redis://:pw@127.0.0.1:16379/0"},
	}
	for _, c := range cases {
		if c.got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, c.got, c.want)
		}
	}
}

func TestThrowawayData(t *testing.T) {
	t.Parallel()
	for _, throwaway := range []bool{false, true} {
		i := Instance{Folder: "/srv/a folder", Port: 1, Throwaway: throwaway}
		if got := slices.Contains(postgresArgs(i), "fsync=off"); got != throwaway {
			t.Errorf("throwaway %v: fsync=off: %v", throwaway, got)
		}
		conf := redisConf(i)
		if got := strings.Contains(conf, `save ""`); got != throwaway {
			t.Errorf("throwaway %v: Redis without snapshots: %v", throwaway, got)
		}
		if !strings.Contains(conf, "maxmemory-policy noeviction\n") || !strings.Contains(conf, `dir "/srv/a folder"`) {
			t.Errorf("redis.conf: %s", conf)
		}
	}
}
