package main

import (
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// pixel is a picture of one dot.
const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

// fetch gets an address without following redirects.
func (s *stand) fetch(address string, auth bool) (*http.Response, []byte) {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, address, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	if auth {
		request.SetBasicAuth(testAccount, testToken)
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return response, body
}

func (s *stand) sayPicture() hook {
	s.t.Helper()
	s.say(map[string]any{"channel": "whatsapp", "media": []map[string]any{
		{"name": "../ktp.png", "content_type": "image/png", "data": pixel},
		{"name": "surat.pdf", "content_type": "application/pdf", "data": base64.StdEncoding.EncodeToString([]byte("%PDF-1.4"))},
	}})
	return s.hook()
}

func TestInboundMedia(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	h := s.sayPicture()
	if h.form.Get("NumMedia") != "2" || h.form.Get("MediaContentType0") != "image/png" ||
		h.form.Get("MediaContentType1") != "application/pdf" || h.form.Get("MessageType") != "image" ||
		!strings.HasPrefix(h.form.Get("MessageSid"), "MM") || !h.genuine {
		t.Fatalf("form %v", h.form)
	}
	address := h.form.Get("MediaUrl0")
	if !strings.HasPrefix(address, s.server.URL+"/2010-04-01/Accounts/"+testAccount+"/Messages/"+h.form.Get("MessageSid")+"/Media/ME") {
		t.Fatalf("address %s", address)
	}
	if response, _ := s.fetch(address, false); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("without password: %d", response.StatusCode)
	}
	response, _ := s.fetch(address, true)
	behind := response.Header.Get("Location")
	if response.StatusCode != http.StatusTemporaryRedirect || !strings.HasPrefix(behind, s.server.URL+"/media/ME") {
		t.Fatalf("%d to %q", response.StatusCode, behind)
	}
	response, body := s.fetch(behind, false)
	want, _ := base64.StdEncoding.DecodeString(pixel)
	if response.Header.Get("Content-Type") != "image/png" || string(body) != string(want) {
		t.Errorf("got %d bytes of %s", len(body), response.Header.Get("Content-Type"))
	}
	if response, _ := s.fetch(behind+"0", false); response.StatusCode != http.StatusForbidden {
		t.Errorf("changed signature: %d", response.StatusCode)
	}
	s.skew.Store(int64(mediaLife + 2*time.Second))
	if response, _ := s.fetch(behind, false); response.StatusCode != http.StatusForbidden {
		t.Errorf("expired: %d", response.StatusCode)
	}
}

func TestMediaList(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	h := s.sayPicture()
	path := "/2010-04-01/Accounts/" + testAccount + "/Messages/" + h.form.Get("MessageSid") + "/Media"
	_, list := s.rest(http.MethodGet, path+".json", nil)
	all := list["media_list"].([]any)
	if len(all) != 2 || all[1].(map[string]any)["content_type"] != "application/pdf" {
		t.Fatalf("list %v", list)
	}
	status, one := s.rest(http.MethodGet, all[0].(map[string]any)["uri"].(string), nil)
	if status != http.StatusOK || one["parent_sid"] != h.form.Get("MessageSid") || one["content_type"] != "image/png" {
		t.Errorf("one %d %v", status, one)
	}
	if status, _ := s.rest(http.MethodGet, path+"/ME0", nil); status != http.StatusNotFound {
		t.Errorf("unknown media: %d", status)
	}
}

func TestMediaIsNeverShownAsAPage(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	file := s.carrier.ledger.KeepMedia("x.html", "text/html", []byte("<script>alert(1)</script>"))
	response, _ := s.fetch(s.server.URL+"/control/media/"+file.Sid, false)
	h := response.Header
	if h.Get("Content-Disposition") != "attachment" || h.Get("X-Content-Type-Options") != "nosniff" ||
		!strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("headers %v", h)
	}
	if response, _ := s.fetch(s.server.URL+"/control/media/ME0", false); response.StatusCode != http.StatusNotFound {
		t.Errorf("unknown media: %d", response.StatusCode)
	}
}

func TestMediaStoreIsBounded(t *testing.T) {
	t.Parallel()
	store := mediaStore{files: map[string]Media{}}
	for _, sid := range []string{"a", "b", "c"} {
		store.put(Media{Sid: sid, Size: mediaTotal / 2})
	}
	if _, kept := store.files["a"]; kept || len(store.files) != 2 || store.total != mediaTotal {
		t.Errorf("kept a %v, %d files, %d bytes", kept, len(store.files), store.total)
	}
}
