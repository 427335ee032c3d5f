package fault

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// hook is a webhook as the provider makes it, but in the test's own hands: what
// is sent when, and how it is signed.
type hook struct {
	path      string // with its query
	form      url.Values
	signature string // "" means the right one
}

// inboundHook is a citizen's WhatsApp message.
func inboundHook(sid, phone, text string) hook { return inboundTo("wa", sid, phone, text) }

func inboundTo(slug, sid, phone, text string) hook {
	return hook{path: "/hooks/whatsapp/" + slug, form: url.Values{
		"MessageSid": {sid}, "SmsMessageSid": {sid}, "SmsSid": {sid}, "SmsStatus": {"received"}, "AccountSid": {account},
		"From": {"whatsapp:" + phone}, "To": {"whatsapp:" + whatsAppNo}, "Body": {text}, "NumMedia": {"0"},
		"ProfileName": {"Siti Contoh"}, "WaId": {strings.TrimPrefix(phone, "+")},
	}}
}

// statusHook reports on one of our messages. query is what stands behind the
// address we gave, such as outbox=<id>, or nothing.
func statusHook(query, sid, state string) hook {
	path := "/hooks/whatsapp/wa/status"
	if query != "" {
		path += "?" + query
	}
	form := url.Values{"MessageSid": {sid}, "SmsSid": {sid}, "MessageStatus": {state}, "SmsStatus": {state}, "AccountSid": {account}}
	if state == "failed" || state == "undelivered" {
		form.Set("ErrorCode", "30008")
	}
	return hook{path: path, form: form}
}

// sign is the provider's signature over the public address and every field,
// worked out here by its definition and not by our own code.
func sign(key, address string, form url.Values) string {
	mac := hmac.New(sha1.New, []byte(key))
	mac.Write([]byte(address))
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, value := range form[name] {
			mac.Write([]byte(name + value))
		}
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// right is the signature the provider would make.
func (d *desk) right(h hook) string { return sign(token, d.public+h.path, h.form) }

// send makes the call and returns the status, 0 when no answer came.
func (d *desk) send(h hook) int {
	request, err := http.NewRequest(http.MethodPost, d.public+h.path, strings.NewReader(h.form.Encode()))
	if err != nil {
		return 0
	}
	if h.signature == "" {
		h.signature = d.right(h)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("X-Twilio-Signature", h.signature)
	response, err := caller.Do(request)
	if err != nil {
		return 0
	}
	_ = response.Body.Close()
	return response.StatusCode
}

// expect sends and checks the answer.
func (d *desk) expect(status int, h hook) {
	d.t.Helper()
	if got := d.send(h); got != status {
		d.t.Errorf("%s answered %d, want %d", h.path, got, status)
	}
}
