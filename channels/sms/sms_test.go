package sms_test

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"sapa/channels"
	"sapa/channels/channeltest"
	"sapa/channels/sms"
	"sapa/channels/twilio"
)

const publicURL = "https://desk.example.id"

func sign(inbox channels.Inbox, r channels.Request) channels.Request {
	form, _ := url.ParseQuery(string(r.Body))
	r.Header = r.Header.Clone()
	r.Header.Set("X-Twilio-Signature", twilio.Signature(inbox.Settings.AuthToken, publicURL+r.Path, form))
	return r
}

func request(t *testing.T, file string) channels.Request {
	t.Helper()
	body, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return channels.Request{
		Path: "/hooks/sms/sms", At: time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC),
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
		Body:   []byte(strings.TrimRight(string(body), "\n")),
	}
}

func TestSuite(t *testing.T) {
	t.Parallel()
	person := channels.Address{Kind: channels.AddressPhone, Value: "+6282012345678"}
	id := func(number string) string { return "SM" + strings.Repeat("0", 30) + number }
	channeltest.Run(t, channeltest.Suite{
		Adapter: func(client *http.Client) channels.Adapter {
			return sms.New(twilio.New(twilio.Options{PublicURL: publicURL, HTTP: client}))
		},
		Inbox: channels.Inbox{
			ID: "01890000-0000-7000-8000-00000000000b", Kind: channels.SMS, Slug: "sms", Address: "+628001503002",
			Settings: channels.Settings{AccountSID: "AC00000000000000000000000000000001", AuthToken: "test_auth_token_0001"},
		},
		Sign: sign,
		Fixtures: []channeltest.Fixture{
			{Name: "text", Request: request(t, "text.form"), Want: []channels.Event{
				{Kind: channels.EventMessage, ProviderID: id("21"), From: person, Text: "Kode OTP saya tidak masuk"}}},
			{Name: "stop", Request: request(t, "stop.form"), Want: []channels.Event{
				{Kind: channels.EventMessage, ProviderID: id("22"), From: person, Text: "STOP", Consent: channels.ConsentOut}}},
			{Name: "a name instead of a number", Request: request(t, "name.form"), Want: []channels.Event{
				{Kind: channels.EventMessage, ProviderID: id("23"), Text: "Promo",
					From: channels.Address{Kind: channels.AddressHandle, Value: "CONTOH"}}}},
			{Name: "undelivered", Request: request(t, "status-failed.form"), Want: []channels.Event{
				{Kind: channels.EventStatus, ProviderID: id("24"), Status: channels.StateFailed,
					ErrorCode: "30003", ErrorKey: "channels.error.unreachable"}}},
		},
		Provider: &channeltest.Provider{
			Accepted:  `{"sid":"SM00000000000000000000000000000001","status":"queued"}`,
			ID:        "SM00000000000000000000000000000001",
			Busy:      channeltest.Answer{Status: 429, Body: `{"code":20429,"message":"Too Many Requests","status":429}`},
			Down:      channeltest.Answer{Status: 500, Body: `{"code":20500,"message":"Internal Server Error","status":500}`},
			Refused:   channeltest.Answer{Status: 400, Body: `{"code":21610,"message":"Attempt to send to unsubscribed recipient","status":400}`},
			RefusedAs: "channels.error.opted_out",
			NoEntry:   channeltest.Answer{Status: 401, Body: `{"code":20003,"message":"Authenticate","status":401}`},
		},
	})
}
