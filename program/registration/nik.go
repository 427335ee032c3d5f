package registration

import (
	"strconv"
	"strings"
	"time"

	"sapa/program/calendar"
)

// NIK is a parsed identity number: PPKKCC DDMMYY SSSS. A right form proves
// nothing about existence, since there is no check digit.
type NIK struct {
	digits string
	// Female is told by 40 added to the day.
	Female bool
	Born   calendar.Date
	// Regency is the code of the place of first registration.
	Regency string
	// Flags are doubts that never reject: regency_retired, regency_unverified.
	Flags []string
}

// IDFault says which rule of an identity or family-card number is broken:
// format, placeholder, province, structure, day, month, date, serial, or
// looks_like_nik.
type IDFault struct{ Rule string }

func (e *IDFault) Error() string { return "identity number: " + e.Rule }

// String hides all but the last four digits.
func (n NIK) String() string { return MaskNIK(n.Last4()) }

// Reveal is the bare number, for sealing only.
func (n NIK) Reveal() string { return n.digits }

// Last4 is what screens show.
func (n NIK) Last4() string {
	if len(n.digits) < 4 {
		return ""
	}
	return n.digits[len(n.digits)-4:]
}

// MaskNIK is how a number is shown of which only the end is known.
func MaskNIK(last4 string) string {
	if last4 == "" {
		return ""
	}
	return "************" + last4
}

// ParseNIK checks the form of an identity number as of now (GRIEVANCE 4.1). The
// error is an *IDFault.
func ParseNIK(text string, now time.Time) (NIK, error) {
	digits, err := sixteen(text)
	if err != nil {
		return NIK{}, err
	}
	if err := checkPlace(digits); err != nil {
		return NIK{}, err
	}
	day := number(digits[6:8])
	female := day > 40
	if female {
		day -= 40
	}
	if day < 1 || day > 31 {
		return NIK{}, &IDFault{"day"}
	}
	born, err := dateOf(day, number(digits[8:10]), number(digits[10:12]), now, true)
	if err != nil {
		return NIK{}, err
	}
	if digits[12:] == "0000" {
		return NIK{}, &IDFault{"serial"}
	}
	regency := digits[0:2] + "." + digits[2:4]
	return NIK{digits: digits, Female: female, Born: born, Regency: regency, Flags: regencyFlags(regency)}, nil
}

// ParseKK checks the form of a family-card number (GRIEVANCE 4.2) and returns its
// digits. A day of 41 and more betrays a NIK typed into the wrong field.
func ParseKK(text string, now time.Time) (string, error) {
	digits, err := sixteen(text)
	if err != nil {
		return "", err
	}
	if err := checkPlace(digits); err != nil {
		return "", err
	}
	day := number(digits[6:8])
	if day > 40 && day <= 71 {
		return "", &IDFault{"looks_like_nik"}
	}
	if day < 1 || day > 31 {
		return "", &IDFault{"day"}
	}
	if _, err := dateOf(day, number(digits[8:10]), number(digits[10:12]), now, false); err != nil {
		return "", err
	}
	if digits[12:] == "0000" {
		return "", &IDFault{"serial"}
	}
	return digits, nil
}

// sixteen drops separators between digits; other scripts' digits are refused.
func sixteen(text string) (string, error) {
	digits := strings.NewReplacer(" ", "", ".", "", "-", "").Replace(strings.TrimSpace(text))
	if len(digits) != 16 || strings.Trim(digits, "0123456789") != "" {
		return "", &IDFault{"format"}
	}
	if strings.Count(digits, digits[:1]) == 16 || digits == "1234567890123456" {
		return "", &IDFault{"placeholder"}
	}
	return digits, nil
}

func checkPlace(digits string) error {
	if _, found := FindRegion(digits[:2]); !found {
		return &IDFault{"province"}
	}
	if regency := number(digits[2:4]); regency == 0 || regency == 70 || digits[4:6] == "00" {
		return &IDFault{"structure"}
	}
	return nil
}

// dateOf reads DDMMYY. A birth lies in this century unless that would be the
// future; a card is never older than this century.
func dateOf(day, month, year int, now time.Time, birth bool) (calendar.Date, error) {
	if month < 1 || month > 12 {
		return calendar.Date{}, &IDFault{"month"}
	}
	today := calendar.DateIn(now, calendar.WIB)
	made := calendar.Date{Year: 2000 + year, Month: time.Month(month), Day: day}
	if birth && today.Before(made) {
		made.Year -= 100
	}
	if made.AddDays(0) != made || today.Before(made) {
		return calendar.Date{}, &IDFault{"date"}
	}
	return made, nil
}

func regencyFlags(code string) []string {
	if _, found := FindRegion(code); found {
		return nil
	}
	if RetiredRegency(code) != "" {
		return []string{"regency_retired"}
	}
	return []string{"regency_unverified"}
}

func number(digits string) int {
	n, _ := strconv.Atoi(digits) // sixteen lets nothing but digits through
	return n
}
