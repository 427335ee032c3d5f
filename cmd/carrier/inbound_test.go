package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func TestInboundWebhook(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	for _, c := range []struct {
		name string
		say  map[string]any
		path string
		want map[string]string
	}{
		{
			"WhatsApp text",
			map[string]any{"channel": "whatsapp", "body": "min insentif & uang + 1", "name": "Budi Santoso"},
			"/hooks/whatsapp/wa",
			map[string]string{
				"From": "whatsapp:" + testCitizen, "To": "whatsapp:" + deskWA, "Body": "min insentif & uang + 1",
				"WaId": "6281200000001", "ProfileName": "Budi Santoso", "MessageType": "text",
				"NumMedia": "0", "NumSegments": "1", "SmsStatus": "received", "ReferralNumMedia": "0",
				"AccountSid": testAccount, "ApiVersion": "2010-04-01",
			},
		},
		{
			"WhatsApp button",
			map[string]any{"channel": "whatsapp", "button": Button{"Ya", "yes"}, "reply_to": "SM1"},
			"/hooks/whatsapp/wa",
			map[string]string{
				"Body": "Ya", "ButtonText": "Ya", "ButtonPayload": "yes", "MessageType": "button",
				"OriginalRepliedMessageSid": "SM1", "OriginalRepliedMessageSender": "whatsapp:" + deskWA,
			},
		},
		{
			"SMS",
			map[string]any{"channel": "sms", "body": strings.Repeat("a", 161), "from": "0812-0000-0002"},
			"/hooks/sms/sms",
			map[string]string{
				"From": "+6281200000002", "To": deskSMS, "NumSegments": "2", "FromCountry": "ID",
				"ProfileName": "", "WaId": "",
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := s.say(c.say)
			h := s.hook()
			if h.path != c.path || !h.genuine || h.token == "" {
				t.Fatalf("path %s, genuine %v, token %q", h.path, h.genuine, h.token)
			}
			for key, want := range c.want {
				if got := h.form.Get(key); got != want {
					t.Errorf("%s = %q, want %q", key, got, want)
				}
			}
			for _, key := range []string{"MessageSid", "SmsMessageSid", "SmsSid"} {
				if h.form.Get(key) != m["sid"] {
					t.Errorf("%s = %q, want %v", key, h.form.Get(key), m["sid"])
				}
			}
			if calls := m["webhooks"].([]any); len(calls) != 1 || calls[0].(map[string]any)["status"] != 204.0 {
				t.Errorf("webhooks = %v", calls)
			}
		})
	}
}

func TestChannelMetadata(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.say(map[string]any{"channel": "whatsapp", "body": "halo", "name": "Siti"})
	var data struct {
		Type string
		Data struct {
			Context struct{ ProfileName, WaId string }
		}
	}
	if err := json.Unmarshal([]byte(s.hook().form.Get("ChannelMetadata")), &data); err != nil {
		t.Fatal(err)
	}
	if data.Type != "whatsapp" || data.Data.Context.ProfileName != "Siti" || data.Data.Context.WaId != "6281200000001" {
		t.Errorf("metadata %+v", data)
	}
}

func TestRetry(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		status int
		want   int // calls
	}{
		{"taken", http.StatusNoContent, 1},
		{"refused is final", http.StatusForbidden, 1},
		{"trouble is tried once more", http.StatusServiceUnavailable, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStand(t)
			s.desk.answers(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(c.status) })
			m := s.say(map[string]any{"channel": "whatsapp", "body": "halo"})
			if calls := m["webhooks"].([]any); len(calls) != c.want {
				t.Fatalf("%d calls, want %d", len(calls), c.want)
			}
			tokens := map[string]bool{}
			for range c.want {
				tokens[s.hook().token] = true
			}
			if len(tokens) != 1 {
				t.Errorf("the retry had another idempotency token: %v", tokens)
			}
		})
	}
}

func TestDeskAway(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.desk.Close()
	m := s.say(map[string]any{"channel": "whatsapp", "body": "halo"})
	calls := m["webhooks"].([]any)
	if len(calls) != 2 || calls[0].(map[string]any)["error"] == nil || calls[0].(map[string]any)["status"] != 0.0 {
		t.Errorf("calls = %v", calls)
	}
}

func TestDuplicatesAndForgery(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.set(map[string]any{"duplicate": 5, "signature": "wrong"})
	m := s.say(map[string]any{"channel": "whatsapp", "body": "halo"})
	tokens := map[string]bool{}
	for range 5 {
		h := s.hook()
		tokens[h.token] = true
		if h.genuine || h.signature == "" || h.form.Get("MessageSid") != m["sid"] {
			t.Errorf("genuine %v, signature %q, sid %s", h.genuine, h.signature, h.form.Get("MessageSid"))
		}
	}
	if len(tokens) != 1 || len(m["webhooks"].([]any)) != 5 {
		t.Errorf("tokens %v, webhooks %v", tokens, m["webhooks"])
	}
	s.set(map[string]any{"duplicate": 0, "signature": "missing"})
	s.say(map[string]any{"channel": "whatsapp", "body": "halo"})
	if h := s.hook(); h.signature != "" {
		t.Errorf("signature %q", h.signature)
	}
}

func TestResend(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	m := s.say(map[string]any{"channel": "sms", "body": "halo", "copies": 3})
	first := s.hook()
	s.hook()
	s.hook()
	_, m = s.control("/control/resend", map[string]any{"sid": m["sid"], "copies": 2})
	for range 2 {
		if h := s.hook(); h.token != first.token || h.form.Encode() != first.form.Encode() || !h.genuine {
			t.Errorf("sent again %v, want %v", h, first)
		}
	}
	if calls := m["webhooks"].([]any); len(calls) != 5 {
		t.Errorf("%d calls, want 5", len(calls))
	}
	s.control("/control/resend", map[string]any{"sid": m["sid"], "signature": "wrong"})
	if h := s.hook(); h.genuine {
		t.Error("the forged copy is genuine")
	}
	if status, _ := s.control("/control/resend", map[string]any{"sid": "SM0"}); status != http.StatusNotFound {
		t.Errorf("unknown message: %d", status)
	}
}

func TestAnswerInTheWebhook(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, kind, answer, want string // want "" is no message
	}{
		{"empty TwiML", "text/xml", "<Response/>", ""},
		{"TwiML message", "text/xml; charset=utf-8", "<Response><Message>Halo &amp; apa kabar</Message></Response>", "Halo & apa kabar"},
		{"TwiML body", "application/xml", "<Response><Message><Body>Halo</Body></Message></Response>", "Halo"},
		{"plain text reaches the citizen", "text/plain", "ok", "ok"},
		{"JSON does not", "application/json", `{"ok":true}`, ""},
		{"broken XML does not", "text/xml", "<Response>", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStand(t)
			s.desk.answers(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", c.kind)
				w.Write([]byte(c.answer))
			})
			s.say(map[string]any{"channel": "whatsapp", "body": "halo"})
			got := ""
			for _, m := range s.carrier.ledger.Select(testCitizen, 0, func(m *Message) bool { return m.Direction == outboundReply }) {
				got = m.Body
			}
			if got != c.want {
				t.Errorf("the citizen got %q, want %q", got, c.want)
			}
		})
	}
}

func TestInboundRefused(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	good := func() map[string]any {
		return map[string]any{"channel": "sms", "from": testCitizen, "body": "halo"}
	}
	for _, c := range []struct {
		name, key string
		value     any
	}{
		{"channel", "channel", "fax"},
		{"number", "from", "12"},
		{"nothing to say", "body", ""},
		{"copies", "copies", -1},
		{"unknown field", "boddy", "x"},
		{"empty file", "media", []map[string]any{{"content_type": "image/png", "data": ""}}},
		{"file without a type", "media", []map[string]any{{"content_type": "", "data": "AAAA"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := good()
			body[c.key] = c.value
			if status, answer := s.control("/control/inbound", body); status != http.StatusBadRequest || answer["error"] == "" {
				t.Errorf("got %d %v", status, answer)
			}
		})
	}
}
