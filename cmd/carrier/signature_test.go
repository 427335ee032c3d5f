package main

import (
	"net/url"
	"testing"
)

func TestSign(t *testing.T) {
	t.Parallel()
	const desk = "https://mycompany.com/myapp.php?foo=1&bar=2"
	example := func(caller string) url.Values {
		return url.Values{
			"CallSid": {"CA1234567890ABCDE"}, "Caller": {caller}, "From": {caller},
			"Digits": {"1234"}, "To": {"+18005551212"},
		}
	}
	ours := url.Values{
		"CallSid": {"CA00000000000000000000000000000001"}, "CallStatus": {"ringing"},
		"From": {"+62812345678"}, "To": {"+628001234567"},
	}
	for _, c := range []struct {
		name, token, address string
		form                 url.Values
		want                 string
	}{
		{"documented example", "12345", desk, example("+14158675309"), "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
		{"documented example, another caller", "12345", desk, example("+12349013030"), "0/KCTR6DLpKmkAf8muzZqo1nDgQ="},
		{"our desk", "test_auth_token_0001", "https://desk.example.id/webhooks/twilio/voice?tenant=prakerja", ours, "dFtNH8v+HICXgvGh3AJVlTWnPdk="},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := sign(c.token, c.address, c.form); got != c.want {
				t.Errorf("sign = %q, want %q", got, c.want)
			}
		})
	}
}
