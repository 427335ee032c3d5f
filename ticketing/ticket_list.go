package ticketing

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"sapa/program/access"
	"sapa/ticketing/team"
)

// The lists of tickets, beside mine, team and all.
const (
	TicketsOpen     = "open"
	TicketsAtRisk   = "at_risk"
	TicketsBreached = "breached"
	TicketsClosed   = "closed"
)

// farAway stands in cursors for a ticket without a due date.
const farAway = "infinity"

// bestMatches bounds how many tickets a search by words looks through.
const bestMatches = 500

// Tickets reads a page of a list of tickets: lists of work come by due date, all
// and closed by registration, newest first. q narrows to a number or to words of
// the subject, tag, where not "", to those that carry it. Errors: Invalid.
func (d *Desk) Tickets(ctx context.Context, actor access.Actor, list, q string, tag TagID, cursor string, limit int) (PageOf[TicketRow], error) {
	if !actor.May(access.TicketRead) {
		return PageOf[TicketRow]{}, ErrForbidden
	}
	var flat []flatTicket
	limit = pageLimit(limit)
	query := selectTickets(d.db, &flat).Limit(int64(limit + 1))
	query, byDue, err := d.ticketListing(ctx, query, actor, list)
	if err != nil {
		return PageOf[TicketRow]{}, err
	}
	query = mayList(query, actor)
	if tag != "" {
		query = query.Where("ticket.id IN (SELECT ticket_id FROM ticket_tags WHERE tag_id = ?::uuid)", tag)
	}
	if q = strings.TrimSpace(q); q != "" {
		number, _ := ParseNumber(q) // "" for what is no number
		query = query.Where(`ticket.id IN (SELECT id FROM tickets WHERE number = ? UNION ALL
			(SELECT id FROM tickets WHERE subject ILIKE ? LIMIT ?))`, number, holding(q), bestMatches)
	}
	if byDue {
		query = query.OrderExpr("coalesce(ticket.due_at, 'infinity'::timestamptz), ticket.id")
	} else {
		query = query.OrderExpr("ticket.registered_at DESC, ticket.id DESC")
	}
	if query, err = afterTicket(query, cursor, byDue); err != nil {
		return PageOf[TicketRow]{}, err
	}
	if err := query.Scan(ctx); err != nil {
		return PageOf[TicketRow]{}, fmt.Errorf("list tickets: %w", err)
	}
	page := PageOf[TicketRow]{}
	if len(flat) > limit {
		flat = flat[:limit]
		page.Next = flat[limit-1].cursor(byDue)
	}
	page.Items = ticketRows(flat, d.now())
	return page, nil
}

// backlog is Ticket.InBacklog in SQL, worded as the indexes are.
const backlog = "ticket.state NOT IN ('closed','resolved','rejected')"

// ticketCounts are the lists whose sizes the wallboard shows: one condition lists
// and counts.
func ticketCounts(list string) (string, bool) {
	condition, ok := map[string]string{
		TicketsOpen:     backlog,
		TicketsAtRisk:   backlog + " AND ticket.sla_status = 'at_risk'",
		TicketsBreached: backlog + " AND ticket.sla_status = 'breached'",
	}[list]
	return condition, ok
}

func (d *Desk) ticketListing(ctx context.Context, query *bun.SelectQuery, actor access.Actor, list string) (*bun.SelectQuery, bool, error) {
	if condition, ok := ticketCounts(list); ok {
		return query.Where(condition), true, nil
	}
	switch list {
	case ListMine:
		return query.Where(backlog).Where("ticket.owner_id = ?::uuid", actor.ID), true, nil
	case ListTeam:
		queues, err := team.QueuesOf(ctx, d.db, team.StaffID(actor.ID))
		return query.Where(backlog).Where("ticket.queue_id = ANY(?::uuid[])", pgdialect.Array(queueIDs(queues))), true, err
	case TicketsClosed:
		return query.Where("ticket.state IN ('closed','resolved','rejected')"), false, nil
	case ListAll:
		return query, false, nil
	}
	return nil, false, &Invalid{Field: "list", Rule: "unknown"}
}

// mayList is maySeeTicket in SQL, so that pages stay full.
func mayList(query *bun.SelectQuery, actor access.Actor) *bun.SelectQuery {
	query = query.Where("ticket.about_staff_id IS DISTINCT FROM ?::uuid", actor.ID)
	chain := "ticket.owner_id = ?::uuid OR ?::uuid = ANY(ticket.handlers)"
	if !actor.May(access.TicketIntegrity) {
		query = query.Where("ticket.class <> 'integrity' OR "+chain, actor.ID, actor.ID)
	}
	if !actor.May(access.TicketCosign) && !actor.May(access.TicketVerify) {
		query = query.Where("NOT ticket.confidential OR "+chain, actor.ID, actor.ID)
	}
	return query
}

func (f flatTicket) cursor(byDue bool) string {
	key := f.RegisteredAt.UTC().Format(time.RFC3339Nano)
	if byDue {
		key = farAway
		if f.DueAt != nil {
			key = f.DueAt.UTC().Format(time.RFC3339Nano)
		}
	}
	return base64.RawURLEncoding.EncodeToString([]byte(key + " " + string(f.ID)))
}

func afterTicket(query *bun.SelectQuery, cursor string, byDue bool) (*bun.SelectQuery, error) {
	if cursor == "" {
		return query, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	key, id, found := strings.Cut(string(raw), " ")
	if err != nil || !found || len(id) != 36 {
		return nil, &Invalid{Field: "cursor", Rule: "format"}
	}
	if _, err := time.Parse(time.RFC3339Nano, key); err != nil && key != farAway {
		return nil, &Invalid{Field: "cursor", Rule: "format"}
	}
	if byDue {
		return query.Where("(coalesce(ticket.due_at, 'infinity'::timestamptz), ticket.id) > (?::timestamptz, ?::uuid)", key, id), nil
	}
	return query.Where("(ticket.registered_at, ticket.id) < (?::timestamptz, ?::uuid)", key, id), nil
}
