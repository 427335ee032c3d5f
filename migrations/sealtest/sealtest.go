// Package sealtest gives a test keys of its own.
package sealtest

import (
	"testing"

	"sapa/channels/seal"
)

// Box makes keys that nobody else has.
func Box(t testing.TB) *seal.Box {
	t.Helper()
	raw, err := seal.NewKeyset()
	if err != nil {
		t.Fatalf("sealtest: %v", err)
	}
	box, err := seal.Parse(raw)
	if err != nil {
		t.Fatalf("sealtest: %v", err)
	}
	return box
}
