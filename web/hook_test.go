package web_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/uptrace/bun"

	"sapa/channels/twilio"
	"sapa/migrations"
)

const hookPath = "/hooks/whatsapp/wa"

// incoming is a WhatsApp message as Twilio posts it.
func incoming(sid, text string) url.Values {
	return url.Values{
		"MessageSid": {sid}, "SmsMessageSid": {sid}, "AccountSid": {"AC00000000000000000000000000000001"}, "NumMedia": {"0"},
		"From": {"whatsapp:+6281234567890"}, "To": {"whatsapp:+628001503001"}, "Body": {text}, "ProfileName": {"Siti Contoh"}, "WaId": {"6281234567890"},
		"SmsStatus": {"received"}, "ApiVersion": {"2010-04-01"},
	}
}

// post sends a signed webhook; change may spoil it.
func (e *edge) post(form url.Values, change ...func(*http.Request)) *reply {
	e.t.Helper()
	request, err := http.NewRequest("POST", e.server.URL+hookPath, strings.NewReader(form.Encode()))
	must(e.t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("X-Twilio-Signature", twilio.Signature(authToken, e.server.URL+hookPath, form))
	for _, f := range change {
		f(request)
	}
	return e.stranger().send(request)
}

func (e *edge) count(table string) int {
	e.t.Helper()
	var n int
	must(e.t, e.DB.NewRaw("SELECT count(*) FROM ?", bun.Ident(table)).Scan(context.Background(), &n))
	return n
}

func TestHookRefuses(t *testing.T) {
	t.Parallel()
	e := open(t)
	form := incoming("SM1", "halo")
	cases := []struct {
		name   string
		change func(*http.Request)
		want   int
	}{
		{"one character of the signature differs", func(r *http.Request) {
			given := []byte(r.Header.Get("X-Twilio-Signature"))
			given[0] ^= 1
			r.Header.Set("X-Twilio-Signature", string(given))
		}, http.StatusForbidden},
		{"no signature", func(r *http.Request) { r.Header.Del("X-Twilio-Signature") }, http.StatusForbidden},
		{"another parameter", func(r *http.Request) {
			body := form.Encode() + "&Extra=1"
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		}, http.StatusForbidden},
		{"signed for another inbox", func(r *http.Request) { r.URL.Path = "/hooks/whatsapp/other" }, http.StatusNotFound},
		{"a kind that is none", func(r *http.Request) { r.URL.Path = "/hooks/pigeon/wa" }, http.StatusNotFound},
		{"wrong type", func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, http.StatusUnsupportedMediaType},
		{"over 1 MiB", func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(make([]byte, 1<<20+1))), 1<<20+1
		}, http.StatusRequestEntityTooLarge},
		{"over 1 MiB without saying so", func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(make([]byte, 2<<20))), -1
		}, http.StatusRequestEntityTooLarge},
		{"nested over 20", func(r *http.Request) {
			body := strings.Repeat("[", 21) + strings.Repeat("]", 21)
			r.Header.Set("Content-Type", "application/json")
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		}, http.StatusBadRequest},
		{"another method", func(r *http.Request) { r.Method = "PUT" }, http.StatusMethodNotAllowed},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := e.post(form, c.change); got.status != c.want {
				t.Errorf("status %d, want %d: %s", got.status, c.want, got.body)
			}
		})
	}
	if rows := e.count("messages") + e.count("receipts"); rows != 0 {
		t.Errorf("refused webhooks left %d rows", rows)
	}
}

func TestHookOnceHoweverOften(t *testing.T) {
	t.Parallel()
	e := open(t)
	form := incoming("SM2", "insentif saya belum cair")
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			for range 10 {
				if got := e.post(form); got.status != http.StatusOK || !strings.Contains(string(got.body), "<Response>") {
					t.Errorf("status %d: %s", got.status, got.body)
				}
			}
		})
	}
	all.Wait()
	if n := e.count("messages"); n != 1 {
		t.Errorf("200 deliveries made %d messages, want 1", n)
	}
}

// TestHookWhilePostgresIsAway: what was proved is spooled and stored once when
// the database is back; what cannot be proved is not.
func TestHookWhilePostgresIsAway(t *testing.T) {
	t.Parallel()
	e := open(t)
	if got := e.post(incoming("SM3", "sebelum")); got.status != http.StatusOK { // fills the cache of inboxes
		t.Fatalf("before: status %d: %s", got.status, got.body)
	}
	e.away(true)
	for range 2 {
		if got := e.post(incoming("SM4", "selama")); got.status != http.StatusOK {
			t.Fatalf("away: status %d: %s", got.status, got.body)
		}
	}
	if got := e.post(incoming("SM5", "palsu"), func(r *http.Request) { r.Header.Set("X-Twilio-Signature", "x") }); got.status != http.StatusForbidden {
		t.Errorf("forged while away: status %d, want 403", got.status)
	}
	e.away(false)
	if n, err := e.web.ReplayOnce(t.Context()); n != 2 || err != nil {
		t.Fatalf("replayed %d, %v; want 2", n, err)
	}
	if n, err := e.web.ReplayOnce(t.Context()); n != 0 || err != nil {
		t.Errorf("replayed again: %d, %v", n, err)
	}
	if n := e.count("messages"); n != 2 {
		t.Errorf("%d messages, want 2", n)
	}
}

// TestHooksDoNotOvertakeTheSpool: what comes when the database is back, before
// the spool was replayed, is stored after what waits there.
func TestHooksDoNotOvertakeTheSpool(t *testing.T) {
	t.Parallel()
	e := open(t)
	e.post(incoming("SM10", "satu"))
	e.away(true)
	e.post(incoming("SM11", "dua"))
	e.away(false)
	if got := e.post(incoming("SM12", "tiga")); got.status != http.StatusOK {
		t.Errorf("status %d: %s", got.status, got.body)
	}
	if n, err := e.web.ReplayOnce(t.Context()); n != 2 || err != nil {
		t.Errorf("replayed %d, %v; want 2", n, err)
	}
	e.post(incoming("SM13", "empat"))
	var thread string
	must(t, e.DB.NewRaw("SELECT string_agg(text, ' ' ORDER BY seq) FROM messages WHERE author = 'citizen'").Scan(t.Context(), &thread))
	if want := "satu dua tiga empat"; thread != want {
		t.Errorf("the thread is %q, want %q", thread, want)
	}
}

// TestHookWhenNothingHolds: neither database nor spool can take it, so that the
// provider must come again.
func TestHookWhenNothingHolds(t *testing.T) {
	t.Parallel()
	e := open(t)
	e.post(incoming("SM6", "sebelum"))
	e.away(true)
	must(t, os.RemoveAll(e.dir))
	if got := e.post(incoming("SM7", "hilang?")); got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") == "" {
		t.Errorf("status %d, want 503 with a time to come again", got.status)
	}
}

// away takes the database away from everybody but the caller, or gives it back.
func (e *edge) away(yes bool) {
	e.t.Helper()
	ctx := context.Background()
	var name string
	if yes {
		must(e.t, e.DB.NewRaw("SELECT current_database()").Scan(ctx, &name))
		e.name = name
	}
	admin, err := migrations.Open(os.Getenv("SAPA_DATABASE_URL"))
	must(e.t, err)
	defer admin.Close()
	_, err = admin.NewRaw("ALTER DATABASE ? ALLOW_CONNECTIONS ?", bun.Ident(e.name), bun.Safe(map[bool]string{true: "false", false: "true"}[yes])).Exec(ctx)
	must(e.t, err)
	if yes {
		_, err = admin.NewRaw("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ?", e.name).Exec(ctx)
		must(e.t, err)
		for errors.Is(e.DB.PingContext(ctx), nil) { // until the pool has noticed
		}
	}
}
