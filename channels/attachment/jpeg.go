package attachment

import (
	"bytes"
	"encoding/binary"
)

// Markers of a JPEG file (ITU-T T.81, Annex B).
const (
	jpegSOI  = 0xD8
	jpegEOI  = 0xD9
	jpegSOS  = 0xDA
	jpegAPP0 = 0xE0
	jpegAPP1 = 0xE1
	jpegAPP2 = 0xE2
	jpegAPPE = 0xEE
	jpegCOM  = 0xFE
)

// stripJPEG copies what is needed to show the picture: it drops Exif, XMP, IPTC,
// comments, embedded previews and whatever follows the end of the image, but
// keeps colour profiles and which side is up.
func stripJPEG(in []byte) ([]byte, error) {
	if len(in) < 4 || in[0] != 0xFF || in[1] != jpegSOI {
		return nil, errDamaged
	}
	out := append(make([]byte, 0, len(in)), in[:2]...)
	turned := false
	for at := 2; ; {
		marker, segment, next, err := jpegSegment(in, at)
		if err != nil {
			return nil, err
		}
		if marker == jpegEOI {
			return append(out, 0xFF, jpegEOI), nil
		}
		if marker == jpegAPP1 && !turned {
			if side := orientation(segment); side > 1 {
				out, turned = append(out, orientationSegment(side)...), true
			}
		}
		if keepJPEG(marker, segment) {
			out = append(out, in[at:next]...)
		}
		if marker == jpegSOS {
			end := scanEnd(in, next)
			out = append(out, in[next:end]...)
			if end == len(in) { // some phones leave out the end
				return append(out, 0xFF, jpegEOI), nil
			}
			next = end
		}
		at = next
	}
}

// jpegSegment reads the marker at a position, its contents, and where it ends.
func jpegSegment(in []byte, at int) (marker byte, segment []byte, next int, err error) {
	for at+1 < len(in) && in[at] == 0xFF && in[at+1] == 0xFF {
		at++ // fill bytes
	}
	if at+1 >= len(in) || in[at] != 0xFF {
		return 0, nil, 0, errDamaged
	}
	marker = in[at+1]
	if marker == jpegEOI {
		return marker, nil, at + 2, nil
	}
	if at+4 > len(in) {
		return 0, nil, 0, errDamaged
	}
	length := int(binary.BigEndian.Uint16(in[at+2:]))
	if length < 2 || at+2+length > len(in) {
		return 0, nil, 0, errDamaged
	}
	return marker, in[at+4 : at+2+length], at + 2 + length, nil
}

// scanEnd finds the marker that ends compressed data: not a stuffed zero, not a
// restart; or the end of the file.
func scanEnd(in []byte, at int) int {
	for ; at+1 < len(in); at++ {
		if in[at] == 0xFF && in[at+1] != 0 && (in[at+1] < 0xD0 || in[at+1] > 0xD7) {
			return at
		}
	}
	return len(in)
}

func keepJPEG(marker byte, segment []byte) bool {
	switch {
	case marker == jpegAPP2:
		return bytes.HasPrefix(segment, []byte("ICC_PROFILE\x00"))
	case marker == jpegAPP0:
		return bytes.HasPrefix(segment, []byte("JFIF\x00")) // JFXX holds a preview
	case marker == jpegAPPE:
		return true // Adobe's colour transform
	case marker > jpegAPP0 && marker <= 0xEF, marker == jpegCOM:
		return false
	}
	return true
}

// orientation reads Exif tag 0x0112 of the first directory, 0 when there is none.
func orientation(segment []byte) int {
	tiff, ok := bytes.CutPrefix(segment, []byte("Exif\x00\x00"))
	if !ok || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	start := int(order.Uint32(tiff[4:]))
	if start < 8 || start+2 > len(tiff) {
		return 0
	}
	count := int(order.Uint16(tiff[start:]))
	for i := range count {
		entry := start + 2 + 12*i
		if entry+12 > len(tiff) {
			return 0
		}
		if order.Uint16(tiff[entry:]) == 0x0112 {
			if side := int(order.Uint16(tiff[entry+8:])); side >= 1 && side <= 8 {
				return side
			}
			return 0
		}
	}
	return 0
}

// orientationSegment is Exif that says nothing but which side is up.
func orientationSegment(side int) []byte {
	body := []byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01" +
		"\x01\x12\x00\x03\x00\x00\x00\x01\x00" + string(rune(side)) + "\x00\x00" + "\x00\x00\x00\x00")
	head := []byte{0xFF, jpegAPP1, 0, 0}
	binary.BigEndian.PutUint16(head[2:], uint16(len(body)+2))
	return append(head, body...)
}
