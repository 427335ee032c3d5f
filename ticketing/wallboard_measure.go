package ticketing

import "time"

// A number of the board and the list of its cases are read by one condition each:
// the board counts the rows that Cases lists. y is a stay in a queue, h a
// handling, r a rating, c a conversation, ticket a ticket.
const (
	isWaiting     = "y.left_at IS NULL"
	isOffered     = "y.offered_at >= ?today"
	isAnswered    = isOffered + " AND y.how = 'answered'"
	isWithin      = isAnswered + " AND y.left_at <= y.due_at"
	isAbandoned   = isOffered + " AND y.how = 'abandoned'"
	isAbandonedIn = isAbandoned + " AND y.left_at <= y.due_at"
	isShort       = isAbandoned + " AND y.left_at < y.offered_at + make_interval(secs => (SELECT q.short_abandon_seconds FROM queues q WHERE q.id = y.queue_id))"
	isFlowOut     = isOffered + " AND y.how = 'flow_out'"
	isFlowOutIn   = isFlowOut + " AND y.left_at <= y.due_at"
	isLeft        = isOffered + " AND y.left_at IS NOT NULL"
	isDecided     = isOffered + " AND y.how IN ('answered','abandoned')"
	isOutside     = isDecided + " AND NOT (y.how = 'answered' AND y.left_at <= y.due_at)"
	isHandled     = "h.wrap_to >= ?today AND h.answered AND h.queue_id IS NOT NULL"
	isRated       = "r.rated_at >= ?today"
	isRatedGood   = isRated + " AND r.score >= 4"
	isWithBot     = "c.state = 'bot' AND c.ended_at IS NULL"
	isWithAgent   = "c.state = 'agent' AND c.ended_at IS NULL"
	isHeld        = "c.state IN ('ringing','agent','wrap_up')"
)

// counting is how SQL counts the rows of a condition.
func counting(condition string) string { return "count(*) FILTER (WHERE " + condition + ")" }

// boardTimes fills the named places of the conditions.
type boardTimes struct {
	Today, Now, Alive time.Time
}

// TicketsMeasure begins the codes of numbers that count tickets; the name of
// their list follows.
const TicketsMeasure = "tickets_"

// measure is one number's condition and how the rows that it counts are listed.
type measure struct {
	caseTable
	where string
}

func measures(code string) (measure, bool) {
	stays, talks := stayCases(), conversationCases()
	m, ok := map[string]measure{
		"waiting":       {waitingCases(), isWaiting},
		"offered":       {stays, isOffered},
		"answered":      {stays, isAnswered},
		"abandoned":     {stays, isAbandoned},
		"left_queue":    {stays, isLeft},
		"service_level": {stays, isDecided},
		"within":        {stays, isWithin},
		"outside":       {stays, isOutside},
		"handled":       {handlingCases(), isHandled},
		"csat":          {ratingCases(), isRated},
		"csat_good":     {ratingCases(), isRatedGood},
		"bot":           {talks, isWithBot},
		"with_agent":    {talks, isWithAgent},
		"held":          {talks, isHeld},
	}[code]
	return m, ok
}

// caseTable is where cases come from: alias names the counted row, at orders the
// pages and seconds is the time that a figure averages; all are SQL.
type caseTable struct {
	from, alias         string
	at                  string
	desc                bool
	seconds, how        string
	score, staff        string
	conversation, holds string
}

func stayCases() caseTable {
	return caseTable{
		from: "queue_stays y JOIN conversations c ON c.id = y.conversation_id", alias: "y", at: "y.offered_at", desc: true,
		seconds: "coalesce(y.waited_s, desk_seconds(y.counted_from, ?now))", score: "0", staff: "y.staff_id",
		how:          "CASE WHEN y.left_at IS NULL THEN 'waiting' WHEN y.how = 'answered' AND y.left_at > y.due_at THEN 'late' ELSE y.how END",
		conversation: "y.conversation_id", holds: "y.queue_id",
	}
}

// waitingCases come with the longest wait first.
func waitingCases() caseTable {
	t := stayCases()
	t.at, t.desc = "y.counted_from", false
	return t
}

func handlingCases() caseTable {
	return caseTable{
		from: "handlings h JOIN conversations c ON c.id = h.conversation_id", alias: "h", at: "h.wrap_to", desc: true,
		seconds: "extract(epoch FROM h.wrap_to - h.from_at)", how: "'handled'", score: "0", staff: "h.staff_id",
		conversation: "h.conversation_id", holds: "h.queue_id",
	}
}

func ratingCases() caseTable {
	return caseTable{
		from: "csat r LEFT JOIN conversations c ON c.id = r.conversation_id", alias: "r", at: "r.rated_at", desc: true,
		seconds: "NULL", how: "'rated'", score: "r.score", staff: "r.staff_id", conversation: "r.conversation_id", holds: "r.queue_id",
	}
}

func conversationCases() caseTable {
	return caseTable{
		from: "conversations c", alias: "c", at: "c.last_at", desc: true,
		seconds: "NULL", how: "c.state", score: "0", staff: "c.assignee_id", conversation: "c.id", holds: "c.queue_id",
	}
}

// Formula is a figure of the board that is explained in words, under the keys
// "wallboard.formula."+Code+".title" and ".text". Cases are the measures whose
// lists it opens: first what the number counts, then its parts.
type Formula struct {
	Code  string
	Cases []string
}

// Formulas lists the figures that the board explains: every number on it is one
// of them.
func Formulas() []Formula {
	return []Formula{
		{"waiting", []string{"waiting"}},
		{"longest_wait", []string{"waiting"}},
		{"service_level", []string{"service_level", "within", "outside"}},
		{"abandoned", []string{"abandoned", "left_queue"}},
		{"agents_available", nil},
		{"csat", []string{"csat", "csat_good"}},
		{"with_agent", []string{"with_agent"}},
		{"bot", []string{"bot"}},
		{"offered", []string{"offered"}},
		{"answered", []string{"answered", "within"}},
		{"abandoned_count", []string{"abandoned"}},
		{"asa", []string{"answered"}},
		{"aht", []string{"handled"}},
		{"tickets_open", []string{TicketsMeasure + TicketsOpen}},
		{"tickets_at_risk", []string{TicketsMeasure + TicketsAtRisk}},
		{"tickets_breached", []string{TicketsMeasure + TicketsBreached}},
		{"agent_states", nil},
		{"agent_load", []string{"held"}},
	}
}
