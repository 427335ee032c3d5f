package attachment

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"strings"
)

// Bounds of an office file: parts, and bytes once unpacked. A hundred pages of
// text unpack to some 2 MB.
const (
	maxParts    = 2000
	maxUnpacked = 200 << 20
)

// inspectOffice proves that the file is the document it claims to be, holds no
// macros, and unpacks to a sensible size. Sizes that the file declares are
// checked first and then not trusted.
func (f *inspected) inspectOffice() error {
	archive, err := zip.NewReader(bytes.NewReader(f.body), int64(len(f.body)))
	if err != nil {
		return &Rejected{Damaged}
	}
	if len(archive.File) > maxParts {
		return &Rejected{Bomb}
	}
	main := map[string]string{docx: "word/document.xml", xlsx: "xl/workbook.xml"}[f.mime]
	var declared uint64
	found, types := false, false
	for _, part := range archive.File {
		declared += part.UncompressedSize64
		found = found || part.Name == main
		types = types || part.Name == "[Content_Types].xml"
		if strings.EqualFold(path.Base(part.Name), "vbaProject.bin") {
			return &Rejected{BadType}
		}
	}
	if declared > maxUnpacked {
		return &Rejected{Bomb}
	}
	if !found || !types {
		return &Rejected{BadType}
	}
	return f.unpack(archive)
}

// unpack reads every part once, through a small buffer, and stops at the bound.
func (f *inspected) unpack(archive *zip.Reader) error {
	left := int64(maxUnpacked)
	for _, part := range archive.File {
		reader, err := part.Open()
		if err != nil {
			return &Rejected{Damaged}
		}
		watch := &virusWatch{}
		n, err := io.Copy(watch, io.LimitReader(reader, left+1))
		_ = reader.Close()
		if left -= n; left < 0 {
			return &Rejected{Bomb}
		}
		if err != nil {
			return &Rejected{Damaged}
		}
		f.infected = f.infected || watch.found
	}
	return nil
}
