package fault

import (
	"net/http"
	"slices"
	"testing"
)

// While Redis is away nobody is told at once; the open windows learn of it by
// themselves when it is back.
func TestOpenChatWindowCatchesUpWhenRedisIsBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.serve()
	rina, siti := d.agent("rina"), d.visitor()
	s := siti.connect()
	siti.says(s, "e1", question)
	d.quiet()
	talk := d.text("SELECT id FROM conversations")
	rina.claim(talk)
	rina.says(talk, "r1", "Halo, saya Rina.")
	siti.upTo(s, "Halo, saya Rina.")

	d.redis.stop()
	siti.says(s, "e2", "ini masih nyambung?") // acknowledged: it is stored
	rina.says(talk, "r2", "Masih, sebentar ya.")
	rina.says(talk, "r3", "Sudah saya proses.")
	d.redis.start()
	siti.upTo(s, "Sudah saya proses.")
	d.wholeThread(siti)
	if got := len(rina.after(talk, 0)); got != d.count("SELECT count(*) FROM messages") {
		t.Errorf("the agent sees %d lines", got)
	}
}

// What cannot be stored is never acknowledged; sent again, it is one message.
func TestChatAndRepliesAreRefusedNotLostWhilePostgresIsAway(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.serve()
	rina, siti := d.agent("rina"), d.visitor()
	s := siti.connect()
	siti.says(s, "e1", question)
	d.quiet()
	talk := d.text("SELECT id FROM conversations")
	rina.claim(talk)
	rina.says(talk, "r1", "Halo, saya Rina.")
	siti.upTo(s, "Halo, saya Rina.")

	d.postgres.cut()
	s.send(fields{"type": "message", "echo": "e2", "text": "kapan cairnya?"})
	for f := s.last(); f != nil; f = s.last() {
		if f.Type == "ack" {
			t.Fatal("acknowledged what is not stored")
		}
		if f.Type == "reject" && f.Echo == "e2" {
			break
		}
	}
	if status, answer := rina.say(talk, "r2", "Besok."); status != http.StatusServiceUnavailable {
		t.Errorf("the reply was answered %d %s, want 503", status, answer)
	}
	s.drop()
	d.postgres.mend()
	until(t, "desk is ready", func() bool { return answers(d.public+"/readyz", http.StatusOK) })

	s = siti.connect()
	siti.says(s, "e2", "kapan cairnya?")
	siti.says(s, "e2", "kapan cairnya?")
	rina.says(talk, "r2", "Besok.")
	rina.says(talk, "r2", "Besok.")
	siti.upTo(s, "Besok.")
	d.wholeThread(siti)
	want := []string{"kapan cairnya?", "Besok."}
	if got := texts(siti.told[len(siti.told)-2:]); !slices.Equal(got, want) {
		t.Errorf("the thread ends with %q, want %q", got, want)
	}
}

// A polite stop, as at every release, finishes what is under way: nothing is
// left unknown, nothing goes out twice.
func TestStoppedPolitelyTheDeskFinishesItsCalls(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.serve()
	d.carrier.misbehave(fields{"answer_delay_ms": 4000})
	const citizens = 6
	for i := range citizens {
		d.carrier.writes(phone(i), question, 1)
	}
	d.becomes(citizens, "SELECT count(*) FROM outbox WHERE state = 'sending'")
	if code := d.web.stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	d.is(citizens, "SELECT count(*) FROM outbox WHERE provider_id IS NOT NULL")
	d.is(0, "SELECT count(*) FROM outbox WHERE state IN ('sending','unknown')")
	d.carrier.misbehave(fields{"answer_delay_ms": 0})
	d.serve()
	d.quiet()
	d.everyRowArrivedOnce()
}
