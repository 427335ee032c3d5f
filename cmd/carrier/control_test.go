package main

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestFaultsAreSetAndReset(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	_, normal := s.control("/control", nil)
	s.set(map[string]any{"send": map[string]any{"http": 429, "times": 3}, "drop": []string{"sent"}, "delay_ms": 1})
	s.set(map[string]any{"send": map[string]any{"code": 30008}})
	_, now := s.control("/control", nil)
	if send := now["send"].(map[string]any); send["http"] != 0.0 || send["times"] != 0.0 || send["code"] != 30008.0 {
		t.Errorf("the new send fault kept parts of the old one: %v", send)
	}
	if now["delay_ms"] != 1.0 || len(now["drop"].([]any)) != 1 {
		t.Errorf("what was not named changed: %v", now)
	}
	s.set(map[string]any{"send": nil})
	if _, now := s.control("/control", nil); now["send"] != nil {
		t.Errorf("send = %v", now["send"])
	}
	s.set(map[string]any{"reset": true})
	_, now = s.control("/control", nil)
	if got, want := asJSON(t, now), asJSON(t, normal); got != want {
		t.Errorf("after reset %s, want %s", got, want)
	}
	for _, bad := range []map[string]any{
		{"signature": "odd"}, {"status_order": "odd"}, {"read": "odd"}, {"window": "odd"}, {"delay_ms": -1},
		{"duplicate": maxCopies + 1}, {"unknown": true}, {"send": map[string]any{}}, {"send": map[string]any{"http": 200}},
		{"send": map[string]any{"code": 1, "status": "read"}},
	} {
		if status, answer := s.control("/control", bad); status != http.StatusBadRequest || answer["error"] == "" {
			t.Errorf("%v: %d %v", bad, status, answer)
		}
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestWait(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	if status, _ := s.control("/control/wait?to="+testCitizen[1:]+"&timeout=1ms", nil); status != http.StatusNoContent {
		t.Fatalf("nothing yet: %d", status)
	}
	waited := make(chan map[string]any, 1)
	go func() {
		_, m := s.control("/control/wait?timeout=10s&channel=sms&to="+testCitizen[1:], nil)
		waited <- m
	}()
	s.send(s.smsTo("Kode Anda 482913"))
	first := <-waited
	if first["body"] != "Kode Anda 482913" {
		t.Fatalf("waited for %v", first)
	}
	s.send(s.smsTo("kedua"))
	after := "&after=" + strconv.Itoa(int(first["seq"].(float64)))
	if _, second := s.control("/control/wait?to=081200000001"+after, nil); second["body"] != "kedua" {
		t.Errorf("second %v", second)
	}
	s.set(map[string]any{"send": map[string]any{"code": 30008}})
	_, lost := s.send(s.smsTo("hilang"))
	if status, m := s.control("/control/wait?status=undelivered&sid="+lost["sid"].(string), nil); status != 200 || m["error_code"] != 30008.0 {
		t.Errorf("by state: %d %v", status, m)
	}
	for _, bad := range []string{"to=12", "after=x", "timeout=soon", "channel=fax"} {
		if status, _ := s.control("/control/wait?"+bad, nil); status != http.StatusBadRequest {
			t.Errorf("%s: %d", bad, status)
		}
	}
}

func TestWaitEndsWithTheProgram(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.control("/control/wait?timeout=2m", nil)
	}()
	s.carrier.hangUp()
	select {
	case <-ended:
	case <-ctx.Done():
		t.Error("the long poll outlived the program")
	}
}

func TestMessagesBothWays(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.open()
	_, m := s.send(s.whatsAppTo("balasan"))
	s.reach(m["sid"].(string), read)
	s.send(s.smsTo("kode"))
	for _, c := range []struct {
		query string
		want  int
	}{
		{"", 3}, {"?phone=081200000001", 3}, {"?phone=081200000009", 0}, {"?channel=sms", 1},
		{"?direction=inbound", 1}, {"?after=2", 1}, {"?status=read", 1},
	} {
		if _, list := s.control("/control/messages"+c.query, nil); len(list["messages"].([]any)) != c.want {
			t.Errorf("%q: %d messages, want %d", c.query, len(list["messages"].([]any)), c.want)
		}
	}
	s.control("/control/clear", map[string]any{})
	if _, list := s.control("/control/messages", nil); len(list["messages"].([]any)) != 0 {
		t.Error("clear left messages")
	}
	if status, _ := s.send(s.whatsAppTo("halo")); status != http.StatusBadRequest {
		t.Error("clear left the window open")
	}
}

func TestTargetMayComeLater(t *testing.T) {
	t.Parallel()
	s := newStand(t, func(c *Config) { c.Target = "" })
	m := s.say(map[string]any{"channel": "sms", "body": "halo"})
	if call := m["webhooks"].([]any)[0].(map[string]any); !strings.Contains(call["error"].(string), "CARRIER_TARGET") {
		t.Errorf("call %v", call)
	}
	if status, _ := s.control("/control/target", map[string]any{"url": "x"}); status != http.StatusBadRequest {
		t.Errorf("bad target: %d", status)
	}
	s.control("/control/target", map[string]any{"url": s.desk.URL})
	s.say(map[string]any{"channel": "sms", "body": "halo"})
	if h := s.hook(); h.path != "/hooks/sms/sms" {
		t.Errorf("path %s", h.path)
	}
}

func TestOtherOriginsAreKeptOut(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	request := s.request(http.MethodPost, "/control", strings.NewReader(`{"stop":true}`))
	request.Header.Set("Origin", "https://elsewhere.example")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusForbidden {
		t.Errorf("got %d, want 403", response.StatusCode)
	}
}

func TestOnlyNearAddressesAreCalled(t *testing.T) {
	t.Parallel()
	for address, near := range map[string]bool{
		"127.0.0.1:80": true, "[::1]:80": true, "10.1.2.3:80": true, "172.16.0.9:8080": true,
		"8.8.8.8:443": false, "169.254.169.254:80": false, "[2001:db8::1]:80": false,
	} {
		if err := onlyNear("tcp", address, nil); (err == nil) != near {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestLedgerIsBounded(t *testing.T) {
	t.Parallel()
	l := newLedger(20, time.Now)
	for range 100 {
		l.Add(Message{Sid: newSid("SM"), Direction: inbound, Channel: sms, From: testCitizen, To: deskSMS})
	}
	all := l.Select("", 0, func(*Message) bool { return true })
	mine := l.Select(testCitizen, 0, func(*Message) bool { return true })
	if len(all) > 20 || len(all) < 18 || len(mine) != len(all) || len(l.bySid) != len(all) || all[len(all)-1].Seq != 100 {
		t.Errorf("%d messages, %d of the phone, %d by id, last %d", len(all), len(mine), len(l.bySid), all[len(all)-1].Seq)
	}
	for i := range 100 {
		l.Add(Message{Sid: newSid("SM"), Direction: inbound, Channel: sms, From: "+62812" + strconv.Itoa(1e6+i), To: deskSMS})
	}
	if n := len(l.Phones()); n > 20 {
		t.Errorf("%d phones", n)
	}
}
