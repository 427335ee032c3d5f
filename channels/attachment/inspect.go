package attachment

import (
	"bytes"
	"errors"
	"image"
	_ "image/jpeg" // image.DecodeConfig reads these three formats
	_ "image/png"
	"strings"

	_ "golang.org/x/image/webp"
)

// inspected is a file that may be kept.
type inspected struct {
	name, mime    string
	body          []byte // without personal traces
	width, height int
	infected      bool
}

// inspect judges the bytes and returns what to store, or *Rejected. keep leaves
// place and camera in photographs, when the reporter wants them as evidence.
func inspect(name, declared string, body []byte, keep bool) (inspected, error) {
	if len(body) == 0 {
		return inspected{}, &Rejected{NoBytes}
	}
	if len(body) > MaxBytes {
		return inspected{}, &Rejected{TooLarge}
	}
	name = CleanName(name)
	f, ok := recognise(name, declared, body)
	if !ok || startsLikePage(body) {
		return inspected{}, &Rejected{BadType}
	}
	if name == "" {
		name = f.stem + f.extensions[0]
	}
	file := inspected{name: name, mime: f.mime, body: body, infected: holdsTestVirus(body)}
	var err error
	switch {
	case strings.HasPrefix(f.mime, "image/"):
		err = file.inspectImage(keep)
	case f.mime == docx || f.mime == xlsx:
		err = file.inspectOffice()
	}
	return file, err
}

func (f *inspected) inspectImage(keep bool) error {
	config, _, err := image.DecodeConfig(bytes.NewReader(f.body))
	if err != nil {
		return &Rejected{Damaged}
	}
	if int64(config.Width)*int64(config.Height) > MaxPixels {
		return &Rejected{TooMany}
	}
	f.width, f.height = config.Width, config.Height
	if keep {
		return nil
	}
	strip := map[string]func([]byte) ([]byte, error){
		"image/jpeg": stripJPEG, "image/png": stripPNG, "image/webp": stripWebP,
	}[f.mime]
	if f.body, err = strip(f.body); err != nil {
		return &Rejected{Damaged}
	}
	return nil
}

// errDamaged is the strippers' answer to bytes that make no sense.
var errDamaged = errors.New("attachment: damaged image")
