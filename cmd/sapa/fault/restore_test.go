package fault

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/uptrace/bun"
)

// clientProgram is one of PostgreSQL's own, of the newest version there is.
func clientProgram(t *testing.T, name string) string {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	must(t, err)
	if len(found) == 0 {
		t.Fatalf("%s is missing: it comes with PostgreSQL's client programs", name)
	}
	return found[len(found)-1]
}

// command runs a program to its end.
func command(t *testing.T, settings []string, path string, args ...string) string {
	t.Helper()
	c := exec.Command(path, args...)
	c.Env = append(foreign(os.Environ()), settings...)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(path), strings.Join(args, " "), err, out)
	}
	return string(out)
}

// setting reads one of the desk's.
func (d *desk) setting(name string) string {
	value := ""
	for _, entry := range d.settings {
		if rest, is := strings.CutPrefix(entry, name+"="); is {
			value = rest
		}
	}
	return value
}

// The README's backup, taken while the desk runs, and its restore elsewhere: an
// empty database, an empty Redis and spool, the copy of the keys.
func TestRestoredFromItsBackupTheDeskGoesOn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.serve()
	rina := d.agent("rina")
	d.carrier.writes(phone(0), question, 1)
	d.quiet()
	talk := d.conversation(phone(0))
	rina.claim(talk)
	rina.says(talk, "r1", "Halo, saya Rina.")
	d.quiet()
	d.web.kill()
	d.serve(webOnly)
	rina.says(talk, "r2", "Sebentar ya.") // stored, with nobody to send it

	folder := t.TempDir()
	dump, keys := filepath.Join(folder, "sapa.dump"), filepath.Join(folder, "keyset.json")
	live, err := url.Parse(d.setting("SAPA_DATABASE_URL"))
	must(t, err)
	command(t, nil, clientProgram(t, "pg_dump"), "--format=custom", "--file="+dump, live.String())
	command(t, d.settings, program(t, "sapa"), "keys", "backup", d.setting("SAPA_KEYSET"), keys)
	before := rina.after(talk, 0)
	d.web.kill()
	must(t, os.Remove(d.setting("SAPA_KEYSET")))
	d.redis.wipe()

	elsewhere := *live
	elsewhere.Path += "_restored"
	name := bun.Ident(strings.TrimPrefix(elsewhere.Path, "/"))
	d.change("CREATE DATABASE ?", name)
	t.Cleanup(func() {
		d.web.kill()
		_, err := d.db.ExecContext(context.Background(), "DROP DATABASE ? WITH (FORCE)", name)
		must(t, err)
	})
	command(t, nil, clientProgram(t, "pg_restore"), "--no-owner", "--exit-on-error", "--dbname="+elsewhere.String(), dump)
	d.settings = append(d.settings, "SAPA_DATABASE_URL="+elsewhere.String(), "SAPA_KEYSET="+keys, "SAPA_SPOOL_DIR="+filepath.Join(folder, "spool"))
	if said := command(t, d.settings, program(t, "sapa"), "audit"); !strings.Contains(said, "is whole") {
		t.Errorf("the audit of the restored desk says %q", said)
	}
	d.serve()

	after := rina.after(talk, 0) // still signed in
	if len(after) != len(before) {
		t.Fatalf("%d lines are restored, want %d", len(after), len(before))
	}
	until(t, "the waiting reply goes out", func() bool { return with("Sebentar ya.", d.carrier.on(phone(0))) > 0 })
	d.expect(http.StatusOK, inboundHook("SMnew", phone(0), "baik, saya tunggu"))
	lines := rina.after(talk, after[len(after)-1].Seq)
	if len(lines) != 1 || lines[0].Text != "baik, saya tunggu" {
		t.Errorf("after the restore: %+v", lines)
	}
	if n := with("Sebentar ya.", d.carrier.on(phone(0))); n != 1 {
		t.Errorf("the waiting reply came %d times", n)
	}
}

// Keys are changed with the desk stopped for a moment: the providers' accounts open,
// people are found again, and a new key seals from now on.
func TestAfterAChangeOfKeysWhatWasSealedStillOpens(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.serve(webOnly)
	d.expect(http.StatusOK, inboundHook("SM1", phone(0), "halo"))
	keyset := d.setting("SAPA_KEYSET")
	before, err := os.ReadFile(keyset)
	must(t, err)
	if code := d.web.stop(); code != 0 {
		t.Fatalf("the desk ended with %d", code)
	}
	command(t, d.settings, program(t, "sapa"), "keys", "rotate", keyset)
	now, err := os.ReadFile(keyset)
	must(t, err)
	if string(now) == string(before) {
		t.Fatal("the keys are the same")
	}
	d.serve(webOnly)
	d.expect(http.StatusOK, inboundHook("SM2", phone(0), "halo lagi"))
	d.is(1, "SELECT count(*) FROM contacts")
	d.is(2, "SELECT count(*) FROM messages WHERE author = 'citizen'")
}
