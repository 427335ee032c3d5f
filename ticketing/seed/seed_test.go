package seed_test

import (
	"errors"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"sapa/migrations/dbtest"
	"sapa/program/access"
	"sapa/ticketing/fix"
	"sapa/ticketing/seed"
)

// begin is the instant at which the past of most tests ends: a Monday afternoon,
// 16:30 WIB.
var begin = time.Date(2026, time.November, 23, 9, 30, 0, 0, time.UTC)

func load(t *testing.T, conversations int) (*fix.World, seed.Report) {
	t.Helper()
	w := fix.New(t)
	w.Clock.Set(begin)
	for n := range 30 {
		w.Participant("Siti Contoh", phone(n))
	}
	report, err := seed.Load(t.Context(), seed.Options{DB: w.DB, Conversations: conversations, Seed: 7, Now: begin})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", report)
	return w, report
}

func phone(n int) string {
	return "+628201000" + string(rune('0'+n/10)) + string(rune('0'+n%10)) + "00"
}

func all[T any](t *testing.T, db *bun.DB, query string, arguments ...any) []T {
	t.Helper()
	var list []T
	if err := db.NewRaw(query, arguments...).Scan(t.Context(), &list); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return list
}

// none fails the test for every row of a query that must find nothing.
func none(t *testing.T, db *bun.DB, what, query string, arguments ...any) {
	t.Helper()
	if found := all[string](t, db, query, arguments...); len(found) > 0 {
		t.Errorf("%s: %d, such as %s", what, len(found), found[0])
	}
}

func TestLoadNeedsADesk(t *testing.T) {
	t.Parallel()
	_, err := seed.Load(t.Context(), seed.Options{DB: dbtest.New(t), Conversations: 10, Now: begin})
	if !errors.Is(err, seed.ErrNoDesk) {
		t.Errorf("err = %v, want ErrNoDesk", err)
	}
}

// TestRowsAgree checks what the columns of different tables say of each other.
func TestRowsAgree(t *testing.T) {
	t.Parallel()
	w, report := load(t, 200)
	if report.Conversations < 200 {
		t.Errorf("%d conversations, want 200 and those of reporters who answered", report.Conversations)
	}
	cases := []struct{ name, query string }{
		{"heads that do not match their lines", `SELECT c.id::text FROM conversations c JOIN LATERAL (
				SELECT max(seq) AS last, min(seq) AS first, count(*) AS n, max(seq) FILTER (WHERE author = 'bot') AS bot,
					max(at) FILTER (WHERE kind = 'message') AS at, bool_and(at <= ?0) AS past, count(DISTINCT seq) AS seqs
				FROM messages m WHERE m.conversation_id = c.id) m ON true
			WHERE c.last_seq <> m.last OR m.last - m.first + 1 <> m.n OR c.last_at <> m.at OR NOT m.past OR m.at < c.opened_at`},
		{"previews of something else", `SELECT c.id::text FROM conversations c JOIN LATERAL (SELECT author, text FROM messages m
				WHERE m.conversation_id = c.id AND kind = 'message' AND author <> 'system' ORDER BY seq DESC LIMIT 1) m ON true
			WHERE c.preview_from <> m.author OR rtrim(c.preview, '…') <> left(m.text, length(rtrim(c.preview, '…')))`},
		{"lines that run backwards", `SELECT id::text FROM (SELECT id, at, lag(at) OVER (PARTITION BY conversation_id ORDER BY seq) AS before
			FROM messages) m WHERE at < before`},
		{"sequences with gaps between conversations", `SELECT id::text FROM (SELECT c.id, c.opened_at,
				(SELECT min(seq) FROM messages m WHERE m.conversation_id = c.id) AS first,
				lag(c.last_seq) OVER (PARTITION BY c.point_id ORDER BY c.opened_at) AS before,
				lag(c.ended_at) OVER (PARTITION BY c.point_id ORDER BY c.opened_at) AS ended FROM conversations c) x
			WHERE first <> coalesce(before, 0) + 1 OR ended > opened_at`},
		{"still open", `SELECT id::text FROM conversations WHERE state <> 'ended' OR ended_at > ?0 OR unread <> 0 OR waiting_since IS NOT NULL
			OR least(bot_due, ring_until, wrap_until, silence_due) IS NOT NULL`},
		{"ends without beginning in the history", `SELECT c.id::text FROM conversations c
			WHERE (SELECT count(*) FROM conversation_events e WHERE e.conversation_id = c.id AND event IN ('opened','ended')) <> 2`},
		{"handed over without a stay", `SELECT c.id::text FROM conversations c LEFT JOIN queue_stays s ON s.conversation_id = c.id
			WHERE (c.queued_at IS NULL) <> (s.id IS NULL) OR s.offered_at <> c.queued_at OR s.due_at <> c.sla_due OR s.counted_from <> c.sla_from
				OR s.id IS NOT NULL AND s.left_at IS NULL OR s.how = 'answered' AND s.left_at <> c.answered_at OR s.left_at < s.offered_at
				OR (coalesce(s.how, '') = 'answered') <> (c.answered_at IS NOT NULL)`},
		{"assigned without handling", `SELECT c.id::text FROM conversations c LEFT JOIN handlings h ON h.conversation_id = c.id
			WHERE (c.assignee_id IS NULL) <> (h.id IS NULL) OR h.from_at <> c.assigned_at OR h.talk_to <> c.ended_at OR h.wrap_to < h.talk_to
				OR h.answered <> (c.answered_at IS NOT NULL)`},
		{"agents with more than their hands", `SELECT h.id::text FROM handlings h JOIN staff s ON s.id = h.staff_id
			WHERE (SELECT count(*) FROM handlings o WHERE o.staff_id = h.staff_id AND o.from_at <= h.from_at AND o.wrap_to > h.from_at) > s.capacity`},
		{"asked twice in a day", `SELECT a.id::text FROM csat a JOIN csat b ON b.contact_id = a.contact_id AND b.id <> a.id
			AND b.asked_at >= a.asked_at AND b.asked_at < a.asked_at + interval '24 hours'`},
		{"ratings out of time", `SELECT id::text FROM csat WHERE rated_at < asked_at OR rated_at > ?0 OR (score IS NULL) <> (rated_at IS NULL)`},
		{"ratings nobody reads in the thread", `SELECT r.id::text FROM csat r WHERE rated_at IS NOT NULL AND NOT EXISTS (SELECT FROM messages m
			WHERE m.conversation_id = r.conversation_id AND m.at = r.rated_at AND m.data->>'key' = 'line.rated')`},
		{"presence with gaps", `SELECT id::text FROM (SELECT id, from_at, lag(to_at) OVER (PARTITION BY staff_id ORDER BY from_at) AS before
			FROM presence_log) p WHERE from_at <> before`},
		{"presence that is not offline now", `SELECT p.staff_id::text FROM presence p LEFT JOIN presence_log l ON l.staff_id = p.staff_id AND l.to_at IS NULL
			WHERE p.state <> 'offline' OR l.state <> 'offline' OR l.from_at <> p.since OR p.since > ?0`},
		{"agents who talk while offline", `SELECT h.id::text FROM handlings h JOIN presence_log l ON l.staff_id = h.staff_id AND l.state <> 'on_contact'
			WHERE h.from_at > ?0::timestamptz - interval '13 days' AND l.from_at > h.from_at AND l.to_at < h.talk_to`},
		{"texts that lack words", `SELECT id::text FROM messages WHERE text LIKE '%<no value>%' OR text LIKE '%{{%' OR text LIKE '%{agent}%'
			OR kind <> 'system' AND text = '' OR kind = 'system' AND data IS NULL OR text ~ '[0-9]{16}'`},
		{"conversations of nobody's channel", `SELECT c.id::text FROM conversations c JOIN inboxes i ON i.id = c.inbox_id JOIN contact_points p ON p.id = c.point_id
			WHERE i.kind <> c.kind OR p.contact_id <> c.contact_id OR (p.kind = 'visitor') <> (c.kind = 'webchat')`},
		{"subjects without proof", `SELECT id::text FROM conversations WHERE (participant_id IS NULL) <> (subject_confidence = '')`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { none(t, w.DB, c.name, c.query, begin) })
	}
}

// TestShares holds a larger past to the proportions it promises.
func TestShares(t *testing.T) {
	t.Parallel()
	w, report := load(t, 4000)
	cases := []struct {
		name, query string
		from, to    float64
	}{
		{"contained by the bot", "SELECT avg((queued_at IS NULL)::int) FROM conversations", 0.60, 0.68},
		{"satisfied", "SELECT avg((score >= 4)::int) FROM csat WHERE rated_at IS NOT NULL", 0.85, 0.94},
		{"ratings", "SELECT avg((rated_at IS NOT NULL)::int) FROM csat", 0.25, 0.40},
		{"answered in time", "SELECT avg((how = 'answered' AND left_at <= due_at)::int) FROM queue_stays", 0.70, 0.95},
		{"abandoned", "SELECT avg((how = 'abandoned')::int) FROM queue_stays", 0.02, 0.14},
		{"minutes a contact", "SELECT avg(extract(epoch FROM wrap_to - from_at)) / 60 FROM handlings WHERE answered", 6, 16},
		{"Javanese", "SELECT avg((language = 'jav')::int) FROM conversations", 0.02, 0.12},
		{"Sundanese", "SELECT avg((language = 'sun')::int) FROM conversations", 0.01, 0.10},
		{"in desk hours", "SELECT avg((extract(hour FROM opened_at + interval '7 hours') BETWEEN 8 AND 19)::int) FROM conversations", 0.72, 0.90},
		{"today", "SELECT count(*) FROM conversations WHERE opened_at >= '2026-11-22 17:00Z'", 120, 500},
		{"of different wording", "SELECT count(DISTINCT text)::float / count(*) FROM messages WHERE author = 'citizen' AND length(text) > 12", 0.25, 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := all[float64](t, w.DB, "SELECT ("+c.query+")::float8")[0]; got < c.from || got > c.to {
				t.Errorf("%s = %.3f, want %.2f to %.2f", c.name, got, c.from, c.to)
			} else {
				t.Logf("%s = %.3f", c.name, got)
			}
		})
	}
	for _, state := range []string{"new", "open", "in_progress", "pending", "on_hold", "resolved", "rejected", "appealed", "closed"} {
		if report.ByState[state] == 0 {
			t.Errorf("no ticket is %s: %v", state, report.ByState)
		}
	}
	for _, query := range []string{"sla_status = 'breached' AND state NOT IN ('closed','resolved','rejected')", "sla_status = 'at_risk'", "level > 0", "due_unknown", "reopen_count > 0"} {
		if n := all[int](t, w.DB, "SELECT count(*) FROM tickets WHERE "+query)[0]; n == 0 {
			t.Errorf("no ticket with %s", query)
		}
	}
	t.Logf("reasons %v", all[string](t, w.DB, "SELECT closed_reason || ' ' || count(*) FROM tickets WHERE state = 'closed' GROUP BY closed_reason"))
}

// TestReproducible: the same number gives the same past, another one another,
// and a second load on top adds to the first.
func TestReproducible(t *testing.T) {
	t.Parallel()
	digest := func(number uint64, again bool) string {
		w := fix.New(t)
		o := seed.Options{DB: w.DB, Conversations: 60, Seed: number, Now: begin}
		if _, err := seed.Load(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		if again {
			if _, err := seed.Load(t.Context(), o); err != nil {
				t.Fatal(err)
			}
			if n := all[int](t, w.DB, "SELECT count(*) FROM conversations")[0]; n < 120 {
				t.Errorf("%d conversations after two loads of 60", n)
			}
		}
		return all[string](t, w.DB, `SELECT md5(
			(SELECT string_agg(concat_ws('|', id, at, author, text), ',' ORDER BY id) FROM messages) ||
			(SELECT string_agg(concat_ws('|', id, number, state, due_at, subject), ',' ORDER BY id) FROM tickets) ||
			(SELECT string_agg(concat_ws('|', id, from_at, wrap_to), ',' ORDER BY id) FROM handlings))`)[0]
	}
	first := digest(3, false)
	if digest(3, false) != first {
		t.Error("the same seed gave another past")
	}
	if digest(4, true) == first {
		t.Error("another seed gave the same past")
	}
}

var supervisor = access.Actor{Kind: access.Staff, ID: "00000000-0000-7000-8000-000000000001", Name: "Pengawas", Role: access.Supervisor}
