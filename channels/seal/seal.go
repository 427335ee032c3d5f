// Package seal encrypts single fields (identity numbers, account numbers,
// provider tokens) and makes look-up values for them, with Tink. Ciphertext is
// bound to a context, so a value copied to another row or column does not open.
package seal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/prf"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// LookupBytes is the length of a look-up value: 128 bits make an accidental
// collision among 10^8 people less likely than 1 in 10^22.
const LookupBytes = 16

// ErrSealed means that a ciphertext does not open: another key, another
// context, or bytes that were changed. It never says which.
var ErrSealed = errors.New("seal: value does not open")

// Box seals and opens. It is made by Load or Parse, does not change, and is safe
// for concurrent use.
type Box struct {
	aead tink.AEAD
	prf  *prf.Set
}

// Load reads the keyset file that "sapa keys new" wrote.
func Load(path string) (*Box, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("seal: read keyset: %w", err)
	}
	return Parse(raw)
}

// Parse makes a Box of the bytes that NewKeyset or Rotate returned.
func Parse(raw []byte) (*Box, error) {
	keys, err := decode(raw)
	if err != nil {
		return nil, err
	}
	crypter, err := aead.New(keys.seal)
	if err != nil {
		return nil, fmt.Errorf("seal: encryption keys: %w", err)
	}
	lookup, err := prf.NewPRFSet(keys.lookup)
	if err != nil {
		return nil, fmt.Errorf("seal: look-up key: %w", err)
	}
	return &Box{aead: crypter, prf: lookup}, nil
}

// Seal encrypts plain with the newest key. The same plain text never gives the
// same bytes twice.
func (b *Box) Seal(plain []byte, context string) ([]byte, error) {
	sealed, err := b.aead.Encrypt(plain, []byte(context))
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return sealed, nil
}

// Open decrypts what Seal made under the same context, with any key of the
// keyset; otherwise ErrSealed.
func (b *Box) Open(sealed []byte, context string) ([]byte, error) {
	plain, err := b.aead.Decrypt(sealed, []byte(context))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

// Lookup is a keyed, one-way value of LookupBytes bytes, equal for equal value
// and context: it lets an index find a sealed value. Without the keyset nobody
// can compute it from a list of all identity numbers.
func (b *Box) Lookup(value, context string) []byte {
	return b.derive(value, context, LookupBytes)
}

// Sign is Lookup at the full 32 bytes, to prove that we wrote a value.
func (b *Box) Sign(value, context string) []byte {
	return b.derive(value, context, 32)
}

func (b *Box) derive(value, context string, length uint32) []byte {
	// The length in front keeps ("ab","c") and ("a","bc") apart.
	input := binary.BigEndian.AppendUint32(nil, uint32(len(context)))
	input = append(append(input, context...), value...)
	out, err := b.prf.ComputePrimaryPRF(input, length)
	if err != nil {
		panic(fmt.Sprintf("seal: look-up of a length Parse has tried: %v", err))
	}
	return out
}

// LogValue keeps keys out of logs.
func (b *Box) LogValue() slog.Value { return slog.StringValue("[keys]") }

// String keeps keys out of printed structs.
func (b *Box) String() string { return "[keys]" }
