package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"sapa/channels/seal"
)

func runKeys(t *testing.T, args ...string) int {
	t.Helper()
	var out, fault bytes.Buffer
	code := run(context.Background(), call{args: append([]string{"keys"}, args...), stdout: &out, stderr: &fault, env: func(string) string { return "" }})
	t.Logf("sapa keys %v: %d %s%s", args, code, out.String(), fault.String())
	return code
}

func TestKeysNeverOverwrite(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keyset.json")
	if code := runKeys(t, "new", path); code != 0 {
		t.Fatalf("new: %d", code)
	}
	before, _ := os.ReadFile(path)
	if code := runKeys(t, "new", path); code != 1 {
		t.Fatalf("new over an old file: %d, want 1", code)
	}
	if code := runKeys(t, "new", "--if-missing", path); code != 0 {
		t.Fatalf("new --if-missing: %d, want 0", code)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Fatal("the keys changed")
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Fatalf("mode = %v, want 0600", info.Mode())
	}
}

func TestRotateKeepsOldSecretsReadable(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keyset.json")
	runKeys(t, "new", path)
	old, err := seal.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := old.Seal([]byte("3171012501909901"), "nik")
	if err != nil {
		t.Fatal(err)
	}
	if code := runKeys(t, "rotate", path); code != 0 {
		t.Fatalf("rotate: %d", code)
	}
	fresh, err := seal.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := fresh.Open(sealed, "nik"); err != nil || string(plain) != "3171012501909901" {
		t.Fatalf("open after rotation: %q, %v", plain, err)
	}
	copied := filepath.Join(t.TempDir(), "copy.json")
	if code := runKeys(t, "backup", path, copied); code != 0 {
		t.Fatalf("backup: %d", code)
	}
}

func TestKeysUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{}, {"new"}, {"sing", "x"}, {"backup", "x"}} {
		if code := runKeys(t, args...); code == 0 {
			t.Errorf("sapa keys %v: 0, want a fault", args)
		}
	}
}
