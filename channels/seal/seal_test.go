package seal_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sapa/channels/seal"
)

func box(t *testing.T) (*seal.Box, []byte) {
	t.Helper()
	raw, err := seal.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, raw), raw
}

func parse(t *testing.T, raw []byte) *seal.Box {
	t.Helper()
	b, err := seal.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSealAndOpen(t *testing.T) {
	t.Parallel()
	b, _ := box(t)
	other, _ := box(t)
	sealed, err := b.Seal([]byte("3201011234560001"), "participants.nik:1")
	if err != nil {
		t.Fatal(err)
	}
	again, _ := b.Seal([]byte("3201011234560001"), "participants.nik:1")
	if bytes.Equal(sealed, again) {
		t.Error("sealing twice gave the same bytes")
	}
	broken := bytes.Clone(sealed)
	broken[len(broken)-1] ^= 1
	tests := []struct {
		name    string
		box     *seal.Box
		sealed  []byte
		context string
		want    error
	}{
		{"same context", b, sealed, "participants.nik:1", nil},
		{"another row", b, sealed, "participants.nik:2", seal.ErrSealed},
		{"another keyset", other, sealed, "participants.nik:1", seal.ErrSealed},
		{"one bit changed", b, broken, "participants.nik:1", seal.ErrSealed},
		{"nothing", b, nil, "participants.nik:1", seal.ErrSealed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			plain, err := test.box.Open(test.sealed, test.context)
			if !errors.Is(err, test.want) {
				t.Fatalf("err = %v, want %v", err, test.want)
			}
			if err == nil && string(plain) != "3201011234560001" {
				t.Fatalf("plain = %q", plain)
			}
		})
	}
}

func TestRotationKeepsOldValuesReadable(t *testing.T) {
	t.Parallel()
	old, raw := box(t)
	sealed, _ := old.Seal([]byte("x"), "c")
	rotated, err := seal.Rotate(raw)
	if err != nil {
		t.Fatal(err)
	}
	b := parse(t, rotated)
	if plain, err := b.Open(sealed, "c"); err != nil || string(plain) != "x" {
		t.Fatalf("old value = %q, %v", plain, err)
	}
	fresh, _ := b.Seal([]byte("y"), "c")
	if _, err := old.Open(fresh, "c"); err == nil {
		t.Fatal("the old keyset opens what the new key sealed")
	}
	if !bytes.Equal(old.Lookup("v", "c"), b.Lookup("v", "c")) {
		t.Fatal("rotation changed look-up values")
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	b, _ := box(t)
	other, _ := box(t)
	base := b.Lookup("ab", "c")
	if len(base) != seal.LookupBytes || !bytes.Equal(base, b.Lookup("ab", "c")) {
		t.Fatal("look-up is not stable")
	}
	for name, got := range map[string][]byte{
		"another value":         b.Lookup("abc", "c"),
		"another context":       b.Lookup("ab", "d"),
		"the same joined bytes": b.Lookup("b", "ca"),
		"another keyset":        other.Lookup("ab", "c"),
	} {
		if bytes.Equal(base, got) {
			t.Errorf("%s gives the same look-up value", name)
		}
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys", "keyset.json")
	if err := seal.Create(path); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode = %v, %v, want 0600", info.Mode(), err)
	}
	if err := seal.Create(path); err == nil {
		t.Fatal("a keyset was overwritten")
	}
	raw, _ := os.ReadFile(path)
	rotated, err := seal.Rotate(raw)
	if err != nil {
		t.Fatal(err)
	}
	if err := seal.Replace(path, rotated); err != nil {
		t.Fatal(err)
	}
	if err := seal.Replace(path, []byte("junk")); err == nil {
		t.Fatal("a keyset was replaced with junk")
	}
	if _, err := seal.Load(path); err != nil {
		t.Fatal(err)
	}
}

func TestKeysDoNotPrint(t *testing.T) {
	t.Parallel()
	b, raw := box(t)
	for _, text := range []string{fmt.Sprint(b), fmt.Sprintf("%+v", b), b.LogValue().String()} {
		if text != "[keys]" {
			t.Errorf("prints as %q", text)
		}
	}
	_, err := seal.Parse([]byte(strings.Replace(string(raw), "{", "", 1)))
	if err == nil || strings.Contains(err.Error(), "keyData") {
		t.Fatalf("err = %v, want one without key material", err)
	}
}
