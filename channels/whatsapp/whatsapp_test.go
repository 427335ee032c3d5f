package whatsapp_test

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"sapa/channels"
	"sapa/channels/channeltest"
	"sapa/channels/twilio"
	"sapa/channels/whatsapp"
)

const (
	publicURL = "https://desk.example.id"
	outboxID  = "01890000-0000-7000-8000-000000000001"
)

func adapter(client *http.Client) *whatsapp.Adapter {
	return whatsapp.New(twilio.New(twilio.Options{PublicURL: publicURL, HTTP: client}))
}

func inbox() channels.Inbox {
	return channels.Inbox{
		ID: "01890000-0000-7000-8000-00000000000a", Kind: channels.WhatsApp, Slug: "wa", Name: "WhatsApp",
		Address: "+628001503001", Language: "ind", Status: channels.InboxActive,
		Settings: channels.Settings{AccountSID: "AC00000000000000000000000000000001", AuthToken: "test_auth_token_0001"},
	}
}

// request reads a payload as received; its file ends with a line end.
func request(t *testing.T, file, path, query string) channels.Request {
	t.Helper()
	body, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return channels.Request{
		Path: path, RawQuery: query, At: time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC),
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded; charset=utf-8"}},
		Body:   []byte(strings.TrimRight(string(body), "\n")),
	}
}

func sign(inbox channels.Inbox, r channels.Request) channels.Request {
	form, _ := url.ParseQuery(string(r.Body))
	address := publicURL + r.Path
	if r.RawQuery != "" {
		address += "?" + r.RawQuery
	}
	r.Header = r.Header.Clone()
	r.Header.Set("X-Twilio-Signature", twilio.Signature(inbox.Settings.AuthToken, address, form))
	return r
}

func TestSuite(t *testing.T) {
	t.Parallel()
	hook := func(file string) channels.Request { return request(t, file, "/hooks/whatsapp/wa", "") }
	status := func(file string) channels.Request {
		return request(t, file, "/hooks/whatsapp/wa/status", "outbox="+outboxID)
	}
	siti := channels.Address{Kind: channels.AddressPhone, Value: "+6282012345678", Name: "Siti Contoh"}
	message := func(number, text string) channels.Event {
		return channels.Event{Kind: channels.EventMessage, ProviderID: "SM" + strings.Repeat("0", 31) + number, From: siti, Text: text}
	}
	report := func(number string, state channels.State) []channels.Event {
		return []channels.Event{{Kind: channels.EventStatus, ProviderID: "SM" + strings.Repeat("0", 30) + number, Status: state, Outbox: outboxID}}
	}
	button := message("3", "Ya, benar")
	button.Button, button.ReplyTo = "yes", "SM00000000000000000000000000000099"
	image := message("4", "")
	image.ProviderID = "MM00000000000000000000000000000004"
	image.Media = []channels.Media{{
		URL:  "https://api.twilio.com/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages/MM00000000000000000000000000000004/Media/ME00000000000000000000000000000001",
		Mime: "image/jpeg",
	}}
	stop := message("6", "Berhenti")
	stop.Consent = channels.ConsentOut
	masked := message("2", "NIK saya •••• •••• •••• 0001\ntolong dicek")
	masked.Masked = true
	handle := message("7", "halo")
	handle.From = channels.Address{Kind: channels.AddressHandle, Value: "ID.13491208655302741918", Name: "Siti Contoh"}
	failed := report("12", channels.StateFailed)
	failed[0].ErrorCode, failed[0].ErrorKey = "63016", "channels.error.window_closed"

	channeltest.Run(t, channeltest.Suite{
		Adapter: func(client *http.Client) channels.Adapter { return adapter(client) },
		Inbox:   inbox(),
		Sign:    sign,
		Fixtures: []channeltest.Fixture{
			{Name: "text", Request: hook("text.form"), Want: []channels.Event{message("1", "min insentif sy blm cair pdhl udh selesai pelatihan")}},
			{Name: "identity number", Request: hook("nik.form"), Want: []channels.Event{masked}},
			{Name: "button", Request: hook("button.form"), Want: []channels.Event{button}},
			{Name: "image", Request: hook("image.form"), Want: []channels.Event{image}},
			{Name: "location", Request: hook("location.form"), Want: []channels.Event{message("5", "Monas\nGambir, Jakarta Pusat\ngeo:-6.1754,106.8272")}},
			{Name: "stop", Request: hook("stop.form"), Want: []channels.Event{stop}},
			{Name: "no phone number", Request: hook("user-id.form"), Want: []channels.Event{handle}},
			{Name: "unknown and repeated fields", Request: hook("unknown-fields.form"), Want: []channels.Event{message("8", "halo")}},
			{Name: "without id", Request: hook("no-sid.form"), Err: channels.ErrMalformed},
			{Name: "queued", Request: status("status-queued.form"), Want: report("11", channels.StateSent)},
			{Name: "delivered", Request: status("status-delivered.form"), Want: report("11", channels.StateDelivered)},
			{Name: "read", Request: status("status-read.form"), Want: report("11", channels.StateRead)},
			{Name: "undelivered", Request: status("status-undelivered.form"), Want: failed},
			{Name: "a status of the future", Request: status("status-strange.form")},
			{Name: "query in another order", Request: request(t, "text.form", "/hooks/whatsapp/wa", "z=1&a=2"), Want: []channels.Event{message("1", "min insentif sy blm cair pdhl udh selesai pelatihan")}},
		},
		Unprove: map[string]func(*channels.Request){
			"one character of the signature": func(r *channels.Request) {
				given := []byte(r.Header.Get("X-Twilio-Signature"))
				given[3] ^= 1
				r.Header.Set("X-Twilio-Signature", string(given))
			},
			"another path":         func(r *channels.Request) { r.Path += "x" },
			"another query":        func(r *channels.Request) { r.RawQuery += "&x=1" },
			"another content type": func(r *channels.Request) { r.Header.Set("Content-Type", "text/plain") },
		},
		Provider: &channeltest.Provider{
			Accepted:  `{"sid":"SM00000000000000000000000000000001","status":"queued"}`,
			ID:        "SM00000000000000000000000000000001",
			Busy:      channeltest.Answer{Status: 429, Body: `{"code":20429,"message":"Too Many Requests","status":429}`},
			Down:      channeltest.Answer{Status: 503, Body: `{"code":20503,"message":"Service is unavailable","status":503}`},
			Refused:   channeltest.Answer{Status: 400, Body: `{"code":63016,"message":"Failed to send freeform message","status":400}`},
			RefusedAs: "channels.error.window_closed",
			NoEntry:   channeltest.Answer{Status: 401, Body: `{"code":20003,"message":"Authenticate","status":401}`},
		},
	})
}
