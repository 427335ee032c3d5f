package fault

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/channels/seal"
	"sapa/migrations/dbtest"
	"sapa/ticketing"
)

// desk is one installation: its database behind a proxy, its Redis, its
// provider, and the processes that a test starts and kills.
type desk struct {
	t        *testing.T
	db       *bun.DB
	box      *seal.Box
	postgres *proxy
	redis    *redisServer
	carrier  carrier
	address  string // host:port of the web server
	public   string // its address as providers and browsers know it
	spool    string
	settings []string

	web, worker *process
}

// newDesk prepares everything and starts none of our processes but the carrier.
func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, redis: newRedis(t), address: freeAddress(t)}
	_, port, _ := net.SplitHostPort(d.address)
	d.public = "http://localhost:" + port
	db, address := dbtest.NewWithURL(t)
	d.db = db
	direct, err := url.Parse(address)
	must(t, err)
	d.postgres = newProxy(t, direct.Host)
	through := *direct
	through.Host = d.postgres.address()
	d.carrier = startCarrier(t, d.public)
	folder := t.TempDir()
	d.spool = filepath.Join(folder, "spool")
	keyset := filepath.Join(folder, "keyset.json")
	must(t, seal.Create(keyset))
	d.box, err = seal.Load(keyset)
	must(t, err)
	d.settings = []string{
		"SAPA_DATABASE_URL=" + through.String(), "SAPA_REDIS_URL=" + d.redis.url(), "SAPA_LISTEN=" + d.address,
		"SAPA_PUBLIC_URL=" + d.public, "SAPA_FILES_URL=http://" + d.address, "SAPA_KEYSET=" + keyset,
		"SAPA_BLOB_URL=file://" + filepath.Join(folder, "blobs"), "SAPA_SPOOL_DIR=" + d.spool,
		"SAPA_SECOND_FACTOR=none",
	}
	d.prepare()
	return d
}

// prepare fills the database with what every desk has, and its channels.
func (d *desk) prepare() {
	d.t.Helper()
	now := time.Now()
	must(d.t, ticketing.Prepare(d.t.Context(), d.db, now))
	d.inbox(channels.WhatsApp, "wa", whatsAppNo)
	d.inbox(channels.SMS, "sms", smsNo)
	d.inbox(channels.Webchat, "web", "")
}

func (d *desk) inbox(kind channels.Kind, slug, address string) {
	d.t.Helper()
	inbox := channels.Inbox{Kind: kind, Slug: slug, Name: slug, Address: address, Language: "ind", Status: channels.InboxActive}
	if address != "" {
		inbox.Settings = channels.Settings{APIBase: d.carrier.base, AccountSID: account, AuthToken: token}
	}
	_, err := channels.SaveInbox(d.t.Context(), d.db, d.box, inbox, time.Now())
	must(d.t, err)
}

// serve starts the web server, with the worker inside unless told otherwise, and
// waits until it is ready.
func (d *desk) serve(args ...string) {
	d.t.Helper()
	d.boot(args...)
	until(d.t, "desk is ready", func() bool { return answers(d.public+"/readyz", http.StatusOK) })
}

// boot is serve that waits only until the process lives.
func (d *desk) boot(args ...string) {
	d.t.Helper()
	d.web = run(d.t, program(d.t, "sapa"), d.settings, append([]string{"serve"}, args...)...)
	until(d.t, "desk lives", func() bool { return answers(d.public+"/healthz", http.StatusOK) })
}

// webOnly keeps the worker out of the web server's process.
const webOnly = "--no-worker"

// work starts a worker of its own.
func (d *desk) work() {
	d.t.Helper()
	d.worker = run(d.t, program(d.t, "sapa"), d.settings, "work")
}

// count asks the database past the proxy.
func (d *desk) count(query string, args ...any) int {
	d.t.Helper()
	var n int
	if err := d.db.NewRaw(query, args...).Scan(context.Background(), &n); err != nil {
		d.t.Fatalf("%s: %v", query, err)
	}
	return n
}

func (d *desk) text(query string, args ...any) string {
	d.t.Helper()
	var found string
	if err := d.db.NewRaw(query, args...).Scan(context.Background(), &found); err != nil {
		d.t.Fatalf("%s: %v", query, err)
	}
	return found
}

func (d *desk) change(query string, args ...any) {
	d.t.Helper()
	_, err := d.db.NewRaw(query, args...).Exec(context.Background())
	must(d.t, err)
}

// becomes waits until a count has a value.
func (d *desk) becomes(want int, query string, args ...any) {
	d.t.Helper()
	until(d.t, fmt.Sprintf("%d by %s", want, query), func() bool { return d.count(query, args...) == want })
}

// is checks a count that must not change any more.
func (d *desk) is(want int, query string, args ...any) {
	d.t.Helper()
	if got := d.count(query, args...); got != want {
		d.t.Errorf("%s: got %d, want %d", query, got, want)
	}
}

// outstanding is what the desk has left to do for anybody: messages to send or to
// ask the provider about, answers of the bot.
func (d *desk) outstanding() int {
	d.t.Helper()
	return d.count(`SELECT (SELECT count(*) FROM outbox WHERE state IN ('queued','sending') OR state = 'unknown' AND asked = 0) +
		(SELECT count(*) FROM conversations WHERE state = 'bot' AND citizen_seq > bot_seq)`)
}

// quiet waits until nothing is outstanding.
func (d *desk) quiet() {
	d.t.Helper()
	until(d.t, "nothing is outstanding", func() bool { return d.outstanding() == 0 })
}

// conversation is the open one of a phone.
func (d *desk) conversation(phone string) string {
	d.t.Helper()
	return d.text(`SELECT c.id FROM conversations c JOIN contact_points p ON p.id = c.point_id
		WHERE p.value = ? AND c.ended_at IS NULL`, phone)
}

// readiness is what /readyz says of each part.
func (d *desk) readiness() (int, map[string]string) {
	d.t.Helper()
	response, err := caller.Get(d.public + "/readyz")
	must(d.t, err)
	defer response.Body.Close()
	var body struct{ Parts map[string]string }
	must(d.t, json.NewDecoder(response.Body).Decode(&body))
	return response.StatusCode, body.Parts
}

// phone is the n-th citizen's; other tests have other desks.
func phone(n int) string { return fmt.Sprintf("+62820%07d", n) }
