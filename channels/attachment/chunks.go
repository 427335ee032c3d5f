package attachment

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// stripPNG drops the chunks that hold text, times and Exif (PNG 3rd edition,
// 11.3), and whatever follows the end of the image.
func stripPNG(in []byte) ([]byte, error) {
	const head = "\x89PNG\r\n\x1a\n"
	if !bytes.HasPrefix(in, []byte(head)) {
		return nil, errDamaged
	}
	out := append(make([]byte, 0, len(in)), head...)
	dropped := []string{"tEXt", "zTXt", "iTXt", "tIME", "eXIf"}
	for at := len(head); at+12 <= len(in); {
		length := int64(binary.BigEndian.Uint32(in[at:]))
		name := string(in[at+4 : at+8])
		next := int64(at) + 12 + length
		if next > int64(len(in)) {
			return nil, errDamaged
		}
		if !slices.Contains(dropped, name) {
			out = append(out, in[at:next]...)
		}
		if name == "IEND" {
			return out, nil
		}
		at = int(next)
	}
	return nil, errDamaged
}

// Flags of the VP8X chunk (WebP container specification).
const (
	webpExif = 1 << 3
	webpXMP  = 1 << 2
)

// stripWebP drops Exif and XMP, and clears the flags that announce them.
func stripWebP(in []byte) ([]byte, error) {
	if len(in) < 12 || string(in[:4]) != "RIFF" || string(in[8:12]) != "WEBP" {
		return nil, errDamaged
	}
	end := int64(binary.LittleEndian.Uint32(in[4:])) + 8
	if end > int64(len(in)) {
		return nil, errDamaged
	}
	in = in[:end]
	out := append(make([]byte, 0, len(in)), in[:12]...)
	for at := 12; at+8 <= len(in); {
		name := string(in[at : at+4])
		length := int64(binary.LittleEndian.Uint32(in[at+4:]))
		next := int64(at) + 8 + length + length%2
		if int64(at)+8+length > int64(len(in)) {
			return nil, errDamaged
		}
		next = min(next, int64(len(in)))
		if name != "EXIF" && name != "XMP " {
			out = append(out, in[at:next]...)
			if name == "VP8X" && length > 0 {
				out[len(out)-int(next-int64(at))+8] &^= webpExif | webpXMP
			}
		}
		at = int(next)
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out, nil
}
