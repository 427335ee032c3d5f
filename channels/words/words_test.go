package words_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"sapa/channels/words"
)

func load(t *testing.T, files map[string]string) (*words.Catalogue, error) {
	t.Helper()
	tree := fstest.MapFS{}
	for name, body := range files {
		tree["texts/"+name] = &fstest.MapFile{Data: []byte(body)}
	}
	return words.Load(tree, "texts")
}

func TestRender(t *testing.T) {
	t.Parallel()
	c, err := load(t, map[string]string{
		"ind.toml": `"a.greet.name" = "Halo {{.Name}}"` + "\n" + `"a.news.count" = "{{.Count}} pesan baru"` + "\n" + `"a.plain.text" = "Ya"`,
		"eng.toml": "\"a.greet.name\" = \"Hello {{.Name}}\"\n[\"a.news.count\"]\none = \"One new message\"\nother = \"{{.Count}} new messages\"",
		"mad.json": `{"a.greet.name": "Saè {{.Name}}"}`,
	})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, lang, key string
		params          map[string]any
		want            string
		fails           bool
	}{
		{name: "base", lang: "ind", key: "a.greet.name", params: map[string]any{"Name": "Siti"}, want: "Halo Siti"},
		{name: "english", lang: "eng", key: "a.greet.name", params: map[string]any{"Name": "Siti"}, want: "Hello Siti"},
		{name: "a language go-i18n does not know", lang: "mad", key: "a.greet.name", params: map[string]any{"Name": "Siti"}, want: "Saè Siti"},
		{name: "falls back to the base language", lang: "mad", key: "a.plain.text", want: "Ya"},
		{name: "unknown language", lang: "xxx", key: "a.plain.text", want: "Ya"},
		{name: "plural in Indonesian", lang: "ind", key: "a.news.count", params: map[string]any{"Count": 1}, want: "1 pesan baru"},
		{name: "one in English", lang: "eng", key: "a.news.count", params: map[string]any{"Count": 1}, want: "One new message"},
		{name: "many in English", lang: "eng", key: "a.news.count", params: map[string]any{"Count": 3}, want: "3 new messages"},
		{name: "missing parameter", lang: "ind", key: "a.greet.name", fails: true},
		{name: "unknown key", lang: "ind", key: "a.no.key", fails: true},
		{name: "parameters are data, not templates", lang: "ind", key: "a.greet.name", params: map[string]any{"Name": "{{.X}}"}, want: "Halo {{.X}}"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := c.Render(test.lang, test.key, test.params)
			if (err != nil) != test.fails || got != test.want {
				t.Fatalf("Render = %q, %v, want %q, failing %v", got, err, test.want, test.fails)
			}
			said := c.Say(test.lang, test.key, test.params)
			if test.fails && said != test.key {
				t.Fatalf("Say = %q, want the key", said)
			}
			if strings.Contains(said, "<no value>") {
				t.Fatalf("Say = %q", said)
			}
		})
	}
}

func TestUnknownKeyIsTold(t *testing.T) {
	t.Parallel()
	_, err := words.Notices().Render("ind", "no.such.key", nil)
	if !errors.Is(err, words.ErrUnknownKey) {
		t.Fatalf("err = %v, want ErrUnknownKey", err)
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]map[string]string{
		"no base language": {"eng.toml": `"a.b.c" = "x"`},
		"broken file":      {"ind.toml": `"a.b.c" = `},
		"key twice":        {"ind.toml": `"a.b.c" = "x"`, "ind.json": `{"a.b.c":"y"}`},
	}
	for name, files := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := load(t, files); err == nil {
				t.Fatal("loaded, want an error")
			}
		})
	}
}

func TestJoin(t *testing.T) {
	t.Parallel()
	first, _ := load(t, map[string]string{"ind.toml": `"a.b.c" = "x"`})
	second, _ := load(t, map[string]string{"ind.toml": `"d.e.f" = "y"`})
	both, err := words.Join(first, second)
	if err != nil {
		t.Fatal(err)
	}
	if got := both.Say("ind", "a.b.c", nil) + both.Say("ind", "d.e.f", nil); got != "xy" {
		t.Fatalf("joined says %q, want xy", got)
	}
	if _, err := words.Join(first, first); err == nil {
		t.Fatal("joined the same key twice, want an error")
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	c, err := load(t, map[string]string{
		"ind.toml": `"a.b.c" = "{{.X}} {{.Y}}"` + "\n" + `"a.b.d" = "ok"`,
		"eng.toml": `"a.b.c" = "{{.X}} {{.Z}}"` + "\n" + `"a.b.e" = "extra"`,
	})
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(c.Problems(), "\n")
	want := "eng: a.b.c: placeholders missing [Y], unknown [Z]\neng: a.b.e is not in ind"
	if got != want {
		t.Fatalf("Problems =\n%s\nwant\n%s", got, want)
	}
	if missing := c.Missing("eng"); len(missing) != 1 || missing[0] != "a.b.d" {
		t.Fatalf("Missing = %v, want [a.b.d]", missing)
	}
}

func TestNoticesAreWhole(t *testing.T) {
	t.Parallel()
	c := words.Notices()
	if problems := c.Problems(); len(problems) > 0 {
		t.Fatalf("problems:\n%s", strings.Join(problems, "\n"))
	}
	if missing := c.Missing("eng"); len(missing) > 0 {
		t.Fatalf("English lacks %v", missing)
	}
	for _, lang := range []string{"jav", "sun"} {
		for _, key := range c.Missing(lang) {
			if strings.HasPrefix(key, "notice.") {
				t.Errorf("%s lacks %s, which a citizen may see", lang, key)
			}
		}
	}
}

// A one-time password must fit into one SMS of 160 septets, whatever the code.
func TestCodeFitsOneSMS(t *testing.T) {
	t.Parallel()
	c := words.Notices()
	for _, lang := range []string{"ind", "eng", "jav", "sun"} {
		text, err := c.Render(lang, "notice.otp.code", map[string]any{"Code": "123456", "Minutes": 5})
		if err != nil {
			t.Fatal(err)
		}
		if n := len([]rune(text)); n > 160 {
			t.Errorf("%s: %d characters, want at most 160", lang, n)
		}
	}
}
