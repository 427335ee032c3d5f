package fault

import (
	"slices"
	"strings"
	"testing"
)

// Statements at which a test stops the bot's turn.
const (
	decide  = `INSERT INTO "bot_dialogues"`
	speak   = "UPDATE messages m SET language"
	handing = "handed_over"
)

// The worker dies in the middle of the bot's turn. After a restart the citizen
// has the answer that an undisturbed citizen has, or a person; never two.
func TestKilledInTheMiddleOfATurnTheBotAnswersOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.serve(webOnly)
	d.work()
	const wanted = "saya mau bicara dengan petugas manusia"
	undisturbed := map[string][]string{}
	for i, text := range []string{question, wanted} {
		d.carrier.writes(phone(i), text, 1)
		d.carrier.arrives(phone(i), 0)
		d.quiet()
		undisturbed[text] = d.said(phone(i))
	}
	tests := []struct {
		name string
		text string
		stop func(p *proxy) *trap
	}{
		{"nothing decided", question, func(p *proxy) *trap { return p.hold(decide) }},
		{"decided, not committed", question, func(p *proxy) *trap { return p.hold(decide, commit) }},
		{"decided, its commit not heard of", question, func(p *proxy) *trap { return p.swallow(decide, commit) }},
		{"speaking", question, func(p *proxy) *trap { return p.hold(speak) }},
		{"spoken, not committed", question, func(p *proxy) *trap { return p.hold(speak, commit) }},
		{"spoken, its commit not heard of", question, func(p *proxy) *trap { return p.swallow(speak, commit) }},
		{"handing over", wanted, func(p *proxy) *trap { return p.hold(handing, commit) }},
		{"handed over, its commit not heard of", wanted, func(p *proxy) *trap { return p.swallow(handing, commit) }},
	}
	for i, test := range tests {
		stopped := test.stop(d.postgres)
		d.carrier.writes(phone(10+i), test.text, 1)
		reached(t, test.name, stopped.caught)
	}
	d.worker.kill()
	d.work()
	d.becomes(0, "SELECT count(*) FROM conversations WHERE state = 'bot' AND citizen_seq > bot_seq")
	d.quiet()
	for i, test := range tests {
		to := phone(10 + i)
		got, want := d.said(to), undisturbed[test.text]
		person := d.count("SELECT count(*) FROM conversations WHERE id = ? AND state = 'queued'", d.conversation(to)) == 1
		if !slices.Equal(got, want) && !(person && !slices.ContainsFunc(got, byBot)) {
			t.Errorf("%s: the citizen was told %q, want %q", test.name, got, want)
		}
		if n := len(d.carrier.on(to)); n != len(got) {
			t.Errorf("%s: %d messages on the phone for %d of ours", test.name, n, len(got))
		}
	}
}

// said is all that a phone was told, in order: why, and the words or their key.
func (d *desk) said(phone string) []string {
	d.t.Helper()
	var list []string
	must(d.t, d.db.NewRaw(`SELECT purpose || ' ' || coalesce(nullif(key, ''), text) FROM outbox
		WHERE address = ? ORDER BY message_seq`, phone).Scan(d.t.Context(), &list))
	return list
}

func byBot(said string) bool { return strings.HasPrefix(said, "bot ") }
