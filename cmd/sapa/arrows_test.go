package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// module is the path in go.mod.
const module = "sapa"

// ranks order the rooms: a room may import any room of a lower rank, never one
// above or beside it.
var ranks = map[string]int{"cmd": 6, "web": 5, "bot": 4, "ticketing": 3, "program": 2, "channels": 1}

// leaves import none of our rooms and may be imported by all.
var leaves = []string{"channels/bus", "channels/words", "program/calendar", "program/intent", "program/access"}

// fault says why package from may not import package to, both given without the
// module's name; it is empty for an allowed arrow. A test may, besides what its
// room may, use migrations and the rooms' test suites.
func fault(from, to string, test bool) string {
	test = test || isTestSuite(from)
	switch {
	case within(from, "cmd/carrier"), within(from, "cmd/dev"):
		return unless(from == to, "imports none of our rooms, so that it shares none of their faults")
	case isTestSuite(to):
		return unless(test, "a test suite is for tests only")
	case leafOf(to) != "":
		return unless(leafOf(from) == "" || leafOf(from) == leafOf(to), "a leaf imports none of our rooms")
	case isTestSuite(from) && room(from) == "migrations" && room(to) == "channels":
		return "" // keys for tests, of which every room has need
	case room(to) == "migrations":
		return unless(test || room(from) == "cmd" || room(from) == "migrations", "migrations are for cmd and tests")
	case leafOf(from) != "":
		return unless(test && leafOf(from) == leafOf(to), "a leaf imports none of our rooms")
	case room(to) == "kb":
		return unless(slices.Contains([]string{"kb", "web", "bot", "cmd"}, room(from)), "kb is for web and bot")
	case room(from) == "kb":
		return "kb imports leaves only"
	case room(from) == "program" && room(to) == "program":
		return unless(inProgram(from, to) || test && from == "program", "sub-rooms of program meet in package program only")
	case room(from) == room(to):
		return ""
	}
	return unless(ranks[room(to)] != 0 && ranks[room(from)] > ranks[room(to)], "an arrow points up or sideways")
}

func unless(allowed bool, reason string) string {
	if allowed {
		return ""
	}
	return reason
}

// inProgram allows package program its sub-rooms, and a sub-room itself.
func inProgram(from, to string) bool {
	switch {
	case subroom(from) == subroom(to), subroom(from) == "program/seed":
		return true
	case subroom(to) == "program/seed": // made of all of them, so none may need it
		return false
	}
	return from == "program" || subroom(to) == "program/record" && from != "program/record"
}

// room is the top folder of a package.
func room(path string) string { return strings.SplitN(path, "/", 2)[0] }

// subroom is the first two folders of a package.
func subroom(path string) string {
	parts := strings.SplitN(path, "/", 3)
	return strings.Join(parts[:min(len(parts), 2)], "/")
}

// within reports whether a package is the named one or lies below it.
func within(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, folder+"/")
}

// leafOf is the leaf a package belongs to, empty when it belongs to none.
func leafOf(path string) string {
	for _, leaf := range leaves {
		if within(path, leaf) {
			return leaf
		}
	}
	return ""
}

// isTestSuite knows packages like migrations/dbtest and channels/channeltest, and
// the builders of ticketing. Only tests may import them.
func isTestSuite(path string) bool {
	return within(path, "ticketing/fix") || strings.Contains(path, "/") && strings.HasSuffix(path, "test")
}

func TestArrowRule(t *testing.T) {
	t.Parallel()
	const allowed, forbidden = true, false
	cases := []struct {
		name, from, to string
		test           bool
		want           bool
	}{
		{"down one", "web", "bot", false, allowed},
		{"down many", "cmd/sapa", "channels/twilio", false, allowed},
		{"up one", "ticketing", "bot", false, forbidden},
		{"up many", "channels/sms", "web/live", false, forbidden},
		{"within a room", "web", "web/live", false, allowed},
		{"leaf from above", "web", "program/access", false, allowed},
		{"leaf from below", "channels", "program/calendar", false, allowed},
		{"leaf to leaf", "program/access", "program/intent", false, forbidden},
		{"leaf to its own folder", "channels/words", "channels/words/catalogue", false, allowed},
		{"leaf to its room", "channels/bus", "channels", false, forbidden},
		{"kb to leaf", "kb", "program/intent", false, allowed},
		{"kb to room", "kb", "program", false, forbidden},
		{"kb to channels", "kb", "channels", false, forbidden},
		{"bot to kb", "bot/flow", "kb", false, allowed},
		{"ticketing to kb", "ticketing", "kb", false, forbidden},
		{"sub-rooms of program", "program/incentive", "program/training", false, forbidden},
		{"program to its sub-room", "program", "program/training", false, allowed},
		{"sub-room of program to its vocabulary", "program/training", "program/record", false, allowed},
		{"vocabulary of program to a sub-room", "program/record", "program/training", false, forbidden},
		{"synthetic people to program", "program/seed", "program", false, allowed},
		{"synthetic people to a sub-room", "program/seed", "program/training", false, allowed},
		{"program to synthetic people", "program", "program/seed", false, forbidden},
		{"program's tests to synthetic people", "program", "program/seed", true, allowed},
		{"sub-room of program to program", "program/training", "program", false, forbidden},
		{"sub-room of program to its own folder", "program/provider", "program/provider/token", false, allowed},
		{"program to channels", "program/account", "channels", false, allowed},
		{"migrations from cmd", "cmd/sapa", "migrations", false, allowed},
		{"migrations from a room", "ticketing", "migrations", false, forbidden},
		{"migrations from a test", "ticketing", "migrations", true, allowed},
		{"migrations to a room", "migrations", "program", false, forbidden},
		{"test suite from a test", "kb", "migrations/dbtest", true, allowed},
		{"test suite from a room", "kb", "migrations/dbtest", false, forbidden},
		{"test suite from a test suite", "channels/channeltest", "migrations/dbtest", false, allowed},
		{"test suite of migrations to keys", "migrations/sealtest", "channels/seal", false, allowed},
		{"test suite of migrations to a room above", "migrations/sealtest", "ticketing", false, forbidden},
		{"builders to a test suite", "ticketing/fix", "migrations/dbtest", false, allowed},
		{"builders from a room above", "web", "ticketing/fix", false, forbidden},
		{"builders from a test above", "web", "ticketing/fix", true, allowed},
		{"builders pointing up", "ticketing/fix", "bot", false, forbidden},
		{"test of a leaf with a database", "program/access", "migrations/dbtest", true, allowed},
		{"test of a leaf with a room", "program/access", "program/account", true, forbidden},
		{"test pointing up", "channels", "ticketing", true, forbidden},
		{"carrier to a leaf", "cmd/carrier", "channels/words", false, forbidden},
		{"carrier in a test", "cmd/carrier", "migrations/dbtest", true, forbidden},
		{"carrier's test to carrier", "cmd/carrier", "cmd/carrier", true, allowed},
		{"dev to a room", "cmd/dev", "program", false, forbidden},
		{"to a ninth folder", "web", "pkg/thing", false, forbidden},
		{"from a ninth folder", "pkg/thing", "web", false, forbidden},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if reason := fault(c.from, c.to, c.test); (reason == "") != c.want {
				t.Errorf("%s -> %s (test: %v): got fault %q, want allowed: %v", c.from, c.to, c.test, reason, c.want)
			}
		})
	}
}

// listed is what we read of a package in the output of `go list -json`.
type listed struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

// TestArrows walks every package of the module.
func TestArrows(t *testing.T) {
	t.Parallel()
	packages := list(t)
	if len(packages) == 0 {
		t.Fatal("go list found no packages")
	}
	for _, p := range packages {
		check(t, p.ImportPath, p.Imports, false)
		check(t, p.ImportPath, p.TestImports, true)
		check(t, p.ImportPath, p.XTestImports, true)
	}
}

func list(t *testing.T) []listed {
	t.Helper()
	// -e: a package that does not build is told about by the compiler, not here.
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Imports,TestImports,XTestImports", module+"/...")
	var fault bytes.Buffer
	cmd.Stderr = &fault
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &fault)
	}
	var packages []listed
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		packages = append(packages, p)
	}
}

func check(t *testing.T, from string, imports []string, test bool) {
	t.Helper()
	from = strings.TrimPrefix(from, module+"/")
	for _, path := range imports {
		to, ours := strings.CutPrefix(path, module+"/")
		if !ours {
			continue
		}
		if reason := fault(from, to, test); reason != "" {
			t.Errorf("%s imports %s: %s", from, to, reason)
		}
	}
}
