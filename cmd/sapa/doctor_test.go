package main

import (
	"context"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"sapa/migrations/dbtest"
	"sapa/ticketing"
)

// line is the finding about a part, as printed.
func line(t *testing.T, out, part string) string {
	t.Helper()
	for found := range strings.Lines(out) {
		if _, rest, ok := strings.Cut(found, "  "); ok && strings.HasPrefix(strings.TrimSpace(rest), part+" ") {
			return strings.TrimSpace(found)
		}
	}
	t.Fatalf("nothing about %s in\n%s", part, out)
	return ""
}

func TestDoctorOfAWellDesk(t *testing.T) {
	t.Parallel()
	b := newWorkbench(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	b.set["SAPA_CARRIER_URL"] = "http://" + listener.Addr().String()
	b.must("demo", "--logins", b.file("logins.txt"), "--participants", "30", "--conversations", "0")
	if _, err := b.db.ExecContext(t.Context(), "INSERT INTO holiday_years (year, loaded_at) SELECT y, now() FROM generate_series(2026, 2040) y ON CONFLICT DO NOTHING"); err != nil {
		t.Fatal(err)
	}
	// A server for tests may be set to forget; this desk's database is not.
	b.exec(t, "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = on', current_database()); END $$")
	code, out, _ := b.run("doctor")
	if code != 0 || strings.Contains(out, "FAIL") || strings.Contains(out, "WARN") {
		t.Errorf("doctor: %d\n%s", code, out)
	}
	for _, part := range []string{"settings", "addresses", "port", "keyset", "postgres", "commits", "clock", "schema", "holidays", "staff", "one-time codes", "inbox wa", "inbox sms",
		"inbox web", "redis", "redis memory", "blob store", "spool"} {
		if found := line(t, out, part); !strings.HasPrefix(found, "OK") {
			t.Errorf("%s: %s", part, found)
		}
	}
}

func TestDoctorFindsFaults(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		spoil       func(*testing.T, *workbench)
		part, level string
		mend        string
	}{
		"open keyset":   {func(t *testing.T, b *workbench) { chmod(t, b.set["SAPA_KEYSET"], 0o644) }, "keyset", ill, "chmod 600"},
		"no keyset":     {func(_ *testing.T, b *workbench) { b.set["SAPA_KEYSET"] = b.file("none") }, "keyset", ill, "sapa keys new"},
		"broken keyset": {func(t *testing.T, b *workbench) { write(t, b.set["SAPA_KEYSET"], "{}") }, "keyset", ill, "copy"},
		"one origin":    {func(_ *testing.T, b *workbench) { b.set["SAPA_FILES_URL"] = "http://localhost:8080" }, "SAPA_FILES_URL", ill, "environment"},
		"plain http":    {func(_ *testing.T, b *workbench) { b.set["SAPA_PUBLIC_URL"] = "http://desk.example.id" }, "addresses", warn, "TLS"},
		"no database": {func(_ *testing.T, b *workbench) {
			b.set["SAPA_DATABASE_URL"] = "postgres://nobody@127.0.0.1:1/none?sslmode=disable"
		}, "postgres", ill, "start PostgreSQL"},
		"no redis":          {func(_ *testing.T, b *workbench) { b.set["SAPA_REDIS_URL"] = "redis://127.0.0.1:1/0" }, "redis", ill, "start Redis"},
		"no spool":          {func(_ *testing.T, b *workbench) { b.set["SAPA_SPOOL_DIR"] = b.file("none") }, "spool", ill, "mkdir"},
		"no blob folder":    {func(_ *testing.T, b *workbench) { b.set["SAPA_BLOB_URL"] = "file:///proc/none" }, "blob store", ill, "folder"},
		"settings missing":  {func(_ *testing.T, b *workbench) { b.set["SAPA_DATABASE_URL"] = "" }, "SAPA_DATABASE_URL", ill, "environment"},
		"no inbox":          {func(*testing.T, *workbench) {}, "inboxes", warn, "sapa demo"},
		"no administrator":  {func(*testing.T, *workbench) {}, "staff", warn, "sapa user add"},
		"no holidays":       {func(*testing.T, *workbench) {}, "holidays", ill, "SKB"},
		"migration pending": {func(t *testing.T, b *workbench) { b.exec(t, "DELETE FROM bun_migrations WHERE name LIKE '%96000'") }, "schema", ill, "sapa migrate"},
		"inbox that does not open": {func(t *testing.T, b *workbench) {
			b.must("demo", "--logins", b.file("logins.txt"), "--participants", "30", "--conversations", "0")
			b.exec(t, `UPDATE inboxes SET settings = '\x00' WHERE slug = 'sms'`)
		}, "inbox sms", ill, "keyset"},
		"codes spent": {func(t *testing.T, b *workbench) {
			b.set["SAPA_OTP_DAY"] = "3"
			sentCodes(t, b.db, 3, time.Now())
		}, "one-time codes", ill, "SAPA_OTP_DAY"},
		"commits not kept": {func(t *testing.T, b *workbench) {
			b.exec(t, "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$")
		}, "commits", warn, "synchronous_commit"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newWorkbench(t)
			test.spoil(t, b)
			code, out, _ := b.run("doctor")
			if found := line(t, out, test.part); !strings.HasPrefix(found, test.level) {
				t.Errorf("%s: %s, want %s", test.part, found, test.level)
			}
			if !strings.Contains(out, test.mend) {
				t.Errorf("no word on %q in\n%s", test.mend, out)
			}
			if want := map[bool]int{true: 1, false: 0}[strings.Contains(out, "FAIL")]; code != want {
				t.Errorf("code %d, want %d", code, want)
			}
		})
	}
}

func (b *workbench) exec(t *testing.T, query string) {
	t.Helper()
	if _, err := b.db.ExecContext(t.Context(), query); err != nil {
		t.Fatal(err)
	}
}

func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path, body string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestDoctorOfAPort(t *testing.T) {
	t.Parallel()
	desk := &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" {
			w.WriteHeader(http.StatusNotFound)
		}
	})}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = desk.Serve(listener) }()
	defer desk.Close()
	other, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	go func() {
		for {
			conn, err := other.Accept()
			if err != nil {
				return
			}
			_ = conn.Close()
		}
	}()
	cases := map[string]struct{ address, want string }{
		"free":        {"127.0.0.1:0", fine},
		"a desk":      {listener.Addr().String(), fine},
		"another":     {other.Addr().String(), ill},
		"not our own": {"192.0.2.1:8080", ill},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			p := patient{config: config{Listen: test.address}}
			p.listen(t.Context())
			if len(p.findings) != 1 || p.findings[0].level != test.want {
				t.Errorf("%s: %+v, want %s", test.address, p.findings, test.want)
			}
		})
	}
}

func TestDoctorOfTheClock(t *testing.T) {
	t.Parallel()
	for skew, want := range map[time.Duration]string{0: fine, time.Second: fine, -3 * time.Second: warn, 2 * time.Minute: ill} {
		p := patient{}
		p.clock(skew)
		if got := p.findings[0].level; got != want {
			t.Errorf("skew %s: %s, want %s", skew, got, want)
		}
	}
}

func TestDoctorOfHolidays(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	ctx := context.Background()
	if err := ticketing.Prepare(ctx, db, time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]string{"2026-06-01": fine, "2026-11-22": warn, "2027-01-04": ill} {
		now, _ := time.Parse(time.DateOnly, day)
		p := patient{now: now}
		p.holidays(ctx, db)
		if got := p.findings[0].level; got != want {
			t.Errorf("on %s: %s, want %s", day, got, want)
		}
	}
}

func TestDoctorOfRedis(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		fields map[string]string
		want   string
	}{
		"good":     {map[string]string{"redis_version": "7.0.15", "maxmemory_policy": "noeviction"}, fine + " " + fine},
		"evicting": {map[string]string{"redis_version": "7.0.15", "maxmemory_policy": "allkeys-lru"}, fine + " " + ill},
		"old":      {map[string]string{"redis_version": "5.0.3", "maxmemory_policy": "noeviction"}, ill + " " + fine},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := patient{}
			p.redisInfo(test.fields)
			if got := p.findings[0].level + " " + p.findings[1].level; got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}
