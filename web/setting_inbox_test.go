package web_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"sapa/channels"
	"sapa/channels/twilio"
	"sapa/program/access"
	"sapa/web/wire"
)

// Tokens that must turn up nowhere.
const (
	canaryToken = "canary-token-one"
	freshToken  = "canary-token-two"
)

func account(change ...func(map[string]any)) map[string]any {
	body := map[string]any{"kind": "whatsapp", "slug": "kedua", "name": "Kedua", "address": "+628001503009", "language": "ind", "bot": true,
		"account_sid": "AC2", "auth_token": canaryToken, "messaging_service": "", "api_base": "", "origins": []string{}, "per_second": 0}
	for _, f := range change {
		f(body)
	}
	return body
}

func with(field string, value any) func(map[string]any) {
	return func(body map[string]any) { body[field] = value }
}

// inboxOf reads an inbox as administrators see it.
func (b *browser) inboxOf(slug string) wire.InboxSetting {
	b.t.Helper()
	var list wire.InboxSettings
	b.do("GET", "/settings/inboxes", nil).want(http.StatusOK).into(&list)
	for _, one := range list.Items {
		if one.Slug == slug {
			return one
		}
	}
	b.t.Fatalf("no inbox %s", slug)
	return wire.InboxSetting{}
}

// changed is an inbox as its form sends it back.
func changed(one wire.InboxSetting, change ...func(map[string]any)) map[string]any {
	body := map[string]any{"version": one.Version, "status": one.Status, "name": one.Name, "address": one.Address, "language": one.Language, "bot": one.Bot,
		"account_sid": one.AccountSID, "messaging_service": one.MessagingService, "api_base": one.APIBase, "origins": one.Origins, "per_second": one.PerSecond}
	for _, f := range change {
		f(body)
	}
	return body
}

// signedBy posts a message to the second inbox, signed with a token.
func (e *edge) signedBy(token, sid string) int {
	form, at := incoming(sid, "halo"), e.server.URL+"/hooks/whatsapp/kedua"
	return e.post(form, func(r *http.Request) {
		r.URL.Path = "/hooks/whatsapp/kedua"
		r.Header.Set("X-Twilio-Signature", twilio.Signature(token, at, form))
	}).status
}

func TestInboxTokenIsWrittenAndNeverRead(t *testing.T) {
	t.Parallel()
	e := open(t)
	admin := e.as(e.person(access.Admin))
	var told strings.Builder
	keep := func(r *reply) *reply { told.Write(r.body); return r }
	keep(admin.do("POST", "/settings/inboxes", account()).want(http.StatusOK))
	admin.do("POST", "/settings/inboxes", account()).problem(http.StatusUnprocessableEntity, "invalid")
	one := admin.inboxOf("kedua")
	if !one.HasToken || one.TokenAt == nil || one.Hook != e.server.URL+"/hooks/whatsapp/kedua" || one.HookStatus != one.Hook+"/status" || one.SeenAt != nil {
		t.Errorf("made %+v", one)
	}
	path := "/settings/inboxes/" + one.ID

	if got := e.signedBy(canaryToken, "SM1"); got != http.StatusOK {
		t.Fatalf("the new inbox answers %d", got)
	}
	if got := e.signedBy("another-token", "SM2"); got != http.StatusForbidden {
		t.Errorf("a foreign token: %d", got)
	}
	heard := admin.inboxOf("kedua")
	if heard.SeenAt == nil || heard.RefusedAt == nil {
		t.Errorf("webhooks not noted: %+v", heard)
	}
	e.Clock.Add(30 * time.Second)
	e.signedBy(canaryToken, "SM3")
	if again := admin.inboxOf("kedua"); !again.SeenAt.Equal(*heard.SeenAt) {
		t.Error("written twice within a minute")
	}

	keep(admin.do("PUT", path, changed(one, with("name", "Nomor kedua"))).want(http.StatusOK))
	admin.do("PUT", path, changed(one, with("name", "Lain"))).problem(http.StatusConflict, "stale")
	if got := e.signedBy(canaryToken, "SM4"); got != http.StatusOK {
		t.Errorf("a change of the name lost the token: %d", got)
	}
	keep(admin.do("PUT", path, changed(admin.inboxOf("kedua"), with("auth_token", freshToken))).want(http.StatusOK))
	if now := admin.inboxOf("kedua"); now.FormerUntil == nil {
		t.Error("nothing says how long the old token counts")
	}
	if old, fresh := e.signedBy(canaryToken, "SM5"), e.signedBy(freshToken, "SM6"); old != http.StatusOK || fresh != http.StatusOK {
		t.Errorf("on the day of the change the old token gives %d, the new one %d", old, fresh)
	}
	e.Clock.Add(24 * time.Hour)
	if old, fresh := e.signedBy(canaryToken, "SM7"), e.signedBy(freshToken, "SM8"); old != http.StatusForbidden || fresh != http.StatusOK {
		t.Errorf("a day later the old token gives %d, the new one %d", old, fresh)
	}

	admin = e.as(e.person(access.Admin))
	history := keep(admin.do("GET", "/settings/history/inbox?id="+one.ID, nil).want(http.StatusOK))
	var lines wire.Items[wire.SettingChange]
	history.into(&lines)
	if len(lines.Items) != 3 || lines.Items[2].Action != "inbox.create" || len(lines.Items[0].Changes) != 1 || lines.Items[0].Changes[0].Field != "token_at" {
		t.Errorf("history %+v", lines.Items)
	}
	var stored string
	must(t, e.DB.NewRaw(`SELECT (SELECT string_agg(i::text || encode(settings, 'escape'), ' ') FROM inboxes i) ||
		(SELECT string_agg(a::text, ' ') FROM audit_log a)`).Scan(t.Context(), &stored))
	for place, text := range map[string]string{"an answer": told.String(), "the log": e.log.String(), "a table": stored} {
		if strings.Contains(text, "canary-token") {
			t.Errorf("%s holds a token", place)
		}
	}
}

func TestInboxFaultsAreNamed(t *testing.T) {
	t.Parallel()
	e := open(t)
	admin := e.as(e.person(access.Admin))
	site := func(origin string) []func(map[string]any) {
		return []func(map[string]any){with("kind", "webchat"), with("origins", []string{origin})}
	}
	for _, c := range []struct {
		name, field, rule string
		change            []func(map[string]any)
	}{
		{"an address inside", "api_base", "not_allowed", []func(map[string]any){with("api_base", "http://169.254.169.254")}},
		{"no token", "auth_token", "required", []func(map[string]any){with("auth_token", "")}},
		{"an account with a path", "account_sid", "account_sid", []func(map[string]any){with("account_sid", "AC1/../Keys")}},
		{"neither number nor service", "address", "sender", []func(map[string]any){with("address", "")}},
		{"a number without country", "address", "number", []func(map[string]any){with("address", "0812345678")}},
		{"a language nobody has", "language", "unknown", []func(map[string]any){with("language", "xyz")}},
		{"every site", "origins", "origin", site("*")},
		{"a site with a path", "origins", "origin", site("https://contoh.id/halaman")},
		{"a site without TLS", "origins", "origin", site("http://contoh.id")},
		{"a site with a user", "origins", "origin", site("https://a@contoh.id")},
	} {
		p := admin.do("POST", "/settings/inboxes", account(c.change...)).problem(http.StatusUnprocessableEntity, "invalid")
		if p.Errors[0].Field != c.field || p.Errors[0].Rule != c.rule {
			t.Errorf("%s: %+v", c.name, p.Errors)
		}
	}
	admin.do("POST", "/settings/inboxes", account(with("kind", "webchat"), with("slug", "situs"), with("origins", []string{"https://Contoh.id/", "https://contoh.id"}))).
		want(http.StatusOK)
	if one := admin.inboxOf("situs"); len(one.Origins) != 1 || one.Origins[0] != "https://contoh.id" || one.AccountSID != "" || one.Hook != "" {
		t.Errorf("made %+v", one)
	}
	// Another account wants its own token: nobody sends a token they do not know.
	wa := admin.inboxOf("wa")
	p := admin.do("PUT", "/settings/inboxes/"+wa.ID, changed(wa, with("account_sid", "AC9"))).problem(http.StatusUnprocessableEntity, "invalid")
	if p.Errors[0].Rule != "token_again" {
		t.Errorf("another account without its token: %+v", p.Errors)
	}
}

// A closed inbox takes nothing but a wish to be left alone; what is open in it can
// be ended, not answered.
func TestClosedInbox(t *testing.T) {
	t.Parallel()
	e := open(t)
	admin, agent := e.as(e.person(access.Admin)), e.as(e.person(access.Agent))
	e.post(incoming("SM1", "insentif saya belum cair")).want(http.StatusOK)
	var id string
	must(t, e.DB.NewRaw("SELECT id FROM conversations").Scan(t.Context(), &id))
	path := "/conversations/" + id
	agent.do("POST", path+"/claim", map[string]string{}).want(http.StatusOK)
	wa := admin.inboxOf("wa")
	admin.do("PUT", "/settings/inboxes/"+wa.ID, changed(wa, with("status", "closed"))).want(http.StatusOK)

	before := e.count("messages")
	for sid, text := range map[string]string{"SM2": "masih di sana?", "SM3": "STOP"} {
		if got := e.post(incoming(sid, text)); got.status != http.StatusOK || !strings.Contains(string(got.body), "<Response>") {
			t.Errorf("%s: the provider is told %d %s", text, got.status, got.body)
		}
	}
	if e.count("messages") != before {
		t.Error("a closed inbox took a message")
	}
	var out int
	must(t, e.DB.NewRaw("SELECT count(*) FROM reachability WHERE opted_out_at IS NOT NULL").Scan(t.Context(), &out))
	if out != 1 {
		t.Error("a wish to be left alone was lost")
	}
	agent.do("POST", path+"/messages", map[string]any{"kind": "reply", "echo": "a-reply-1", "text": "Halo", "attachments": []string{}}).problem(http.StatusUnprocessableEntity, "inbox_closed")
	agent.do("POST", path+"/end", map[string]any{"outcome": "solved"}).want(http.StatusOK)

	// Reopened, with the bot off: the next one waits for people at once.
	wa = admin.inboxOf("wa")
	admin.do("PUT", "/settings/inboxes/"+wa.ID, changed(wa, with("status", "active"), with("bot", false))).want(http.StatusOK)
	e.post(incoming("SM4", "halo lagi"), func(r *http.Request) { *r = *e.from(r, "SM4", "+6281234567899") }).want(http.StatusOK)
	var state string
	must(t, e.DB.NewRaw("SELECT state FROM conversations ORDER BY opened_at DESC LIMIT 1").Scan(t.Context(), &state))
	if state == "bot" || state == "ended" {
		t.Errorf("with the bot off it is in the hands of %s", state)
	}
}

// from is the same webhook from another phone.
func (e *edge) from(r *http.Request, sid, phone string) *http.Request {
	form := incoming(sid, "halo lagi")
	form.Set("From", "whatsapp:"+phone)
	form.Set("WaId", phone[1:])
	body := form.Encode()
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	r.Header.Set("X-Twilio-Signature", twilio.Signature(authToken, e.server.URL+hookPath, form))
	return r
}

func TestCredentialsAreChecked(t *testing.T) {
	t.Parallel()
	e := open(t)
	admin := e.as(e.person(access.Admin))
	var inner, status int
	answer := `{"status":"active"}`
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { inner++ }))
	t.Cleanup(inside.Close)
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if sid, token, _ := r.BasicAuth(); r.Method != http.MethodGet || sid != e.WhatsApp.Settings.AccountSID || token != authToken {
			t.Errorf("asked by %s as %s", r.Method, sid)
		}
		if status == http.StatusFound {
			w.Header().Set("Location", inside.URL)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, answer)
	}))
	t.Cleanup(provider.Close)
	e.WhatsApp.Settings.APIBase = provider.URL // laid by the operator, as the demo's is
	_, err := channels.SaveInbox(t.Context(), e.DB, e.Box, e.WhatsApp, e.Clock.Now())
	must(t, err)
	path := "/settings/inboxes/" + string(e.WhatsApp.ID) + "/check"
	for _, c := range []struct {
		status       int
		answer, want string
	}{
		{http.StatusOK, `{"status":"active"}`, "menerima akun"},
		{http.StatusOK, `{"status":"suspended"}`, "tidak aktif"},
		{http.StatusUnauthorized, `{"code":20003,"message":"rahasia dari dalam"}`, "menolak akun"},
		{http.StatusNotFound, `{"code":20404,"message":"rahasia dari dalam"}`, "menolak akun"},
		{http.StatusServiceUnavailable, `rahasia dari dalam`, "tidak menjawab"},
		{http.StatusFound, `rahasia dari dalam`, "tidak menjawab"},
	} {
		status, answer = c.status, c.answer
		var got struct {
			Good bool
			Text string
		}
		r := admin.do("POST", path, nil).want(http.StatusOK).into(&got)
		if !strings.Contains(got.Text, c.want) || got.Good != (c.want == "menerima akun") || strings.Contains(string(r.body), "rahasia") {
			t.Errorf("%d %s: %s", c.status, c.answer, r.body)
		}
	}
	if inner != 0 {
		t.Error("a redirect was followed")
	}
	var history wire.Items[wire.SettingChange]
	admin.do("GET", "/settings/history/inbox?"+url.Values{"id": {string(e.WhatsApp.ID)}}.Encode(), nil).want(http.StatusOK).into(&history)
	if len(history.Items) != 6 || history.Items[0].Action != "inbox.check" {
		t.Errorf("history %+v", history.Items)
	}
	admin.do("POST", "/settings/inboxes/"+string(e.Chat.ID)+"/check", nil).problem(http.StatusUnprocessableEntity, "invalid")
}
