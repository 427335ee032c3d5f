package twilio_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"testing"

	"sapa/channels"
	"sapa/channels/twilio"
)

// Published and recomputed vectors of Twilio's signature.
func TestSignatureVectors(t *testing.T) {
	t.Parallel()
	call := func(from string) url.Values {
		return url.Values{"CallSid": {"CA1234567890ABCDE"}, "Caller": {from}, "From": {from}, "Digits": {"1234"}, "To": {"+18005551212"}}
	}
	tests := []struct {
		name, token, address string
		form                 url.Values
		want                 string
	}{
		{"Twilio's own", "12345", "https://mycompany.com/myapp.php?foo=1&bar=2", call("+14158675309"), "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
		{"another caller", "12345", "https://mycompany.com/myapp.php?foo=1&bar=2", call("+12349013030"), "0/KCTR6DLpKmkAf8muzZqo1nDgQ="},
		{"ours", "test_auth_token_0001", "https://desk.example.id/webhooks/twilio/voice?tenant=prakerja",
			url.Values{"CallSid": {"CA00000000000000000000000000000001"}, "CallStatus": {"ringing"}, "From": {"+62812345678"}, "To": {"+628001234567"}},
			"dFtNH8v+HICXgvGh3AJVlTWnPdk="},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := twilio.Signature(test.token, test.address, test.form); got != test.want {
				t.Fatalf("signature = %s, want %s", got, test.want)
			}
		})
	}
}

func TestProve(t *testing.T) {
	t.Parallel()
	const token = "test_auth_token_0001"
	form := url.Values{"MessageSid": {"SM1"}, "B": {"2", "1", "2"}, "A": {"x"}}
	jsonBody := []byte(`{"a":1}`)
	sum := sha256.Sum256(jsonBody)
	hash := hex.EncodeToString(sum[:])
	tests := []struct {
		name      string
		public    string // what we are told that our address is
		signed    string // what Twilio signed
		form      url.Values
		path      string
		query     string
		host      string
		json      bool
		signature string
		want      error
	}{
		{name: "plain", public: "https://desk.example.id", signed: "https://desk.example.id/hooks/sms/sms", path: "/hooks/sms/sms"},
		{name: "closing slash in the setting", public: "https://desk.example.id/", signed: "https://desk.example.id/hooks/sms/sms", path: "/hooks/sms/sms"},
		{name: "the port Twilio was told", public: "https://desk.example.id", signed: "https://desk.example.id:443/hooks/sms/sms", path: "/hooks/sms/sms"},
		{name: "the port we were told", public: "https://desk.example.id:443", signed: "https://desk.example.id/hooks/sms/sms", path: "/hooks/sms/sms"},
		{name: "another port", public: "https://desk.example.id", signed: "https://desk.example.id:8443/hooks/sms/sms", path: "/hooks/sms/sms", want: channels.ErrForged},
		{name: "behind a proxy that ends TLS", public: "https://desk.example.id", signed: "https://desk.example.id/hooks/sms/sms", path: "/hooks/sms/sms", host: "10.0.0.7:8080"},
		{name: "signed for the host of the request", public: "https://desk.example.id", signed: "http://evil.example/hooks/sms/sms", path: "/hooks/sms/sms", host: "evil.example", want: channels.ErrForged},
		{name: "under a prefix the proxy strips", public: "https://example.id/desk", signed: "https://example.id/desk/hooks/sms/sms", path: "/hooks/sms/sms"},
		{name: "under a prefix the proxy keeps", public: "https://example.id/desk", signed: "https://example.id/desk/hooks/sms/sms", path: "/desk/hooks/sms/sms"},
		{name: "query in its own order", public: "https://desk.example.id", signed: "https://desk.example.id/x?z=1&a=%20b&z=0", path: "/x", query: "z=1&a=%20b&z=0"},
		{name: "query reordered", public: "https://desk.example.id", signed: "https://desk.example.id/x?z=1&a=2", path: "/x", query: "a=2&z=1", want: channels.ErrForged},
		{name: "repeated parameters as Twilio's libraries sort them", public: "https://desk.example.id",
			signed: "https://desk.example.id/x", path: "/x", form: url.Values{"MessageSid": {"SM1"}, "B": {"1", "2"}, "A": {"x"}}},
		{name: "JSON by its hash", public: "https://desk.example.id", signed: "https://desk.example.id/x?bodySHA256=" + hash, path: "/x", query: "bodySHA256=" + hash, json: true, form: url.Values{}},
		{name: "JSON with another hash", public: "https://desk.example.id", signed: "https://desk.example.id/x?bodySHA256=00", path: "/x", query: "bodySHA256=00", json: true, form: url.Values{}, want: channels.ErrForged},
		{name: "JSON without hash", public: "https://desk.example.id", signed: "https://desk.example.id/x", path: "/x", json: true, form: url.Values{}, want: channels.ErrForged},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			signed := test.form
			if signed == nil {
				signed = form
			}
			header := http.Header{"X-Twilio-Signature": {twilio.Signature(token, test.signed, signed)},
				"Content-Type": {"application/x-www-form-urlencoded"}, "X-Forwarded-Host": {test.host}}
			r := channels.Request{Path: test.path, RawQuery: test.query, Header: header, Body: []byte(form.Encode())}
			if test.json {
				header.Set("Content-Type", "application/json")
				r.Body = jsonBody
			}
			gateway := twilio.New(twilio.Options{PublicURL: test.public, HTTP: http.DefaultClient})
			_, err := gateway.Prove(channels.Inbox{Settings: channels.Settings{AuthToken: token}}, r)
			if !errors.Is(err, test.want) {
				t.Fatalf("err = %v, want %v", err, test.want)
			}
		})
	}
}
