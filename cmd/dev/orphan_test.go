package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

func TestParseStat(t *testing.T) {
	t.Parallel()
	const rest = " 1 321 321 0 -1 4194560 100 0 0 0 1 2 3 4 20 0 1 0 987654 12345 67 18446744073709551615"
	cases := []struct {
		name, stat string
		want       process
	}{
		{"running", "321 (postgres) S" + rest, process{true, 987654}},
		{"name with blanks and brackets", "321 (a) b) R" + rest, process{true, 987654}},
		{"zombie", "321 (sapa) Z" + rest, process{false, 987654}},
		{"cut off", "321 (sapa) S 1 2", process{}},
		{"empty", "", process{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := parseStat(c.stat); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestRecordIsOurs(t *testing.T) {
	t.Parallel()
	const root, boot = "/srv/sapa", "b1"
	record := Record{Root: root, PID: 321, Since: 100, Boot: boot}
	cases := []struct {
		name       string
		record     Record
		root, boot string
		now        process
		want       bool
	}{
		{"left behind", record, root, boot, process{true, 100}, true},
		{"ended", record, root, boot, process{}, false},
		{"id given to another program", record, root, boot, process{true, 200}, false},
		{"machine started anew", record, root, "b2", process{true, 100}, false},
		{"record copied with the clone", record, "/srv/copy", boot, process{true, 100}, false},
		{"nonsense", Record{Root: root, PID: 0, Boot: boot}, root, boot, process{true, 0}, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := c.record.ours(c.root, c.boot, c.now); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// sleeper is a process that earlier runs could have left behind; ended is closed
// when it is gone.
func sleeper(t *testing.T) (pid int, ended chan struct{}) {
	t.Helper()
	cmd := exec.Command("sleep", "600")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended = make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	t.Cleanup(func() { _ = cmd.Process.Kill(); <-ended })
	return cmd.Process.Pid, ended
}

func TestEndOrphans(t *testing.T) {
	t.Parallel()
	place := newPlace(t)
	left, gone := sleeper(t)
	stranger, strangerGone := sleeper(t)
	if err := place.record("sapa", left); err != nil {
		t.Fatal(err)
	}
	if err := place.record("redis", stranger); err != nil {
		t.Fatal(err)
	}
	forge(t, place.Var("pid", "redis"), func(r *Record) { r.Since++ })
	if err := place.endOrphans("sapa", "carrier", "redis"); err != nil {
		t.Fatal(err)
	}
	<-gone
	select {
	case <-strangerGone:
		t.Error("a process that only shares the recorded id was stopped")
	default:
	}
	if files, _ := os.ReadDir(place.Var("pid")); len(files) != 0 {
		t.Errorf("%d records are left", len(files))
	}
}

func forge(t *testing.T, path string, change func(*Record)) {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var record Record
	if err := json.Unmarshal(body, &record); err != nil {
		t.Fatal(err)
	}
	change(&record)
	if body, err = json.Marshal(record); err != nil {
		t.Fatal(err)
	}
	write(t, path, string(body))
}

func TestParsePostmaster(t *testing.T) {
	t.Parallel()
	const head = "3820\n/srv/sapa/var/postgres\n1795000000\n15432\n\n127.0.0.1\n  1234567   3\n"
	cases := []struct {
		name, body string
		want       Postmaster
	}{
		{"ready", head + "ready   \n", Postmaster{3820, true}},
		{"starting", head + "starting\n", Postmaster{3820, false}},
		{"being written", "3820\n", Postmaster{3820, false}},
		{"empty", "", Postmaster{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := parsePostmaster(c.body); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestEndPostmaster(t *testing.T) {
	t.Parallel()
	living, gone := sleeper(t)
	cases := []struct {
		name     string
		pid      int
		wantFile bool
	}{
		{"id belongs to another program now", living, false},
		{"nobody has the id", 1 << 30, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			data := t.TempDir()
			file := filepath.Join(data, "postmaster.pid")
			write(t, file, strconv.Itoa(c.pid)+"\n"+data+"\n")
			if err := endPostmaster(data); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(file); (err == nil) != c.wantFile {
				t.Errorf("postmaster.pid: %v, want it kept: %v", err, c.wantFile)
			}
		})
	}
	select {
	case <-gone:
		t.Error("a program that is no PostgreSQL server was stopped")
	default:
	}
}
