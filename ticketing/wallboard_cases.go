package ticketing

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"sapa/channels"
	"sapa/program/access"
	"sapa/program/calendar"
	"sapa/ticketing/team"
)

// NoQueue asks for cases that are in no queue: those that the bot has.
const NoQueue = "none"

// CaseQuery names a number of the board: its measure, and the row or the agent
// it stands at. Queue is an id or NoQueue; empty fields narrow nothing.
type CaseQuery struct {
	Measure string
	Kind    channels.Kind
	Queue   string
	Staff   team.StaffID
	Cursor  string
	Limit   int
}

// Case is one row that a number counts. Seconds is its share in a time that the
// board averages. Exactly one of Conversation and Ticket is set, none for a
// rating that came without a conversation.
type Case struct {
	ID           string
	At           time.Time
	Seconds      *float64
	How          string // waiting, answered, late, abandoned, flow_out, handled, rated, or a state
	Score        int    // of a rating
	StaffName    string
	QueueName    string
	Conversation *Row
	Ticket       *TicketRow
}

// Cases is a page of what a number counts. Total is the number itself, counted at
// At; Hidden is how many of those the reader may not open.
type Cases struct {
	PageOf[Case]
	At            time.Time
	Total, Hidden int64
}

// Cases lists exactly what a number of the board counts, by the condition that
// counts it. Errors: ErrForbidden, Invalid.
func (d *Desk) Cases(ctx context.Context, actor access.Actor, q CaseQuery) (Cases, error) {
	reader, err := d.Reader(ctx, actor)
	if err != nil {
		return Cases{}, err
	}
	if q.Queue != "" && q.Queue != NoQueue && uuid.Validate(q.Queue) != nil {
		return Cases{}, &Invalid{Field: "queue", Rule: "format"}
	}
	if q.Staff != "" && uuid.Validate(string(q.Staff)) != nil {
		return Cases{}, &Invalid{Field: "staff_id", Rule: "format"}
	}
	if list, ok := strings.CutPrefix(q.Measure, TicketsMeasure); ok {
		return d.ticketCases(ctx, actor, list, q)
	}
	m, ok := measures(q.Measure)
	if !ok {
		return Cases{}, &Invalid{Field: "measure", Rule: "unknown"}
	}
	return d.countedCases(ctx, m, reader, q)
}

// caseTimes fills the named places of a listing of cases.
type caseTimes struct {
	boardTimes  `bun:",extend"`
	All         bool
	Staff       string
	Queues      []string `bun:",array"`
	Kind, Queue string
	Agent       string
	After       time.Time
	AfterID     string
}

func (d *Desk) countedCases(ctx context.Context, m measure, r Reader, q CaseQuery) (Cases, error) {
	now, limit := d.now().UTC(), pageLimit(q.Limit)
	args := caseTimes{
		boardTimes: boardTimes{Today: calendar.DayStart(now).UTC(), Now: now}, All: r.Everything, Staff: string(r.Staff),
		Queues: queueIDs(r.Queues), Kind: string(q.Kind), Queue: q.Queue, Agent: string(q.Staff),
	}
	where := m.narrowed(q)
	cases := Cases{At: now}
	err := d.db.NewRaw("SELECT count(*), "+counting("NOT "+seen)+" FROM "+m.from+" WHERE "+where, args).Scan(ctx, &cases.Total, &cases.Hidden)
	if err != nil {
		return Cases{}, fmt.Errorf("count cases of %s: %w", q.Measure, err)
	}
	where += " AND " + seen
	if q.Cursor != "" {
		if args.After, args.AfterID, err = parseCursor(q.Cursor); err != nil {
			return Cases{}, err
		}
		where += " AND (" + m.at + ", " + m.alias + ".id) " + m.beyond() + " (?after, ?after_id::uuid)"
	}
	var flat []flatCase
	err = d.db.NewRaw(fmt.Sprintf(`SELECT %[2]s.id, %[3]s AS at, %[4]s AS seconds, %[5]s AS how, coalesce(%[6]s, 0) AS score, %[7]s AS conversation,
			coalesce(a.name, '') AS staff_name, coalesce(w.name, '') AS queue_name
		FROM %[1]s LEFT JOIN staff a ON a.id = %[8]s LEFT JOIN queues w ON w.id = %[9]s
		WHERE %[10]s ORDER BY %[11]s LIMIT %[12]d`,
		m.from, m.alias, m.at, m.seconds, m.how, m.score, m.conversation, m.staff, m.holds, where, m.order(), limit+1), args).Scan(ctx, &flat)
	if err != nil {
		return Cases{}, fmt.Errorf("list cases of %s: %w", q.Measure, err)
	}
	if len(flat) > limit {
		flat = flat[:limit]
		cases.Next = makeCursor(flat[limit-1].At, flat[limit-1].ID)
	}
	cases.Items, err = d.casesOf(ctx, flat)
	return cases, err
}

// narrowed is the condition at one place of the board.
func (m measure) narrowed(q CaseQuery) string {
	where := m.where
	if q.Kind != "" {
		where += " AND " + m.alias + ".kind = ?kind"
	}
	switch q.Queue {
	case "":
	case NoQueue:
		where += " AND " + m.holds + " IS NULL"
	default:
		where += " AND " + m.holds + " = ?queue::uuid"
	}
	if q.Staff != "" {
		where += " AND " + m.staff + " = ?agent::uuid"
	}
	return where
}

func (m measure) beyond() string {
	if m.desc {
		return "<"
	}
	return ">"
}

func (m measure) order() string {
	if m.desc {
		return m.at + " DESC, " + m.alias + ".id DESC"
	}
	return m.at + ", " + m.alias + ".id"
}

type flatCase struct {
	ID           string
	At           time.Time
	Seconds      *float64
	How          string
	Score        int
	Conversation ConversationID `bun:",nullzero"`
	StaffName    string
	QueueName    string
}

// casesOf adds the conversations, in as many queries as one list takes.
func (d *Desk) casesOf(ctx context.Context, flat []flatCase) ([]Case, error) {
	ids := make([]ConversationID, 0, len(flat))
	for _, f := range flat {
		if f.Conversation != "" {
			ids = append(ids, f.Conversation)
		}
	}
	rows, err := d.RowsByID(ctx, ids...)
	if err != nil {
		return nil, err
	}
	byID := make(map[ConversationID]*Row, len(rows))
	for i := range rows {
		byID[rows[i].ID] = &rows[i]
	}
	list := make([]Case, len(flat))
	for i, f := range flat {
		list[i] = Case{ID: f.ID, At: f.At.UTC(), Seconds: f.Seconds, How: f.How, Score: f.Score, StaffName: f.StaffName, QueueName: f.QueueName,
			Conversation: byID[f.Conversation]}
	}
	return list, nil
}

// ticketCases are those lists of tickets whose sizes stand on the board.
func (d *Desk) ticketCases(ctx context.Context, actor access.Actor, list string, q CaseQuery) (Cases, error) {
	condition, ok := ticketCounts(list)
	if !ok {
		return Cases{}, &Invalid{Field: "measure", Rule: "unknown"}
	}
	page, err := d.Tickets(ctx, actor, list, "", "", q.Cursor, q.Limit)
	if err != nil {
		return Cases{}, err
	}
	cases := Cases{At: d.now().UTC(), PageOf: PageOf[Case]{Items: make([]Case, len(page.Items)), Next: page.Next}}
	for i := range page.Items {
		t := &page.Items[i]
		cases.Items[i] = Case{ID: string(t.ID), At: t.RegisteredAt, How: string(t.State), StaffName: t.OwnerName, QueueName: t.QueueName, Ticket: t}
	}
	if err := d.db.NewRaw("SELECT count(*) FROM tickets ticket WHERE "+condition).Scan(ctx, &cases.Total); err != nil {
		return Cases{}, fmt.Errorf("count tickets: %w", err)
	}
	open, err := mayList(d.db.NewSelect().TableExpr("tickets AS ticket").Where(condition), actor).Count(ctx)
	if err != nil {
		return Cases{}, fmt.Errorf("count tickets to open: %w", err)
	}
	cases.Hidden = cases.Total - open
	return cases, nil
}
