package live_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"sapa/channels/attachment"
)

func TestAttachments(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	b := s.begin()
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		name, kind string
		body       []byte
		want       int
	}{
		"picture":       {"bukti.png", "image/png", picture.Bytes(), http.StatusCreated},
		"page as a PDF": {"a.pdf", "application/pdf", []byte("<html><script>alert(1)</script></html>"), http.StatusUnsupportedMediaType},
		"too large":     {"a.png", "image/png", append(picture.Bytes(), make([]byte, attachment.MaxBytes+1)...), http.StatusRequestEntityTooLarge},
	}
	for name, test := range cases {
		body, kind := form(t, test.name, test.kind, test.body)
		status, answer := s.call("POST", "/chat/attachments", b.session, s.origin, body, kind)
		if status != test.want {
			t.Errorf("%s: status = %d (%v), want %d", name, status, answer, test.want)
		}
		if id, ok := answer["id"].(string); ok {
			frame := fmt.Sprintf(`{"type":"message","echo":%q,"text":"","attachments":[%q]}`, name, id)
			s.call("POST", "/chat/messages", b.session, s.origin, []byte(frame), "application/json")
			_, read := s.call("GET", "/chat/messages?after=0&wait=0", b.session, s.origin, nil, "")
			if !strings.Contains(fmt.Sprint(read), "http://127.0.0.1/f/") {
				t.Errorf("%s: no link in %v", name, read)
			}
		}
	}
}

// Files are judged a few at a time; what is slow is the network, and waits for
// nobody.
func TestSlowUploadsHoldUpNobody(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	b := s.begin()
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	body, kind := form(t, "bukti.png", "image/png", picture.Bytes())
	begun := make(chan struct{}, 4)
	for range 4 {
		reader, writer := io.Pipe()
		request, err := http.NewRequest("POST", s.server.URL+"/chat/attachments", reader)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", kind)
		request.Header.Set("Authorization", "Bearer "+b.session)
		go func() {
			if answer, err := http.DefaultClient.Do(request); err == nil {
				answer.Body.Close()
			}
		}()
		go func() { _, _ = writer.Write(body[:len(body)/2]); begun <- struct{}{} }()
		t.Cleanup(func() { _ = writer.CloseWithError(io.ErrUnexpectedEOF) })
	}
	for range 4 {
		<-begun
	}
	done := make(chan int, 1)
	go func() {
		status, _ := s.call("POST", "/chat/attachments", b.session, s.origin, body, kind)
		done <- status
	}()
	select {
	case status := <-done:
		if status != http.StatusCreated {
			t.Errorf("status = %d", status)
		}
	case <-time.After(patience):
		t.Error("an upload waited for those of others")
	}
}

func form(t *testing.T, name, kind string, body []byte) ([]byte, string) {
	t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {fmt.Sprintf(`form-data; name="file"; filename=%q`, name)}, "Content-Type": {kind},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(body)
	_ = w.Close()
	return out.Bytes(), w.FormDataContentType()
}
