package main

import (
	"bufio"
	"encoding/json"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func readWords(t *testing.T, language string) map[string]string {
	t.Helper()
	data, err := pageFiles.ReadFile("page/words/" + language + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var words map[string]string
	if err := json.Unmarshal(data, &words); err != nil {
		t.Fatal(err)
	}
	return words
}

func TestWordsAreComplete(t *testing.T) {
	t.Parallel()
	indonesian, english := readWords(t, "ind"), readWords(t, "eng")
	hole := regexp.MustCompile(`\{\w+\}`)
	for key, text := range indonesian {
		other, ok := english[key]
		if !ok || text == "" || other == "" {
			t.Errorf("%s: %q, %q", key, text, other)
		}
		a, b := hole.FindAllString(text, -1), hole.FindAllString(other, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s: placeholders %v, %v", key, a, b)
		}
	}
	if len(english) != len(indonesian) {
		t.Errorf("%d English, %d Indonesian texts", len(english), len(indonesian))
	}
	used := usedWords(t)
	for key := range used {
		if _, ok := indonesian[key]; !ok && !strings.Contains(key, "$") {
			t.Errorf("%s is used and not in the catalogue", key)
		}
	}
}

// usedWords finds the keys that the page's files name in full.
func usedWords(t *testing.T) map[string]bool {
	t.Helper()
	shape := regexp.MustCompile(`\bt\("([\w.]+)"|data-t(?:-label|-placeholder)?="([\w.]+)"`)
	used := map[string]bool{}
	err := fs.WalkDir(pageFiles, "page", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := pageFiles.ReadFile(path)
		for _, m := range shape.FindAllStringSubmatch(string(data), -1) {
			used[m[1]+m[2]] = true
		}
		return err
	})
	if err != nil || len(used) < 50 {
		t.Fatalf("%d keys, %v", len(used), err)
	}
	return used
}

func TestPageHoldsTogether(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	response, body := s.fetch(s.server.URL+"/", false)
	policy := response.Header.Get("Content-Security-Policy")
	if response.StatusCode != http.StatusOK || !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
		t.Fatalf("%d, policy %q", response.StatusCode, policy)
	}
	page := string(body)
	for _, never := range []string{"style=", "onclick=", "<style", "http://", "https://"} {
		if strings.Contains(page, never) {
			t.Errorf("the page holds %q", never)
		}
	}
	for _, m := range regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if response, _ := s.fetch(s.server.URL+"/"+m[1], false); response.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", m[1], response.StatusCode)
		}
	}
}

func TestStream(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	response, err := http.DefaultClient.Do(s.request(http.MethodGet, "/events", nil))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	next := func(want string) string {
		t.Helper()
		for lines.Scan() {
			if kind, ok := strings.CutPrefix(lines.Text(), "event: "); ok && kind == want {
				lines.Scan()
				return strings.TrimPrefix(lines.Text(), "data: ")
			}
		}
		t.Fatalf("no %s in the stream: %v", want, lines.Err())
		return ""
	}
	next("hello")
	s.say(map[string]any{"channel": "sms", "body": "halo"})
	var m Message
	if err := json.Unmarshal([]byte(next("message")), &m); err != nil || m.Body != "halo" {
		t.Errorf("message %+v, %v", m, err)
	}
	s.set(map[string]any{"duplicate": 2})
	next("faults")
	s.control("/control/phones", map[string]any{"phone": "0812 0000 0003", "name": "Wati"})
	next("phones")
	s.control("/control/clear", map[string]any{})
	next("cleared")
}

func TestSlowListenerIsCutOff(t *testing.T) {
	t.Parallel()
	var f feed
	slow := f.listen()
	for range feedBuffer + 1 {
		f.send(Change{Kind: changePhones})
	}
	n := 0
	for range slow {
		n++
	}
	if n != feedBuffer || len(f.listeners) != 0 {
		t.Errorf("%d changes kept, %d listeners", n, len(f.listeners))
	}
	f.leave(slow)
}

func TestPeopleFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "people.json")
	s := newStand(t, func(c *Config) { c.PeopleFile = file })
	phones := func() (list []any, body map[string]any) {
		_, body = s.control("/control/phones", nil)
		return body["phones"].([]any), body
	}
	if list, body := phones(); len(list) != 0 || body["people_error"] != nil {
		t.Fatalf("no file yet: %v", body)
	}
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(`[{"name":"Budi","phone":"0812-0000-0001","note":"insentif dikembalikan bank"},{"name":"x","phone":"?"}]`)
	list, _ := phones()
	want := map[string]any{"phone": testCitizen, "name": "Budi", "note": "insentif dikembalikan bank", "unread": 0.0}
	if len(list) != 1 || !maps.Equal(list[0].(map[string]any), want) {
		t.Errorf("list %v, want %v", list, want)
	}
	s.say(map[string]any{"channel": "whatsapp", "body": "halo", "name": "Budi S."})
	s.say(map[string]any{"channel": "sms", "body": "halo", "from": "+6281200000007"})
	list, _ = phones()
	if len(list) != 2 || list[1].(map[string]any)["name"] != "Budi S." || list[1].(map[string]any)["note"] == nil {
		t.Errorf("after talk %v", list)
	}
	write(`[{`)
	if _, body := phones(); body["people_error"] == nil {
		t.Error("a broken file is not told")
	}
}

func TestPhonesAreMadeAndNamed(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	if status, p := s.control("/control/phones", map[string]any{"phone": "0812 0000 0003", "name": " Wati "}); status != 200 || p["phone"] != "+6281200000003" || p["name"] != "Wati" {
		t.Errorf("made %d %v", status, p)
	}
	if status, _ := s.control("/control/phones", map[string]any{"phone": "satu"}); status != http.StatusBadRequest {
		t.Errorf("no number: %d", status)
	}
	s.send(s.smsTo("kode"))
	s.hook()
	s.hook()
	s.hook()
	_, body := s.control("/control/phones", nil)
	first := body["phones"].([]any)[0].(map[string]any)
	if first["unread"] != 1.0 || first["last"].(map[string]any)["body"] != "kode" {
		t.Errorf("first %v", first)
	}
}
