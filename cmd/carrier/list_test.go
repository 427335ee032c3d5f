package main

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestListPages(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	for i := range 7 {
		s.send(s.smsTo(fmt.Sprint("pesan ", i)))
	}
	var bodies []string
	path := "/2010-04-01/Accounts/" + testAccount + "/Messages.json?PageSize=3&To=" + url.QueryEscape(testCitizen)
	for pages := 0; path != ""; pages++ {
		if pages == 1 { // what comes meanwhile does not shift the pages
			s.send(s.smsTo("baru"))
		}
		_, list := s.rest(http.MethodGet, path, nil)
		for _, m := range list["messages"].([]any) {
			bodies = append(bodies, m.(map[string]any)["body"].(string))
		}
		path, _ = list["next_page_uri"].(string)
	}
	want := []string{"pesan 6", "pesan 5", "pesan 4", "pesan 3", "pesan 2", "pesan 1", "pesan 0"}
	if !slices.Equal(bodies, want) {
		t.Errorf("listed %v, want %v", bodies, want)
	}
}

func TestListFilters(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.open()
	s.send(s.smsTo("lewat sms"))
	s.send(s.whatsAppTo("lewat wa"))
	now := time.Now().UTC()
	day := func(d int) string { return now.AddDate(0, 0, d).Format(time.DateOnly) }
	for _, c := range []struct {
		name, query string
		want        int
	}{
		{"all", "", 3},
		{"to the phone by SMS", "To=" + url.QueryEscape(testCitizen), 1},
		{"to the phone by WhatsApp", "To=" + url.QueryEscape("whatsapp:"+testCitizen), 1},
		{"from the phone", "From=" + url.QueryEscape("whatsapp:"+testCitizen), 1},
		{"since a minute", "DateSent%3E=" + url.QueryEscape(now.Add(-time.Minute).Format(time.RFC3339)), 3},
		{"since next minute", "DateSent%3E=" + url.QueryEscape(now.Add(time.Minute).Format(time.RFC3339)), 0},
		{"since tomorrow", "DateSent>=" + day(2), 0},
		{"until tomorrow", "DateSent<=" + day(1), 3},
		{"until the day before yesterday", "DateSent<=" + day(-2), 0},
		{"another day", "DateSent=" + day(-2), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, list := s.rest(http.MethodGet, "/2010-04-01/Accounts/"+testAccount+"/Messages.json?"+c.query, nil)
			if got := len(list["messages"].([]any)); got != c.want {
				t.Errorf("found %d, want %d", got, c.want)
			}
		})
	}
	for _, bad := range []string{"PageSize=0", "PageSize=x", "Page=-1", "PageToken=PAx", "DateSent=yesterday"} {
		if status, body := s.rest(http.MethodGet, "/2010-04-01/Accounts/"+testAccount+"/Messages.json?"+bad, nil); status != 400 {
			t.Errorf("%s: %d %v", bad, status, body)
		}
	}
}

func TestContentAPI(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	make := func(body string) (int, map[string]any) {
		request := s.request(http.MethodPost, "/v1/Content", strings.NewReader(body))
		request.SetBasicAuth(testAccount, testToken)
		return s.do(request)
	}
	status, made := make(`{"friendly_name":"pilih","language":"id","variables":{"1":"Anda"},
		"types":{"twilio/quick-reply":{"body":"Halo {{1}}, {{2}}?","actions":[{"title":"Ya {{1}}","id":"yes"},{"title":"Tidak","id":"no"}]}}}`)
	if status != http.StatusCreated {
		t.Fatalf("made %d %v", status, made)
	}
	sid := made["sid"].(string)
	form := s.whatsAppTo("")
	form.Set("ContentSid", sid)
	form.Set("ContentVariables", `{"2":"sudah selesai"}`)
	_, m := s.send(form)
	if m["body"] != "Halo Anda, sudah selesai?" {
		t.Errorf("body = %v", m["body"])
	}
	got := s.reach(m["sid"].(string), read)
	want := []Button{{"Ya Anda", "yes"}, {"Tidak", "no"}}
	if !slices.Equal(got.Buttons, want) {
		t.Errorf("buttons = %v, want %v", got.Buttons, want)
	}
	if status, one := s.rest(http.MethodGet, "/v1/Content/"+sid, nil); status != 200 || one["friendly_name"] != "pilih" {
		t.Errorf("fetched %d %v", status, one)
	}
	if _, list := s.rest(http.MethodGet, "/v1/Content", nil); len(list["contents"].([]any)) != 1 {
		t.Errorf("list %v", list)
	}
	if status, _ := s.rest(http.MethodDelete, "/v1/Content/"+sid, nil); status != http.StatusNoContent {
		t.Errorf("deleted %d", status)
	}
	if status, _ := s.rest(http.MethodDelete, "/v1/Content/"+sid, nil); status != http.StatusNotFound {
		t.Errorf("deleted twice %d", status)
	}
	if status, _ := make(`{"types":{}}`); status != http.StatusBadRequest {
		t.Errorf("bad template %d", status)
	}
}

func TestRenderUnknownTemplate(t *testing.T) {
	t.Parallel()
	body, buttons := newContents().render("HX"+strings.Repeat("0", 32), `{"10":"sepuluh","2":"dua","1":"satu","button_1":"Ya","n":3}`)
	if want := "satu\ndua\nsepuluh\n3"; body != want {
		t.Errorf("body = %q, want %q", body, want)
	}
	if want := []Button{{"Ya", "Ya"}}; !slices.Equal(buttons, want) {
		t.Errorf("buttons = %v, want %v", buttons, want)
	}
}
