package portal_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"sapa/kb"
	"sapa/migrations/dbtest"
	"sapa/web/portal"
)

func serve(t *testing.T) (*httptest.Server, *bun.DB) {
	t.Helper()
	db, now := dbtest.New(t), time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)
	if _, err := kb.LoadContent(context.Background(), db, now); err != nil {
		t.Fatal(err)
	}
	pages, err := portal.New(portal.Options{DB: db, Now: func() time.Time { return now }, Inbox: "web", Phone: "+628001503001",
		Address: func(r *http.Request) string { return r.Header.Get("Test-Address") }})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	pages.Routes(mux)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server, db
}

func get(t *testing.T, address string, header http.Header) (int, string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header = header
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func TestPages(t *testing.T) {
	t.Parallel()
	server, _ := serve(t)
	cases := map[string]struct {
		path   string
		header http.Header
		status int
		want   string
		never  string
	}{
		"home":                     {"/", nil, 200, "Ada yang bisa kami bantu?", ">portal."},
		"home in English":          {"/?lang=eng", nil, 200, `<html lang="en">`, ">portal."},
		"browser's own language":   {"/", http.Header{"Accept-Language": {"su-ID,su;q=0.9"}}, 200, `<html lang="su">`, ">portal."},
		"Javanese lacks staff":     {"/?lang=jav", nil, 200, "Masuk petugas", ">portal."},
		"number as people read it": {"/", nil, 200, "0800 150 3001", "+62800 "},
		"search":                   {"/help?q=sertifikat", nil, 200, "/help/sertifikat-pelatihan", ">portal."},
		"nothing found":            {"/help?q=zzzyyyxxx", nil, 200, "Belum ada jawaban", ">portal."},
		"search echoes safely":     {"/help?q=%3Cscript%3Ealert(1)%3C/script%3E", nil, 200, "&lt;script&gt;", "<script>alert"},
		"article":                  {"/help/insentif-belum-cair", nil, 200, "<h2>Syarat</h2>", ">portal."},
		"falls back to Indonesian": {"/help/insentif-belum-cair?lang=jav", nil, 200, "Insentif durung mlebu", ">portal."},
		"staff only":               {"/help/panduan-koreksi-kehadiran", nil, 404, "Halaman tidak ada", "Cocokkan"},
		"broken bytes":             {"/help?q=%ff%00otp", nil, 200, "/help/kode-otp-tidak-datang", ">portal."},
		"broken address":           {"/help/%ff%00", nil, 404, "Halaman tidak ada", ">portal."},
		"unknown":                  {"/help/tidak-ada", nil, 404, "Halaman tidak ada", ">portal."},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, body := get(t, server.URL+test.path, test.header)
			if status != test.status || !strings.Contains(body, test.want) || strings.Contains(body, test.never) {
				t.Errorf("status = %d, want %d; body holds %q: %v; holds %q: %v", status, test.status,
					test.want, strings.Contains(body, test.want), test.never, strings.Contains(body, test.never))
			}
			if len(body) > 50<<10 {
				t.Errorf("page of %d bytes, want at most 50 KiB", len(body))
			}
		})
	}
}

func TestFeedback(t *testing.T) {
	t.Parallel()
	server, db := serve(t)
	cases := map[string]struct {
		slug, comment string
		status        int
		kept          string
	}{
		"thanked for":        {"jam-layanan", "jelas", 200, "jelas"},
		"identity is hidden": {"jam-layanan", "NIK saya 3171234567890123", 200, "NIK saya ••••••••••••0123"},
		"broken bytes":       {"jam-layanan", "rusak\x00\xff", 200, "rusak\uFFFD"},
		"staff only":         {"panduan-koreksi-kehadiran", "ada", 404, ""},
	}
	for name, test := range cases {
		response, err := http.PostForm(server.URL+"/help/"+test.slug+"/feedback", url.Values{"helpful": {"yes"}, "comment": {test.comment}})
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != test.status || test.status == 200 && !strings.Contains(string(body), "Terima kasih atas pendapat") {
			t.Errorf("%s: status = %d, body = %s", name, response.StatusCode, body)
		}
		var kept []string
		if err := db.NewRaw("DELETE FROM article_feedback RETURNING comment").Scan(context.Background(), &kept); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(kept, ""); got != test.kept {
			t.Errorf("%s: kept %q, want %q", name, got, test.kept)
		}
	}
}

// Searches and judgements of one network slow down, with words and a time; its
// neighbours and its own other pages do not.
func TestOneNetworkSlowsDownAlone(t *testing.T) {
	t.Parallel()
	server, _ := serve(t)
	from := func(path, address string) (int, string, http.Header) {
		request, err := http.NewRequest(http.MethodGet, server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Test-Address", address)
		request.Header.Set("Accept-Language", "en")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		return response.StatusCode, string(body), response.Header
	}
	status, body, header := 0, "", http.Header{}
	for i := range 400 {
		if status, body, header = from("/help?q=zzxxqq", fmt.Sprintf("2001:db8::%d", i)); status != http.StatusOK {
			break
		}
	}
	if status != http.StatusTooManyRequests || header.Get("Retry-After") == "" || !strings.Contains(body, "Wait a moment") {
		t.Fatalf("status %d, Retry-After %q", status, header.Get("Retry-After"))
	}
	if status, _, _ := from("/help?q=zzxxqq", "2001:db8:0:1::1"); status != http.StatusOK {
		t.Errorf("the neighbour: %d", status)
	}
	if status, _, _ := from("/", "2001:db8::1"); status != http.StatusOK {
		t.Errorf("another page: %d", status)
	}
}

// The foot of the page says the hours that are set, and a day on which the desk
// stays closed.
func TestPagesSayTheHours(t *testing.T) {
	t.Parallel()
	server, db := serve(t)
	for _, step := range []struct{ name, change, want string }{
		{"as the desk begins", "SELECT 1", "every day from 08:00-20:00 WIB"},
		{"another Sunday", "UPDATE desk_periods SET opens = 600, closes = 1440 WHERE weekday = 0", "Today our staff are here from 10:00-24:00 WIB"},
		{"closed on Sunday", "DELETE FROM desk_periods WHERE weekday = 0", "They are back on 23 November 2026 at 08:00 WIB"},
	} {
		if _, err := db.ExecContext(t.Context(), step.change); err != nil {
			t.Fatal(err)
		}
		if _, body := get(t, server.URL+"/?lang=eng", nil); !strings.Contains(body, step.want) {
			t.Errorf("%s: the page does not say %q", step.name, step.want)
		}
	}
}
