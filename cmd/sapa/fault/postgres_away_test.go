package fault

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"sapa/channels"
)

// wrote are a citizen's lines in the order of the thread.
func (d *desk) wrote(phone string) []string {
	d.t.Helper()
	var list []string
	must(d.t, d.db.NewRaw(`SELECT m.text FROM messages m JOIN conversations c ON c.id = m.conversation_id
		JOIN contact_points p ON p.id = c.point_id WHERE m.author = 'citizen' AND p.value = ? ORDER BY c.opened_at, m.seq`,
		phone).Scan(d.t.Context(), &list))
	return list
}

// spooled counts the webhooks that wait on disk.
func (d *desk) spooled() int {
	files, _ := filepath.Glob(filepath.Join(d.spool, "*-*"))
	return len(files)
}

func TestWebhooksWaitForPostgresAndAreStoredOnceInOrder(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		away  func(*proxy)
		crash bool // of the web server, meanwhile
	}{
		{"refusing", (*proxy).cut, false},
		{"hanging", (*proxy).hang, false},
		{"refusing, and the desk killed", (*proxy).cut, true},
	}
	d := newDesk(t)
	d.carrier.misbehave(fields{"drop": []string{"queued", "sent", "delivered", "read"}}) // they would be spooled, too
	d.serve()
	d.expect(http.StatusOK, inboundHook("SM00", phone(0), "halo")) // the desk knows its inboxes
	d.quiet()
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			siti := phone(10 + i)
			test.away(d.postgres)
			var want []string
			var hooks []hook
			for n := range 4 {
				text := fmt.Sprintf("pesan %d", n)
				want = append(want, text)
				hooks = append(hooks, inboundHook(fmt.Sprintf("SM%d%d", i+1, n), siti, text))
				for range 2 {
					began := time.Now()
					d.expect(http.StatusOK, hooks[n])
					if took := time.Since(began); took > providerWaits {
						t.Errorf("a webhook took %s", took)
					}
				}
			}
			status, parts := d.readiness()
			if status != http.StatusServiceUnavailable || parts["postgres"] == "ok" || parts["redis"] != "ok" {
				t.Errorf("readyz says %d %v, want 503 for postgres alone", status, parts)
			}
			if got := d.spooled(); got != 2*len(hooks) {
				t.Errorf("%d webhooks on disk, want %d", got, 2*len(hooks))
			}
			if test.crash {
				d.web.kill()
				d.boot()
				// It has never seen the inbox: what it cannot prove it must not take.
				d.expect(http.StatusServiceUnavailable, hooks[0])
			}
			d.postgres.mend()
			until(t, "the spool is empty", func() bool { return d.spooled() == 0 })
			for _, h := range hooks {
				d.expect(http.StatusOK, h)
			}
			if got := d.wrote(siti); !slices.Equal(got, want) {
				t.Errorf("stored %q, want %q", got, want)
			}
			d.quiet()
		})
	}
	d.everyRowArrivedOnce()
	parked, err := os.ReadDir(filepath.Join(d.spool, "parked"))
	must(t, err)
	if len(parked) > 0 {
		t.Errorf("%d webhooks were given up", len(parked))
	}
}

// What a citizen writes when PostgreSQL is back must not overtake what waits.
func TestNewWebhooksDoNotOvertakeTheSpool(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.serve(webOnly)
	siti := phone(0)
	d.expect(http.StatusOK, inboundHook("SM0", siti, "pesan 0"))
	want := []string{"pesan 0"}
	for n := 1; n <= 6; n++ {
		if n == 1 {
			d.postgres.cut()
		}
		if n == 4 {
			d.postgres.mend()
		}
		text := fmt.Sprintf("pesan %d", n)
		want = append(want, text)
		d.expect(http.StatusOK, inboundHook(fmt.Sprintf("SM%d", n), siti, text))
	}
	until(t, "all is stored", func() bool { return len(d.wrote(siti)) == len(want) })
	if got := d.wrote(siti); !slices.Equal(got, want) {
		t.Errorf("stored %q, want %q", got, want)
	}
}

// An inbox made a moment ago, and PostgreSQL gone before its first webhook: the
// desk cannot know that there is one, so the provider must come again.
func TestFirstWebhookOfAnUnseenInboxIsSentBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.serve(webOnly)
	d.expect(http.StatusOK, inboundHook("SM00", phone(0), "halo"))
	d.inbox(channels.WhatsApp, "wa-baru", "+628001503009")
	d.postgres.cut()
	h := inboundTo("wa-baru", "SM01", phone(1), "halo")
	// The list of inboxes may be a second old before it is missed.
	until(t, "sent back", func() bool { return d.send(h) == http.StatusServiceUnavailable })
	d.expect(http.StatusOK, inboundHook("SM02", phone(2), "halo")) // a known one is taken
	d.postgres.mend()
	until(t, "the inbox is known", func() bool { return d.send(h) == http.StatusOK })
	until(t, "the message is stored", func() bool { return len(d.wrote(phone(1))) > 0 })
	if got := d.wrote(phone(1)); len(got) != 1 {
		t.Errorf("stored %q, want one message", got)
	}
}

// The provider took the messages, and PostgreSQL was gone before that could be
// noted: they are found at the provider, not sent again.
func TestPostgresAwayDuringTheCallTheMessageIsFoundAtTheProvider(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.carrier.misbehave(fields{"answer_delay_ms": 5000, "drop": []string{"queued", "sent", "delivered", "read"}})
	d.serve()
	const citizens = 6
	for i := range citizens {
		d.carrier.writes(phone(i), question, 1)
	}
	d.becomes(citizens, "SELECT count(*) FROM outbox WHERE state = 'sending'")
	d.postgres.cut()
	until(t, "the provider has taken them, and nobody could note it", func() bool {
		failed, err := d.redis.client.ZCard(t.Context(), "asynq:{send}:retry").Result()
		return err == nil && failed == citizens && len(d.carrier.on("")) == citizens
	})
	d.postgres.mend()
	until(t, "desk is ready", func() bool { return answers(d.public+"/readyz", http.StatusOK) })
	d.is(citizens, "SELECT count(*) FROM outbox WHERE provider_id IS NULL")
	d.change("UPDATE outbox SET called_at = called_at - interval '4 minutes' WHERE state = 'sending'") // time passes
	d.becomes(citizens, "SELECT count(*) FROM outbox WHERE provider_id IS NOT NULL")
	d.quiet()
	d.everyRowArrivedOnce()
}
