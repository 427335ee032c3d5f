package fault

import (
	"net/http"
	"testing"
)

// Statements at which a test stops the desk.
const (
	beforeQueue = `"o"."attempts", "o"."due_at" FROM "outbox"` // the row is committed, its task not yet enqueued
	markSending = "UPDATE outbox AS o SET state = 'sending'"   // a worker has the task
	storeEvent  = "INSERT INTO receipts"                       // a webhook is being stored
	commit      = "commit"
)

// A reply is stopped at each step between its commit and the provider's report,
// the desk is killed, and started again.
func TestKilledBetweenCommitAndSendEveryReplyGoesOutOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.serve()
	rina := d.agent("rina")
	steps := []string{"not queued", "not begun", "not taken", "not answered", "not stored"}
	talks := map[string]string{}
	for i, step := range steps {
		d.carrier.writes(phone(i), question, 1)
		talks[step] = d.conversation(phone(i))
	}
	d.quiet()
	for _, step := range steps {
		rina.claim(talks[step])
	}
	d.quiet()
	d.carrier.misbehave(fields{"drop": []string{"queued", "sent", "delivered", "read"}})
	text := func(step string) string { return "Jawaban: " + step }
	replies := make(chan int, len(steps))
	send := func(step string) {
		go func() {
			status, _ := rina.say(talks[step], step, text(step))
			replies <- status
		}()
	}

	stopped := d.postgres.hold(beforeQueue)
	send("not queued")
	reached(t, "reply committed", stopped.caught)

	stopped = d.postgres.hold(markSending)
	send("not begun")
	reached(t, "task taken", stopped.caught)

	for i, step := range steps[2:4] {
		d.carrier.misbehave(fields{"hang": fields{"take": step == "not answered", "to": phone(i + 2), "times": 1}})
		send(step)
		until(t, "provider called", func() bool { return d.carrier.hung() })
	}

	stopped = d.postgres.hold(stored)
	send("not stored")
	reached(t, "provider has answered", stopped.caught)

	d.is(5, "SELECT count(*) FROM outbox WHERE purpose = 'reply' AND provider_id IS NULL")
	d.is(3, "SELECT count(*) FROM outbox WHERE purpose = 'reply' AND state = 'sending'")
	d.web.kill()
	for range steps {
		<-replies
	}
	d.serve()
	// The agent's browser, which may not have had its answer, sends again.
	for _, step := range steps {
		if status, answer := rina.say(talks[step], step, text(step)); status != http.StatusOK {
			t.Errorf("%s, again: %d %s", step, status, answer)
		}
	}
	// What was with the provider when the process died counts as dead after a while.
	d.change("UPDATE outbox SET called_at = called_at - interval '4 minutes' WHERE state = 'sending'")
	d.becomes(4, "SELECT count(*) FROM outbox WHERE purpose = 'reply' AND state IN ('sent','delivered','read')")
	d.becomes(1, "SELECT count(*) FROM outbox WHERE purpose = 'reply' AND state = 'unknown' AND asked > 0")

	for i, step := range steps {
		want := 1
		if step == "not taken" {
			want = 0
		}
		if got := with(text(step), d.carrier.on(phone(i))); got != want {
			t.Errorf("%s: %d on the phone, want %d", step, got, want)
		}
	}
	d.is(5, "SELECT count(*) FROM outbox WHERE purpose = 'reply'")
	d.is(5, "SELECT count(*) FROM messages WHERE author = 'agent'")
	// Nobody knows about the one that was not taken: the agent is told, and decides.
	thread := rina.after(talks["not taken"], 0)
	if last := thread[len(thread)-1]; last.Delivery == nil || last.Delivery.State != "unknown" || !last.Delivery.Retryable {
		t.Errorf("the agent sees %+v, want unknown and retryable", last.Delivery)
	}
}

// hung tells whether the hang fault has been used up.
func (c carrier) hung() bool {
	c.t.Helper()
	var faults struct{ Hang any }
	c.ask("/control", nil, &faults)
	return faults.Hang == nil
}

// The provider never saw the answer to its webhook, so it sends it again.
func TestKilledBeforeTheWebhookIsAnsweredItIsOneMessage(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, sid string
		stop      func(*proxy) *trap
		rows      int
	}{
		{"before the commit", "SM01", func(p *proxy) *trap { return p.hold(storeEvent, commit) }, 0},
		{"after the commit", "SM02", func(p *proxy) *trap { return p.swallow(storeEvent, commit) }, 1},
	}
	d := newDesk(t)
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d.serve()
			stopped := test.stop(d.postgres)
			answered := make(chan int, 1)
			h := inboundHook(test.sid, phone(i), question)
			go func() { answered <- d.send(h) }()
			reached(t, "webhook is being stored", stopped.caught)
			const messages = `SELECT count(*) FROM messages m JOIN conversations c ON c.id = m.conversation_id
				JOIN contact_points p ON p.id = c.point_id WHERE m.author = 'citizen' AND p.value = ?`
			d.becomes(test.rows, messages, phone(i))
			d.web.kill()
			if status := <-answered; status != 0 {
				t.Fatalf("answered %d before it was stored", status)
			}
			d.serve()
			for range 3 {
				d.expect(http.StatusOK, h)
			}
			d.is(1, messages, phone(i))
			d.carrier.arrives(phone(i), 0)
			d.quiet()
			d.web.kill()
		})
	}
	if one, two := len(d.carrier.on(phone(0))), len(d.carrier.on(phone(1))); one != two {
		t.Errorf("the same question has %d and %d answers", one, two)
	}
}
