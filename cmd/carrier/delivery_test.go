package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestStates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		faults   map[string]any
		whatsApp bool
		want     []string // as the desk hears them
		end      string   // as the carrier knows it
	}{
		{"SMS", nil, false, []string{queued, sent, delivered}, delivered},
		{"WhatsApp", nil, true, []string{queued, sent, delivered, read}, read},
		{"receipts off", map[string]any{"read": "never"}, true, []string{queued, sent, delivered}, delivered},
		{"dropped", map[string]any{"drop": []string{"sent", "read"}}, true, []string{queued, delivered}, read},
		{"reversed", map[string]any{"status_order": "reverse"}, true, []string{read, delivered, sent, queued}, read},
		{"not delivered", map[string]any{"send": map[string]any{"code": 30008}}, false, []string{queued, sent, undelivered}, undelivered},
		{"failed", map[string]any{"send": map[string]any{"code": 30007, "status": "failed"}}, false, []string{queued, failed}, failed},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStand(t)
			s.open()
			if c.faults != nil {
				s.set(c.faults)
			}
			form := s.smsTo("halo")
			if c.whatsApp {
				form = s.whatsAppTo("halo")
			}
			_, m := s.send(form)
			if got := s.states(len(c.want)); !slices.Equal(got, c.want) {
				t.Errorf("states %v, want %v", got, c.want)
			}
			s.reach(m["sid"].(string), c.end)
		})
	}
}

func TestStatesTogether(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.open()
	s.set(map[string]any{"status_order": "together", "duplicate": 2})
	s.send(s.whatsAppTo("halo"))
	got := s.states(8)
	slices.Sort(got)
	if want := []string{delivered, delivered, queued, queued, read, read, sent, sent}; !slices.Equal(got, want) {
		t.Errorf("states %v, want %v", got, want)
	}
}

func TestStatusForm(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.open()
	s.set(map[string]any{"send": map[string]any{"code": 63018}})
	_, m := s.send(s.whatsAppTo("halo"))
	s.hook()
	s.hook()
	h := s.hook()
	if h.path != "/hooks/whatsapp/wa/status" || !h.genuine {
		t.Errorf("path %s, genuine %v", h.path, h.genuine)
	}
	for key, want := range map[string]string{
		"MessageSid": m["sid"].(string), "SmsSid": m["sid"].(string), "MessageStatus": "undelivered", "SmsStatus": "undelivered",
		"To": "whatsapp:" + testCitizen, "From": "whatsapp:" + deskWA, "ErrorCode": "63018", "ErrorMessage": "Rate limit exceeded for Channel",
		"EventType": "UNDELIVERED", "ChannelPrefix": "whatsapp", "AccountSid": testAccount, "ChannelToAddress": "+628120000XXXX",
	} {
		if got := h.form.Get(key); got != want {
			t.Errorf("%s = %q, want %q", key, got, want)
		}
	}
	_, m = s.rest(http.MethodGet, m["uri"].(string), nil)
	if m["error_code"] != 63018.0 || m["status"] != "undelivered" {
		t.Errorf("resource %v", m)
	}
}

func TestReadWhenLookedAt(t *testing.T) {
	t.Parallel()
	s := newStand(t, func(c *Config) { c.Read = readView })
	s.open()
	_, m := s.send(s.whatsAppTo("halo"))
	s.reach(m["sid"].(string), delivered)
	s.states(3)
	if _, answer := s.control("/control/read", map[string]any{"phone": testCitizen, "channel": "whatsapp"}); answer["seen"] != 1.0 {
		t.Errorf("seen %v", answer)
	}
	if got := s.states(1); got[0] != read {
		t.Errorf("state %v, want read", got)
	}
	if _, answer := s.control("/control/read", map[string]any{"phone": testCitizen, "channel": "whatsapp"}); answer["seen"] != 0.0 {
		t.Errorf("seen again %v", answer)
	}
}

func TestWindow(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	if status, body := s.send(s.whatsAppTo("halo")); status != 400 || body["code"] != 63016.0 {
		t.Fatalf("never heard: %d %v, want 63016", status, body)
	}
	template := s.whatsAppTo("")
	template.Set("ContentSid", "HX"+strings.Repeat("0", 32))
	template.Set("ContentVariables", `{"1":"Halo"}`)
	if status, body := s.send(template); status != http.StatusCreated {
		t.Fatalf("template: %d %v", status, body)
	}
	if status, _ := s.send(s.whatsAppTo("halo")); status != 400 {
		t.Fatal("a template opened the window")
	}
	s.say(map[string]any{"channel": "sms", "body": "halo"})
	if status, _ := s.send(s.whatsAppTo("halo")); status != 400 {
		t.Fatal("an SMS opened the WhatsApp window")
	}
	s.say(map[string]any{"channel": "whatsapp", "body": "halo"})
	for _, c := range []struct {
		after time.Duration
		want  int
	}{{24*time.Hour - time.Second*5, http.StatusCreated}, {24*time.Hour + time.Second, http.StatusBadRequest}} {
		s.skew.Store(int64(c.after))
		if status, body := s.send(s.whatsAppTo("halo")); status != c.want {
			t.Errorf("after %v: %d %v, want %d", c.after, status, body, c.want)
		}
	}
	s.skew.Store(0)
	s.control("/control/window", map[string]any{"phone": testCitizen, "age": "24h0m1s"})
	if status, body := s.send(s.whatsAppTo("halo")); body["code"] != 63016.0 {
		t.Errorf("window moved: %d %v", status, body)
	}
}

func TestWindowFailsLater(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.set(map[string]any{"window": "fail"})
	status, m := s.send(s.whatsAppTo("halo"))
	if status != http.StatusCreated {
		t.Fatalf("got %d %v", status, m)
	}
	if got := s.reach(m["sid"].(string), undelivered); got.ErrorCode != 63016 {
		t.Errorf("code %d", got.ErrorCode)
	}
	s.set(map[string]any{"window": "ignore"})
	_, m = s.send(s.whatsAppTo("halo"))
	s.reach(m["sid"].(string), read)
}

func TestStopWord(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	for _, c := range []struct {
		word string
		want int
	}{
		{"stop", 400}, {"jangan stop", 400}, {" START ", 201}, {"Unsubscribe", 400}, {"yes", 201}, {"halo, stop ya", 201},
	} {
		s.say(map[string]any{"channel": "sms", "body": c.word})
		status, body := s.send(s.smsTo("halo"))
		if status != c.want || (status == 400 && body["code"] != 21610.0) {
			t.Errorf("after %q: %d %v, want %d", c.word, status, body, c.want)
		}
	}
}

func TestOutboundMedia(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.open()
	files := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/surat.pdf" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/pdf")
		fmt.Fprint(w, "%PDF-1.4")
	}))
	t.Cleanup(files.Close)
	form := s.whatsAppTo("surat")
	form["MediaUrl"] = []string{files.URL + "/surat.pdf"}
	_, m := s.send(form)
	if m["num_media"] != "1" || !strings.HasPrefix(m["sid"].(string), "MM") {
		t.Errorf("resource %v", m)
	}
	got := s.reach(m["sid"].(string), read)
	if len(got.Media) != 1 || got.Media[0].Name != "surat.pdf" || got.Media[0].ContentType != "application/pdf" || got.Media[0].Size != 8 {
		t.Errorf("media %+v", got.Media)
	}
	form["MediaUrl"] = []string{files.URL + "/tidak-ada"}
	_, m = s.send(form)
	if got := s.reach(m["sid"].(string), failed); got.ErrorCode != 63019 {
		t.Errorf("code %d", got.ErrorCode)
	}
}
