package web_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"gocloud.dev/blob/memblob"
	"golang.org/x/crypto/argon2"

	"sapa/channels"
	"sapa/channels/spool"
	"sapa/channels/twilio"
	"sapa/channels/webchat"
	"sapa/channels/whatsapp"
	"sapa/program"
	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
	"sapa/ticketing/team"
	"sapa/ticketing/webhook"
	"sapa/web"
	"sapa/web/auth"
)

// patience bounds what a test waits for; it ends by a signal long before.
const patience = 20 * time.Second

const (
	password  = "kopi tubruk pagi hari"
	authToken = "test_auth_token_0001"
)

// passwordHash is as cheap as argon2id gets: real ones take 60 ms and 64 MiB by
// design, and these tests sign in often.
func passwordHash() string {
	salt := []byte("garam-garam-1234")
	key := argon2.IDKey([]byte(password), salt, 1, 8, 1, 32)
	return fmt.Sprintf("$argon2id$v=%d$m=8,t=1,p=1$%s$%s", argon2.Version, base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
}

// edge is a desk behind a real server.
type edge struct {
	*fix.World
	t      *testing.T
	server *httptest.Server
	web    *web.Server
	hooks  *webhook.Hooks
	spool  *spool.Spool
	dir    string // of the spool
	name   string // of the database, once it was taken away
	log    *lines
}

// lines collects what was logged.
type lines struct {
	mu   sync.Mutex
	body bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.body.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.body.String()
}

// open starts a server; change may alter its options.
func open(t *testing.T, change ...func(*web.Options)) *edge {
	t.Helper()
	e := &edge{World: fix.New(t), t: t, log: &lines{}}
	e.server = httptest.NewUnstartedServer(nil)
	public, err := url.Parse("http://" + e.server.Listener.Addr().String())
	must(t, err)
	e.dir = t.TempDir()
	e.spool, err = spool.Open(spool.Options{Dir: e.dir, Seal: e.Box})
	must(t, err)
	t.Cleanup(func() { _ = e.spool.Close() })
	bucket := memblob.OpenBucket(nil)
	t.Cleanup(func() { _ = bucket.Close() })
	texts, err := program.NewTexts()
	must(t, err)
	gateway := twilio.New(twilio.Options{PublicURL: public.String(), HTTP: http.DefaultClient})
	hooks, err := webhook.New(webhook.Options{DB: e.DB, Box: e.Box, Bus: e.Bus, Now: e.Clock.Now, Text: ticketing.WebhookText(e.DB), Loopback: true})
	must(t, err)
	options := web.Options{
		DB: e.DB, Webhooks: hooks, Redis: e.Redis, Bus: e.Bus, Desk: e.Desk, Program: e.Program, Texts: texts, Outbox: e.Outbox, Inboxes: e.Inboxes,
		Adapters: channels.Registry{channels.WhatsApp: whatsapp.New(gateway), channels.Webchat: webchat.New(e.Bus)},
		Files:    e.Files, Bucket: bucket, Spool: e.spool, PublicURL: public, FilesURL: &url.URL{Scheme: "http", Host: "files.example"},
		Now: e.Clock.Now, Log: slog.New(slog.NewJSONHandler(e.log, nil)),
		Auth: auth.New(auth.Options{DB: e.DB, Box: e.Box, Bus: e.Bus, Now: e.Clock.Now}),
	}
	e.hooks = hooks
	for _, f := range change {
		f(&options)
	}
	e.web, err = web.New(options)
	must(t, err)
	e.server.Config.Handler = e.web.HTTP("").Handler
	e.server.Start()
	t.Cleanup(e.server.Close)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = e.web.Run(ctx) }()
	t.Cleanup(func() { stop(); <-done })
	e.WhatsApp.Settings = channels.Settings{AccountSID: "AC00000000000000000000000000000001", AuthToken: authToken}
	_, err = channels.SaveInbox(ctx, e.DB, e.Box, e.WhatsApp, e.Clock.Now())
	must(t, err)
	e.Inboxes.Forget()
	return e
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// person adds a member of staff who can sign in.
func (e *edge) person(role access.Role, change ...func(*team.Staff)) team.Staff {
	e.t.Helper()
	return e.Staff(role, append(change, func(s *team.Staff) { s.PasswordHash = passwordHash() })...)
}

// browser is somebody's browser; its zero staff is nobody.
type browser struct {
	e      *edge
	t      *testing.T
	client *http.Client
	csrf   string
	staff  team.Staff
	header http.Header
}

func (e *edge) stranger() *browser {
	jar, err := cookiejar.New(nil)
	must(e.t, err)
	return &browser{e: e, t: e.t, client: &http.Client{Jar: jar, Timeout: patience}, header: http.Header{}}
}

// as signs somebody in.
func (e *edge) as(staff team.Staff) *browser {
	e.t.Helper()
	b := e.stranger()
	b.staff = staff
	var in struct{ State, CSRF string }
	b.do("POST", "/session", map[string]string{"email": staff.Email, "password": password}).want(http.StatusOK).into(&in)
	if in.State != "ok" || in.CSRF == "" {
		e.t.Fatalf("signed in as %+v", in)
	}
	b.csrf = in.CSRF
	return b
}

// in is the same browser in a test below.
func (b *browser) in(t *testing.T) *browser {
	inner := *b
	inner.t = t
	return &inner
}

// reply is an answer with its body read.
type reply struct {
	t      *testing.T
	what   string
	status int
	header http.Header
	body   []byte
}

// do asks the API; body may be nil.
func (b *browser) do(method, path string, body any) *reply {
	b.t.Helper()
	var content io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		must(b.t, err)
		content = bytes.NewReader(raw)
	}
	request, err := http.NewRequest(method, b.e.server.URL+"/api/v1"+path, content)
	must(b.t, err)
	request.Header = b.header.Clone()
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if b.csrf != "" {
		request.Header.Set(auth.CSRFHeader, b.csrf)
	}
	return b.send(request)
}

func (b *browser) send(request *http.Request) *reply {
	b.t.Helper()
	response, err := b.client.Do(request)
	must(b.t, err)
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	must(b.t, err)
	return &reply{t: b.t, what: request.Method + " " + request.URL.Path, status: response.StatusCode, header: response.Header, body: content}
}

func (r *reply) want(status int) *reply {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("%s: status %d, want %d: %s", r.what, r.status, status, r.body)
	}
	return r
}

func (r *reply) into(out any) *reply {
	r.t.Helper()
	if err := json.Unmarshal(r.body, out); err != nil {
		r.t.Fatalf("%s: %v: %s", r.what, err, r.body)
	}
	return r
}

// problem checks a refusal's code.
func (r *reply) problem(status int, code string) problemBody {
	r.t.Helper()
	var p problemBody
	r.want(status).into(&p)
	if p.Code != code || p.Status != status || p.Title == "" || p.Detail == "" {
		r.t.Fatalf("%s: problem %+v, want code %s", r.what, p, code)
	}
	if got := r.header.Get("Content-Type"); !strings.HasPrefix(got, "application/problem+json") {
		r.t.Errorf("%s: a problem of type %s", r.what, got)
	}
	return p
}

type problemBody struct {
	Title, Detail, Code string
	Status              int
	Errors              []struct{ Field, Rule, Message string }
	News                []struct{ Text string }
}
