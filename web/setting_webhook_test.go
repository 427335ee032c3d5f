package web_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"sapa/program/access"
	"sapa/ticketing/webhook"
	"sapa/web/wire"
)

// receiver is another system; answer says what it replies with, 200 when nil.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	got    []received
	answer func(http.ResponseWriter, received)
}

type received struct {
	header http.Header
	raw    []byte
	Type   string
	Seq    int64  `json:"sequence"`
	Object string `json:"object_id"`
	Data   map[string]any
}

func listen(t *testing.T) *receiver {
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		one := received{header: request.Header.Clone()}
		one.raw, _ = io.ReadAll(request.Body)
		_ = json.Unmarshal(one.raw, &one)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got = append(r.got, one)
		if r.answer != nil {
			r.answer(w, one)
		}
	}))
	t.Cleanup(r.Close)
	return r
}

// replies sets what is answered from now on, and forgets what came.
func (r *receiver) replies(answer func(http.ResponseWriter, received)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer, r.got = answer, nil
}

func (r *receiver) all() []received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.got
}

func (r received) signedBy(secret string) bool {
	key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	mac := hmac.New(sha256.New, key)
	_, _ = io.WriteString(mac, r.header.Get("webhook-id")+"."+r.header.Get("webhook-timestamp")+"."+string(r.raw))
	return strings.Contains(r.header.Get("webhook-signature"), "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}

type madeHook struct{ ID, Secret string }

func (b *browser) hook(url string, withText bool) madeHook {
	b.t.Helper()
	var made madeHook
	body := map[string]any{"name": "Dasbor", "url": url, "events": webhook.Kinds(), "with_text": withText}
	b.do("POST", "/settings/webhooks", body).want(http.StatusOK).into(&made)
	return made
}

func (b *browser) standing(id string) wire.Webhook {
	b.t.Helper()
	var list struct{ Items []wire.Webhook }
	b.do("GET", "/settings/webhooks", nil).want(http.StatusOK).into(&list)
	for _, one := range list.Items {
		if one.ID == id {
			return one
		}
	}
	b.t.Fatalf("no endpoint %s", id)
	return wire.Webhook{}
}

func TestReceiverIsToldInOrderSignedAndWithoutWords(t *testing.T) {
	t.Parallel()
	e, r := open(t), listen(t)
	admin := e.as(e.person(access.Admin))
	quiet, loud := admin.hook(r.URL+"/ids", false), admin.hook(r.URL+"/text", true)
	citizen := e.Citizen()
	citizen.Writes("Kapan insentif saya cair?")
	citizen.Writes("Halo?")
	must(t, e.hooks.Tell(t.Context(), quiet.ID))
	var kinds []string
	last := int64(0)
	for _, one := range r.all() {
		kinds = append(kinds, one.Type)
		if one.Seq <= last {
			t.Errorf("number %d after %d", one.Seq, last)
		}
		last = one.Seq
		if !one.signedBy(quiet.Secret) || one.signedBy(loud.Secret) {
			t.Errorf("%s is not signed by its endpoint's secret alone", one.Type)
		}
		if at, err := strconv.ParseInt(one.header.Get("webhook-timestamp"), 10, 64); err != nil || at != e.Clock.Now().Unix() {
			t.Errorf("timestamp %q", one.header.Get("webhook-timestamp"))
		}
		for _, personal := range []string{"insentif saya", "Halo"} {
			if strings.Contains(string(one.raw), personal) {
				t.Errorf("%s tells %q: %s", one.Type, personal, one.raw)
			}
		}
	}
	if got := strings.Join(kinds, " "); got != "conversation.opened message.received message.received" {
		t.Errorf("told %s", got)
	}
	r.replies(nil)
	must(t, e.hooks.Tell(t.Context(), loud.ID))
	if got := r.all(); len(got) != 3 || got[1].Data["text"] != "Kapan insentif saya cair?" {
		t.Errorf("with words told %+v", got)
	}
	r.replies(nil)
	must(t, e.hooks.Tell(t.Context(), quiet.ID))
	if got := r.all(); len(got) != 0 {
		t.Errorf("told %d a second time", len(got))
	}
}

// A receiver that is away loses nothing, is not overrun, and no event of an object
// overtakes another.
func TestReceiverThatWasAwayGetsEverythingInOrder(t *testing.T) {
	t.Parallel()
	e, r := open(t), listen(t)
	admin := e.as(e.person(access.Admin))
	hook := admin.hook(r.URL, false)
	r.replies(func(w http.ResponseWriter, _ received) {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, "<b>maaf</b>"+strings.Repeat("x", 5000))
	})
	citizen := e.Citizen()
	citizen.Writes("satu")
	must(t, e.hooks.Tell(t.Context(), hook.ID))
	citizen.Writes("dua")
	must(t, e.hooks.Tell(t.Context(), hook.ID))
	if got := r.all(); len(got) != 1 {
		t.Fatalf("called %d times while it fails, want once", len(got))
	}
	var log wire.Items[wire.WebhookDelivery]
	admin.do("GET", "/settings/webhooks/"+hook.ID+"/deliveries", nil).want(http.StatusOK).into(&log)
	first := log.Items[len(log.Items)-1]
	if len(log.Items) != 3 || first.Status != 503 || first.Attempts != 1 || first.Fault != "status" || len(first.Snippet) != 1024 {
		t.Errorf("logged %d, the first %+v", len(log.Items), first)
	}
	if one := admin.standing(hook.ID); one.Pending != 3 || one.FailingSince == nil {
		t.Errorf("standing %+v", one)
	}
	r.replies(nil)
	e.Clock.Add(time.Minute)
	must(t, e.hooks.Tell(t.Context(), hook.ID))
	got := r.all()
	if len(got) != 3 || got[0].Type != "conversation.opened" || got[1].Seq >= got[2].Seq || got[0].header.Get("webhook-id") != first.MessageID {
		t.Errorf("told %+v", got)
	}
	if one := admin.standing(hook.ID); one.Pending != 0 || one.FailingSince != nil {
		t.Errorf("standing %+v", one)
	}
	// One and a range again, under the ids of before.
	r.replies(nil)
	var count struct{ Count int }
	path := "/settings/webhooks/" + hook.ID + "/replay"
	again := e.as(e.person(access.Admin))
	again.do("POST", path, map[string]any{"from": first.ID, "to": first.ID}).want(http.StatusOK).into(&count)
	must(t, e.hooks.Tell(t.Context(), hook.ID))
	if got := r.all(); count.Count != 1 || len(got) != 1 || got[0].header.Get("webhook-id") != first.MessageID {
		t.Errorf("replayed %d: %+v", count.Count, got)
	}
	again.do("POST", path, map[string]any{"from": 1, "to": first.ID + 100}).want(http.StatusOK).into(&count)
	if count.Count != 3 {
		t.Errorf("replayed %d, want 3", count.Count)
	}
}

func TestReceiverThatFailsForDaysIsPausedAndSaysSo(t *testing.T) {
	t.Parallel()
	e, r := open(t), listen(t)
	hook := e.as(e.person(access.Admin)).hook(r.URL, false)
	r.replies(func(w http.ResponseWriter, _ received) {
		w.Header().Set("Location", "/lain")
		w.WriteHeader(http.StatusFound)
	})
	citizen := e.Citizen()
	citizen.Writes("satu")
	for range 11 {
		must(t, e.hooks.Tell(t.Context(), hook.ID))
		e.Clock.Add(10 * time.Hour)
	}
	admin := e.as(e.person(access.Admin))
	one := admin.standing(hook.ID)
	if one.State != "paused" || one.PauseReason != "failing" {
		t.Fatalf("standing %+v", one)
	}
	for _, got := range r.all() {
		if got.Object == "" {
			t.Error("a redirect was followed")
		}
	}
	var history wire.Items[wire.SettingChange]
	admin.do("GET", "/settings/history/webhook?id="+hook.ID, nil).want(http.StatusOK).into(&history)
	if history.Items[0].Action != "webhook.pause" {
		t.Errorf("history %+v", history.Items)
	}
	// What happened meanwhile is told once it is active again.
	r.replies(nil)
	citizen.Writes("dua")
	body := map[string]any{"name": one.Name, "url": one.URL, "events": one.Events, "with_text": false, "state": "active", "version": one.Version}
	admin.do("PUT", "/settings/webhooks/"+hook.ID, body).want(http.StatusOK)
	admin.do("PUT", "/settings/webhooks/"+hook.ID, body).problem(http.StatusConflict, "stale")
	e.Clock.Add(10 * time.Hour)
	must(t, e.hooks.Tell(t.Context(), hook.ID))
	got := r.all()
	if len(got) == 0 || got[len(got)-1].Type != "message.received" {
		t.Errorf("told %+v", got)
	}
}

func TestWebhookSecretIsSealedAndChanged(t *testing.T) {
	t.Parallel()
	e, r := open(t), listen(t)
	admin := e.as(e.person(access.Admin))
	hook := admin.hook(r.URL, false)
	path := "/settings/webhooks/" + hook.ID
	var fresh madeHook
	admin.do("POST", path+"/secret", map[string]any{"version": 1}).want(http.StatusOK).into(&fresh)
	admin.do("POST", path+"/secret", map[string]any{"version": 1}).problem(http.StatusConflict, "stale")
	told := func() received {
		t.Helper()
		r.replies(nil)
		admin.do("POST", path+"/test", nil).want(http.StatusNoContent)
		must(t, e.hooks.Tell(t.Context(), hook.ID))
		if got := r.all(); len(got) != 1 || got[0].Type != "test" {
			t.Fatalf("told %+v", got)
		}
		return r.all()[0]
	}
	if one := told(); !one.signedBy(hook.Secret) || !one.signedBy(fresh.Secret) {
		t.Error("both secrets sign for a day")
	}
	e.Clock.Add(24 * time.Hour)
	admin = e.as(e.person(access.Admin))
	if one := told(); one.signedBy(hook.Secret) || !one.signedBy(fresh.Secret) {
		t.Error("after a day the old secret still signs")
	}
	raw, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(fresh.Secret, "whsec_"))
	var clear int
	must(t, e.DB.NewRaw("SELECT count(*) FROM webhook_endpoints WHERE position(?::bytea in secret) > 0", raw).Scan(t.Context(), &clear))
	if clear != 0 || strings.Contains(e.log.String(), fresh.Secret) {
		t.Error("the secret lies in clear")
	}
	for url, rule := range map[string]string{"http://10.0.0.8/": "https", "https://169.254.169.254/latest": "not_public", "sapa": "url"} {
		p := admin.do("POST", "/settings/webhooks", map[string]any{"name": "A", "url": url, "events": []string{"ticket.created"}, "with_text": false}).
			problem(http.StatusUnprocessableEntity, "invalid")
		if p.Errors[0].Field != "url" || p.Errors[0].Rule != rule {
			t.Errorf("%s: faults %+v", url, p.Errors)
		}
	}
}

// Each act of a ticket is told once, and what is kept among people not at all.
func TestTicketIsToldOnce(t *testing.T) {
	t.Parallel()
	e, r := open(t), listen(t)
	hook := e.as(e.person(access.Admin)).hook(r.URL, false)
	agent := e.as(e.person(access.Agent))
	register := func(class string) {
		body := map[string]any{"key": "permohonan-" + class, "conversation_id": string(e.Citizen().Waiting()), "category": "incentive.status", "class": class,
			"oversight": false, "priority": 3, "subject": "Insentif", "text": "Belum masuk"}
		agent.do("POST", "/tickets", body).want(http.StatusOK)
		agent.do("POST", "/tickets", body).want(http.StatusOK)
	}
	register("complaint")
	must(t, e.hooks.Tell(t.Context(), hook.ID))
	created := 0
	for _, one := range r.all() {
		if one.Type == "ticket.created" {
			created++
			if one.Data["number"] == "" || one.Data["ticket_id"] != one.Object || strings.Contains(string(one.raw), "Belum masuk") {
				t.Errorf("told %s", one.raw)
			}
		}
	}
	if created != 1 {
		t.Errorf("a ticket was told %d times", created)
	}
}
