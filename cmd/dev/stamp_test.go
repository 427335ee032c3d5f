package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestHashTree(t *testing.T) {
	t.Parallel()
	base := map[string]string{"web/ui/src/a.ts": "a", "web/ui/package.json": "{}"}
	cases := []struct {
		name     string
		files    map[string]string // on top of base; an empty one is taken away
		wantSame bool
	}{
		{"nothing", nil, true},
		{"installed package", map[string]string{"web/ui/node_modules/x/index.js": "1"}, true},
		{"result of the build", map[string]string{"web/ui/dist/index.html": "1"}, true},
		{"folder of that name in the sources", map[string]string{"web/ui/src/dist/b.ts": "1"}, false},
		{"changed file", map[string]string{"web/ui/src/a.ts": "b"}, false},
		{"new file", map[string]string{"web/ui/src/b.ts": "b"}, false},
		{"renamed file", map[string]string{"web/ui/src/a.ts": "", "web/ui/src/b.ts": "a"}, false},
		{"file of another room", map[string]string{"bot/turn.go": "b"}, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			lay(t, root, base)
			before := hashUI(t, root)
			lay(t, root, c.files)
			if same := hashUI(t, root) == before; same != c.wantSame {
				t.Errorf("same hash: %v, want %v", same, c.wantSame)
			}
		})
	}
}

func lay(t *testing.T, root string, files map[string]string) {
	t.Helper()
	for path, body := range files {
		at := filepath.Join(root, path)
		if body != "" {
			write(t, at, body)
		} else if err := os.Remove(at); err != nil {
			t.Fatal(err)
		}
	}
}

func hashUI(t *testing.T, root string) string {
	t.Helper()
	hash, err := hashTree(root, []string{"web/ui"}, skipUI)
	if err != nil {
		t.Fatal(err)
	}
	return hash
}

func TestUnless(t *testing.T) {
	t.Parallel()
	place := newPlace(t)
	here, gone := func() bool { return true }, func() bool { return false }
	fault := errors.New("no")
	steps := []struct {
		name, inputs string
		made         func() bool
		result       error
		wantRan      bool
	}{
		{"first time", "1", here, nil, true},
		{"unchanged", "1", here, nil, false},
		{"changed", "2", here, nil, true},
		{"what it makes is gone", "2", gone, nil, true},
		{"fails", "3", here, fault, true},
		{"back to the inputs before the failure", "2", here, nil, true},
		{"unchanged again", "2", here, nil, false},
	}
	for _, s := range steps { // in order: each builds on the one before
		ran, err := place.unless("thing", s.inputs, s.made, func() error { return s.result })
		if ran != s.wantRan || !errors.Is(err, s.result) {
			t.Errorf("%s: ran %v, err %v; want ran %v, err %v", s.name, ran, err, s.wantRan, s.result)
		}
	}
}
