package words

import "slices"

// Codes are the ISO 639-3 codes of the languages the desk knows, Indonesian
// first: those that citizens are understood in, and that a person's or a chat's
// language may be.
func Codes() []string {
	return []string{"ind", "jav", "sun", "mad", "min", "ban", "bjn", "bug", "ace", "bbc", "nij", "eng"}
}

// Known tells whether the desk knows the language.
func Known(code string) bool { return slices.Contains(Codes(), code) }
