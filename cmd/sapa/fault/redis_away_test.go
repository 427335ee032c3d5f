package fault

import (
	"fmt"
	"net/http"
	"testing"
)

// Every task is lost with Redis; the rows know what is due.
func TestRedisWipedWhileMessagesAreQueuedEverythingGoesOutOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.serve(webOnly)
	rina := d.agent("rina")
	const citizens = 8
	for i := range citizens {
		d.carrier.writes(phone(i), question, 1)
		if i%2 == 0 { // these wait for the bot, the others for the agent's words
			continue
		}
		rina.claim(d.conversation(phone(i)))
		rina.says(d.conversation(phone(i)), "satu", fmt.Sprint("Jawaban untuk ", i))
	}
	d.is(2*citizens/2, "SELECT count(*) FROM outbox WHERE state = 'queued'") // who took it, and the answer
	d.is(citizens/2, "SELECT count(*) FROM conversations WHERE state = 'bot' AND citizen_seq > bot_seq")

	d.redis.wipe()
	d.work()
	d.quiet()
	d.everyRowArrivedOnce()
	for i := range citizens {
		if n := with(fmt.Sprint("Jawaban untuk ", i), d.carrier.on(phone(i))); n != i%2 {
			t.Errorf("citizen %d has the agent's answer %d times, want %d", i, n, i%2)
		}
	}
	d.is(citizens/2, "SELECT count(DISTINCT conversation_id) FROM messages WHERE author = 'bot'")
}

// everyRowArrivedOnce holds our rows against the provider's messages, one by one.
func (d *desk) everyRowArrivedOnce() {
	d.t.Helper()
	var ours []string
	must(d.t, d.db.NewRaw("SELECT coalesce(provider_id, 'row ' || id) FROM outbox").Scan(d.t.Context(), &ours))
	known := map[string]int{}
	for _, sid := range ours {
		known[sid]++
	}
	theirs := d.carrier.on("")
	for _, m := range theirs {
		known[m.Sid]--
	}
	for sid, n := range known {
		if n != 0 {
			d.t.Errorf("%s: %+d with us against the provider", sid, n)
		}
	}
	if len(ours) == 0 || len(ours) != len(theirs) {
		d.t.Errorf("%d rows and %d messages at the provider", len(ours), len(theirs))
	}
}

func TestRedisStoppedNothingIsRefusedAndEverythingGoesOutLater(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.serve()
	rina := d.agent("rina")
	d.carrier.writes(phone(0), question, 1)
	d.quiet()
	talk := d.conversation(phone(0))
	rina.claim(talk)
	d.quiet()

	d.redis.stop()
	until(t, "redis is missed", func() bool {
		status, parts := d.readiness()
		return status == http.StatusServiceUnavailable && parts["redis"] != "ok" && parts["postgres"] == "ok"
	})
	const citizens = 5
	for i := 1; i <= citizens; i++ {
		if m := d.carrier.writes(phone(i), question, 2); m.refused() > 0 || m.slowest() > providerWaits {
			t.Errorf("while redis is away: %+v", m.Webhooks)
		}
	}
	d.is(1+citizens, "SELECT count(*) FROM messages WHERE author = 'citizen'")
	rina.says(talk, "satu", "Sebentar saya periksa.")
	rina.says(talk, "satu", "Sebentar saya periksa.")

	d.redis.start()
	until(t, "desk is ready", func() bool { return answers(d.public+"/readyz", http.StatusOK) })
	d.quiet()
	d.everyRowArrivedOnce()
	if n := with("Sebentar saya periksa.", d.carrier.on(phone(0))); n != 1 {
		t.Errorf("the agent's words arrived %d times, want 1", n)
	}
	// Each is answered by the bot, or has come to people.
	d.is(0, `SELECT count(*) FROM conversations c WHERE state = 'bot' AND
		NOT EXISTS (SELECT FROM messages m WHERE m.conversation_id = c.id AND m.author = 'bot')`)
}
