package live

import (
	"embed"

	"sapa/channels/words"
)

//go:embed locale/*.toml
var locale embed.FS

// Words loads what the chat itself says to citizens: refusals and the question
// about satisfaction.
func Words() (*words.Catalogue, error) { return words.Load(locale, "locale") }
