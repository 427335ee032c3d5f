package ticketing

import (
	"slices"
	"strings"
)

// Dimensions by which a report tells contacts apart.
const (
	ByQueue    = "queue"
	ByChannel  = "channel"
	ByLanguage = "language"
	ByCategory = "category"
	ByStaff    = "agent"
)

// Dimensions lists them in the order of screens.
func Dimensions() []string {
	return []string{ByQueue, ByChannel, ByLanguage, ByCategory, ByStaff}
}

// everybody is the code of what a dimension cannot tell apart: it counts in days
// and totals and is no row of its own.
const everybody = "*"

// reportSource is one table that reports sum: day is the WIB day at which a row
// counts, sums are SQL in the order of Sums from first on. where may use ?today
// and ?until as the ends of the period and ?now.
type reportSource struct {
	name, from, at, where string
	first                 int
	lasting               bool // nothing happens any more to a day long past
	sums                  []string
	codes                 map[string]string // by dimension; missing is everybody
}

// solvedFirst is settled without another queue and without the same person
// coming back on the same subject, on any channel, within seven days.
const solvedFirst = `c.outcome IN ('solved','answered')
	AND NOT EXISTS (SELECT FROM queue_stays m WHERE m.conversation_id = c.id AND m.how = 'flow_out')
	AND NOT EXISTS (SELECT FROM conversations n WHERE n.contact_id = c.contact_id AND n.id <> c.id AND n.intent = c.intent
		AND n.opened_at > c.ended_at AND n.opened_at <= c.ended_at + interval '7 days')`

// late is a ticket that was not decided by its time.
const late = "coalesce(ticket.decided_at, ticket.closed_at, 'infinity'::timestamptz) > ticket.due_at"

func reportSources() []reportSource {
	about := "LEFT JOIN conversations c ON c.id = "
	queued := func(alias, staff string) map[string]string {
		return map[string]string{ByQueue: alias + ".queue_id::text", ByChannel: alias + ".kind", ByLanguage: "c.language", ByCategory: "c.intent", ByStaff: staff + "::text"}
	}
	ticket := map[string]string{ByQueue: "ticket.queue_id::text", ByChannel: "ticket.channel", ByLanguage: "c.language", ByCategory: "ticket.category", ByStaff: "ticket.owner_id::text"}
	tickets := "tickets ticket " + about + "ticket.conversation_id"
	return []reportSource{
		{name: "stays", lasting: true, from: "queue_stays y " + about + "y.conversation_id", at: "y.offered_at", first: sumOffered, where: isOffered + " AND y.offered_at < ?until",
			sums: []string{"count(*)", counting(isAnswered), counting(isWithin), counting(isAbandoned), counting(isAbandonedIn), counting(isShort),
				counting(isFlowOut), counting(isFlowOutIn), "coalesce(sum(y.waited_s) FILTER (WHERE " + isAnswered + "), 0)"},
			codes: queued("y", "CASE WHEN y.how = 'answered' THEN y.staff_id END")},
		{name: "handlings", lasting: true, from: "handlings h " + about + "h.conversation_id", at: "h.wrap_to", first: sumHandled, where: isHandled + " AND h.wrap_to < ?until",
			sums:  []string{"count(*)", "sum(extract(epoch FROM h.talk_to - h.from_at))", "sum(extract(epoch FROM h.wrap_to - h.talk_to))"},
			codes: queued("h", "h.staff_id")},
		{name: "ratings", lasting: true, from: "csat r " + about + "r.conversation_id", at: "r.rated_at", first: sumRated, where: isRated + " AND r.rated_at < ?until",
			sums: []string{"count(*)", counting(isRatedGood)}, codes: queued("r", "r.staff_id")},
		{name: "questions", lasting: true, from: "csat r " + about + "r.conversation_id", at: "r.asked_at", first: sumAsked, where: "r.asked_at >= ?today AND r.asked_at < ?until",
			sums: []string{"count(*)"}, codes: queued("r", "r.staff_id")},
		{name: "contacts", lasting: true, from: "conversations c", at: "c.ended_at", first: sumContacts,
			where: "c.ended_at >= ?today AND c.ended_at < ?until AND c.answered_at IS NOT NULL AND c.outcome NOT IN ('','spam')",
			sums:  []string{"count(*)", counting(solvedFirst)}, codes: queued("c", "c.assignee_id")},
		{name: "made", from: tickets, at: "ticket.registered_at", first: sumMade, where: "ticket.registered_at >= ?today AND ticket.registered_at < ?until",
			sums: []string{"count(*)"}, codes: ticket},
		{name: "decided", from: tickets, at: "ticket.decided_at", first: sumDecided, where: "ticket.decided_at >= ?today AND ticket.decided_at < ?until",
			sums: []string{"count(*)"}, codes: ticket},
		{name: "due", from: tickets, at: "ticket.due_at", first: sumDue, where: "ticket.due_at >= ?today AND ticket.due_at < least(?until::timestamptz, ?now::timestamptz)",
			sums: []string{"count(*)", counting(late)}, codes: ticket},
		{name: "presence", lasting: true, from: `presence_log g CROSS JOIN LATERAL generate_series(date_trunc('day', greatest(g.from_at, ?today::timestamptz), 'Asia/Jakarta'),
				least(coalesce(g.to_at, ?now::timestamptz), ?until::timestamptz), interval '1 day') AS d(at)
			CROSS JOIN LATERAL (SELECT extract(epoch FROM greatest(interval '0', least(coalesce(g.to_at, ?now::timestamptz), d.at + interval '1 day', ?until::timestamptz)
				- greatest(g.from_at, d.at, ?today::timestamptz))) AS s) span`,
			at: "d.at", first: sumBusy, where: "g.from_at < ?until::timestamptz AND coalesce(g.to_at, 'infinity'::timestamptz) > ?today::timestamptz AND d.at < ?until::timestamptz AND g.state NOT IN ('offline','break')",
			sums:  []string{"coalesce(sum(s) FILTER (WHERE g.state IN ('on_contact','wrap_up')), 0)", "coalesce(sum(s) FILTER (WHERE g.state IN ('available','ringing')), 0)"},
			codes: map[string]string{ByStaff: "g.staff_id::text"}},
	}
}

// query sums the source by WIB day and by the codes of a dimension.
func (s reportSource) query(by string) string {
	code := "'" + everybody + "'"
	if column, ok := s.codes[by]; ok {
		code = "coalesce(" + column + ", '')"
	}
	return "SELECT (" + s.at + " AT TIME ZONE 'Asia/Jakarta')::date AS day, " + code + " AS code, ARRAY[" +
		strings.Join(slices.Clone(s.sums), ", ") + "]::double precision[] AS sums FROM " + s.from + " WHERE " + s.where + " GROUP BY 1, 2"
}
