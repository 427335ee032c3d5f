package main

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

func TestSendRefused(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.open()
	for _, c := range []struct {
		name   string
		change url.Values // replaces these fields of a good SMS; an empty value removes
		code   float64
		says   string
	}{
		{"no To", url.Values{"To": {""}}, 21604, "A 'To' phone number is required."},
		{"To is no number", url.Values{"To": {"+62abc"}}, 21211, "Invalid 'To' Phone Number: +6"},
		{"To without country", url.Values{"To": {"081234567890"}}, 21211, "Invalid 'To' Phone Number: 08123456XXXX"},
		{"no From", url.Values{"From": {""}}, 21603, "A 'From' phone number is required."},
		{"From not ours", url.Values{"From": {"+628001999999"}}, 21606, "+628001999999"},
		{"WhatsApp From not ours", url.Values{"To": {"whatsapp:" + testCitizen}, "From": {"whatsapp:+628001999999"}}, 63007, "could not find a Channel"},
		{"channels differ", url.Values{"To": {"whatsapp:" + testCitizen}}, 21910, "same channel"},
		{"no body", url.Values{"Body": {""}}, 21602, "Message body is required."},
		{"1601 characters", url.Values{"Body": {strings.Repeat("a", 1601)}}, 21617, "1600 character limit"},
		{"eleven files", url.Values{"MediaUrl": strings.Split(strings.Repeat("http://127.0.0.1/x,", 11)[:209], ",")}, 21623, "Number of media files"},
		{"media address", url.Values{"MediaUrl": {"file:///etc/passwd"}}, 21620, "Invalid media URL"},
		{"callback address", url.Values{"StatusCallback": {"nowhere"}}, 21609, "StatusCallback"},
		{"service of another form", url.Values{"MessagingServiceSid": {"MG1"}}, 21705, "Messaging Service"},
		{"template of another form", url.Values{"ContentSid": {"HX1"}}, 21655, "ContentSid"},
		{"template variables", url.Values{"ContentSid": {"HX" + strings.Repeat("a", 32)}, "ContentVariables": {"[1]"}}, 21656, "ContentVariables"},
	} {
		t.Run(c.name, func(t *testing.T) {
			form := s.smsTo("halo")
			maps.Copy(form, c.change)
			status, body := s.send(form)
			if status != http.StatusBadRequest || body["code"] != c.code || body["status"] != float64(status) {
				t.Fatalf("got %d %v, want 400 with code %v", status, body, c.code)
			}
			if !strings.Contains(body["message"].(string), c.says) {
				t.Errorf("message %q does not say %q", body["message"], c.says)
			}
			if want := "https://www.twilio.com/docs/errors/"; !strings.HasPrefix(body["more_info"].(string), want) {
				t.Errorf("more_info %q", body["more_info"])
			}
		})
	}
}

func TestSendAnswersTheResource(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	status, m := s.send(s.smsTo("Kode Anda 482913"))
	if status != http.StatusCreated {
		t.Fatalf("status %d %v", status, m)
	}
	for key, want := range map[string]any{
		"account_sid": testAccount, "api_version": "2010-04-01", "body": "Kode Anda 482913",
		"direction": "outbound-api", "from": deskSMS, "to": testCitizen, "status": "queued",
		"num_media": "0", "num_segments": "1", "price": nil, "error_code": nil, "error_message": nil,
		"date_sent": nil, "messaging_service_sid": nil, "price_unit": "USD",
		"uri": "/2010-04-01/Accounts/" + testAccount + "/Messages/" + m["sid"].(string) + ".json",
	} {
		if m[key] != want {
			t.Errorf("%s = %v, want %v", key, m[key], want)
		}
	}
	if !regexp.MustCompile(`^SM[0-9a-f]{32}$`).MatchString(m["sid"].(string)) {
		t.Errorf("sid = %v", m["sid"])
	}
	if !regexp.MustCompile(`^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} \+0000$`).MatchString(m["date_created"].(string)) {
		t.Errorf("date_created = %v", m["date_created"])
	}
	s.reach(m["sid"].(string), delivered)
	status, m = s.rest(http.MethodGet, m["uri"].(string), nil)
	if status != http.StatusOK || m["status"] != "delivered" || m["date_sent"] == nil {
		t.Errorf("fetched %d %v", status, m)
	}
}

func TestMessagingService(t *testing.T) {
	t.Parallel()
	service := "MG" + strings.Repeat("0a", 16)
	s := newStand(t, func(c *Config) { c.MessagingService = service })
	form := s.smsTo("halo")
	form.Del("From")
	form.Set("MessagingServiceSid", service)
	status, m := s.send(form)
	if status != http.StatusCreated || m["status"] != "accepted" || m["from"] != nil || m["num_segments"] != "0" {
		t.Fatalf("got %d %v", status, m)
	}
	if got := s.reach(m["sid"].(string), delivered); got.From != deskSMS {
		t.Errorf("sender = %s, want %s", got.From, deskSMS)
	}
	if got := s.hook().form.Get("MessagingServiceSid"); got != service {
		t.Errorf("callback names service %q", got)
	}
	form.Set("MessagingServiceSid", "MG"+strings.Repeat("0b", 16))
	if _, m := s.send(form); m["code"] != 21705.0 {
		t.Errorf("another service: %v", m)
	}
}

func TestAuthentication(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	path := "/2010-04-01/Accounts/" + testAccount + "/Messages.json"
	for _, c := range []struct {
		name, path, user, password string
	}{
		{"none", path, "", ""},
		{"wrong password", path, testAccount, "nope"},
		{"wrong account", path, "AC0", testToken},
		{"another account's path", strings.Replace(path, testAccount, "AC"+strings.Repeat("f", 32), 1), testAccount, testToken},
	} {
		t.Run(c.name, func(t *testing.T) {
			request := s.request(http.MethodGet, c.path, nil)
			if c.user != "" {
				request.SetBasicAuth(c.user, c.password)
			}
			status, body := s.do(request)
			if status != http.StatusUnauthorized || body["code"] != 20003.0 || body["message"] != "Authenticate" {
				t.Errorf("got %d %v", status, body)
			}
		})
	}
	if status, body := s.rest(http.MethodGet, "/2010-04-01/Accounts/"+testAccount+"/Messages/SM0.json", nil); status != 404 || body["code"] != 20404.0 {
		t.Errorf("unknown message: %d %v", status, body)
	}
}

func TestSendFaults(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.set(map[string]any{"send": map[string]any{"http": 429, "times": 2, "retry_after": 3}})
	for range 2 {
		if status, body := s.send(s.smsTo("a")); status != 429 || body["code"] != 20429.0 {
			t.Fatalf("got %d %v, want 429 20429", status, body)
		}
	}
	if status, _ := s.send(s.smsTo("a")); status != http.StatusCreated {
		t.Fatalf("the fault did not end after two sends: %d", status)
	}
	s.set(map[string]any{"send": map[string]any{"http": 500, "to": "+6281200000002"}})
	if status, _ := s.send(s.smsTo("a")); status != http.StatusCreated {
		t.Fatalf("the fault struck another phone: %d", status)
	}
	other := s.smsTo("a")
	other.Set("To", "+6281200000002")
	if status, body := s.send(other); status != 500 || body["code"] != 20500.0 {
		t.Fatalf("got %d %v, want 500", status, body)
	}
	s.set(map[string]any{"stop": true})
	if status, body := s.send(s.smsTo("a")); status != 503 || body["code"] != 20503.0 {
		t.Fatalf("got %d %v, want 503", status, body)
	}
	s.set(map[string]any{"reset": true})
	if status, _ := s.send(other); status != http.StatusCreated {
		t.Fatalf("reset did not help: %d", status)
	}
}

func TestHang(t *testing.T) {
	t.Parallel()
	for _, take := range []bool{true, false} {
		s := newStand(t)
		s.set(map[string]any{"hang": map[string]any{"take": take, "times": 1}})
		form := s.smsTo("entah sampai")
		request := s.request(http.MethodPost, "/2010-04-01/Accounts/"+testAccount+"/Messages.json", strings.NewReader(form.Encode()))
		request.SetBasicAuth(testAccount, testToken)
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answered := make(chan error, 1)
		go func() {
			response, err := http.DefaultClient.Do(request)
			if err == nil {
				response.Body.Close()
			}
			answered <- err
		}()
		if take { // the message goes its way although the caller waits
			s.reach(s.hook().form.Get("MessageSid"), delivered)
		}
		select {
		case <-answered:
			t.Fatal("the call was answered before the connection was cut")
		default:
		}
		s.carrier.hangUp()
		if err := <-answered; err == nil {
			t.Fatal("the call was answered")
		}
		_, list := s.rest(http.MethodGet, "/2010-04-01/Accounts/"+testAccount+"/Messages.json?To="+url.QueryEscape(testCitizen), nil)
		if found := len(list["messages"].([]any)); (found == 1) != take {
			t.Errorf("take %v: the list finds %d messages", take, found)
		}
	}
}
