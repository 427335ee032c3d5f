package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"sapa/migrations/sealtest"
	"sapa/program/access"
	"sapa/ticketing/team"
	"sapa/web"
	"sapa/web/auth"
)

type sessionBody struct {
	State string
	CSRF  string
	Me    struct {
		ID, Name, Role, Language string
		Permissions              []string
		TOTPEnabled              bool `json:"totp_enabled"`
		TOTPRequired             bool `json:"totp_required"`
		Presence                 struct{ State string }
	}
}

func TestSignInAndOut(t *testing.T) {
	t.Parallel()
	e := open(t)
	b := e.as(e.person(access.Agent))
	var s sessionBody
	b.do("GET", "/session", nil).want(http.StatusOK).into(&s)
	if s.Me.Name != b.staff.Name || s.Me.Role != "agent" || s.CSRF != b.csrf || len(s.Me.Permissions) == 0 {
		t.Errorf("session %+v", s)
	}
	var looks struct{ Language, Theme string }
	b.do("PATCH", "/me", map[string]string{"language": "eng", "theme": "dark"}).want(http.StatusOK).into(&looks)
	if looks.Language != "eng" || looks.Theme != "dark" {
		t.Errorf("looks %+v", looks)
	}
	b.do("DELETE", "/session", nil).want(http.StatusNoContent)
	b.do("GET", "/session", nil).problem(http.StatusUnauthorized, "signed_out")
}

func TestSignInRefuses(t *testing.T) {
	t.Parallel()
	e := open(t)
	staff := e.person(access.Agent)
	b := e.stranger()
	b.header.Set("Accept-Language", "en-GB,en;q=0.8")
	for name, email := range map[string]string{"known": staff.Email, "unknown": "nobody@contoh.id"} {
		p := b.do("POST", "/session", map[string]string{"email": email, "password": "salah sekali ini"}).problem(http.StatusUnauthorized, "invalid_credentials")
		if !strings.Contains(p.Detail, "do not match") {
			t.Errorf("%s: detail %q, want English and no hint which was wrong", name, p.Detail)
		}
	}
	b.do("GET", "/conversations", nil).problem(http.StatusUnauthorized, "signed_out")
}

func TestSecondFactorMustBeSetUpFirst(t *testing.T) {
	t.Parallel()
	e := open(t, func(o *web.Options) {
		o.Auth = auth.New(auth.Options{DB: o.DB, Box: sealtest.Box(t), Bus: o.Bus, Now: o.Now, SecondFactor: map[access.Role]bool{access.Supervisor: true}})
	})
	b := e.as(e.person(access.Supervisor))
	b.do("GET", "/conversations", nil).problem(http.StatusForbidden, "second_factor_required")
	var setup struct {
		Secret, URI string
		QR          string `json:"qr_svg"`
	}
	b.do("POST", "/me/totp", map[string]string{}).want(http.StatusOK).into(&setup)
	if !strings.HasPrefix(setup.URI, "otpauth://") || !strings.HasPrefix(setup.QR, "<svg") || strings.Contains(setup.QR, "style") {
		t.Errorf("setup %+v", setup)
	}
	code, err := totp.GenerateCode(setup.Secret, e.Clock.Now())
	must(t, err)
	b.do("POST", "/me/totp/confirm", map[string]string{"code": code}).want(http.StatusNoContent)
	b.do("GET", "/conversations", nil).want(http.StatusOK)

	again := e.stranger()
	var in sessionBody
	again.do("POST", "/session", map[string]string{"email": b.staff.Email, "password": password}).want(http.StatusOK).into(&in)
	if in.State != "totp" || in.Me.ID != "" {
		t.Fatalf("first step %+v", in)
	}
	again.do("GET", "/conversations", nil).problem(http.StatusUnauthorized, "signed_out")
	again.do("POST", "/session/totp", map[string]string{"code": code}).problem(http.StatusUnauthorized, "invalid_code")
	e.Clock.Add(time.Minute)
	code, err = totp.GenerateCode(setup.Secret, e.Clock.Now())
	must(t, err)
	again.do("POST", "/session/totp", map[string]string{"code": code}).want(http.StatusOK).into(&in)
	if in.State != "ok" || !in.Me.TOTPEnabled || !in.Me.TOTPRequired {
		t.Errorf("second step %+v", in)
	}
}

func TestStateChangingRequestsNeedProof(t *testing.T) {
	t.Parallel()
	e := open(t)
	b := e.as(e.person(access.Agent))
	proof := b.csrf
	b.csrf = ""
	b.do("PATCH", "/me", map[string]string{"theme": "dark"}).problem(http.StatusForbidden, "csrf")
	b.csrf = proof + "x"
	b.do("PATCH", "/me", map[string]string{"theme": "dark"}).problem(http.StatusForbidden, "csrf")
	b.csrf = proof
	b.header.Set("Origin", "https://evil.example")
	b.do("PATCH", "/me", map[string]string{"theme": "dark"}).problem(http.StatusForbidden, "csrf")
	b.header.Del("Origin")
	b.header.Set("Sec-Fetch-Site", "cross-site")
	b.do("POST", "/session", map[string]string{"email": b.staff.Email, "password": password}).problem(http.StatusForbidden, "csrf")
	b.header.Del("Sec-Fetch-Site")
	b.do("PATCH", "/me", map[string]string{"theme": "dark"}).want(http.StatusOK)
}

func TestProblemsAreTranslated(t *testing.T) {
	t.Parallel()
	e := open(t)
	english := e.as(e.person(access.Agent, func(s *team.Staff) { s.Language = "eng" }))
	indonesian := e.as(e.person(access.Agent))
	cases := []struct {
		name         string
		method, path string
		body         any
		status       int
		code         string
		field, rule  string
		ind, eng     string // of the first field, or of the whole
	}{
		{"unknown route", "GET", "/nothing/here", nil, 404, "not_found", "", "", "tidak ditemukan", "not found"},
		{"no such conversation", "GET", "/conversations/0190aaaa-0000-7000-8000-000000000000", nil, 404, "not_found", "", "", "tidak ditemukan", "not found"},
		{"an id that is none", "GET", "/conversations/1%20OR%201=1", nil, 404, "not_found", "", "", "tidak ditemukan", "not found"},
		{"missing field", "PUT", "/me/presence", map[string]string{}, 422, "invalid", "state", "required", "wajib", "required"},
		{"value outside the list", "PUT", "/me/presence", map[string]string{"state": "asleep"}, 422, "invalid", "state", "unknown", "tidak dikenal", "not known"},
		{"unexpected field", "PATCH", "/me", map[string]string{"role": "admin"}, 422, "invalid", "role", "unexpected", "tidak dikenal", "not known"},
		{"fault found by the room", "PUT", "/me/presence", map[string]string{"state": "break", "reason": "nap"}, 422, "invalid", "reason", "unknown", "tidak dikenal", "not known"},
		{"no permission", "GET", "/approvals/0190aaaa-0000-7000-8000-000000000000", nil, 404, "not_found", "", "", "tidak ditemukan", "not found"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, side := range []struct {
				b    *browser
				want string
			}{{indonesian, c.ind}, {english, c.eng}} {
				p := side.b.in(t).do(c.method, c.path, c.body).problem(c.status, c.code)
				told := p.Detail
				if c.field != "" {
					if len(p.Errors) == 0 || p.Errors[0].Field != c.field || p.Errors[0].Rule != c.rule {
						t.Fatalf("faults %+v, want %s %s", p.Errors, c.field, c.rule)
					}
					told = p.Errors[0].Message
				}
				if !strings.Contains(told, side.want) {
					t.Errorf("told %q, want %q in it", told, side.want)
				}
			}
		})
	}
}
