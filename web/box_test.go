package web_test

import (
	"testing"

	"sapa/channels/seal"
)

// boxOf makes keys of its own.
func boxOf(t *testing.T) *seal.Box {
	t.Helper()
	raw, err := seal.NewKeyset()
	must(t, err)
	box, err := seal.Parse(raw)
	must(t, err)
	return box
}
