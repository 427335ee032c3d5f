package attachment

import (
	"bytes"
	"mime"
	"path"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// format is a kind of file we accept. Its extension, the declared type and the
// bytes must agree.
type format struct {
	mime       string
	extensions []string // the first is given to files without a name
	detected   []string // what the bytes may be recognised as
	declared   []string // what browsers and providers call it
	stem       string   // name of a file that came without one
}

const (
	docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

func formats() []format {
	return []format{
		{"image/jpeg", []string{".jpg", ".jpeg"}, []string{"image/jpeg"}, []string{"image/jpeg", "image/jpg", "image/pjpeg"}, "image"},
		{"image/png", []string{".png"}, []string{"image/png", "image/vnd.mozilla.apng"}, []string{"image/png", "image/x-png"}, "image"},
		{"image/webp", []string{".webp"}, []string{"image/webp"}, []string{"image/webp"}, "image"},
		{"application/pdf", []string{".pdf"}, []string{"application/pdf"}, []string{"application/pdf", "application/x-pdf"}, "document"},
		{"video/mp4", []string{".mp4"}, []string{"video/mp4"}, []string{"video/mp4"}, "video"},
		{"audio/mp4", []string{".m4a"}, []string{"audio/x-m4a", "audio/mp4", "video/mp4"}, []string{"audio/mp4", "audio/m4a", "audio/x-m4a"}, "audio"},
		{"audio/ogg", []string{".ogg", ".oga", ".opus"}, []string{"audio/ogg", "application/ogg"}, []string{"audio/ogg", "application/ogg", "audio/opus"}, "audio"},
		{docx, []string{".docx"}, []string{docx, "application/zip"}, []string{docx}, "document"},
		{xlsx, []string{".xlsx"}, []string{xlsx, "application/zip"}, []string{xlsx}, "table"},
	}
}

// undeclared are what is sent when the sender does not know either.
func undeclared(declared string) bool {
	return declared == "" || declared == "application/octet-stream" || declared == "binary/octet-stream"
}

// recognise finds the one format that name, declared type and bytes agree on. A
// provider's file may have no name; then the declared type decides.
func recognise(name, declared string, body []byte) (format, bool) {
	extension := strings.ToLower(path.Ext(name))
	declared, _, _ = mime.ParseMediaType(declared)
	found := mimetype.Detect(body)
	for _, f := range formats() {
		switch {
		case extension != "" && !slices.Contains(f.extensions, extension),
			extension == "" && !slices.Contains(f.declared, declared),
			!undeclared(declared) && !slices.Contains(f.declared, declared),
			!slices.ContainsFunc(f.detected, found.Is):
			continue
		}
		return f, true
	}
	return format{}, false
}

// startsLikePage: bytes that some browsers would show as a page whatever they
// are called. Magic numbers alone let through files that are two things at once.
func startsLikePage(body []byte) bool {
	head := bytes.ToLower(bytes.TrimLeft(body[:min(len(body), 512)], " \t\r\n\ufeff"))
	for _, tag := range []string{"<!doctype html", "<html", "<script", "<svg", "<?xml"} {
		if bytes.HasPrefix(head, []byte(tag)) {
			return true
		}
	}
	return false
}
