package ticketing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"sapa/program"
	"sapa/program/access"
	"sapa/ticketing/sla"
)

// TicketRow is a ticket as a list shows it.
type TicketRow struct {
	Ticket
	OwnerName string
	QueueName string
	// PersonName is the contact's name, "" for an anonymous ticket.
	PersonName string
	Promise    SLA
	Tags       []CaseTag
}

const ticketColumns = `coalesce(s.name, '') AS owner_name, coalesce(q.name, '') AS queue_name,
	CASE WHEN ticket.anonymous THEN '' ELSE coalesce(nullif(h.name, ''), n.name, '') END AS person_name,
	` + ticketTags

// flatTicket is what list queries scan.
type flatTicket struct {
	bun.BaseModel `bun:"table:tickets,alias:ticket"`
	Ticket        `bun:",extend"`

	OwnerName  string    `bun:"owner_name,scanonly"`
	QueueName  string    `bun:"queue_name,scanonly"`
	PersonName string    `bun:"person_name,scanonly"`
	Tags       []CaseTag `bun:"tags,type:jsonb,scanonly"`
}

func selectTickets(db bun.IDB, list *[]flatTicket) *bun.SelectQuery {
	return db.NewSelect().Model(list).ColumnExpr("ticket.*").ColumnExpr(ticketColumns).
		Join("LEFT JOIN staff AS s ON s.id = ticket.owner_id").Join("LEFT JOIN queues AS q ON q.id = ticket.queue_id").
		Join("LEFT JOIN contacts AS n ON n.id = ticket.contact_id").Join("LEFT JOIN participants AS h ON h.id = ticket.participant_id")
}

func ticketRows(list []flatTicket, now time.Time) []TicketRow {
	rows := make([]TicketRow, len(list))
	for i, f := range list {
		rows[i] = TicketRow{Ticket: f.Ticket, OwnerName: f.OwnerName, QueueName: f.QueueName, PersonName: f.PersonName, Promise: f.Ticket.promise(now), Tags: f.Tags}
		if f.Anonymous {
			rows[i].Contact, rows[i].Participant = "", ""
		}
	}
	return rows
}

// promise is the business clock as last read; a decided ticket is judged by when
// it was decided.
func (t Ticket) promise(now time.Time) SLA {
	p := SLA{StartedAt: &t.RegisteredAt, DueAt: t.DueAt, Rule: string(sla.TimerResolve), State: SLANone}
	kept := t.DecidedAt
	if kept == nil {
		kept = t.ClosedAt
	}
	switch {
	case t.DueAt == nil:
	case kept != nil && !kept.After(*t.DueAt):
		p.State = SLAMet
	case kept != nil || now.After(*t.DueAt) && t.State != TicketPending:
		p.State = SLABreached
	default:
		p.State = string(t.SLAStatus)
	}
	return p
}

// maySeeTicket keeps integrity tickets to those whose permission it is and to
// whoever handles one, and confidential ones to the handling chain. A machine
// sees neither.
func maySeeTicket(actor access.Actor, t Ticket) bool {
	if actor.Kind == access.Machine {
		return actor.May(access.TicketRead) && t.Class != ClassIntegrity && !t.Confidential
	}
	if actor.Kind != access.Staff {
		return actor.Kind == access.System
	}
	if !actor.May(access.TicketRead) || t.AboutStaff == actor.ID {
		return false
	}
	inChain := t.Owner == actor.ID || slices.Contains(t.Handlers, actor.ID)
	if t.Class == ClassIntegrity {
		return inChain || actor.May(access.TicketIntegrity)
	}
	return !t.Confidential || inChain || actor.May(access.TicketCosign) || actor.May(access.TicketVerify)
}

// TicketsOfConversation lists the tickets of a conversation that the actor may
// see. The conversation names the person, so an anonymous ticket is not told by it.
func (d *Desk) TicketsOfConversation(ctx context.Context, actor access.Actor, id ConversationID) ([]TicketRow, error) {
	var list []flatTicket
	err := selectTickets(d.db, &list).Join("JOIN ticket_conversations AS l ON l.ticket_id = ticket.id").
		Where("l.conversation_id = ?", id).Where("NOT ticket.anonymous").OrderExpr("ticket.registered_at").Limit(50).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("tickets of %s: %w", id, err)
	}
	return d.visible(actor, list), nil
}

func (d *Desk) visible(actor access.Actor, list []flatTicket) []TicketRow {
	list = slices.DeleteFunc(list, func(f flatTicket) bool { return !maySeeTicket(actor, f.Ticket) })
	return ticketRows(list, d.now())
}

// TicketsOfPerson lists the newest tickets of a contact or participant, best 20.
func (d *Desk) TicketsOfPerson(ctx context.Context, actor access.Actor, contact ContactID, participant string) ([]TicketRow, error) {
	var list []flatTicket
	err := selectTickets(d.db, &list).Where("NOT ticket.anonymous").
		Where("ticket.contact_id = nullif(?, '')::uuid OR ticket.participant_id = nullif(?, '')::uuid", string(contact), participant).
		OrderExpr("ticket.registered_at DESC").Limit(20).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("tickets of person: %w", err)
	}
	return d.visible(actor, list), nil
}

// ClockView is one clock of a ticket with the stretches that explain it.
type ClockView struct {
	Timer     sla.Timer
	StartedAt time.Time
	Reading   sla.Reading
	// Unknown says that the due time cannot be computed: days off of a year are
	// not loaded.
	Unknown   bool
	Intervals []sla.Interval
}

// TicketView is a ticket as its own page shows it.
type TicketView struct {
	TicketRow
	Clocks        []ClockView
	Offers        []TicketOffer
	History       []TicketEvent
	TagHistory    []TicketTagEvent
	Conversations []Row
	Changes       []program.Change
	// Duplicates may be the same matter; MergedInto is where it goes on.
	Duplicates []TicketRow
	MergedInto *TicketRow
}

// Ticket reads one ticket by id, or by number, for an actor. Error: ErrNotFound,
// also when the actor may not see it.
func (d *Desk) Ticket(ctx context.Context, actor access.Actor, idOrNumber string) (TicketView, error) {
	var list []flatTicket
	query := selectTickets(d.db, &list)
	if uuid.Validate(idOrNumber) == nil {
		query = query.Where("ticket.id = ?::uuid", idOrNumber)
	} else {
		number, err := ParseNumber(idOrNumber)
		if err != nil {
			return TicketView{}, ErrNotFound
		}
		query = query.Where("ticket.number = ?", number)
	}
	if err := query.Scan(ctx); err != nil {
		return TicketView{}, fmt.Errorf("read ticket: %w", err)
	}
	rows := d.visible(actor, list)
	if len(rows) == 0 {
		return TicketView{}, ErrNotFound
	}
	view := TicketView{TicketRow: rows[0]}
	return view, d.fillTicket(ctx, actor, list[0].Ticket, &view)
}

func (d *Desk) fillTicket(ctx context.Context, actor access.Actor, t Ticket, view *TicketView) error {
	days, err := Calendar(ctx, d.db, d.now())
	if err != nil {
		return err
	}
	all, err := ticketClocks(ctx, d.db, t.ID)
	if err != nil {
		return err
	}
	hours, err := ServiceHours(ctx, d.db)
	if err != nil {
		return err
	}
	view.Clocks = explain(all, sla.Calendars{Days: days, Desk: hours}, d.now())
	if view.History, err = ticketEvents(ctx, d.db, t.ID); err != nil {
		return err
	}
	if view.TagHistory, err = ticketTagEvents(ctx, d.db, t.ID); err != nil {
		return err
	}
	if t.Anonymous {
		for i := range view.History {
			view.History[i] = view.History[i].anonymous()
		}
	}
	facts := TicketFacts{IsReporter: false}
	w := work{desk: d, at: d.now(), actor: actor}
	if err := d.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		w.Tx = tx
		return w.knowStaff(ctx, t, &facts)
	}); err != nil {
		return err
	}
	if view.Changes, err = d.program.Changes(ctx, d.db, program.ChangeFilter{TicketID: string(t.ID)}); err != nil {
		return err
	}
	view.Offers = NewTicketMachine(sla.DefaultTargets(), days).Offers(t, actor, facts, d.now())
	if view.Duplicates, err = d.duplicatesOf(ctx, actor, t); err != nil {
		return err
	}
	if view.MergedInto, err = d.mergedInto(ctx, actor, t); err != nil {
		return err
	}
	if !t.Anonymous {
		view.Conversations, err = d.conversationsOf(ctx, actor, t.ID)
	}
	return err
}

// conversationsOf lists the newest conversations of a ticket that the actor may
// open, best 20: who sees the ticket need not serve the queue it came from.
func (d *Desk) conversationsOf(ctx context.Context, actor access.Actor, id TicketID) ([]Row, error) {
	reader, err := d.Reader(ctx, actor)
	if errors.Is(err, ErrForbidden) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var flat []flatRow
	sees, arguments := listing{where: seen}.bind(reader)
	err = d.db.NewRaw("SELECT "+rowColumns+" FROM ticket_conversations l JOIN conversations c ON c.id = l.conversation_id "+rowJoins+
		" WHERE l.ticket_id = ?3 AND "+sees+" ORDER BY c.opened_at DESC LIMIT 20", append(arguments, id)...).Scan(ctx, &flat)
	if err != nil {
		return nil, fmt.Errorf("conversations of ticket %s: %w", id, err)
	}
	return rows(ctx, d.db, flat, d.now())
}

// anonymous is the event without who reported: R-06 hides it from every screen.
func (e TicketEvent) anonymous() TicketEvent {
	e.Facts.Contact, e.Facts.Participant = "", ""
	if e.Role == RoleReporter {
		e.ActorID, e.ActorName = "", ""
	}
	return e
}

// explain reads all clocks in the order of their lives.
func explain(all clocks, calendars sla.Calendars, now time.Time) []ClockView {
	var views []ClockView
	for _, rule := range sla.Rules() {
		clock := all[rule.Timer]
		if len(clock.Marks) == 0 {
			continue
		}
		view := ClockView{Timer: rule.Timer, StartedAt: clock.Marks[0].At}
		var err error
		if view.Reading, err = clock.Read(calendars, now); err != nil {
			view.Unknown = true
		} else if view.Intervals, err = clock.Explain(calendars, now); err != nil {
			view.Unknown = true
		}
		views = append(views, view)
	}
	return views
}
