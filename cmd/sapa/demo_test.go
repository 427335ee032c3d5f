package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/channels/seal"
	"sapa/migrations/dbtest"
	"sapa/migrations/redistest"
	"sapa/program"
	"sapa/web/auth"
)

// workbench is an empty, migrated database with settings that point to it.
type workbench struct {
	t      *testing.T
	db     *bun.DB
	folder string
	set    map[string]string
}

func newWorkbench(t *testing.T) *workbench {
	t.Helper()
	db, url := dbtest.NewWithURL(t)
	b := &workbench{t: t, db: db, folder: t.TempDir()}
	b.set = map[string]string{
		"SAPA_DATABASE_URL": url, "SAPA_REDIS_URL": redistest.URL(), "SAPA_KEYSET": b.file("keyset.json"), "SAPA_LISTEN": "127.0.0.1:0",
		"SAPA_BLOB_URL": "file://" + b.folder, "SAPA_SPOOL_DIR": b.folder, "SAPA_CARRIER_URL": "http://127.0.0.1:1",
		"SAPA_DEMO_ACCOUNT_SID": "AC0123456789abcdef0123456789abcdef", "SAPA_DEMO_AUTH_TOKEN": "rahasia123",
		"CARRIER_PEOPLE": b.file("people/people.json"),
	}
	if err := seal.Create(b.set["SAPA_KEYSET"]); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *workbench) file(name string) string { return filepath.Join(b.folder, name) }

func (b *workbench) run(args ...string) (code int, out, fault string) {
	b.t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(b.t.Context(), call{args: args, stdout: &stdout, stderr: &stderr, env: func(name string) string { return b.set[name] }})
	return code, stdout.String(), stderr.String()
}

func (b *workbench) must(args ...string) string {
	b.t.Helper()
	code, out, fault := b.run(args...)
	if code != 0 {
		b.t.Fatalf("sapa %v: %d\n%s%s", args, code, out, fault)
	}
	return out
}

func (b *workbench) count(table string) (n int) {
	b.t.Helper()
	if err := b.db.NewRaw("SELECT count(*) FROM ?", bun.Ident(table)).Scan(b.t.Context(), &n); err != nil {
		b.t.Fatal(err)
	}
	return n
}

// signsIn tells whether somebody may enter with a password.
func (b *workbench) signsIn(email, password string) bool {
	b.t.Helper()
	box, err := seal.Load(b.set["SAPA_KEYSET"])
	if err != nil {
		b.t.Fatal(err)
	}
	guard := auth.New(auth.Options{DB: b.db, Box: box, Bus: redistest.Bus(b.t), Now: time.Now})
	entered := false
	page := guard.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		step, err := guard.SignIn(r.Context(), email, password, "127.0.0.1")
		entered = err == nil && step == auth.Done
	}))
	page.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/", nil))
	return entered
}

func TestDemo(t *testing.T) {
	t.Parallel()
	b := newWorkbench(t)
	logins := b.file("logins.txt")
	first := b.must("demo", "--logins", logins, "--participants", "60", "--conversations", "90")
	kept, err := readLogins(logins)
	if err != nil || len(kept.passwords) != len(demoStaff()) || kept.mark == "" {
		t.Fatalf("logins: %+v, %v", kept, err)
	}
	if info, _ := os.Stat(logins); info.Mode().Perm() != 0o600 {
		t.Errorf("logins are %v, want 0600", info.Mode())
	}
	for _, person := range demoStaff() {
		if password := kept.passwords[person.email()]; len(password) < 12 || !strings.Contains(first, password) {
			t.Errorf("password of %s is short or was not shown", person.login)
		}
	}
	agent := demoStaff()[0].email()
	if !b.signsIn(agent, kept.passwords[agent]) {
		t.Error("the agent cannot sign in")
	}
	for _, want := range []string{"http://localhost:8080/console/", "http://127.0.0.1:1/", "http://localhost:8080/wallboard", "/api/docs", "/help", "Wulandari", "min insentif sy blm cair"} {
		if !strings.Contains(first, want) {
			t.Errorf("the demo does not show %q", want)
		}
	}
	b.checkPeople()
	before := []int{b.count("staff"), b.count("participants"), b.count("conversations"), b.count("articles"), b.count("messages"), b.count("queues")}
	b.set["SAPA_CARRIER_URL"] = "http://127.0.0.1:2"
	b.must("demo", "--logins", logins, "--participants", "60", "--conversations", "90")
	after := []int{b.count("staff"), b.count("participants"), b.count("conversations"), b.count("articles"), b.count("messages"), b.count("queues")}
	for i := range before {
		if before[i] == 0 || before[i] != after[i] {
			t.Errorf("counts changed from %v to %v", before, after)
			break
		}
	}
	if again, _ := readLogins(logins); again.passwords[agent] != kept.passwords[agent] {
		t.Error("the second run changed a password")
	}
	b.checkInbox("http://127.0.0.1:2")
}

// checkPeople reads what the stand-in offers.
func (b *workbench) checkPeople() {
	b.t.Helper()
	body, err := os.ReadFile(b.set["CARRIER_PEOPLE"])
	if err != nil {
		b.t.Fatal(err)
	}
	var list []struct{ Name, Phone, Note string }
	if err := json.Unmarshal(body, &list); err != nil {
		b.t.Fatal(err)
	}
	phones := map[string]bool{}
	for _, p := range list {
		if p.Name == "" || p.Note == "" || phones[p.Phone] {
			b.t.Errorf("person %+v is empty or there twice", p)
		}
		phones[p.Phone] = true
	}
	for _, p := range program.DemoPersonas() {
		if !phones[p.Phone] {
			b.t.Errorf("%s is missing", p.Name)
		}
	}
}

func (b *workbench) checkInbox(base string) {
	b.t.Helper()
	box, err := seal.Load(b.set["SAPA_KEYSET"])
	if err != nil {
		b.t.Fatal(err)
	}
	for _, slug := range []string{"wa", "sms"} {
		kind := map[string]channels.Kind{"wa": channels.WhatsApp, "sms": channels.SMS}[slug]
		inbox, err := channels.LoadInbox(b.t.Context(), b.db, box, kind, slug)
		if err != nil || inbox.Settings.APIBase != base || inbox.Settings.AuthToken != "rahasia123" || inbox.Status != channels.InboxActive {
			b.t.Errorf("inbox %s: base %s, status %s, %v", slug, inbox.Settings.APIBase, inbox.Status, err)
		}
	}
	web, err := channels.LoadInbox(b.t.Context(), b.db, box, channels.Webchat, chatInbox)
	if err != nil || !web.Settings.AllowsOrigin("http://localhost:8080") {
		b.t.Errorf("chat: %v, %v", web.Settings.Origins, err)
	}
}

// TestDemoLostLogins: who lost the file gets new passwords, and one of another
// desk is not believed.
func TestDemoLostLogins(t *testing.T) {
	t.Parallel()
	b := newWorkbench(t)
	logins := b.file("logins.txt")
	small := []string{"demo", "--logins", logins, "--participants", "30", "--conversations", "0"}
	b.must(small...)
	old, _ := readLogins(logins)
	if err := os.Remove(logins); err != nil {
		t.Fatal(err)
	}
	b.must(small...)
	fresh, _ := readLogins(logins)
	agent := demoStaff()[0].email()
	if fresh.passwords[agent] == old.passwords[agent] || !b.signsIn(agent, fresh.passwords[agent]) || b.signsIn(agent, old.passwords[agent]) {
		t.Error("the lost password still works, or the new one does not")
	}
	sheet, err := os.ReadFile(logins)
	if err != nil {
		t.Fatal(err)
	}
	foreign := strings.NewReplacer(fresh.passwords[agent], "lain-sekali-dari-desa-11", fresh.mark, "00000000").Replace(string(sheet))
	if err := os.WriteFile(logins, []byte(foreign), 0o600); err != nil {
		t.Fatal(err)
	}
	b.must(small...)
	if now, _ := readLogins(logins); !b.signsIn(agent, now.passwords[agent]) {
		t.Error("a login of the sheet does not work after a file of another desk was found")
	}
}

func TestDemoKeepsOut(t *testing.T) {
	t.Parallel()
	b := newWorkbench(t)
	b.must("user", "add", "--email", "kepala@layanan.go.id", "--name", "Kepala Layanan", "--role", "admin")
	code, _, fault := b.run("demo", "--logins", b.file("logins.txt"))
	if code != 1 || !strings.Contains(fault, "staff of its own") {
		t.Errorf("demo beside real staff: %d, %s", code, fault)
	}
	if n := b.count("conversations") + b.count("inboxes"); n != 0 {
		t.Errorf("%d rows were left behind", n)
	}
}

func TestPhonePage(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ carrier, want string }{
		"loopback":         {"http://127.0.0.1:8090", "http://127.0.0.1:8090/"},
		"in a composition": {"http://serve:8090", "http://localhost:8090/"},
		"none":             {"", "the stand-in's phone page"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config, _ := readConfig(func(key string) string { return map[string]string{"SAPA_CARRIER_URL": test.carrier}[key] })
			if got := phonePage(config); got != test.want {
				t.Errorf("phonePage = %q, want %q", got, test.want)
			}
		})
	}
}

func TestSeed(t *testing.T) {
	t.Parallel()
	b := newWorkbench(t)
	out := b.must("seed", "--participants", "80", "--conversations", "120", "--seed", "5")
	if !strings.Contains(out, "participants 80") || !strings.Contains(out, "conversations 12") {
		t.Errorf("seed said %q", out)
	}
	if code, _, fault := b.run("seed", "--conversations", "10"); code != 1 || !strings.Contains(fault, "--add") {
		t.Errorf("seed into a full database: %d, %s", code, fault)
	}
	had := b.count("conversations")
	b.must("seed", "--conversations", "50", "--add")
	if added := b.count("conversations") - had; added < 50 {
		t.Errorf("--add added %d conversations, want 50", added)
	}
	if n := b.count("participants"); n != 80 {
		t.Errorf("--add changed the participants to %d", n)
	}
	if code, _, _ := b.run("seed", "--conversations", "many"); code != 2 {
		t.Errorf("wrong call: %d, want 2", code)
	}
}

func TestSeedNeedsTheSchema(t *testing.T) {
	t.Parallel()
	b := newWorkbench(t)
	if _, err := b.db.ExecContext(context.Background(), "DELETE FROM bun_migrations WHERE name = (SELECT max(name) FROM bun_migrations)"); err != nil {
		t.Fatal(err)
	}
	if code, _, fault := b.run("seed"); code != 1 || !strings.Contains(fault, "sapa migrate") {
		t.Errorf("seed before migrate: %d, %s", code, fault)
	}
}
