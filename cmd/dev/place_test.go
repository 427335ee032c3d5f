package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRecall(t *testing.T) {
	t.Parallel()
	const known = `{"root":"/srv/sapa","id":"0a1b2c3d","data":"/var/lib/sapa-1","ports":{"redis":16380},"database_password":"pw"}`
	cases := []struct {
		name, raw, root string
		wantID          string // empty: a new one
		wantData        string
		wantPassword    string // empty: a new one
		wantErr         bool
	}{
		{name: "first start", root: "/srv/sapa"},
		{name: "second start", raw: known, root: "/srv/sapa", wantID: "0a1b2c3d", wantData: "/var/lib/sapa-1", wantPassword: "pw"},
		{name: "copied clone keeps its passwords, not the data of the other", raw: known, root: "/srv/copy", wantPassword: "pw"},
		{name: "no ports", raw: `{"root":"/srv/sapa","id":"1","database_password":"pw"}`, root: "/srv/sapa", wantID: "1", wantPassword: "pw"},
		{name: "damaged", raw: `{"root":`, root: "/srv/sapa", wantErr: true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			kept, err := recall([]byte(c.raw), c.root)
			if (err != nil) != c.wantErr {
				t.Fatalf("err = %v, want one: %v", err, c.wantErr)
			}
			if c.wantErr {
				return
			}
			if kept.Root != c.root || kept.Data != c.wantData || kept.Ports == nil {
				t.Errorf("got %+v", kept)
			}
			if (c.wantID != "" && kept.ID != c.wantID) || kept.ID == "" || (c.wantID == "" && kept.ID == "0a1b2c3d") {
				t.Errorf("id = %q, want %q", kept.ID, c.wantID)
			}
			if (c.wantPassword != "" && kept.Database != c.wantPassword) || kept.Database == "" {
				t.Errorf("password = %q, want %q", kept.Database, c.wantPassword)
			}
		})
	}
}

func TestDataFolder(t *testing.T) {
	t.Parallel()
	first, again := Kept{Root: "/root/sapa", ID: "1"}, Kept{Root: "/root/sapa", ID: "2"}
	cases := []struct {
		name     string
		kept     Kept
		canEnter bool
		want     string
	}{
		{"account may enter", first, true, "/root/sapa/var"},
		{"account may not enter", first, false, outsideFolder(first)},
		{"decided before, entry opened since", Kept{Root: "/root/sapa", ID: "1", Data: outsideFolder(first)}, true, outsideFolder(first)},
		{"decided before, entry closed since", Kept{Root: "/root/sapa", ID: "1", Data: "/root/sapa/var"}, false, "/root/sapa/var"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := dataFolder(c.kept, "/root/sapa/var", c.canEnter); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	if outside := outsideFolder(first); !strings.HasPrefix(outside, "/var/lib/sapa-") || outside == outsideFolder(again) {
		t.Errorf("a new clone at an old path must get another folder than %s", outside)
	}
}

func TestThrowawayDataLiveInMemoryWhereItHasRoom(t *testing.T) {
	t.Parallel()
	kept := Kept{Root: "/root/sapa", ID: "1"}
	if got := throwawayFolder(kept, "/dev/shm", 64<<20, "/root/sapa/var"); got != "/root/sapa/var" {
		t.Errorf("with 64 MiB in memory, as a container has: %s", got)
	}
	if got, want := throwawayFolder(kept, "/dev/shm", 8<<30, "/root/sapa/var"), "/dev/shm/"+kept.folderName(); got != want {
		t.Errorf("with room: %s, want %s", got, want)
	}
	if freeBytes("/no/such/folder") != 0 {
		t.Error("a folder that is not there has room")
	}
}

func TestFindRoot(t *testing.T) {
	t.Parallel()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	inner := filepath.Join(root, "cmd", "dev")
	write(t, filepath.Join(root, "go.mod"), "module sapa\n\ngo 1.26.0\n")
	write(t, filepath.Join(root, "other", "go.mod"), "module sapako\n")
	if err := os.MkdirAll(inner, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, from := range []string{root, inner, filepath.Join(root, "other")} {
		if got, err := findRoot(from); err != nil || got != root {
			t.Errorf("findRoot(%s) = %q, %v; want %q", from, got, err, root)
		}
	}
	if got, err := findRoot(t.TempDir()); err == nil {
		t.Errorf("findRoot outside a clone = %q, want an error", got)
	}
}

func TestHoldKeepsSecondOut(t *testing.T) {
	t.Parallel()
	place := newPlace(t)
	release, err := hold(place, "run")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := hold(place, "run"); err == nil || !strings.Contains(err.Error(), "already busy") {
		t.Errorf("second hold: err = %v, want \"already busy\"", err)
	}
	release()
	release, err = hold(place, "run")
	if err != nil {
		t.Fatalf("hold after release: %v", err)
	}
	release()
}

// newPlace is a clone with an empty var/.
func newPlace(t *testing.T) *Place {
	t.Helper()
	place := &Place{Root: t.TempDir(), Kept: Kept{Ports: map[string]int{}}}
	if err := os.MkdirAll(place.Var("log"), 0o755); err != nil {
		t.Fatal(err)
	}
	return place
}

func write(t *testing.T, path, body string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
		t.Fatal(err)
	}
}
