// Package phrase holds what the bot says, in every language it speaks.
package phrase

import (
	"embed"

	"sapa/channels/words"
)

//go:embed locale/*.toml
var locale embed.FS

// Load reads the catalogue: Indonesian and English complete, Javanese and
// Sundanese as far as the dialogues go; what they lack is said in Indonesian.
func Load() (*words.Catalogue, error) { return words.Load(locale, "locale") }

// Spoken lists the languages in which the bot answers by itself. Somebody who
// writes in another one is answered in Indonesian and offered a person.
func Spoken(language string) bool {
	switch language {
	case "ind", "jav", "sun", "eng":
		return true
	}
	return false
}
