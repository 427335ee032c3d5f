package web_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"sapa/program/access"
	"sapa/ticketing"
	"sapa/web"
	"sapa/web/wire"
)

type madeKey struct {
	Key    wire.APIKey
	Secret string
}

// key makes an API key with scopes, as an administrator does.
func (b *browser) key(scopes ...access.Permission) madeKey {
	b.t.Helper()
	var made madeKey
	body := map[string]any{"name": "Penghubung", "scopes": scopes}
	b.do("POST", "/settings/api-keys", body).want(http.StatusOK).into(&made)
	return made
}

// program is a caller with a key and nothing else.
func (e *edge) program(secret string) *browser {
	b := e.stranger()
	b.header.Set("Authorization", "Bearer "+secret)
	return b
}

// TestEveryRouteAsEveryScope is security test 29 for programs: a key opens the
// routes of its scope and no other, and nothing that is a person's.
func TestEveryRouteAsEveryScope(t *testing.T) {
	t.Parallel()
	e := open(t)
	admin := e.as(e.person(access.Admin))
	keys := map[access.Permission]madeKey{} // made before time passes: sessions end when idle
	for _, scope := range access.Scopes() {
		keys[scope] = admin.key(scope)
	}
	for scope, key := range keys {
		b, opened := e.program(key.Secret), 0
		t.Run(string(scope), func(t *testing.T) {
			for i, line := range web.Lines() {
				if i%80 == 79 {
					e.Clock.Add(time.Minute) // no faster than a key may ask
				}
				allowed := !line.Public && !line.Self && !line.Person && line.Permission == scope
				line.Public = false // a program signs in nowhere
				walk(t, b.in(t), line, allowed)
				if allowed {
					opened++
				}
			}
			if opened == 0 {
				t.Error("the scope opens nothing")
			}
		})
	}
}

func TestKeyIsTakenWithoutSessionOrProof(t *testing.T) {
	t.Parallel()
	e := open(t)
	admin := e.as(e.person(access.Admin))
	made := admin.key(access.KnowledgeEdit)
	body := map[string]any{"slug": "dari-program", "audience": "public"}
	e.program(made.Secret).do("POST", "/articles", body).want(http.StatusOK)

	// An administrator's cookies beside the key give it nothing.
	both := admin.in(t)
	both.csrf, both.header = "", http.Header{"Authorization": {"Bearer " + made.Secret}}
	both.do("GET", "/settings/api-keys", nil).problem(http.StatusForbidden, "forbidden")
	both.do("GET", "/session", nil).problem(http.StatusForbidden, "forbidden")

	var list struct{ Items []wire.APIKey }
	answer := admin.do("GET", "/settings/api-keys", nil).want(http.StatusOK).into(&list)
	if len(list.Items) != 1 || list.Items[0].LastUsedAt == nil || list.Items[0].State != "active" || list.Items[0].Prefix == "" {
		t.Errorf("listed %+v", list.Items)
	}
	if strings.Contains(string(answer.body), made.Secret) || strings.Contains(e.log.String(), made.Secret) {
		t.Error("the secret is told a second time, or logged")
	}
	if !strings.Contains(e.log.String(), `"key":"`+made.Key.ID+`"`) {
		t.Error("the log does not name the key")
	}
	var hashes, kinds int
	must(t, e.DB.NewRaw("SELECT count(*) FROM api_keys WHERE position(?::bytea in hash) > 0", []byte(made.Secret)).Scan(t.Context(), &hashes))
	must(t, e.DB.NewRaw("SELECT count(*) FROM audit_log WHERE object = 'api_key' AND action = 'api_key.create' AND after::text NOT LIKE ?", "%"+made.Secret+"%").Scan(t.Context(), &kinds))
	if hashes != 0 || kinds != 1 {
		t.Errorf("stored in clear %d, audited %d", hashes, kinds)
	}
}

func TestKeyIsRefused(t *testing.T) {
	t.Parallel()
	e := open(t)
	admin := e.as(e.person(access.Admin))
	refused := func(t *testing.T, secret string) {
		t.Helper()
		got := e.program(secret).do("GET", "/queues", nil)
		got.problem(http.StatusUnauthorized, "key_refused")
		if got.header.Get("WWW-Authenticate") != "Bearer" {
			t.Error("no challenge")
		}
	}
	good := admin.key(access.StaffRead)
	e.program(good.Secret).do("GET", "/queues", nil).want(http.StatusOK)
	wrong := good.Secret[:len(good.Secret)-1] + "1" // base32 has no 1
	for name, secret := range map[string]string{"empty": "", "no key": "abc", "other proof": wrong, "nobody's": "sapa_" + strings.Repeat("a", 10) + "_" + strings.Repeat("b", 52)} {
		t.Run(name, func(t *testing.T) { refused(t, secret) })
	}
	t.Run("revoked", func(t *testing.T) {
		path := "/settings/api-keys/" + good.Key.ID + "/revoke"
		admin.do("POST", path, nil).want(http.StatusOK)
		refused(t, good.Secret)
		admin.do("POST", path, nil).problem(http.StatusNotFound, "not_found")
	})
	t.Run("expired", func(t *testing.T) {
		var made madeKey
		body := map[string]any{"name": "Sehari", "scopes": []string{"staff.read"}, "expires_at": e.Clock.Now().Add(time.Hour)}
		admin.do("POST", "/settings/api-keys", body).want(http.StatusOK).into(&made)
		e.program(made.Secret).do("GET", "/queues", nil).want(http.StatusOK)
		e.Clock.Add(time.Hour)
		refused(t, made.Secret)
	})
	t.Run("from elsewhere", func(t *testing.T) {
		again := e.as(e.person(access.Admin))
		for network, let := range map[string]bool{"203.0.113.0/24": false, "127.0.0.0/8": true, "127.0.0.1": true} {
			var made madeKey
			body := map[string]any{"name": "Kantor", "scopes": []string{"staff.read"}, "networks": []string{network}}
			again.do("POST", "/settings/api-keys", body).want(http.StatusOK).into(&made)
			if let {
				e.program(made.Secret).do("GET", "/queues", nil).want(http.StatusOK)
			} else {
				refused(t, made.Secret)
			}
		}
	})
}

func TestKeyIsHeldToRules(t *testing.T) {
	t.Parallel()
	e := open(t)
	admin := e.as(e.person(access.Admin))
	for name, c := range map[string]struct {
		body  map[string]any
		field string
	}{
		"no name":          {map[string]any{"name": " ", "scopes": []string{"kb.read"}}, "name"},
		"no scope":         {map[string]any{"name": "A", "scopes": []string{}}, "scopes"},
		"a person's right": {map[string]any{"name": "A", "scopes": []string{"approval.decide.money"}}, "scopes"},
		"unmasking":        {map[string]any{"name": "A", "scopes": []string{"kb.read", "record.unmask"}}, "scopes"},
		"no network":       {map[string]any{"name": "A", "scopes": []string{"kb.read"}, "networks": []string{"kantor"}}, "networks"},
		"the past":         {map[string]any{"name": "A", "scopes": []string{"kb.read"}, "expires_at": e.Clock.Now()}, "expires_at"},
	} {
		if p := admin.do("POST", "/settings/api-keys", c.body).problem(http.StatusUnprocessableEntity, "invalid"); p.Errors[0].Field != c.field {
			t.Errorf("%s: faults %+v", name, p.Errors)
		}
	}
}

// A key that asks too fast is told for how long to wait, others are not slowed.
func TestKeyIsPaced(t *testing.T) {
	t.Parallel()
	e := open(t)
	admin := e.as(e.person(access.Admin))
	fast, calm := e.program(admin.key(access.StaffRead).Secret), e.program(admin.key(access.StaffRead).Secret)
	for range 100 {
		fast.do("GET", "/queues", nil).want(http.StatusOK)
	}
	got := fast.do("GET", "/queues", nil)
	got.problem(http.StatusTooManyRequests, "too_fast")
	wait, err := strconv.Atoi(got.header.Get("Retry-After"))
	if err != nil || wait < 1 {
		t.Fatalf("Retry-After %q", got.header.Get("Retry-After"))
	}
	calm.do("GET", "/queues", nil).want(http.StatusOK)
	e.Clock.Add(time.Duration(wait) * time.Second)
	fast.do("GET", "/queues", nil).want(http.StatusOK)
}

// A program registers as itself, once however often it sends the same, and sees
// nothing that is kept among people.
func TestKeyRegistersAndReads(t *testing.T) {
	t.Parallel()
	e := open(t)
	admin := e.as(e.person(access.Admin))
	b := e.program(admin.key(access.TicketRegister, access.TicketRead, access.ConversationRead).Secret)
	body := map[string]any{"key": "permohonan-1", "conversation_id": string(e.Citizen().Waiting()), "category": "incentive.status", "oversight": false, "class": "complaint", "priority": 3, "subject": "Dari sistem lain", "text": "Insentif belum masuk"}
	var first, second wire.Ticket
	b.do("POST", "/tickets", body).want(http.StatusOK).into(&first)
	b.do("POST", "/tickets", body).want(http.StatusOK).into(&second)
	if first.ID == "" || second.ID != first.ID {
		t.Fatalf("registered %q and %q", first.ID, second.ID)
	}
	var kind, role string
	must(t, e.DB.NewRaw("SELECT actor_kind, role FROM ticket_events WHERE ticket_id = ? ORDER BY version LIMIT 1", first.ID).Scan(t.Context(), &kind, &role))
	if kind != string(access.Machine) || role != string(ticketing.RoleBot) {
		t.Errorf("registered by a %s as %s", kind, role)
	}
	for _, hidden := range []string{"confidential = true", "confidential = false, class = 'integrity'"} {
		_, err := e.DB.ExecContext(t.Context(), "UPDATE tickets SET "+hidden)
		must(t, err)
		b.do("GET", "/tickets/"+first.ID, nil).problem(http.StatusNotFound, "not_found")
	}
	b.do("GET", "/conversations?list=all", nil).want(http.StatusOK)
}
