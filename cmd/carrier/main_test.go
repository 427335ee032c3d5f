package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// environment answers as os.Getenv does.
func environment(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func TestRun(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out, in := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"-listen", "127.0.0.1:0"}, environment(map[string]string{
			"CARRIER_ACCOUNT_SID": testAccount, "CARRIER_AUTH_TOKEN": testToken,
		}), in, io.Discard)
	}()
	first, err := bufio.NewReader(out).ReadString('\n')
	address, ok := strings.CutPrefix(strings.TrimSpace(first), "listening on ")
	if err != nil || !ok || strings.HasSuffix(address, ":0") {
		t.Fatalf("first line %q, %v", first, err)
	}
	response, err := http.Get(address + "/healthz")
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("health: %v %v", response, err)
	}
	response.Body.Close()
	stream, err := http.Get(address + "/events") // an open page must not hold the program
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(patience):
		t.Error("the program did not stop")
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	good := map[string]string{"CARRIER_ACCOUNT_SID": testAccount, "CARRIER_AUTH_TOKEN": testToken, "CARRIER_TARGET": "http://127.0.0.1:8080/", "CARRIER_SMS_INBOX": "pesan"}
	c, err := readConfig([]string{"-whatsapp-inbox", "utama"}, environment(good), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:8090" || c.Target != "http://127.0.0.1:8080" || c.WhatsAppInbox != "utama" || c.SMSInbox != "pesan" ||
		c.WhatsAppNumber != "+628001503001" || c.SMSNumber != "+628001503002" || c.StatusStep != 60*time.Millisecond || c.Read != readAuto {
		t.Errorf("config %+v", c)
	}
	_, err = readConfig(nil, environment(map[string]string{
		"CARRIER_TARGET": "desk", "CARRIER_STATUS_STEP": "soon", "CARRIER_KEEP": "1", "CARRIER_SMS_NUMBER": "0800",
		"CARRIER_READ": "x", "CARRIER_MESSAGING_SERVICE": "MG",
	}), io.Discard)
	for _, want := range []string{"CARRIER_ACCOUNT_SID", "CARRIER_AUTH_TOKEN", "CARRIER_TARGET", "CARRIER_SMS_NUMBER", "CARRIER_READ", "CARRIER_KEEP", "CARRIER_MESSAGING_SERVICE", "soon"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the faults do not name %s: %v", want, err)
		}
	}
}
