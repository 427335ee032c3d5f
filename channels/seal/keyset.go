package seal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
)

// file is the shape of a keyset file: two Tink JSON keysets.
type file struct {
	Seal   json.RawMessage `json:"seal"`
	Lookup json.RawMessage `json:"lookup"`
}

type keys struct{ seal, lookup *keyset.Handle }

// NewKeyset makes fresh keys: AES-256-GCM for sealing, HMAC-SHA-256 as the
// look-up function. The bytes are secret; Create puts them into a file.
func NewKeyset() ([]byte, error) {
	sealing, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("seal: new encryption key: %w", err)
	}
	lookup, err := keyset.NewHandle(prf.HMACSHA256PRFKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("seal: new look-up key: %w", err)
	}
	return encode(keys{seal: sealing, lookup: lookup})
}

// Rotate adds a new encryption key and makes it the one that seals; the older
// ones still open. The look-up key stays, since a new one would orphan every
// stored look-up value.
func Rotate(raw []byte) ([]byte, error) {
	current, err := decode(raw)
	if err != nil {
		return nil, err
	}
	manager := keyset.NewManagerFromHandle(current.seal)
	id, err := manager.Add(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("seal: add key: %w", err)
	}
	if err := manager.SetPrimary(id); err != nil {
		return nil, fmt.Errorf("seal: promote key: %w", err)
	}
	if current.seal, err = manager.Handle(); err != nil {
		return nil, fmt.Errorf("seal: rotated keys: %w", err)
	}
	return encode(current)
}

// Create writes a fresh keyset to path, readable by its owner only. It refuses
// to replace a file: lost keys are lost data.
func Create(path string) error {
	raw, err := NewKeyset()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("seal: folder of keyset: %w", err)
	}
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("seal: create keyset: %w", err)
	}
	return finish(out, raw)
}

// Replace puts rotated keys over an existing file in one step, so that a crash
// leaves either the old or the new keyset, never half of one.
func Replace(path string, raw []byte) error {
	if _, err := decode(raw); err != nil {
		return err
	}
	out, err := os.CreateTemp(filepath.Dir(path), ".keyset-*")
	if err != nil {
		return fmt.Errorf("seal: replace keyset: %w", err)
	}
	defer os.Remove(out.Name())
	if err := finish(out, raw); err != nil {
		return err
	}
	if err := os.Rename(out.Name(), path); err != nil {
		return fmt.Errorf("seal: replace keyset: %w", err)
	}
	return nil
}

func finish(out *os.File, raw []byte) error {
	_, err := out.Write(raw)
	if err == nil {
		err = out.Sync()
	}
	if closed := out.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("seal: write keyset: %w", err)
	}
	return nil
}

func encode(k keys) ([]byte, error) {
	var shape file
	for handle, to := range map[*keyset.Handle]*json.RawMessage{k.seal: &shape.Seal, k.lookup: &shape.Lookup} {
		var out bytes.Buffer
		if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&out)); err != nil {
			return nil, fmt.Errorf("seal: encode keyset: %w", err)
		}
		*to = out.Bytes()
	}
	raw, err := json.MarshalIndent(shape, "", " ")
	if err != nil {
		return nil, fmt.Errorf("seal: encode keyset: %w", err)
	}
	return append(raw, '\n'), nil
}

// decode never quotes the input in its errors.
func decode(raw []byte) (keys, error) {
	var shape file
	if err := json.Unmarshal(raw, &shape); err != nil || shape.Seal == nil || shape.Lookup == nil {
		return keys{}, fmt.Errorf("seal: this is not a keyset file")
	}
	sealing, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(shape.Seal)))
	if err != nil {
		return keys{}, fmt.Errorf("seal: encryption keys: %w", err)
	}
	lookup, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(shape.Lookup)))
	if err != nil {
		return keys{}, fmt.Errorf("seal: look-up key: %w", err)
	}
	return keys{seal: sealing, lookup: lookup}, nil
}
