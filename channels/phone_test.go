package channels_test

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"sapa/channels"
)

// The vectors of the phone rules; no operator holds the mobile prefixes.
func TestParsePhone(t *testing.T) {
	t.Parallel()
	tests := []struct {
		input, want string
		class       channels.PhoneClass
	}{
		{"082012345678", "+6282012345678", channels.PhoneMobile},
		{"+6282012345678", "+6282012345678", channels.PhoneMobile},
		{"6282012345678", "+6282012345678", channels.PhoneMobile},
		{"0820-1234-5678", "+6282012345678", channels.PhoneMobile},
		{"0820 1234 5678", "+6282012345678", channels.PhoneMobile},
		{"(0820) 1234.5678", "+6282012345678", channels.PhoneMobile},
		{"+62 820-123-456", "+62820123456", channels.PhoneMobile},
		{"0830123456", "+62830123456", channels.PhoneMobile},
		{"08301234567", "+628301234567", channels.PhoneMobile},
		{"0830123456789", "+62830123456789", channels.PhoneMobile},
		{"+62 (0)820 1234 5678", "+6282012345678", channels.PhoneMobile},
		{"82012345678", "+6282012345678", channels.PhoneMobile},
		{"whatsapp:+6282012345678", "+6282012345678", channels.PhoneMobile},
		{"tel:+6282012345678", "+6282012345678", channels.PhoneMobile},
		{"085012345678", "+6285012345678", channels.PhoneMobile},
		{"086012345678", "+6286012345678", channels.PhoneMobile},
		{"089012345678", "+6289012345678", channels.PhoneMobile},
		{"0800 150 3001", "+628001503001", channels.PhoneTollFree},
		{"0218350123", "+62218350123", channels.PhoneFixed},
		{"0967000000", "+62967000000", channels.PhoneFixed},
		{"0807 1 123456", "+628071123456", channels.PhoneUniversal},
	}
	for _, test := range tests {
		t.Run(test.input, func(t *testing.T) {
			t.Parallel()
			got, err := channels.ParsePhone(test.input)
			if err != nil || got.E164 != test.want || got.Class != test.class {
				t.Fatalf("got %s %s, %v, want %s %s", got.E164, got.Class, err, test.want, test.class)
			}
		})
	}
}

func TestParsePhoneRefuses(t *testing.T) {
	t.Parallel()
	for _, input := range []string{
		"", "   ", "0", "+62", "021", "08X012345678", "０８２０１２３４５６７８", "0820/12345678",
		"082012345678 ext 5", "0810abcd1234", "082012345", "08201234567890", "084012345678",
		"110", "1708", "0999 1234 5678", "07001234567", "6200000000000", "08091234567",
		"+14155550100", "0804 1234567", "14045", "+", "()", "tel:", "00820123456",
	} {
		t.Run(input, func(t *testing.T) {
			t.Parallel()
			if got, err := channels.ParsePhone(input); !errors.Is(err, channels.ErrPhone) {
				t.Fatalf("got %s, %v, want ErrPhone", got.E164, err)
			}
		})
	}
}

func TestParseCaller(t *testing.T) {
	t.Parallel()
	tests := []struct {
		input, want string
		class       channels.PhoneClass
	}{
		{"+14155550100", "+14155550100", channels.PhoneForeign},
		{"whatsapp:+60123456789", "+60123456789", channels.PhoneForeign},
		{"whatsapp:+6282012345678", "+6282012345678", channels.PhoneMobile},
		{"+62110", "", ""},
		{"TELKOM", "", ""},
		{"14155550100", "", ""},
	}
	for _, test := range tests {
		t.Run(test.input, func(t *testing.T) {
			t.Parallel()
			got, err := channels.ParseCaller(test.input)
			if got.E164 != test.want || got.Class != test.class || (err == nil) != (test.want != "") {
				t.Fatalf("got %s %s, %v, want %s %s", got.E164, got.Class, err, test.want, test.class)
			}
		})
	}
}

func TestPersonalTypesDoNotPrintInLogs(t *testing.T) {
	t.Parallel()
	phone, _ := channels.ParsePhone("082012345678")
	var out strings.Builder
	log := slog.New(slog.NewJSONHandler(&out, nil))
	settings := channels.Settings{AuthToken: "canary-token"}
	log.Info("x", "phone", phone, "settings", settings,
		"address", channels.Address{Kind: channels.AddressPhone, Value: "+6282012345678", Name: "Canary"},
		"inbox", channels.Inbox{Address: "+6282012345678", Settings: settings},
		"event", channels.Event{Text: "canary", From: channels.Address{Value: "+6282012345678"}})
	printed := out.String() + fmt.Sprintf("%v %+v %#v", settings, settings, settings)
	for _, secret := range []string{"82012345678", "canary", "Canary"} {
		if strings.Contains(printed, secret) {
			t.Errorf("log shows %s: %s", secret, printed)
		}
	}
}
