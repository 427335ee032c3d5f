package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// The cost of a hash. Source: OWASP password storage, argon2id with 64 MiB and
// three passes; some 60 ms on one core.
const (
	argonMemoryKiB = 64 * 1024
	argonPasses    = 3
	argonThreads   = 1
	argonKeyBytes  = 32
	argonSaltBytes = 16
)

// Password lengths in characters. Source: security test 25.
const (
	PasswordLeast = 12
	PasswordMost  = 128
)

// Rules a new password may break.
var (
	ErrPasswordShort  = errors.New("auth: password is too short")
	ErrPasswordLong   = errors.New("auth: password is too long")
	ErrPasswordCommon = errors.New("auth: password is easy to guess")
)

// CheckNewPassword refuses what is too short, too long, or easy to guess from
// the person's own data. There are no rules on kinds of characters.
func CheckNewPassword(password, email, name string) error {
	switch n := utf8.RuneCountInString(password); {
	case n < PasswordLeast:
		return ErrPasswordShort
	case n > PasswordMost:
		return ErrPasswordLong
	}
	lower := strings.ToLower(password)
	local, _, _ := strings.Cut(strings.ToLower(email), "@")
	for _, part := range append(strings.Fields(strings.ToLower(name)), local) {
		if len(part) >= 4 && len(part)*2 > len(lower) && strings.Contains(lower, part) {
			return ErrPasswordCommon
		}
	}
	if guessable(lower) {
		return ErrPasswordCommon
	}
	return nil
}

// guessable finds passwords made of few different characters or of well-worn
// words and runs, which head every list of leaked passwords.
func guessable(lower string) bool {
	different := map[rune]bool{}
	for _, r := range lower {
		different[r] = true
	}
	if len(different) < 5 {
		return true
	}
	rest := lower
	for _, worn := range []string{"password", "passw0rd", "katasandi", "sandi", "qwertyuiop", "qwerty", "asdfghjkl", "asdfgh",
		"zxcvbnm", "1234567890", "0987654321", "123456789", "12345678", "123456", "12345", "1234", "123", "indonesia", "bismillah",
		"sayang", "rahasia", "admin", "prakerja", "sapa", "letmein", "welcome", "iloveyou", "merdeka", "abc"} {
		rest = strings.ReplaceAll(rest, worn, "")
	}
	return len(rest) < 4
}

// HashPassword returns an argon2id hash in the usual $-separated form.
func HashPassword(password string) (string, error) {
	salt := make([]byte, argonSaltBytes)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("salt: %w", err)
	}
	key := argon2.IDKey([]byte(password), salt, argonPasses, argonMemoryKiB, argonThreads, argonKeyBytes)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemoryKiB, argonPasses, argonThreads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

// nobody is hashed against when the e-mail is unknown, so that the answer takes
// as long as for a known one.
const nobody = "$argon2id$v=19$m=65536,t=3,p=1$bm9ib2R5bm9ib2R5bm9ibw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// passwordOK compares in constant time. At most hashesAtOnce run together; the
// others wait, or give up with their request.
func (a *Auth) passwordOK(ctx context.Context, hash, password string) (bool, error) {
	select {
	case a.hashing <- struct{}{}:
		defer func() { <-a.hashing }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	var version, memory, passes, threads int
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, nil
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &passes, &threads); err != nil {
		return false, fmt.Errorf("read password hash: %w", err)
	}
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	want, keyErr := base64.RawStdEncoding.DecodeString(parts[5])
	if err := errors.Join(saltErr, keyErr); err != nil {
		return false, fmt.Errorf("read password hash: %w", err)
	}
	got := argon2.IDKey([]byte(password), salt, uint32(passes), uint32(memory), uint8(threads), uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}
