// Package locale holds what the edge says to staff: problems of the API, faults
// of fields, the console socket's words. What the desk itself says comes from
// package ticketing, with which Load joins it. Indonesian and English are
// complete. Citizens' pages have their own catalogues.
package locale

import (
	"embed"
	"fmt"

	"sapa/channels/words"
	"sapa/ticketing"
)

//go:embed problem/*.toml desk/*.toml
var files embed.FS

// Load reads the catalogue. It is embedded, so a broken file is a fault of the
// build and panics.
func Load() *words.Catalogue {
	parts := []*words.Catalogue{ticketing.Texts()}
	for _, folder := range []string{"problem", "desk"} {
		part, err := words.Load(files, folder)
		if err != nil {
			panic(fmt.Sprintf("locale: %v", err))
		}
		parts = append(parts, part)
	}
	whole, err := words.Join(parts...)
	if err != nil {
		panic(fmt.Sprintf("locale: %v", err))
	}
	return whole
}
