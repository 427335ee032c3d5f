package web

import (
	"net/http"
	"strconv"
	"testing"

	"sapa/channels"
	"sapa/web/locale"
)

// TestEveryProblemHasWords: whatever is refused is told in both languages.
func TestEveryProblemHasWords(t *testing.T) {
	t.Parallel()
	words := locale.Load()
	want := map[string]int{"invalid": http.StatusUnprocessableEntity, "refused": http.StatusConflict, "quota": http.StatusRequestEntityTooLarge}
	for _, r := range refusals() {
		want[r.code] = r.status
	}
	for _, c := range []coded{errBadRequest, errSignedOut, errForbidden, errCSRF, errMustEnrol, errNotFound, errMethod, errTooLarge, errUnsupported, errBroken, errAway} {
		want[c.code] = c.status
	}
	for _, reason := range []channels.Reason{channels.WindowClosed, channels.OptedOut, channels.NoOptIn, channels.TooLong, channels.Unsupported,
		channels.NoInbox, channels.BadAddress, channels.Empty} {
		want[string(reason)] = http.StatusUnprocessableEntity
	}
	for code, status := range want {
		if !words.Has("problem." + code) {
			t.Errorf("problem.%s has no words", code)
		}
		if !words.Has("problem.title." + strconv.Itoa(status)) {
			t.Errorf("status %d has no title", status)
		}
	}
}

func TestAccepted(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"": "ind", "id-ID,id;q=0.9,en;q=0.8": "ind", "en-US,en;q=0.9": "eng", "jv,en;q=0.5": "eng", "su": "ind", "*": "ind",
	} {
		if got := accepted(header); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}

func TestNesting(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]int{"": 0, `{"a":[1,{"b":2}]}`: 3, `{"a":"[[[[{\"["}`: 1, "[]": 1, "][[": 1} {
		if got := nesting([]byte(body)); got != want {
			t.Errorf("%s: %d, want %d", body, got, want)
		}
	}
}
