package ticketing

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"sapa/ticketing/sla"
)

// lockCase holds the thread in which a ticket speaks to its reporter and then the
// ticket. Whatever takes both takes them in this order, so that an act on a
// ticket and a message in its thread never wait for each other.
func (w *work) lockCase(ctx context.Context, id TicketID) (Ticket, error) {
	var conversation string
	err := w.NewRaw("SELECT coalesce(conversation_id::text, '') FROM tickets WHERE id = ?", id).Scan(ctx, &conversation)
	if noRows(err) {
		return Ticket{}, fmt.Errorf("ticket %s: %w", id, ErrNotFound)
	}
	if err != nil {
		return Ticket{}, fmt.Errorf("look at ticket %s: %w", id, err)
	}
	if _, err := w.reporterThread(ctx, conversation); err != nil {
		return Ticket{}, err
	}
	return w.lockTicket(ctx, id)
}

// lockTicket reads a ticket and holds its row. Error: ErrNotFound.
func (w *work) lockTicket(ctx context.Context, id TicketID) (Ticket, error) {
	var t Ticket
	err := w.NewSelect().Model(&t).Where("id = ?", id).For("NO KEY UPDATE").Scan(ctx)
	if noRows(err) {
		return Ticket{}, fmt.Errorf("ticket %s: %w", id, ErrNotFound)
	}
	if err != nil {
		return Ticket{}, fmt.Errorf("lock ticket %s: %w", id, err)
	}
	return t, nil
}

// TicketByNumber reads a ticket by its number as people write it. Errors:
// Invalid, ErrNotFound.
func TicketByNumber(ctx context.Context, db bun.IDB, number string) (Ticket, error) {
	number, err := ParseNumber(number)
	if err != nil {
		return Ticket{}, err
	}
	var t Ticket
	err = db.NewSelect().Model(&t).Where("number = ?", number).Scan(ctx)
	if noRows(err) {
		return Ticket{}, ErrNotFound
	}
	if err != nil {
		return Ticket{}, fmt.Errorf("read ticket: %w", err)
	}
	return t, nil
}

// ticketEvents reads the history of a ticket in its order.
func ticketEvents(ctx context.Context, db bun.IDB, id TicketID) ([]TicketEvent, error) {
	var events []TicketEvent
	err := db.NewSelect().Model(&events).Where("ticket_id = ?", id).OrderExpr("version").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("history of ticket %s: %w", id, err)
	}
	return events, nil
}

// storeTicket writes a ticket and the event that changed it. Error: ErrStale when
// the row is no longer the one that the event was decided on.
func (w *work) storeTicket(ctx context.Context, t *Ticket, event TicketEvent) error {
	if t.Handlers == nil {
		t.Handlers = []string{}
	}
	if event.Version == 1 {
		t.SLAStatus = sla.OnTrack
		if _, err := w.NewInsert().Model(t).Exec(ctx); err != nil {
			return fmt.Errorf("register ticket: %w", err)
		}
	} else {
		result, err := w.NewUpdate().Model(t).ExcludeColumn("id", "number", "secret_hash", "legal_hold").
			Where("id = ? AND version = ?", t.ID, event.Version-1).Exec(ctx)
		if err != nil {
			return fmt.Errorf("store ticket %s: %w", t.ID, err)
		}
		if n, _ := result.RowsAffected(); n == 0 {
			return fmt.Errorf("ticket %s: %w", t.ID, ErrStale)
		}
	}
	if _, err := w.NewInsert().Model(&event).Exec(ctx); err != nil {
		return fmt.Errorf("event of ticket %s: %w", t.ID, err)
	}
	w.tellTicket(t, event)
	return nil
}

// markRow is one mark of one clock.
type markRow struct {
	bun.BaseModel `bun:"table:ticket_marks"`

	Ticket     TicketID     `bun:"ticket_id,pk,type:uuid"`
	Timer      sla.Timer    `bun:"timer,pk"`
	N          int          `bun:"n,pk"`
	Kind       sla.MarkKind `bun:"kind"`
	At         time.Time    `bun:"at"`
	Cause      string       `bun:"cause"`
	AmountUnit sla.Unit     `bun:"amount_unit"`
	AmountN    int64        `bun:"amount_n"`
	FromAt     *time.Time   `bun:"from_at"`
}

func (r markRow) mark() sla.Mark {
	m := sla.Mark{Kind: r.Kind, At: r.At, Cause: r.Cause, Amount: sla.Amount{Unit: r.AmountUnit, N: r.AmountN}}
	if r.FromAt != nil {
		m.From = *r.FromAt
	}
	return m
}

// clocks are the clocks of one ticket by timer.
type clocks map[sla.Timer]sla.Clock

// ticketClocks reads the marks of a ticket.
func ticketClocks(ctx context.Context, db bun.IDB, id TicketID) (clocks, error) {
	var rows []markRow
	if err := db.NewSelect().Model(&rows).Where("ticket_id = ?", id).OrderExpr("timer, n").Scan(ctx); err != nil {
		return nil, fmt.Errorf("clocks of ticket %s: %w", id, err)
	}
	all := clocks{}
	for _, row := range rows {
		clock := all[row.Timer]
		clock.Timer = row.Timer
		clock.Marks = append(clock.Marks, row.mark())
		all[row.Timer] = clock
	}
	return all, nil
}

// add appends a mark to a clock and stores it. One that the clock does not obey
// (a pause of a clock that never started) is kept too: it changes nothing.
func (w *work) addMark(ctx context.Context, all clocks, id TicketID, timer sla.Timer, mark sla.Mark) error {
	clock := all[timer]
	clock.Timer = timer
	if n := len(clock.Marks); n > 0 && mark.At.Before(clock.Marks[n-1].At) {
		mark.At = clock.Marks[n-1].At
	}
	clock, err := clock.Append(mark)
	if err != nil {
		return fmt.Errorf("clock %s of ticket %s: %w", timer, id, err)
	}
	all[timer] = clock
	row := markRow{Ticket: id, Timer: timer, N: len(clock.Marks), Kind: mark.Kind, At: mark.At, Cause: mark.Cause,
		AmountUnit: mark.Amount.Unit, AmountN: mark.Amount.N}
	if !mark.From.IsZero() {
		row.FromAt = &mark.From
	}
	if _, err := w.NewInsert().Model(&row).Exec(ctx); err != nil {
		return fmt.Errorf("mark on clock %s of ticket %s: %w", timer, id, err)
	}
	return nil
}

// machine builds the state machine on the holidays known now.
func (w *work) machine(ctx context.Context) (*TicketMachine, error) {
	if w.tickets == nil {
		days, err := Calendar(ctx, w, w.at)
		if err != nil {
			return nil, err
		}
		w.tickets, w.days = NewTicketMachine(sla.DefaultTargets(), days), days
	}
	return w.tickets, nil
}

func (w *work) calendars(ctx context.Context) (sla.Calendars, error) {
	if _, err := w.machine(ctx); err != nil {
		return sla.Calendars{}, err
	}
	hours, err := w.serviceHours(ctx)
	return sla.Calendars{Days: w.days, Desk: hours}, err
}
