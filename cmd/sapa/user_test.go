package main

import (
	"regexp"
	"strings"
	"testing"

	"sapa/ticketing/team"
)

var shown = regexp.MustCompile(`(?m)^password\s+(\S+)`)

func passwordIn(t *testing.T, out string) string {
	t.Helper()
	found := shown.FindStringSubmatch(out)
	if found == nil || len(found[1]) < 12 {
		t.Fatalf("no password of twelve characters in %q", out)
	}
	return found[1]
}

func TestUser(t *testing.T) {
	t.Parallel()
	b := newWorkbench(t)
	const email = "siti@layanan.go.id"
	out := b.must("user", "add", "--email", email, "--name", "Siti Contoh", "--role", "agent", "--capacity", "5", "--speaks", "jav,sun", "--language", "eng")
	password := passwordIn(t, out)
	staff, err := team.ByEmail(t.Context(), b.db, email)
	if err != nil || staff.Capacity != 5 || staff.Language != "eng" || len(staff.Languages) != 2 || len(staff.Teams) != 3 {
		t.Fatalf("added %+v, %v", staff, err)
	}
	if !b.signsIn(email, password) {
		t.Error("the new account cannot sign in")
	}
	if code, _, fault := b.run("user", "add", "--email", email, "--name", "Siti Lain", "--role", "agent"); code != 1 || !strings.Contains(fault, "user password") {
		t.Errorf("the same address again: %d, %s", code, fault)
	}
	b.must("user", "disable", email)
	if b.signsIn(email, password) {
		t.Error("a disabled account signs in")
	}
	b.must("user", "enable", strings.ToUpper(email))
	if !b.signsIn(email, password) {
		t.Error("an enabled account cannot sign in")
	}
	changed := passwordIn(t, b.must("user", "password", email))
	if b.signsIn(email, password) || !b.signsIn(email, changed) {
		t.Error("the old password works, or the new one does not")
	}
	var acts []string
	if err := b.db.NewRaw("SELECT action FROM audit_log WHERE object_id = ? ORDER BY id", staff.ID).Scan(t.Context(), &acts); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(acts, " "); got != "staff.add staff.disable staff.enable staff.password" {
		t.Errorf("audit log says %q", got)
	}
}

func TestUserCalledWrongly(t *testing.T) {
	t.Parallel()
	b := newWorkbench(t)
	add := []string{"user", "add", "--email", "a@layanan.go.id", "--name", "A"}
	cases := map[string]struct {
		args []string
		code int
		says string
	}{
		"nothing":         {[]string{"user"}, 2, "usage"},
		"unknown word":    {[]string{"user", "promote", "x"}, 2, "usage"},
		"no role":         {add, 2, "usage"},
		"unknown role":    {append(add, "--role", "king"), 1, "wallboard_reader"},
		"no address":      {[]string{"user", "add", "--email", "nobody", "--name", "A", "--role", "agent"}, 1, "email"},
		"screen language": {append(add, "--role", "agent", "--language", "jav"), 1, "ind or eng"},
		"capacity":        {append(add, "--role", "agent", "--capacity", "40"), 1, "1 to 20"},
		"unknown team":    {append(add, "--role", "agent", "--teams", "gudang"), 1, "gudang"},
		"nobody":          {[]string{"user", "disable", "none@layanan.go.id"}, 1, "nobody"},
		"no name given":   {[]string{"user", "disable"}, 2, "usage"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			code, out, fault := b.run(test.args...)
			if code != test.code || !strings.Contains(out+fault, test.says) {
				t.Errorf("code %d, said %q; want %d and %q", code, out+fault, test.code, test.says)
			}
		})
	}
	if n := b.count("staff"); n != 0 {
		t.Errorf("%d accounts were made", n)
	}
}

func TestNewPassword(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 200 {
		password, err := newPassword()
		if err != nil || !regexp.MustCompile(`^([a-z]{3,}-){4}[0-9]{2}$`).MatchString(password) || seen[password] {
			t.Fatalf("password %q, %v", password, err)
		}
		seen[password] = true
	}
	if n := len(strings.Fields(passWords)); n != 256 {
		t.Errorf("%d words, want 256", n)
	}
}
