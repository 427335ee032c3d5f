package web_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"sapa/channels"
	"sapa/program/access"
	"sapa/web/wire"
)

func TestSearchFindsAllKindsMasked(t *testing.T) {
	t.Parallel()
	e := open(t)
	person := e.Participant("Siti Aminah", phone)
	must(t, e.Desk.Receive(context.Background(), e.WhatsApp, []channels.Event{e.Message(phone, "SM1", "Saya Siti, nomor kartu belum sampai")}))
	b := e.as(e.person(access.Agent))
	for _, q := range []string{phone, "0812-9999-0001", "siti aminah"} {
		var found wire.Found
		got := b.do("POST", "/search", map[string]any{"q": q}).want(http.StatusOK).into(&found)
		if len(found.People.Items) != 1 || found.People.Items[0].ID != person {
			t.Errorf("%s: people %+v", q, found.People)
		}
		if q != "siti aminah" && (len(found.Conversations.Items) != 1 || found.Conversations.Items[0].Row.Person.AddressMasked == "") {
			t.Errorf("%s: conversations %+v", q, found.Conversations)
		}
		if strings.Contains(string(got.body), "99990001") {
			t.Errorf("%s: the answer holds the whole number: %s", q, got.body)
		}
	}
	var found wire.Found
	b.do("POST", "/search", map[string]any{"q": "kartu", "kinds": []string{"conversations"}}).want(http.StatusOK).into(&found)
	if found.Tickets != nil || found.People != nil || len(found.Conversations.Items) != 1 {
		t.Fatalf("conversations only: %+v", found)
	}
	line := found.Conversations.Items[0].Line
	if want := []wire.Piece{{Text: "Saya Siti, nomor "}, {Text: "kartu", Match: true}, {Text: " belum sampai"}}; line == nil || !slices.Equal(line.Excerpt, want) {
		t.Errorf("line %+v, want %+v", line, want)
	}
	b.do("POST", "/search", map[string]any{"q": "sp-1234-5678-0"}).want(http.StatusOK).into(&found)
	if !found.Mistyped {
		t.Error("a wrong check digit is not told")
	}
}

func TestSearchRefuses(t *testing.T) {
	t.Parallel()
	e := open(t)
	b := e.as(e.person(access.Agent))
	b.do("POST", "/search", map[string]any{"q": strings.Repeat("x", 201)}).problem(http.StatusUnprocessableEntity, "invalid")
	b.do("POST", "/search", map[string]any{"q": "siti", "kinds": []string{"staff"}}).problem(http.StatusUnprocessableEntity, "invalid")
	b.do("GET", "/search?q=siti", nil).problem(http.StatusNotFound, "not_found")
	var found wire.Found
	e.as(e.person(access.QualityReviewer)).do("POST", "/search", map[string]any{"q": "siti"}).want(http.StatusOK).into(&found)
	if found.People != nil || found.Tickets == nil || found.Conversations == nil {
		t.Errorf("a quality reviewer finds %+v", found)
	}
}

// What somebody typed is nobody else's to read.
func TestSearchIsNotLogged(t *testing.T) {
	t.Parallel()
	e := open(t)
	b := e.as(e.person(access.Agent))
	for _, q := range []string{"rahasiasekali", phone, "3374015203940001", "rahasiasekali" + strings.Repeat("x", 200)} {
		b.do("POST", "/search", map[string]any{"q": q})
	}
	log := e.log.String()
	if !strings.Contains(log, "/search") {
		t.Fatalf("the requests are not in the log, so nothing is proved: %s", log)
	}
	for _, secret := range []string{"rahasiasekali", "81299990001", "3374015203940001"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log tells %s", secret)
		}
	}
}
