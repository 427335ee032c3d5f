package ticketing

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/ticketing/metric"
	"sapa/ticketing/team"
)

// trendMinutes is how far back the small lines beside the figures reach.
const trendMinutes = 60

type rowKey struct {
	Kind  channels.Kind
	Queue team.QueueID
}

// boardReader collects the board's raw sums.
type boardReader struct {
	db    bun.IDB
	now   time.Time
	times boardTimes

	rows          map[rowKey]*WallRow
	agents        []WallAgent
	available     int64
	tickets       TicketCounts
	undated       int64
	breachedSince time.Time
	minutes       []wallMinute
}

func (r *boardReader) all(ctx context.Context) error {
	for _, read := range []func(context.Context) error{
		r.readStays, r.readHandlings, r.readRatings, r.readNow, r.readQueues, r.readAgents, r.readTickets, r.readMinutes,
	} {
		if err := read(ctx); err != nil {
			return fmt.Errorf("wallboard: %w", err)
		}
	}
	return nil
}

func (r *boardReader) row(kind channels.Kind, queue team.QueueID) *WallRow {
	key := rowKey{kind, queue}
	if r.rows[key] == nil {
		r.rows[key] = &WallRow{Kind: kind, Queue: queue}
	}
	return r.rows[key]
}

// readStays sums the stays offered today and those, of any day, that still wait.
func (r *boardReader) readStays(ctx context.Context) error {
	var rows []struct {
		Kind                                         channels.Kind
		Queue                                        team.QueueID
		Waiting, Offered                             int64
		Answered, AnsweredIn, Abandoned, AbandonedIn int64
		Short, FlowOuts, FlowOutsIn                  int64
		Waited                                       float64
		Oldest, Due                                  *time.Time
		LongestWait                                  *float64
	}
	err := r.db.NewRaw("SELECT y.kind, y.queue_id AS queue, "+counting(isWaiting)+" AS waiting, "+counting(isOffered)+" AS offered, "+
		counting(isAnswered)+" AS answered, "+counting(isWithin)+" AS answered_in, "+counting(isAbandoned)+" AS abandoned, "+
		counting(isAbandonedIn)+" AS abandoned_in, "+counting(isShort)+" AS short, "+counting(isFlowOut)+" AS flow_outs, "+counting(isFlowOutIn)+` AS flow_outs_in,
			coalesce(sum(y.waited_s) FILTER (WHERE `+isAnswered+"), 0) AS waited, min(y.counted_from) FILTER (WHERE "+isWaiting+`) AS oldest,
			min(y.due_at) FILTER (WHERE `+isWaiting+") AS due, desk_seconds(min(y.counted_from) FILTER (WHERE "+isWaiting+`), ?now) AS longest_wait
		FROM queue_stays y WHERE `+isOffered+" OR "+isWaiting+" GROUP BY y.kind, y.queue_id", r.times).Scan(ctx, &rows)
	if err != nil {
		return fmt.Errorf("stays: %w", err)
	}
	for _, s := range rows {
		row := r.row(s.Kind, s.Queue)
		row.Waiting, row.Offered, row.Answered, row.Abandoned = s.Waiting, s.Offered, s.Answered, s.Abandoned
		row.counts = metric.Queue{Answered: s.Answered, AnsweredWithin: s.AnsweredIn, Abandoned: s.Abandoned, AbandonedWithin: s.AbandonedIn,
			ShortAbandoned: s.Short, FlowOuts: s.FlowOuts, FlowOutsWithin: s.FlowOutsIn}
		row.oldest, row.dueFirst, row.LongestWait = s.Oldest, s.Due, s.LongestWait
		row.ServiceLevel = ratioOrNil(row.counts.ServiceLevel(metric.SLOffered))
		row.ASA = figureOrNil(metric.ASA(seconds(s.Waited), s.Answered))
	}
	return nil
}

func (r *boardReader) readHandlings(ctx context.Context) error {
	var rows []struct {
		Kind       channels.Kind
		Queue      team.QueueID
		Talk, Wrap float64
		Handled    int64
	}
	err := r.db.NewRaw(`SELECT h.kind, h.queue_id AS queue, count(*) AS handled,
			sum(extract(epoch FROM h.talk_to - h.from_at))::double precision AS talk,
			sum(extract(epoch FROM h.wrap_to - h.talk_to))::double precision AS wrap
		FROM handlings h WHERE `+isHandled+" GROUP BY h.kind, h.queue_id", r.times).Scan(ctx, &rows)
	if err != nil {
		return fmt.Errorf("handlings: %w", err)
	}
	for _, h := range rows {
		handling := metric.Handling{Talk: seconds(h.Talk), AfterContact: seconds(h.Wrap), Handled: h.Handled}
		r.row(h.Kind, h.Queue).AHT = figureOrNil(handling.AHT())
	}
	return nil
}

func (r *boardReader) readRatings(ctx context.Context) error {
	var rows []struct {
		Kind  channels.Kind
		Queue team.QueueID
		Score int
		N     int64
	}
	err := r.db.NewRaw(`SELECT r.kind, coalesce(r.queue_id::text, '') AS queue, r.score, count(*) AS n FROM csat r
		WHERE `+isRated+" GROUP BY r.kind, r.queue_id, r.score", r.times).Scan(ctx, &rows)
	if err != nil {
		return fmt.Errorf("ratings: %w", err)
	}
	for _, c := range rows {
		row := r.row(c.Kind, c.Queue)
		row.ratings[c.Score] += c.N
		row.CSAT = ratioOrNil(row.ratings.CSAT())
	}
	return nil
}

func (r *boardReader) readNow(ctx context.Context) error {
	var rows []struct {
		Kind       channels.Kind
		Queue      team.QueueID
		Bot, Agent int64
	}
	err := r.db.NewRaw("SELECT c.kind, coalesce(c.queue_id::text, '') AS queue, "+counting(isWithBot)+" AS bot, "+counting(isWithAgent)+` AS agent
		FROM conversations c WHERE c.ended_at IS NULL GROUP BY c.kind, c.queue_id`).Scan(ctx, &rows)
	if err != nil {
		return fmt.Errorf("open conversations: %w", err)
	}
	for _, c := range rows {
		row := r.row(c.Kind, c.Queue)
		row.Bot, row.WithAgent = c.Bot, c.Agent
	}
	return nil
}

// readQueues names the queues and counts the free slots of those who serve them.
func (r *boardReader) readQueues(ctx context.Context) error {
	var rows []struct {
		ID   team.QueueID
		Name string
		Free int64
	}
	err := r.db.NewRaw(`SELECT q.id, q.name, coalesce(sum(greatest(s.capacity - load.n, 0)), 0)::bigint AS free
		FROM queues q LEFT JOIN queue_staff m ON m.queue_id = q.id
		LEFT JOIN presence p ON p.staff_id = m.staff_id AND p.chosen = 'available' AND p.heartbeat_at >= ?alive
		LEFT JOIN staff s ON s.id = p.staff_id
		LEFT JOIN LATERAL (SELECT count(*) AS n FROM conversations c WHERE c.assignee_id = p.staff_id AND `+isHeld+`) load ON true
		GROUP BY q.id, q.name`, r.times).Scan(ctx, &rows)
	if err != nil {
		return fmt.Errorf("queues: %w", err)
	}
	for _, q := range rows {
		for key, row := range r.rows {
			if key.Queue == q.ID {
				row.QueueName, row.free = q.Name, q.Free
			}
		}
	}
	return nil
}

func (r *boardReader) readAgents(ctx context.Context) error {
	var rows []struct {
		Presence
		Name string
		Free bool
	}
	err := r.db.NewRaw(`SELECT s.id AS staff, s.name, p.state, p.chosen, p.reason, p.since, s.capacity, load.n AS load,
			p.chosen = 'available' AND p.heartbeat_at >= ?alive AND load.n < s.capacity AS free
		FROM presence p JOIN staff s ON s.id = p.staff_id AND s.status = 'active'
		CROSS JOIN LATERAL (SELECT count(*) AS n FROM conversations c WHERE c.assignee_id = s.id AND `+isHeld+`) load
		WHERE p.state <> 'offline' OR p.since >= ?today ORDER BY s.name, s.id LIMIT 1000`, r.times).Scan(ctx, &rows)
	if err != nil {
		return fmt.Errorf("agents: %w", err)
	}
	r.agents = make([]WallAgent, len(rows))
	for i, a := range rows {
		r.agents[i] = WallAgent{Presence: a.Presence, Name: a.Name, Free: a.Free}
		if a.Free {
			r.available++
		}
	}
	return nil
}

func (r *boardReader) readTickets(ctx context.Context) error {
	var since *time.Time
	breached, _ := ticketCounts(TicketsBreached)
	atRisk, _ := ticketCounts(TicketsAtRisk)
	err := r.db.NewRaw("SELECT count(*), "+counting(atRisk)+", "+counting(breached)+", "+counting("ticket.due_unknown")+
		", min(ticket.due_at) FILTER (WHERE "+breached+") FROM tickets ticket WHERE "+backlog).
		Scan(ctx, &r.tickets.Open, &r.tickets.AtRisk, &r.tickets.Breached, &r.undated, &since)
	if err != nil {
		return fmt.Errorf("tickets: %w", err)
	}
	if since != nil {
		r.breachedSince = *since
	}
	return nil
}

// sorted lists the rows by queue name and channel, those with anything to show.
func (r *boardReader) sorted() []WallRow {
	rows := make([]WallRow, 0, len(r.rows))
	for _, row := range r.rows {
		rows = append(rows, *row)
	}
	slices.SortFunc(rows, func(a, b WallRow) int {
		return cmp.Or(cmp.Compare(a.QueueName, b.QueueName), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Queue, b.Queue))
	})
	return rows
}

func seconds(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }

func ratioOrNil(r metric.Ratio) *float64 {
	if !r.OK {
		return nil
	}
	return &r.Value
}

func figureOrNil(f metric.Figure) *float64 {
	if !f.OK {
		return nil
	}
	return &f.Value
}
