package fault

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const question = "min insentif sy blm cair pdhl udh selesai pelatihan"

func TestReplayedWebhookIsOneMessageAndOneAnswer(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.serve()
	siti := phone(1)

	first := d.carrier.writes(siti, question, 200)
	if len(first.Webhooks) != 200 || first.refused() > 0 {
		t.Fatalf("%d webhooks, %d refused; want 200, 0", len(first.Webhooks), first.refused())
	}
	d.carrier.arrives(siti, 0)
	d.quiet()
	answered := len(d.carrier.on(siti))

	// A week later, after a crash.
	d.web.kill()
	d.change("UPDATE receipts SET at = at - interval '7 days'")
	d.serve()
	if again := d.carrier.again(first.Sid, 50); again.refused() > 0 {
		t.Errorf("%d replayed webhooks refused", again.refused())
	}
	d.is(1, "SELECT count(*) FROM messages WHERE author = 'citizen'")
	d.is(1, "SELECT count(*) FROM receipts")
	d.is(1, "SELECT count(*) FROM contacts")
	d.is(1, "SELECT count(*) FROM conversations")

	// What somebody else asks now is answered; the replays are not.
	d.carrier.writes(phone(2), question, 1)
	d.carrier.arrives(phone(2), 0)
	d.quiet()
	if got := len(d.carrier.on(siti)); got != answered {
		t.Errorf("the replay was answered: %d messages, want %d", got, answered)
	}
	if got := len(d.carrier.on(phone(2))); got != answered {
		t.Errorf("the same question has %d messages for one citizen and %d for the other", answered, got)
	}
}

// everything is what a webhook can leave behind.
const everything = `SELECT (SELECT count(*) FROM receipts) + (SELECT count(*) FROM contacts) + (SELECT count(*) FROM contact_points) +
	(SELECT count(*) FROM conversations) + (SELECT count(*) FROM messages) + (SELECT count(*) FROM reachability) +
	(SELECT count(*) FROM outbox) + (SELECT count(*) FROM outbox_orphan_statuses)`

func TestForgedWebhookLeavesNoRow(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.serve(webOnly)
	genuine := func() hook { return inboundHook("SM01", phone(1), "halo") }
	tests := []struct {
		name  string
		forge func(h *hook)
	}{
		{"first character of the signature", func(h *hook) { h.signature = flip(d.right(*h), 0) }},
		{"last character of the signature", func(h *hook) { h.signature = flip(d.right(*h), len(d.right(*h))-2) }},
		{"another token", func(h *hook) { h.signature = sign(token+"x", d.public+h.path, h.form) }},
		{"no token", func(h *hook) { h.signature = sign("", d.public+h.path, h.form) }},
		{"another address", func(h *hook) { h.signature = sign(token, "http://desk.example"+h.path, h.form) }},
		{"text changed after signing", func(h *hook) { h.signature = d.right(*h); h.form.Set("Body", "transfer ke saya") }},
		{"field added after signing", func(h *hook) { h.signature = d.right(*h); h.form.Set("ButtonPayload", "x") }},
		{"field doubled after signing", func(h *hook) { h.signature = d.right(*h); h.form.Add("Body", "dan lagi") }},
		{"query added after signing", func(h *hook) { h.signature = d.right(*h); h.path += "?outbox=1" }},
		{"report on a message", func(h *hook) {
			*h = statusHook("", "SM02", "delivered")
			h.signature = flip(d.right(*h), 3)
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := genuine()
			test.forge(&h)
			if got := d.send(h); got != http.StatusForbidden {
				t.Errorf("answered %d, want 403", got)
			}
			if n := d.count(everything); n != 0 {
				t.Errorf("%d rows were written", n)
			}
		})
	}
	d.expect(http.StatusOK, genuine())
	d.is(1, "SELECT count(*) FROM messages WHERE author = 'citizen'")
}

// flip changes one character of base64 for another.
func flip(signature string, at int) string {
	other := byte('A')
	if signature[at] == other {
		other = 'B'
	}
	return signature[:at] + string(other) + signature[at+1:]
}

func TestReportsEndRightInWhateverOrder(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.carrier.misbehave(fields{"drop": []string{"queued", "sent", "delivered", "read"}})
	d.serve()
	tests := []struct {
		name    string
		reports []string
		want    string
	}{
		{"delivered before sent", []string{"delivered", "sent"}, "delivered"},
		{"read before delivered", []string{"read", "delivered", "sent"}, "read"},
		{"failed after delivered", []string{"sent", "delivered", "failed"}, "delivered"},
		{"failed after read", []string{"read", "undelivered"}, "read"},
		{"delivered after failed", []string{"failed", "delivered"}, "delivered"},
		{"queued at the end", []string{"sent", "failed", "queued"}, "failed"},
		{"in order", []string{"queued", "sent", "delivered", "read"}, "read"},
	}
	for i := range tests { // all at once, as citizens write
		d.expect(http.StatusOK, inboundHook("SM0"+tests[i].name, phone(i), question))
	}
	for i, test := range tests {
		d.carrier.arrives(phone(i), 0)
		t.Run(test.name, func(t *testing.T) { d.reportAll(t, phone(i), test.reports, true, test.want) })
		t.Run(test.name+", without our id", func(t *testing.T) { d.reportAll(t, phone(i), test.reports, false, test.want) })
	}
}

// reportAll gives the reports about the first message to a phone, each of them
// three times at once.
func (d *desk) reportAll(t *testing.T, phone string, reports []string, named bool, want string) {
	d.becomes(0, "SELECT count(*) FROM outbox WHERE address = ? AND provider_id IS NULL", phone)
	d.change("UPDATE outbox SET state = 'sent' WHERE address = ?", phone)
	var id, sid, query string
	err := d.db.NewRaw("SELECT id, provider_id FROM outbox WHERE address = ? ORDER BY message_seq LIMIT 1", phone).Scan(t.Context(), &id, &sid)
	must(t, err)
	if named {
		query = url.Values{"outbox": {id}}.Encode()
	}
	for _, report := range reports {
		_, _ = atOnce(make([]struct{}, 3), func(struct{}) (int, []byte) {
			d.expect(http.StatusOK, statusHook(query, sid, report))
			return 0, nil
		})
	}
	if got := d.text("SELECT state FROM outbox WHERE id = ?", id); got != want {
		t.Errorf("after %s: %s, want %s", strings.Join(reports, ", "), got, want)
	}
}

// stored is how the outcome of a provider's call begins to be stored.
const stored = "provider_id = coalesce(nullif("

func TestReportBeforeTheProvidersIdIsKept(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.carrier.misbehave(fields{"drop": []string{"queued", "sent", "delivered", "read"}})
	d.serve()
	siti := phone(1)
	taken := d.postgres.hold(stored)
	d.expect(http.StatusOK, inboundHook("SM01", siti, question))
	reached(t, "the provider has answered", taken.caught)
	sent := d.carrier.on(siti)[0]
	d.is(1, "SELECT count(*) FROM outbox WHERE address = ? AND state = 'sending' AND provider_id IS NULL", siti)

	d.expect(http.StatusOK, statusHook("", sent.Sid, "delivered"))
	d.expect(http.StatusOK, statusHook("", sent.Sid, "sent"))
	d.is(0, "SELECT count(*) FROM outbox WHERE address = ? AND state = 'delivered'", siti)
	taken.let()
	d.becomes(1, "SELECT count(*) FROM outbox WHERE provider_id = ? AND state = 'delivered'", sent.Sid)
	d.becomes(0, "SELECT count(*) FROM outbox_orphan_statuses")
}
