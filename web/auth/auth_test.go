package auth_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/uptrace/bun"

	"sapa/migrations/dbtest"
	"sapa/migrations/redistest"
	"sapa/migrations/sealtest"
	"sapa/program/access"
	"sapa/ticketing/team"
	"sapa/web/auth"
)

const password = "kopi tubruk pagi hari"

// desk is a browser in front of a server with the four calls of signing in.
type desk struct {
	t      *testing.T
	db     *bun.DB
	auth   *auth.Auth
	server *httptest.Server
	client *http.Client
	staff  team.Staff
	mu     sync.Mutex
	at     time.Time
}

func (d *desk) now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.at
}

func (d *desk) pass(span time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = d.at.Add(span)
}

func open(t *testing.T, role access.Role, mustEnrol bool) *desk {
	t.Helper()
	d := &desk{t: t, db: dbtest.New(t), at: time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)}
	hash, err := auth.HashPassword(password)
	if err != nil {
		t.Fatal(err)
	}
	d.staff, err = team.Add(context.Background(), d.db, team.Staff{
		Email: "rina@desk.example", Name: "Rina Wulandari", Role: role, Language: "ind", Capacity: 3,
		Status: team.StatusActive, PasswordHash: hash,
	}, d.at)
	if err != nil {
		t.Fatal(err)
	}
	d.auth = auth.New(auth.Options{
		DB: d.db, Box: sealtest.Box(t), Bus: redistest.Bus(t), Now: d.now,
		SecondFactor: map[access.Role]bool{role: mustEnrol},
	})
	d.server = httptest.NewServer(d.auth.Middleware(http.HandlerFunc(d.answer)))
	t.Cleanup(d.server.Close)
	d.fresh()
	return d
}

// fresh is another browser.
func (d *desk) fresh() {
	jar, err := cookiejar.New(nil)
	if err != nil {
		d.t.Fatal(err)
	}
	d.client = &http.Client{Jar: jar}
}

func (d *desk) answer(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	var err error
	switch r.URL.Path {
	case "/in":
		var step auth.Step
		step, err = d.auth.SignIn(ctx, r.FormValue("email"), r.FormValue("password"), "192.0.2.1")
		w.Header().Set("Step", string(step))
		w.Header().Set("CSRF", d.auth.CSRF(ctx))
	case "/code":
		err = d.auth.SignInCode(ctx, r.FormValue("code"), "192.0.2.1")
	case "/write":
		if !d.auth.CSRFOK(r) {
			w.WriteHeader(http.StatusForbidden)
			return
		}
	case "/out":
		err = d.auth.SignOut(ctx)
	case "/password":
		err = d.auth.ChangePassword(ctx, d.reload(), r.FormValue("old"), r.FormValue("new"), "192.0.2.1")
		if errors.Is(err, auth.ErrSlowDown) {
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
	case "/enrol":
		var made auth.Enrolment
		made, err = d.auth.Enrol(ctx, d.reload())
		w.Header().Set("Secret", made.Secret)
	case "/confirm":
		err = d.auth.ConfirmEnrolment(ctx, d.reload(), r.FormValue("code"))
	}
	if err != nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if identity, ok := auth.From(ctx); ok {
		w.Header().Set("Staff", identity.Staff.Name)
		if !identity.May(access.ConversationRead) {
			w.Header().Set("May", "no")
		}
	}
}

func (d *desk) reload() team.Staff {
	staff, err := team.ByID(context.Background(), d.db, d.staff.ID)
	if err != nil {
		d.t.Error(err)
	}
	return staff
}

func (d *desk) call(path string, form ...string) *http.Response {
	d.t.Helper()
	body := strings.NewReader(strings.Join(form, "&"))
	request, err := http.NewRequest(http.MethodPost, d.server.URL+path, body)
	if err != nil {
		d.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := d.client.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	response.Body.Close()
	return response
}

func (d *desk) signIn(email, with string) *http.Response {
	d.t.Helper()
	return d.call("/in", "email="+email, "password="+strings.ReplaceAll(with, " ", "+"))
}

func (d *desk) who() string { return d.call("/").Header.Get("Staff") }

func TestSignIn(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		email, password string
		want            int
	}{
		"right":           {"rina@desk.example", password, http.StatusOK},
		"other case":      {"Rina@Desk.Example", password, http.StatusOK},
		"wrong password":  {"rina@desk.example", password + "!", http.StatusUnauthorized},
		"unknown address": {"budi@desk.example", password, http.StatusUnauthorized},
		"empty":           {"", "", http.StatusUnauthorized},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := open(t, access.Agent, false)
			if got := d.signIn(test.email, test.password).StatusCode; got != test.want {
				t.Fatalf("status = %d, want %d", got, test.want)
			}
			if in := d.who() != ""; in != (test.want == http.StatusOK) {
				t.Errorf("signed in = %v", in)
			}
		})
	}
}

func TestSignInGivesANewToken(t *testing.T) {
	t.Parallel()
	d := open(t, access.Agent, false)
	first := d.signIn("rina@desk.example", password).Cookies()
	second := d.signIn("rina@desk.example", password).Cookies()
	if len(first) == 0 || len(second) == 0 || first[0].Value == second[0].Value {
		t.Fatalf("cookies = %v then %v, want two different ones", first, second)
	}
	if !first[0].HttpOnly {
		t.Error("the cookie must not be readable by scripts")
	}
}

func TestWritesNeedCSRFProof(t *testing.T) {
	t.Parallel()
	d := open(t, access.Agent, false)
	proof := d.signIn("rina@desk.example", password).Header.Get("CSRF")
	for name, test := range map[string]struct {
		header string
		want   int
	}{"with": {proof, 200}, "without": {"", 403}, "wrong": {proof + "x", 403}} {
		request, _ := http.NewRequest(http.MethodPost, d.server.URL+"/write", nil)
		request.Header.Set(auth.CSRFHeader, test.header)
		response, err := d.client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != test.want {
			t.Errorf("%s: status = %d, want %d", name, response.StatusCode, test.want)
		}
	}
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	cases := map[string]struct {
		role access.Role
		do   func(*desk)
		want bool // still signed in
	}{
		"in use":             {access.Agent, func(d *desk) { d.pass(14 * time.Minute); d.who(); d.pass(14 * time.Minute) }, true},
		"idle":               {access.Agent, func(d *desk) { d.pass(16 * time.Minute) }, false},
		"idle wallboard":     {access.WallboardReader, func(d *desk) { d.pass(6 * time.Hour) }, true},
		"signed out":         {access.Agent, func(d *desk) { d.call("/out") }, false},
		"ended by an admin":  {access.Agent, func(d *desk) { _ = d.auth.EndSessions(ctx, d.staff.ID) }, false},
		"disabled meanwhile": {access.Agent, func(d *desk) { _ = team.SetStatus(ctx, d.db, d.staff.ID, team.StatusDisabled, d.now()) }, false},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := open(t, test.role, false)
			d.signIn("rina@desk.example", password)
			test.do(d)
			if got := d.who() != ""; got != test.want {
				t.Errorf("signed in = %v, want %v", got, test.want)
			}
		})
	}
}

func TestSecondFactor(t *testing.T) {
	t.Parallel()
	d := open(t, access.Admin, true)
	d.signIn("rina@desk.example", password)
	if d.call("/").Header.Get("May") != "no" {
		t.Fatal("a role that needs a second factor may do nothing before enrolling")
	}
	secret := d.call("/enrol").Header.Get("Secret")
	code := func() string {
		digits, err := totp.GenerateCode(secret, d.now())
		if err != nil {
			t.Fatal(err)
		}
		return digits
	}
	if got := d.call("/confirm", "code=000000").StatusCode; got != http.StatusUnauthorized {
		t.Fatalf("wrong code: status = %d, want 401", got)
	}
	if got := d.call("/confirm", "code="+code()).StatusCode; got != http.StatusOK {
		t.Fatalf("right code: status = %d", got)
	}
	if d.call("/enrol"); !d.reload().TOTPEnabled {
		t.Fatal("beginning to set up another factor turned the first one off")
	}
	d.fresh()
	if step := d.signIn("rina@desk.example", password).Header.Get("Step"); step != string(auth.NeedsCode) || d.who() != "" {
		t.Fatalf("step = %q, signed in = %q; want the code asked and nobody signed in", step, d.who())
	}
	if got := d.call("/code", "code="+code()).StatusCode; got != http.StatusUnauthorized {
		t.Fatalf("the code used for enrolling: status = %d, want 401", got)
	}
	d.pass(31 * time.Second)
	if got := d.call("/code", "code="+code()).StatusCode; got != http.StatusOK || d.who() == "" {
		t.Fatalf("a fresh code: status = %d, signed in = %q", got, d.who())
	}
}

func TestAnAddressThatFailsEverywhereIsRefused(t *testing.T) {
	t.Parallel()
	d := open(t, access.Agent, false)
	_, err := d.db.NewRaw(`INSERT INTO sign_in_failures (id, account, address, at)
SELECT gen_random_uuid(), 'x', '192.0.2.1', ? FROM generate_series(1, 100)`, d.now()).Exec(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if got := d.signIn("rina@desk.example", password).StatusCode; got != http.StatusUnauthorized {
		t.Fatalf("status = %d, want refused", got)
	}
	d.pass(16 * time.Minute)
	if got := d.signIn("rina@desk.example", password).StatusCode; got != http.StatusOK {
		t.Fatalf("a quarter of an hour later: status = %d, want 200", got)
	}
}

func TestTicketOpensOneSocket(t *testing.T) {
	t.Parallel()
	ctx, db, now := context.Background(), dbtest.New(t), time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)
	ticket, err := auth.IssueTicket(ctx, db, "staff:1", now)
	if err != nil {
		t.Fatal(err)
	}
	if subject, err := auth.UseTicket(ctx, db, ticket, now.Add(29*time.Second)); err != nil || subject != "staff:1" {
		t.Fatalf("subject = %q, err = %v", subject, err)
	}
	if _, err := auth.UseTicket(ctx, db, ticket, now.Add(29*time.Second)); !errors.Is(err, auth.ErrTicket) {
		t.Fatalf("second use: err = %v, want ErrTicket", err)
	}
	late, _ := auth.IssueTicket(ctx, db, "staff:1", now)
	if _, err := auth.UseTicket(ctx, db, late, now.Add(31*time.Second)); !errors.Is(err, auth.ErrTicket) {
		t.Fatalf("late use: err = %v, want ErrTicket", err)
	}
}

func TestCheckNewPassword(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		password string
		want     error
	}{
		"long enough":    {"kopi tubruk pagi hari", nil},
		"eleven":         {"kopitubruk1", auth.ErrPasswordShort},
		"over the limit": {strings.Repeat("kopi ", 26), auth.ErrPasswordLong},
		"one letter":     {"aaaaaaaaaaaaaa", auth.ErrPasswordCommon},
		"worn words":     {"password123456", auth.ErrPasswordCommon},
		"own name":       {"wulandari2026", auth.ErrPasswordCommon},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := auth.CheckNewPassword(test.password, "rina@desk.example", "Rina Wulandari"); !errors.Is(err, test.want) {
				t.Errorf("err = %v, want %v", err, test.want)
			}
		})
	}
}
