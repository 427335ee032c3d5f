package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"sapa/program/access"
	"sapa/web"
)

// somebody is an id that nothing has.
const somebody = "0190aaaa-0000-7000-8000-000000000000"

// address fills the places of a path.
func address(path string) string {
	return strings.NewReplacer("{id}", somebody, "{code}", "relink_payout_account", "{language}", "ind", "{object}", "team").Replace(path)
}

// TestEveryRouteAsEveryRole is security test 29: whoever lacks the permission of
// a route is refused, whoever holds it is let in, as the one table says.
func TestEveryRouteAsEveryRole(t *testing.T) {
	t.Parallel()
	e := open(t)
	for _, role := range access.Roles() {
		b := e.as(e.person(role))
		t.Run(string(role), func(t *testing.T) {
			for _, line := range web.Lines() {
				if line.Method == "DELETE" && line.Path == "/session" || line.Path == "/session" && line.Method == "POST" {
					continue // would change who walks
				}
				walk(t, b.in(t), line, line.Public || line.Self || access.Allows(role, line.Permission))
			}
		})
	}
	t.Run("nobody", func(t *testing.T) {
		for _, line := range web.Lines() {
			got := e.stranger().in(t).do(line.Method, address(line.Path), bodyFor(line.Method))
			if !line.Public {
				got.problem(http.StatusUnauthorized, "signed_out")
			}
		}
	})
}

func bodyFor(method string) any {
	if method == "GET" || method == "DELETE" {
		return nil
	}
	return map[string]string{}
}

// walk asks one route. Let in means that something else than the gate answers:
// success, or a complaint about what was sent or about a thing that is not there.
func walk(t *testing.T, b *browser, line web.Line, allowed bool) {
	t.Helper()
	got := b.do(line.Method, address(line.Path), bodyFor(line.Method))
	refused := got.status == http.StatusForbidden || got.status == http.StatusUnauthorized
	switch {
	case !allowed && got.status != http.StatusForbidden:
		t.Errorf("%s %s: status %d, want 403: %s", line.Method, line.Path, got.status, got.body)
	case allowed && refused && !line.Public:
		t.Errorf("%s %s: refused although the role may: %s", line.Method, line.Path, got.body)
	case got.status >= http.StatusInternalServerError:
		t.Errorf("%s %s: status %d: %s", line.Method, line.Path, got.status, got.body)
	}
}

func TestEveryRouteNeedsSomethingKnown(t *testing.T) {
	t.Parallel()
	public := []string{"POST /session", "POST /session/totp", "POST /links/open", "POST /links/use"}
	seen := map[string]bool{}
	for _, line := range web.Lines() {
		name := line.Method + " " + line.Path
		if seen[name] {
			t.Errorf("%s stands in the table twice", name)
		}
		seen[name] = true
		if line.Public != slices.Contains(public, name) {
			t.Errorf("%s: open to everybody is %v", name, line.Public)
		}
		held := slices.ContainsFunc(access.Roles(), func(role access.Role) bool { return access.Allows(role, line.Permission) })
		if !line.Public && !line.Self && !held {
			t.Errorf("%s needs %q, which no role holds", name, line.Permission)
		}
	}
}

func TestUnknownIsRefused(t *testing.T) {
	t.Parallel()
	e := open(t)
	b := e.as(e.person(access.Supervisor))
	for _, one := range []struct{ method, path string }{
		{"GET", "/"}, {"GET", "/secrets"}, {"DELETE", "/conversations/" + somebody}, {"POST", "/staff"}, {"PUT", "/session"},
	} {
		b.do(one.method, one.path, bodyFor(one.method)).problem(http.StatusNotFound, "not_found")
	}
}
