package attachment_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sapa/channels/attachment"
)

// get returns status and body; a nil response is a failed test.
func (r *room) get(address string) (int, *http.Response) {
	r.t.Helper()
	request, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, address, nil)
	r.must(err)
	response, err := http.DefaultClient.Do(request)
	r.must(err)
	body, err := io.ReadAll(response.Body)
	r.must(err)
	_ = response.Body.Close()
	response.Body = io.NopCloser(strings.NewReader(string(body)))
	return response.StatusCode, response
}

func TestLinks(t *testing.T) {
	t.Parallel()
	r := newRoom(t, nil)
	file, err := r.put("bukti \u0026 kwitansi ñ.pdf", "application/pdf", []byte(pdf))
	r.must(err)
	other, err := r.put("b.pdf", "application/pdf", []byte(pdf))
	r.must(err)
	link := r.store.SignLink(file.ID, time.Minute)
	if strings.Contains(link, "bukti") {
		t.Fatalf("the link tells the name: %s", link)
	}
	spoil := func(change func(*url.URL, url.Values)) string {
		address, err := url.Parse(link)
		r.must(err)
		query := address.Query()
		change(address, query)
		address.RawQuery = query.Encode()
		return address.String()
	}
	tests := []struct {
		name, address string
		want          int
	}{
		{"right", link, 200},
		{"another file", spoil(func(u *url.URL, _ url.Values) { u.Path = "/f/" + string(other.ID) }), 403},
		{"longer life", spoil(func(_ *url.URL, q url.Values) { q.Set("until", "9999999999") }), 403},
		{"no signature", spoil(func(_ *url.URL, q url.Values) { q.Del("sign") }), 403},
		{"one character", spoil(func(_ *url.URL, q url.Values) { q.Set("sign", "A"+q.Get("sign")[1:]) }), 403},
		{"no such file", r.store.SignLink("01890000-0000-7000-8000-000000000001", time.Minute), 404},
		{"no uuid", r.store.SignLink("x", time.Minute), 404},
		{"another address", r.files.URL + "/", 404},
	}
	for _, test := range tests {
		if status, _ := r.get(test.address); status != test.want {
			t.Errorf("%s: %d, want %d", test.name, status, test.want)
		}
	}
	long := r.store.SignLink(file.ID, time.Hour)
	r.pass(attachment.MaxLink)
	if status, _ := r.get(long); status != 200 {
		t.Errorf("after 5 min: %d, want 200", status)
	}
	r.pass(time.Second)
	if status, _ := r.get(long); status != 403 {
		t.Errorf("after 5 min and 1 s: %d, want 403", status)
	}
}

func TestFilesCannotActAsPages(t *testing.T) {
	t.Parallel()
	r := newRoom(t, nil)
	file, err := r.put("bukti ñ \"x\".pdf", "application/pdf", []byte(pdf))
	r.must(err)
	_, response := r.get(r.store.SignLink(file.ID, time.Minute))
	for name, want := range map[string]string{
		"X-Content-Type-Options":  "nosniff",
		"Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
		"Cache-Control":           "private, no-store",
		"Content-Type":            "application/pdf",
		"Content-Disposition":     `attachment; filename="bukti _ x.pdf"; filename*=UTF-8''bukti%20%C3%B1%20x.pdf`,
		"Set-Cookie":              "",
	} {
		if got := response.Header.Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	body, _ := io.ReadAll(response.Body)
	if string(body) != pdf {
		t.Errorf("body = %q", body)
	}
	request, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, r.store.SignLink(file.ID, time.Minute), nil)
	request.Header.Set("Range", "bytes=0-3")
	partial, err := http.DefaultClient.Do(request)
	r.must(err)
	defer partial.Body.Close()
	if head, _ := io.ReadAll(partial.Body); partial.StatusCode != 206 || string(head) != "%PDF" {
		t.Errorf("range: %d %q", partial.StatusCode, head)
	}
	if response, err := http.Post(r.store.SignLink(file.ID, time.Minute), "text/plain", nil); err != nil || response.StatusCode != 405 {
		t.Errorf("POST: %v %v, want 405", response, err)
	}
}
