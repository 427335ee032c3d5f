package seed

import (
	"embed"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

//go:embed texts/*.txt
var textFiles embed.FS

// texts holds the lines of the text files under the words of their headers:
// "ask incentive.status ind" leads to sentences that mean the same.
type texts map[string][]string

func readTexts() (texts, error) {
	all := texts{}
	files, err := textFiles.ReadDir("texts")
	if err != nil {
		return nil, fmt.Errorf("seed texts: %w", err)
	}
	for _, file := range files {
		body, err := textFiles.ReadFile("texts/" + file.Name())
		if err != nil {
			return nil, fmt.Errorf("seed texts: %w", err)
		}
		if err := all.read(string(body)); err != nil {
			return nil, fmt.Errorf("seed texts: %s: %w", file.Name(), err)
		}
	}
	return all, nil
}

func (t texts) read(body string) error {
	header := ""
	for line := range strings.Lines(body) {
		line = strings.TrimSpace(line)
		name, isHeader := strings.CutPrefix(line, "[")
		switch {
		case line == "", strings.HasPrefix(line, "#"):
		case isHeader && strings.HasSuffix(name, "]"):
			header = strings.TrimSuffix(name, "]")
			if t[header] != nil {
				return fmt.Errorf("section %q stands twice", header)
			}
			t[header] = []string{}
		case header == "":
			return fmt.Errorf("line before the first section: %q", line)
		default:
			t[header] = append(t[header], line)
		}
	}
	return nil
}

// has tells whether there is a section.
func (t texts) has(words ...string) bool { return len(t[strings.Join(words, " ")]) > 0 }

// pick draws a line of the first section that there is; sections are given as
// words, alternatives after "or". A missing text is a fault of the files and
// panics: a test reads every section.
func (t texts) pick(rng *rand.Rand, sections ...string) string {
	for _, section := range sections {
		if lines := t[section]; len(lines) > 0 {
			return lines[rng.IntN(len(lines))]
		}
	}
	panic(fmt.Sprintf("seed: no text for %q", sections))
}

// openings and ends are what people put around a question, by language.
func openings(language string) []string {
	switch language {
	case "jav":
		return []string{"", "", "nuwun sewu, ", "sugeng {day} min, ", "min, ", "assalamualaikum, "}
	case "sun":
		return []string{"", "", "punten, ", "wilujeng {day}, ", "min, ", "sampurasun, "}
	case "eng":
		return []string{"", "", "good {day}, ", "hi, "}
	}
	return []string{"", "", "", "", "halo kak, ", "min, ", "selamat {day}, ", "assalamualaikum, ", "permisi, ", "{day} min, ", "kak ", "halo "}
}

func ends(language string) []string {
	if language != "ind" {
		return []string{"", "", "", " 🙏"}
	}
	return []string{"", "", "", "", "", " 🙏", " mohon bantuannya", " terima kasih", " makasih kak", " tolong dibantu ya", " mohon info"}
}

// typed puts a sentence as a thumb types it: with or without greeting, mostly
// without capitals, sometimes in two messages.
func (t texts) typed(rng *rand.Rand, sentence, language string, at time.Time) []string {
	open, end := openings(language), ends(language)
	greeting := strings.ReplaceAll(open[rng.IntN(len(open))], "{day}", dayTime(language, at))
	sentence += end[rng.IntN(len(end))]
	switch {
	case greeting == "":
	case chance(rng, 15):
		return []string{capital(rng, strings.TrimRight(greeting, ", ")), capital(rng, sentence)}
	case strings.HasPrefix(strings.ToLower(sentence), strings.TrimRight(greeting, ", ")):
	default:
		sentence = greeting + sentence
	}
	return []string{capital(rng, sentence)}
}

// dayTime is the part of the day that people greet each other with.
func dayTime(language string, at time.Time) string {
	part := 3
	switch hour := at.Add(7 * time.Hour).Hour(); { // WIB
	case hour >= 4 && hour < 11:
		part = 0
	case hour >= 11 && hour < 15:
		part = 1
	case hour >= 15 && hour < 18:
		part = 2
	}
	switch language {
	case "jav":
		return [...]string{"enjing", "siang", "sonten", "dalu"}[part]
	case "sun":
		return [...]string{"énjing", "siang", "sonten", "wengi"}[part]
	case "eng":
		return [...]string{"morning", "afternoon", "afternoon", "evening"}[part]
	}
	return [...]string{"pagi", "siang", "sore", "malam"}[part]
}

// capital begins one message in three with a capital.
func capital(rng *rand.Rand, text string) string {
	if text == "" || !chance(rng, 34) {
		return text
	}
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}
