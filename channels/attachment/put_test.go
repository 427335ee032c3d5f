package attachment_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"sapa/channels"
	"sapa/channels/attachment"
)

const (
	docxType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

func TestWhatIsLetIn(t *testing.T) {
	t.Parallel()
	r := newRoom(t, nil)
	photo := jpegPhoto(t, 1)
	tests := []struct {
		name, file, declared string
		body                 []byte
		want                 string // stored type
		wantName             string
		reason               attachment.Reason
	}{
		{name: "photograph", file: "ktp.jpg", declared: "image/jpeg", body: photo, want: "image/jpeg", wantName: "ktp.jpg"},
		{name: "capital extension", file: "IMG_1.JPEG", declared: "image/jpg", body: photo, want: "image/jpeg", wantName: "IMG_1.JPEG"},
		{name: "undeclared", file: "a.png", body: pngPhoto(t), want: "image/png", wantName: "a.png"},
		{name: "webp", file: "a.webp", declared: "image/webp", body: webpPhoto(), want: "image/webp", wantName: "a.webp"},
		{name: "pdf", file: "bukti.pdf", declared: "application/pdf", body: []byte(pdf), want: "application/pdf", wantName: "bukti.pdf"},
		{name: "mp4", file: "a.mp4", declared: "video/mp4", body: []byte(mp4), want: "video/mp4", wantName: "a.mp4"},
		{name: "m4a", file: "a.m4a", declared: "audio/x-m4a", body: []byte(m4a), want: "audio/mp4", wantName: "a.m4a"},
		{name: "voice note", file: "a.ogg", declared: "audio/ogg; codecs=opus", body: []byte(ogg), want: "audio/ogg", wantName: "a.ogg"},
		{name: "docx", file: "surat.docx", declared: docxType, body: docxFile(t), want: docxType, wantName: "surat.docx"},
		{name: "xlsx", file: "a.xlsx", declared: "application/octet-stream", body: xlsxFile(t), want: xlsxType, wantName: "a.xlsx"},
		{name: "no name", declared: "image/jpeg", body: photo, want: "image/jpeg", wantName: "image.jpg"},
		{name: "path in the name", file: "../../ktp.jpg", declared: "image/jpeg", body: photo, want: "image/jpeg", wantName: "ktp.jpg"},

		{name: "page called pdf", file: "a.pdf", declared: "application/pdf", body: []byte(page), reason: attachment.BadType},
		{name: "pdf called jpg", file: "a.jpg", declared: "image/jpeg", body: []byte(pdf), reason: attachment.BadType},
		{name: "declared otherwise", file: "a.pdf", declared: "image/png", body: []byte(pdf), reason: attachment.BadType},
		{name: "extension otherwise", file: "a.png", declared: "image/jpeg", body: photo, reason: attachment.BadType},
		{name: "svg", file: "a.svg", declared: "image/svg+xml", body: []byte("<svg xmlns='x'/>"), reason: attachment.BadType},
		{name: "program", file: "a.exe", declared: "application/octet-stream", body: []byte("MZ\x90\x00"), reason: attachment.BadType},
		{name: "plain zip called docx", file: "a.docx", declared: docxType, body: office(t, map[string][]byte{"x": []byte("x")}), reason: attachment.BadType},
		{name: "xlsx called docx", file: "a.docx", declared: docxType, body: xlsxFile(t), reason: attachment.BadType},
		{name: "macros", file: "a.docx", declared: docxType, body: office(t, map[string][]byte{
			"[Content_Types].xml": []byte("x"), "word/document.xml": []byte("x"), "word/vbaProject.bin": []byte("x")}), reason: attachment.BadType},
		{name: "neither name nor type", body: photo, reason: attachment.BadType},
		{name: "nothing", file: "a.jpg", declared: "image/jpeg", reason: attachment.NoBytes},
		{name: "half a photograph", file: "a.jpg", declared: "image/jpeg", body: photo[:60], reason: attachment.Damaged},
		{name: "50,000 by 50,000", file: "a.png", declared: "image/png", body: hugePNG(50_000), reason: attachment.TooMany},
		{name: "half a docx", file: "a.docx", declared: docxType, body: docxFile(t)[:100], reason: attachment.Damaged},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			before := len(r.objects())
			got, err := r.put(test.file, test.declared, test.body)
			var rejected *attachment.Rejected
			if errors.As(err, &rejected) != (test.reason != "") || (rejected == nil && err != nil) {
				t.Fatalf("err = %v, want reason %q", err, test.reason)
			}
			if rejected != nil {
				if rejected.Reason != test.reason {
					t.Fatalf("reason = %s, want %s", rejected.Reason, test.reason)
				}
				if len(r.objects()) != before {
					t.Fatal("a refused file left an object")
				}
				return
			}
			if got.Mime != test.want || got.Name != test.wantName || got.State != attachment.Ready {
				t.Fatalf("got %+v, want %s as %s", got, test.wantName, test.want)
			}
		})
	}
	for _, key := range r.objects() {
		if strings.Contains(key, "ktp") || strings.Contains(key, "..") {
			t.Errorf("key %q tells the file's name", key)
		}
	}
}

func TestCleanName(t *testing.T) {
	t.Parallel()
	tests := []struct{ input, want string }{
		{"../../x", "x"},
		{`C:\x`, "x"},
		{"C:x.pdf", "x.pdf"},
		{"a\x00.pdf", "a.pdf"},
		{"evil\u202Efdp.exe", "evilfdp.exe"},
		{"a\u200b.pdf", "a.pdf"},
		{"/etc/passwd", "passwd"},
		{"..", ""},
		{".htaccess", "htaccess"},
		{"ktp 3201011234560001.jpg", "ktp ••••••••••••0001.jpg"},
		{"bukti transfer.pdf", "bukti transfer.pdf"},
		{"a\r\nb.pdf", "a b.pdf"},
		{`a"b.pdf`, "ab.pdf"},
		{strings.Repeat("a", 200) + ".pdf", strings.Repeat("a", 116) + ".pdf"},
		{strings.Repeat("é", 200), strings.Repeat("é", 120)},
	}
	for _, test := range tests {
		if got := attachment.CleanName(test.input); got != test.want {
			t.Errorf("CleanName(%q) = %q, want %q", test.input, got, test.want)
		}
	}
}

func (r *room) bytes(id channels.AttachmentID) []byte {
	r.t.Helper()
	var key string
	r.must(r.db.NewRaw("SELECT blob_key FROM attachments WHERE id = ?", id).Scan(r.t.Context(), &key))
	body, err := r.bucket.ReadAll(r.t.Context(), key)
	r.must(err)
	return body
}

func TestPlaceIsTakenOutOfPhotographs(t *testing.T) {
	t.Parallel()
	r := newRoom(t, nil)
	for name, body := range map[string][]byte{"a.jpg": jpegPhoto(t, 6), "a.png": pngPhoto(t), "a.webp": webpPhoto()} {
		if !bytes.Contains(body, []byte("CANARY")) {
			t.Fatalf("%s: the sample has no trace", name)
		}
		got, err := r.put(name, "", body)
		r.must(err)
		stored := r.bytes(got.ID)
		if bytes.Contains(stored, []byte("CANARY")) {
			t.Errorf("%s: the place is still in it", name)
		}
		config, _, err := image.DecodeConfig(bytes.NewReader(stored))
		if err != nil || config.Width != got.Width || config.Height != got.Height {
			t.Errorf("%s: %v, %dx%d, want %dx%d", name, err, config.Width, config.Height, got.Width, got.Height)
		}
		if _, _, err := image.Decode(bytes.NewReader(stored)); err != nil {
			t.Errorf("%s cannot be shown any more: %v", name, err)
		}
		if name == "a.jpg" && (!bytes.Contains(stored, []byte("ICC_PROFILE")) || !bytes.Contains(stored, []byte("\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06"))) {
			t.Error("colours or the side that is up were lost")
		}
		kept, err := r.store.Put(t.Context(), r.db, attachment.Upload{Reporter: "v", Name: name, Body: bytes.NewReader(body), KeepPlace: true})
		r.must(err)
		if !bytes.Equal(r.bytes(kept.ID), body) {
			t.Errorf("%s: not kept as it was, though the reporter wishes it", name)
		}
	}
}

func TestSizesAndQuota(t *testing.T) {
	t.Parallel()
	r := newRoom(t, nil)
	big := append([]byte(pdf), make([]byte, attachment.MaxBytes-len(pdf))...)
	for range attachment.MaxDayBytes / attachment.MaxBytes {
		_, err := r.put("a.pdf", "application/pdf", big)
		r.must(err)
	}
	before := len(r.objects())
	want := func(err error, reason attachment.Reason) {
		t.Helper()
		var rejected *attachment.Rejected
		if !errors.As(err, &rejected) || rejected.Reason != reason {
			t.Fatalf("err = %v, want %s", err, reason)
		}
	}
	_, err := r.put("a.pdf", "application/pdf", []byte(pdf))
	want(err, attachment.OverQuota)
	_, err = r.put("a.pdf", "application/pdf", append(big, 'x'))
	want(err, attachment.TooLarge)
	if _, err = r.store.Put(t.Context(), r.db, attachment.Upload{Reporter: "another", Name: "a.pdf", Body: strings.NewReader(pdf)}); err != nil {
		t.Fatalf("another reporter: %v", err)
	}
	if now := len(r.objects()); now != before+1 {
		t.Fatalf("%d objects, want %d: refused files leave nothing", now, before+1)
	}
	r.pass(24 * time.Hour)
	if _, err = r.put("a.pdf", "application/pdf", []byte(pdf)); err != nil {
		t.Fatalf("the next day: %v", err)
	}
}

// An endless body and unpacking bombs, several at once, within 256 MiB. Not in
// parallel, since it looks at the memory of the whole process.
func TestBombsDoNotExhaustMemory(t *testing.T) {
	r := newRoom(t, nil)
	bomb := unpackingTo(t, 210<<20)
	if len(bomb) > 1<<20 {
		t.Fatalf("the bomb has %d bytes", len(bomb))
	}
	runtime.GC()
	stop, peak := make(chan struct{}), make(chan uint64)
	go func() {
		var top uint64
		for {
			var memory runtime.MemStats
			runtime.GC() // what is held counts, not what waits to be collected on a busy machine
			runtime.ReadMemStats(&memory)
			top = max(top, memory.HeapAlloc)
			select {
			case <-stop:
				peak <- top
				return
			default:
			}
		}
	}()
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			_, err := r.store.Put(context.Background(), r.db, attachment.Upload{Reporter: "v", Name: "a.docx", Body: bytes.NewReader(bomb)})
			var rejected *attachment.Rejected
			if !errors.As(err, &rejected) || rejected.Reason != attachment.Bomb {
				t.Errorf("bomb: %v, want refused", err)
			}
		})
		all.Go(func() {
			_, err := r.store.Put(context.Background(), r.db, attachment.Upload{Reporter: "v", Name: "a.pdf", Body: endless{}})
			var rejected *attachment.Rejected
			if !errors.As(err, &rejected) || rejected.Reason != attachment.TooLarge {
				t.Errorf("endless: %v, want refused", err)
			}
		})
	}
	all.Wait()
	close(stop)
	if top := <-peak; top > 256<<20 {
		t.Errorf("%d MiB held at the peak, want at most 256", top>>20)
	}
	if left := r.objects(); len(left) > 0 || r.rows() > 0 {
		t.Errorf("left %v and %d rows", left, r.rows())
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	copy(p, "%PDF-1.7 ")
	return len(p), nil
}

func TestInfectedFileIsKeptApart(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, file string
		body       []byte
		scan       attachment.Scanner
	}{
		{"in a pdf", "a.pdf", []byte(pdf + eicar()), nil},
		{"packed in a docx", "a.docx", office(t, map[string][]byte{
			"[Content_Types].xml": []byte("x"), "word/document.xml": []byte(strings.Repeat("x", 40_000) + eicar())}), nil},
		{"found by the scanner", "a.pdf", []byte(pdf), func(context.Context, []byte) (bool, error) { return false, nil }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := newRoom(t, test.scan)
			got, err := r.put(test.file, "", test.body)
			r.must(err)
			if got.State != attachment.Refused || got.Reason != attachment.Infected {
				t.Fatalf("got %+v, want refused as infected", got)
			}
			if keys := r.objects(); len(keys) != 1 || !strings.HasPrefix(keys[0], "quarantine/") {
				t.Fatalf("objects = %v, want one in quarantine", keys)
			}
			if status, _ := r.get(r.store.SignLink(got.ID, time.Minute)); status != 404 {
				t.Fatalf("download answers %d, want 404", status)
			}
		})
	}
}

func TestNobodyGetsAFileThatWasNotScanned(t *testing.T) {
	t.Parallel()
	r := newRoom(t, func(context.Context, []byte) (bool, error) { return false, io.ErrUnexpectedEOF })
	if _, err := r.put("a.pdf", "", []byte(pdf)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("err = %v, want the scanner's", err)
	}
	if r.rows() != 0 || len(r.objects()) != 0 {
		t.Fatal("an unscanned file was kept")
	}
}

func TestBindProvesWhoseFileItIs(t *testing.T) {
	t.Parallel()
	r := newRoom(t, nil)
	mine, theirs := newConversation(), newConversation()
	got, err := r.put("a.pdf", "", []byte(pdf))
	r.must(err)
	r.must(attachment.Bind(t.Context(), r.db, mine, r.Now(), got.ID))
	r.must(attachment.Bind(t.Context(), r.db, mine, r.Now(), got.ID))
	if err := attachment.Bind(t.Context(), r.db, theirs, r.Now(), got.ID); !errors.Is(err, channels.ErrNotFound) {
		t.Fatalf("another's conversation: %v, want ErrNotFound", err)
	}
	found, err := attachment.Find(t.Context(), r.db, got.ID)
	if err != nil || found[0].ConversationID != mine {
		t.Fatalf("found %+v, %v", found, err)
	}
	if _, err := attachment.Find(t.Context(), r.db, got.ID, channels.NewAttachmentID()); !errors.Is(err, channels.ErrNotFound) {
		t.Fatalf("err = %v, want ErrNotFound", err)
	}
	r.must(r.store.Remove(t.Context(), r.db, got.ID))
	if r.rows() != 0 || len(r.objects()) != 0 {
		t.Fatal("something is left after Remove")
	}
}

// A full disk: the upload fails visibly and leaves no row.
func TestStoreThatCannotWrite(t *testing.T) {
	t.Parallel()
	r := newRoom(t, nil)
	r.must(r.bucket.Close())
	if _, err := r.put("a.pdf", "", []byte(pdf)); err == nil {
		t.Fatal("stored into a closed bucket")
	}
	if r.rows() != 0 {
		t.Fatal("a row without bytes")
	}
}
