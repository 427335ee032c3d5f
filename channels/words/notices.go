package words

import (
	"embed"
	"fmt"
)

//go:embed notices/*.toml
var noticeFiles embed.FS

// Notices is the catalogue of texts that rooms below the bot send: one-time
// passwords, ticket numbers, the end of an interaction, queue and hand-over
// notices, remedies and payments, and (channels.error.*) what an agent reads
// beside a message that could not be sent. Indonesian and English are complete,
// Javanese and Sundanese cover what citizens see in a chat. It is embedded, so
// a broken file is a fault of the build and panics.
func Notices() *Catalogue {
	c, err := Load(noticeFiles, "notices")
	if err != nil {
		panic(fmt.Sprintf("words: embedded notices: %v", err))
	}
	return c
}
