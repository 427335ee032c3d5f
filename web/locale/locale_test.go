package locale_test

import (
	"testing"

	"sapa/web/locale"
)

func TestCatalogueIsComplete(t *testing.T) {
	t.Parallel()
	c := locale.Load()
	for _, problem := range c.Problems() {
		t.Error(problem)
	}
	for _, key := range c.Missing("eng") {
		t.Errorf("eng lacks %s", key)
	}
}
