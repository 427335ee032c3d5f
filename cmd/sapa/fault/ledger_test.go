package fault

import (
	"flag"
	"slices"
	"sync"
	"testing"
)

// ledger is how many messages the books hold: 500 are a minute's work on two cores,
// `go test ./cmd/sapa/fault -run Ledger -ledger 20000` is a busy hour's.
var ledger = flag.Int("ledger", 500, "messages that the books of the ledger test hold")

// sayings are what the citizens of the ledger write, in turn: for the bot, for
// nobody, and for a person.
var sayings = [...]string{
	question, "halo", "kartu prakerja saya hilang gimana ya min", "sertifikat belum muncul padahal sudah selesai",
	"saya mau bicara dengan petugas",
}

// Every webhook twice and late, reports in the wrong order, Redis wiped, and the
// desk killed in the middle. Afterwards the books are balanced.
func TestLedgerBalances(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	t.Parallel()
	tests := []struct {
		name         string
		citizens     int
		begin, again func(*desk)
	}{
		{"killed and started again", *ledger / len(sayings), func(d *desk) { d.serve() }, func(d *desk) { d.serve() }},
		{"one of two processes killed", min(*ledger, 200) / len(sayings), (*desk).pair, func(*desk) {}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.keepBooks(test.citizens, test.begin, test.again)
		})
	}
}

// keepBooks lets citizens write, kills the desk in the middle, and counts. again
// brings it back.
func (d *desk) keepBooks(citizens int, begin, again func(*desk)) {
	d.t.Helper()
	d.carrier.misbehave(fields{
		"duplicate": 2, "delay_ms": 20, "answer_delay_ms": 150, "status_order": "reverse", "drop": []string{"queued"}, "read": "never",
	})
	begin(d)
	sent, written := d.crowd(citizens)
	middle := citizens * len(sayings) * 2 / 5
	d.follow("the middle", func() int {
		return max(0, middle-d.count("SELECT count(*) FROM messages WHERE author = 'citizen'"))
	})
	until(d.t, "calls are under way", func() bool { return d.count("SELECT count(*) FROM outbox WHERE state = 'sending'") > 2 })
	d.web.kill()
	d.redis.wipe()
	inFlight := d.count("SELECT count(*) FROM outbox WHERE state = 'sending'")
	d.change("UPDATE outbox SET called_at = called_at - interval '4 minutes' WHERE state = 'sending'")
	again(d)
	<-written

	missed := slices.DeleteFunc(slices.Clone(sent.messages), message.taken)
	d.t.Logf("the kill cut off %d calls of the provider; %d messages met a closed door", inFlight, len(missed))

	// The provider delivers once more what it has no answer for, and some of the rest.
	for i, m := range sent.messages {
		if !m.taken() || i%20 == 0 {
			if again := d.carrier.again(m.Sid, 2); !again.taken() {
				d.t.Fatalf("refused again: %+v", again.Webhooks)
			}
		}
	}
	d.follow("nothing is outstanding", d.outstanding)
	d.balanceInbound(sent.sids(), citizens*len(sayings))
	d.balanceAnswers(citizens)
	d.balanceOutbound(inFlight)
}

// follow waits until nothing is left, for as long as it gets less: a long book has
// long work.
func (d *desk) follow(what string, left func() int) {
	d.t.Helper()
	for least := left(); least > 0; {
		until(d.t, what, func() bool {
			now := left()
			less := now < least
			least = min(least, now)
			return less
		})
	}
}

// crowd lets citizens write all they have to say, twelve of them at a time, until
// the channel closes.
func (d *desk) crowd(citizens int) (sent *book, written chan struct{}) {
	const atATime = 12
	sent, written = &book{}, make(chan struct{})
	var writing sync.WaitGroup
	turns := make(chan int, citizens)
	for range atATime {
		writing.Go(func() {
			for citizen := range turns {
				for _, text := range sayings {
					sent.add(d.carrier.tries(phone(citizen), text))
				}
			}
		})
	}
	for citizen := range citizens {
		turns <- citizen
	}
	close(turns)
	go func() {
		writing.Wait()
		close(written)
	}()
	return sent, written
}

// book collects what citizens sent. Safe for concurrent use.
type book struct {
	mu       sync.Mutex
	messages []message
}

func (b *book) add(m message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.messages = append(b.messages, m)
}

func (b *book) sids() []string {
	var sids []string
	for _, m := range b.messages {
		sids = append(sids, m.Sid)
	}
	slices.Sort(sids)
	return sids
}

// balanceInbound: each message of a citizen is one line, and none is anything else.
func (d *desk) balanceInbound(sids []string, want int) {
	d.t.Helper()
	var stored []string
	must(d.t, d.db.NewRaw("SELECT provider_id FROM messages WHERE author = 'citizen' ORDER BY provider_id COLLATE \"C\"").Scan(d.t.Context(), &stored))
	if len(sids) != want || !slices.Equal(stored, sids) {
		d.t.Errorf("citizens sent %d messages, %d are stored; want the same %d", len(sids), len(stored), want)
	}
	d.is(want, "SELECT count(*) FROM receipts")
	d.is(0, "SELECT count(*) FROM (SELECT FROM messages GROUP BY conversation_id HAVING count(*) <> max(seq) - min(seq) + 1) gaps")
}

// balanceAnswers: every conversation was answered by the bot up to its last line
// or is with people, and the bot never spoke more often than it was spoken to.
func (d *desk) balanceAnswers(citizens int) {
	d.t.Helper()
	d.is(citizens, "SELECT count(*) FROM conversations")
	d.is(citizens, `SELECT count(*) FROM conversations c WHERE
		(SELECT count(*) FROM conversation_events e WHERE e.conversation_id = c.id AND e.event = 'handed_over') =
		CASE state WHEN 'bot' THEN 0 WHEN 'queued' THEN 1 END`)
	d.is(0, `SELECT count(*) FROM conversations c WHERE
		(SELECT count(DISTINCT at) FROM messages m WHERE m.conversation_id = c.id AND author = 'bot') >
		(SELECT count(*) FROM messages m WHERE m.conversation_id = c.id AND author = 'citizen')`)
	d.is(0, `SELECT count(*) FROM conversations c WHERE state = 'bot' AND NOT EXISTS
		(SELECT FROM messages m WHERE m.conversation_id = c.id AND author = 'bot' AND m.seq > c.citizen_seq)`)
}

// balanceOutbound: every line to a citizen is one message at the provider. Only
// calls cut off by the kill may be unknown, and then the provider has none.
func (d *desk) balanceOutbound(inFlight int) {
	d.t.Helper()
	var ours, theirs []string
	must(d.t, d.db.NewRaw("SELECT provider_id FROM outbox WHERE provider_id IS NOT NULL").Scan(d.t.Context(), &ours))
	for _, m := range d.carrier.on("") {
		theirs = append(theirs, m.Sid)
	}
	slices.Sort(ours)
	slices.Sort(theirs)
	if !slices.Equal(ours, theirs) {
		d.t.Errorf("%d rows have gone out, the provider has %d messages", len(ours), len(theirs))
	}
	unknown := d.count("SELECT count(*) FROM outbox WHERE provider_id IS NULL AND state = 'unknown'")
	if unknown > inFlight {
		d.t.Errorf("%d messages are unknown, %d were with the provider at the kill", unknown, inFlight)
	}
	d.is(len(ours)+unknown, "SELECT count(*) FROM outbox")
	d.is(0, "SELECT count(*) FROM outbox WHERE state = 'failed'")
	d.is(len(ours)+unknown, "SELECT count(*) FROM messages WHERE outbox_id IS NOT NULL")
}

// tries is writes for a desk that may not answer; it may run beside others.
func (c carrier) tries(phone, text string) message {
	var m message
	if err := c.call("/control/inbound", fields{"channel": "whatsapp", "from": phone, "body": text}, &m); err != nil {
		c.t.Error(err)
	}
	return m
}
