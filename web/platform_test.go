package web_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"sapa/program/access"
	"sapa/web"
	"sapa/web/wire"
)

// get asks for any address of the server, following no redirect.
func (e *edge) get(path string, change ...func(*http.Request)) *reply {
	e.t.Helper()
	request, err := http.NewRequest("GET", e.server.URL+path, nil)
	must(e.t, err)
	for _, f := range change {
		f(request)
	}
	b := e.stranger()
	b.client.Transport = &http.Transport{DisableCompression: true}
	return b.send(request)
}

func TestEveryAnswerIsHardened(t *testing.T) {
	t.Parallel()
	e := open(t)
	for _, path := range []string{"/console/", "/wallboard", "/api/docs", "/api/v1/session", "/nothing", "/healthz"} {
		h := e.get(path).header
		policy := h.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: policy %q lacks %s", path, policy, want)
			}
		}
		if strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q allows what is unsafe", path, policy)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") == "" || h.Get("X-Request-Id") == "" {
			t.Errorf("%s: headers %v", path, h)
		}
	}
	b := e.as(e.person(access.Agent))
	if got := b.do("GET", "/session", nil).header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("personal data is cached: %q", got)
	}
}

func TestConsoleIsServed(t *testing.T) {
	t.Parallel()
	e := open(t)
	for _, path := range []string{"/console", "/console/", "/console/tickets/T-1", "/wallboard"} {
		got := e.get(path).want(http.StatusOK)
		if !strings.HasPrefix(got.header.Get("Content-Type"), "text/html") || got.header.Get("Cache-Control") != "no-cache" || got.header.Get("ETag") == "" {
			t.Errorf("%s: headers %v", path, got.header)
		}
	}
	tag := e.get("/console/").header.Get("ETag")
	e.get("/console/", func(r *http.Request) { r.Header.Set("If-None-Match", tag) }).want(http.StatusNotModified)
	e.get("/console/assets/gone-123.js").want(http.StatusNotFound)
}

func TestFilesHaveTheirOwnOrigin(t *testing.T) {
	t.Parallel()
	e := open(t)
	files := func(r *http.Request) { r.Host = "files.example" }
	e.get("/f/x").want(http.StatusNotFound)
	e.get("/console/", files).want(http.StatusNotFound)
	e.get("/api/v1/session", files).want(http.StatusNotFound)
	e.get("/healthz", files).want(http.StatusOK)
	e.get("/f/x?until=1&sign=x", files).want(http.StatusForbidden)

	id := string(e.Citizen().Waiting())
	b := e.as(e.person(access.Agent))
	var file wire.Attachment
	b.file("bukti.png", "image/png", picture(t), id).want(http.StatusOK).into(&file)
	_, link, _ := strings.Cut(file.URL, "/f/")
	got := e.get("/f/"+link, files).want(http.StatusOK)
	if h := got.header; !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || h.Get("Set-Cookie") != "" {
		t.Errorf("file headers %v", h)
	}
	e.get("/f/"+link+"x", files).want(http.StatusForbidden)
}

func TestReadyNamesWhatFails(t *testing.T) {
	t.Parallel()
	e := open(t)
	var state struct {
		Ready bool
		Parts map[string]string
	}
	e.get("/readyz").want(http.StatusOK).into(&state)
	if !state.Ready || len(state.Parts) != 4 {
		t.Fatalf("ready %+v", state)
	}
	b := e.as(e.person(access.Agent))
	e.away(true)
	defer e.away(false)
	b.do("GET", "/session", nil).problem(http.StatusServiceUnavailable, "away")
	e.get("/readyz").want(http.StatusServiceUnavailable).into(&state)
	if state.Ready || state.Parts["postgres"] != "failing" || state.Parts["redis"] != "ok" || state.Parts["blob"] != "ok" {
		t.Errorf("without PostgreSQL: %+v", state)
	}
	e.get("/healthz").want(http.StatusOK)
	p := e.stranger().do("POST", "/session", map[string]string{"email": "a@contoh.id", "password": password})
	p.problem(http.StatusServiceUnavailable, "away")
	if strings.Contains(string(p.body), "sapa_t_") {
		t.Errorf("the answer tells too much: %s", p.body)
	}
}

// An inbox whose settings do not open is named, its provider told to come back,
// and the desk goes on with the others.
func TestReadyNamesAnInboxThatDoesNotOpen(t *testing.T) {
	t.Parallel()
	e := open(t)
	e.post(incoming("SM1", "halo")).want(http.StatusOK)
	_, err := e.DB.ExecContext(t.Context(), `UPDATE inboxes SET settings = '\x00' WHERE kind = 'whatsapp'`)
	must(t, err)
	e.Inboxes.Forget()
	var state struct {
		Ready  bool
		Sealed []string `json:"sealed_inboxes"`
	}
	e.get("/readyz").want(http.StatusOK).into(&state)
	if !state.Ready || len(state.Sealed) != 1 || state.Sealed[0] != "whatsapp/wa" {
		t.Fatalf("ready says %+v", state)
	}
	got := e.post(incoming("SM2", "halo lagi"))
	if got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") == "" {
		t.Fatalf("webhook: %d, want 503 and when to come back", got.status)
	}
	if _, err := e.Inboxes.BySlug(t.Context(), e.Chat.Kind, e.Chat.Slug); err != nil {
		t.Fatalf("another inbox went down with it: %v", err)
	}
}

func TestMetricsAreForTheMachineRoom(t *testing.T) {
	t.Parallel()
	e := open(t)
	e.get("/console/")
	if got := e.get("/metrics").want(http.StatusOK); !strings.Contains(string(got.body), `sapa_http_requests_total{method="GET",route="GET /console/",status="200"}`) {
		t.Errorf("metrics lack the request: %.2000s", got.body)
	}
	e.get("/metrics", func(r *http.Request) { r.Header.Set("X-Forwarded-For", "203.0.113.9") }).want(http.StatusNotFound)
}

func TestDescriptionOfTheAPI(t *testing.T) {
	t.Parallel()
	e := open(t)
	var spec struct {
		OpenAPI string
		Paths   map[string]map[string]struct{ Summary, OperationID string }
	}
	e.get("/api/openapi.json").want(http.StatusOK).into(&spec)
	if !strings.HasPrefix(spec.OpenAPI, "3.1") {
		t.Errorf("version %s", spec.OpenAPI)
	}
	for _, line := range web.Lines() {
		op, ok := spec.Paths["/api/v1"+line.Path][strings.ToLower(line.Method)]
		if !ok || op.Summary == "" {
			t.Errorf("%s %s is not described", line.Method, line.Path)
		}
	}
	page := string(e.get("/api/docs").want(http.StatusOK).body)
	for _, forbidden := range []string{"https://", "http://", "style=", "onclick"} {
		if strings.Contains(page, forbidden) {
			t.Errorf("the viewer's page holds %q", forbidden)
		}
	}
	for path, mime := range map[string]string{"/api/docs/viewer.js": "text/javascript", "/api/docs/viewer.css": "text/css"} {
		if got := e.get(path).want(http.StatusOK).header.Get("Content-Type"); !strings.HasPrefix(got, mime) {
			t.Errorf("%s is %s", path, got)
		}
	}
	e.get("/api/docs/server.go").want(http.StatusNotFound)
}

func TestAnswersAreCompressed(t *testing.T) {
	t.Parallel()
	e := open(t)
	got := e.get("/api/openapi.json", func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") }).want(http.StatusOK)
	if got.header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("encoding %q", got.header.Get("Content-Encoding"))
	}
	reader, err := gzip.NewReader(strings.NewReader(string(got.body)))
	must(t, err)
	body, err := io.ReadAll(reader)
	must(t, err)
	if !json.Valid(body) {
		t.Error("what was compressed is not what was meant")
	}
}

func TestClientAddress(t *testing.T) {
	t.Parallel()
	address := web.ClientAddress([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")})
	cases := []struct{ name, peer, forwarded, want string }{
		{"no proxy", "203.0.113.9:4000", "", "203.0.113.9"},
		{"a stranger's header counts nothing", "203.0.113.9:4000", "198.51.100.1", "203.0.113.9"},
		{"our proxy", "10.0.0.1:4000", "198.51.100.1", "198.51.100.1"},
		{"two of our proxies", "10.0.0.1:4000", "198.51.100.1, 10.0.0.2", "198.51.100.1"},
		{"a header that the client began", "10.0.0.1:4000", "1.1.1.1, 198.51.100.1", "198.51.100.1"},
		{"nonsense", "10.0.0.1:4000", "unknown", "10.0.0.1"},
		{"IPv6", "[2001:db8::1]:4000", "", "2001:db8::1"},
		{"IPv4 in IPv6", "[::ffff:10.0.0.1]:4000", "198.51.100.1", "198.51.100.1"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := &http.Request{RemoteAddr: c.peer, Header: http.Header{}}
			if c.forwarded != "" {
				r.Header.Set("X-Forwarded-For", c.forwarded)
			}
			if got := address(r); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// TestWallboardReaderSeesNoNames is the field's rule for a screen on a wall.
func TestWallboardReaderSeesNoNames(t *testing.T) {
	t.Parallel()
	e := open(t)
	agent := e.Agent()
	e.Citizen().Waiting()
	wallReader, supervisor := e.as(e.person(access.WallboardReader)), e.as(e.person(access.Supervisor))
	var board wire.Wallboard
	supervisor.do("GET", "/wallboard", nil).want(http.StatusOK).into(&board)
	if len(board.Agents) == 0 || board.Headline.Waiting.Value == nil || len(board.Rows) == 0 || board.AgentCounts["offline"] == 0 && board.AgentCounts["on_contact"] == 0 {
		t.Fatalf("board %+v", board)
	}
	got := wallReader.do("GET", "/wallboard", nil).want(http.StatusOK)
	for _, name := range []string{agent.Name, string(agent.ID), "Siti", "Rina"} {
		if strings.Contains(string(got.body), name) {
			t.Errorf("the board on the wall tells %q", name)
		}
	}
	var formulas wire.Items[wire.Formula]
	wallReader.do("GET", "/wallboard/formulas", nil).want(http.StatusOK).into(&formulas)
	for _, f := range formulas.Items {
		if strings.Contains(f.Title, "wallboard.") || strings.Contains(f.Text, "wallboard.") {
			t.Errorf("formula %+v", f)
		}
	}
}

// TestNothingPersonalInTheLog is security test 34 for what the edge writes.
func TestNothingPersonalInTheLog(t *testing.T) {
	t.Parallel()
	e := open(t)
	const canary = "3374011203940001"
	b := e.as(e.person(access.Agent))
	b.do("POST", "/participants/search", map[string]string{"q": canary}).want(http.StatusOK)
	b.do("POST", "/participants/search", map[string]string{"q": "+6281299990001"}).want(http.StatusOK)
	e.post(incoming("SM8", "NIK saya "+canary))
	e.post(incoming("SM9", "NIK saya "+canary), func(r *http.Request) { r.Header.Set("X-Twilio-Signature", "palsu") })
	b.do("PATCH", "/me", map[string]string{"nik": canary}).want(http.StatusUnprocessableEntity)
	log := e.log.String()
	for _, secret := range []string{canary, "81299990001", "81234567890", b.csrf, password, b.staff.Email, "Siti"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	if !strings.Contains(log, `"route":"POST /api/v1/participants/search"`) || !strings.Contains(log, string(b.staff.ID)) {
		t.Error("the log does not name routes and staff")
	}
}
