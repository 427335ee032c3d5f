package auth

import (
	"context"
	"encoding/base32"
	"errors"
	"fmt"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"sapa/ticketing/team"
)

// Second factor as RFC 6238 has it: six digits, 30 s, one step of clock drift
// either way.
const (
	stepSeconds = 30
	drift       = 1
	issuer      = "Sapa"
)

// Enrolment is what an authenticator app needs, shown once.
type Enrolment struct {
	Secret string // base32, for typing
	URI    string // otpauth://, for the QR code
}

func sealContext(id team.StaffID) string { return "staff.totp:" + string(id) }

// keyEnrol holds the sealed secret of a second factor being set up.
const keyEnrol = "enrol"

// Enrol makes a new secret and keeps it in this browser's session: until
// ConfirmEnrolment the factor that is on stays on, so that nobody is left without
// one by stopping half-way or by somebody else at their desk.
func (a *Auth) Enrol(ctx context.Context, staff team.Staff) (Enrolment, error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: staff.Email, Period: stepSeconds})
	if err != nil {
		return Enrolment{}, fmt.Errorf("make second factor: %w", err)
	}
	sealed, err := a.options.Box.Seal([]byte(key.Secret()), sealContext(staff.ID))
	if err != nil {
		return Enrolment{}, fmt.Errorf("seal second factor: %w", err)
	}
	a.sessions.Put(ctx, keyEnrol, sealed)
	return Enrolment{Secret: key.Secret(), URI: key.URL()}, nil
}

// ConfirmEnrolment turns the second factor on once the person shows a code of it.
func (a *Auth) ConfirmEnrolment(ctx context.Context, staff team.Staff, code string) error {
	staff.TOTPSecret = a.sessions.GetBytes(ctx, keyEnrol)
	if err := a.useCode(ctx, staff, code); err != nil {
		return err
	}
	a.sessions.Remove(ctx, keyEnrol)
	return team.SetTOTP(ctx, a.options.DB, staff.ID, staff.TOTPSecret, true, a.options.Now())
}

// useCode accepts a code once: the library would take the same one again for a
// minute and a half, so the step it belongs to is remembered.
func (a *Auth) useCode(ctx context.Context, staff team.Staff, code string) error {
	if len(staff.TOTPSecret) == 0 {
		return ErrCode
	}
	raw, err := a.options.Box.Open(staff.TOTPSecret, sealContext(staff.ID))
	if err != nil {
		return fmt.Errorf("open second factor of %s: %w", staff.ID, err)
	}
	step, ok := matchingStep(string(raw), code, a.options.Now())
	if !ok {
		return ErrCode
	}
	err = team.UseTOTPStep(ctx, a.options.DB, staff.ID, step)
	if errors.Is(err, team.ErrStale) {
		return ErrCode
	}
	return err
}

func matchingStep(secret, code string, now time.Time) (int64, bool) {
	if _, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret); err != nil {
		return 0, false
	}
	options := totp.ValidateOpts{Period: stepSeconds, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}
	for step := -drift; step <= drift; step++ {
		at := now.Add(time.Duration(step*stepSeconds) * time.Second)
		if ok, err := totp.ValidateCustom(code, secret, at, options); err == nil && ok {
			return at.Unix() / stepSeconds, true
		}
	}
	return 0, false
}
