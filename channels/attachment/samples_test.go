package attachment_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// trace is what must not survive in a photograph.
const trace = "GPS-106.8272-CANARY"

func picture() image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 24, 16))
	for x := range 24 {
		for y := range 16 {
			img.Set(x, y, color.RGBA{uint8(x * 10), uint8(y * 15), 80, 255})
		}
	}
	return img
}

func segment(marker byte, body string) []byte {
	out := []byte{0xFF, marker, 0, 0}
	binary.BigEndian.PutUint16(out[2:], uint16(len(body)+2))
	return append(out, body...)
}

// jpegPhoto is a photograph with everything a phone adds: Exif with the given
// side up, XMP, a comment, a preview, a colour profile, and bytes after the end.
func jpegPhoto(t *testing.T, side byte) []byte {
	t.Helper()
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, picture(), nil); err != nil {
		t.Fatal(err)
	}
	out := append([]byte{}, plain.Bytes()[:2]...)
	out = append(out, segment(0xE0, "JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")...)
	out = append(out, segment(0xE1, "Exif\x00\x00II\x2a\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00"+string(rune(side))+"\x00\x00\x00\x00\x00\x00\x00"+trace)...)
	out = append(out, segment(0xE1, "http://ns.adobe.com/xap/1.0/\x00"+trace)...)
	out = append(out, segment(0xE2, "ICC_PROFILE\x00\x01\x01profile")...)
	out = append(out, segment(0xE2, "MPF\x00"+trace)...)
	out = append(out, segment(0xED, "Photoshop 3.0\x00"+trace)...)
	out = append(out, segment(0xFE, trace)...)
	out = append(out, plain.Bytes()[2:]...)
	return append(out, trace...)
}

func pngChunk(name, body string) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	out = append(out, name+body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE([]byte(name+body)))
}

func pngPhoto(t *testing.T) []byte {
	t.Helper()
	var plain bytes.Buffer
	if err := png.Encode(&plain, picture()); err != nil {
		t.Fatal(err)
	}
	const head = 8 + 25 // signature and IHDR
	out := append([]byte{}, plain.Bytes()[:head]...)
	out = append(out, pngChunk("tEXt", "Location\x00"+trace)...)
	out = append(out, pngChunk("eXIf", "MM\x00\x2a"+trace)...)
	out = append(out, pngChunk("iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00"+trace)...)
	out = append(out, plain.Bytes()[head:]...)
	return append(out, trace...)
}

// hugePNG declares far more pixels than it holds.
func hugePNG(side uint32) []byte {
	body := binary.BigEndian.AppendUint32(nil, side)
	body = binary.BigEndian.AppendUint32(body, side)
	out := append([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", string(body)+"\x08\x02\x00\x00\x00")...)
	return append(append(out, pngChunk("IDAT", "")...), pngChunk("IEND", "")...)
}

// webpPhoto is a lossless image of one pixel in the extended format, with Exif
// and XMP.
func webpPhoto() []byte {
	riff := func(name, body string) string {
		out := name + string(binary.LittleEndian.AppendUint32(nil, uint32(len(body)))) + body
		if len(body)%2 == 1 {
			out += "\x00"
		}
		return out
	}
	pixel := "\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"
	body := "WEBP" + riff("VP8X", "\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x00") + riff("VP8L", pixel) +
		riff("EXIF", trace) + riff("XMP ", trace)
	return []byte("RIFF" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(body)))) + body)
}

func office(t *testing.T, parts map[string][]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, name := range []string{"[Content_Types].xml", "word/document.xml", "xl/workbook.xml", "word/vbaProject.bin", "x"} {
		body, ok := parts[name]
		if !ok {
			continue
		}
		part, err := archive.Create(name)
		if err == nil {
			_, err = part.Write(body)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// unpackingTo is a docx with one part of so many zeros.
func unpackingTo(t *testing.T, size int) []byte {
	t.Helper()
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	block := make([]byte, 1<<20)
	for _, name := range []string{"[Content_Types].xml", "word/document.xml"} {
		part, err := archive.Create(name)
		for range size / len(block) {
			if err == nil && name == "word/document.xml" {
				_, err = part.Write(block)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func docxFile(t *testing.T) []byte {
	return office(t, map[string][]byte{"[Content_Types].xml": []byte("<Types/>"), "word/document.xml": []byte("<w:document/>")})
}

func xlsxFile(t *testing.T) []byte {
	return office(t, map[string][]byte{"[Content_Types].xml": []byte("<Types/>"), "xl/workbook.xml": []byte("<workbook/>")})
}

// eicar is the scanners' test file, in parts so that this source is not one.
func eicar() string {
	return `X5O!P%@AP[4\PZX54(P^)7CC)7}` + `$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`
}

const (
	pdf  = "%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
	mp4  = "\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41\x00\x00\x00\x08free"
	m4a  = "\x00\x00\x00\x1cftypM4A \x00\x00\x00\x00M4A mp42isom\x00\x00\x00\x08free"
	ogg  = "OggS\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x13OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00"
	page = "<html><script>alert(1)</script></html>"
)
