package attachment

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"sapa/channels"
)

// longestName of a file, in characters, with its extension.
const longestName = 120

// CleanName makes a name that cannot lead out of a folder, hide its extension or
// carry an identity number: the last part of a path, without control and
// direction characters. The result may be empty.
func CleanName(name string) string {
	name = channels.CleanText(name)
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	// A drive letter without a slash, as in C:x.
	if i := strings.LastIndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r), strings.ContainsRune(`<>"|?*`, r):
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, name)
	name = strings.Trim(channels.MaskIdentity(name), " .")
	return shorten(name)
}

// shorten cuts the stem, never the extension.
func shorten(name string) string {
	if utf8.RuneCountInString(name) <= longestName {
		return name
	}
	extension := path.Ext(name)
	if utf8.RuneCountInString(extension) > 10 {
		extension = ""
	}
	stem := []rune(strings.TrimSuffix(name, extension))
	return string(stem[:longestName-utf8.RuneCountInString(extension)]) + extension
}
