package channels

import (
	"fmt"
	"log/slog"
	"regexp"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// PhoneClass says what a number is good for.
type PhoneClass string

// The classes.
const (
	PhoneMobile    PhoneClass = "mobile"    // SMS, WhatsApp, call-back
	PhoneFixed     PhoneClass = "fixed"     // call-back by voice
	PhoneTollFree  PhoneClass = "toll_free" // shown, never written to
	PhoneUniversal PhoneClass = "universal" // shown, never written to
	PhoneForeign   PhoneClass = "foreign"   // a caller, never a participant's number
)

// Phone is a checked number. It does not print in logs.
type Phone struct {
	E164  string // with +
	Class PhoneClass
}

// LogValue hides the number.
func (p Phone) LogValue() slog.Value { return slog.StringValue("[phone]") }

// Shapes of typed and of national numbers; they never change.
var (
	typedNumber = regexp.MustCompile(`^\+?[0-9 ().-]+$`)
	mobile      = regexp.MustCompile(`^8[1-35-9]\d{7,10}$`)
	tollFree    = regexp.MustCompile(`^(800\d{5,7}|177\d{6,8})$`)
	universal   = regexp.MustCompile(`^(1500\d{3}|8071\d{6})$`)
	areaCoded   = regexp.MustCompile(`^[2-79]\d{6,11}$`)
)

// ParsePhone reads an Indonesian number as people type it (0820…, +62 820…,
// 62820…, 820…). It is stricter than libphonenumber, which takes full-width
// digits, letters as keypad digits and extensions. Everything else, foreign and
// premium numbers too, is ErrPhone.
func ParsePhone(input string) (Phone, error) {
	digits, plus, err := dialled(input)
	if err != nil {
		return Phone{}, err
	}
	national := ""
	switch {
	case strings.HasPrefix(digits, "62"):
		national = strings.TrimPrefix(digits[2:], "0")
	case plus:
		return Phone{}, fmt.Errorf("%w: foreign", ErrPhone)
	case strings.HasPrefix(digits, "0"):
		national = digits[1:]
	case strings.HasPrefix(digits, "8"):
		national = digits
	}
	class, ok := classify(national)
	if !ok {
		return Phone{}, ErrPhone
	}
	return Phone{E164: "+62" + national, Class: class}, nil
}

// ParseCaller reads the number a provider names as the sender, in any country.
func ParseCaller(input string) (Phone, error) {
	if phone, err := ParsePhone(input); err == nil {
		return phone, nil
	}
	digits, plus, err := dialled(input)
	if err != nil || !plus || strings.HasPrefix(digits, "62") {
		return Phone{}, ErrPhone
	}
	number, err := phonenumbers.Parse("+"+digits, "")
	if err != nil || !phonenumbers.IsPossibleNumber(number) {
		return Phone{}, ErrPhone
	}
	return Phone{E164: "+" + digits, Class: PhoneForeign}, nil
}

// dialled returns the ASCII digits and whether a + stood in front.
func dialled(input string) (digits string, plus bool, err error) {
	text := strings.TrimSpace(input)
	for _, scheme := range []string{"tel:", "whatsapp:"} {
		text = strings.TrimPrefix(text, scheme)
	}
	if !typedNumber.MatchString(text) {
		return "", false, ErrPhone
	}
	digits = strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
	return digits, strings.HasPrefix(text, "+"), nil
}

// classify knows the classes of GRIEVANCE.md 4.4 by pattern; for area codes it
// asks libphonenumber, whose table of them is kept up to date.
func classify(national string) (PhoneClass, bool) {
	switch {
	case mobile.MatchString(national):
		return PhoneMobile, true
	case tollFree.MatchString(national):
		return PhoneTollFree, true
	case universal.MatchString(national):
		return PhoneUniversal, true
	case !areaCoded.MatchString(national):
		return "", false
	}
	number, err := phonenumbers.Parse("+62"+national, "ID")
	if err != nil || phonenumbers.GetNumberType(number) != phonenumbers.FIXED_LINE {
		return "", false
	}
	return PhoneFixed, true
}
