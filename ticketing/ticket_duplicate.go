package ticketing

import (
	"context"
	"fmt"

	"sapa/program/access"
)

// maxDuplicates is how many tickets are proposed as the same matter.
const maxDuplicates = 5

// duplicateBatch is how many are looked at for the five that the reader may see.
const duplicateBatch = 50

// mergeable are the states of tickets that another can be merged into and that
// still owe their reporter work.
const mergeable = "('new','open','in_progress','pending','on_hold')"

// matter is what a ticket, or one about to be made, is about and who reports it.
type matter struct {
	ticket      TicketID // itself, "" before it is made
	contact     ContactID
	participant string
	category    string
}

// Duplicates proposes open tickets that may be the same matter as a conversation
// of which a ticket of the category is about to be made, best five. Errors:
// ErrNotFound, ErrForbidden.
func (d *Desk) Duplicates(ctx context.Context, actor access.Actor, id ConversationID, category string) ([]TicketRow, error) {
	reader, err := d.Reader(ctx, actor)
	if err != nil {
		return nil, err
	}
	c, err := conversationByID(ctx, d.db, id)
	if err != nil {
		return nil, err
	}
	if !reader.Sees(*c) {
		return nil, ErrNotFound
	}
	return d.sameMatter(ctx, actor, matter{contact: c.Contact, participant: c.Participant, category: category})
}

// sameMatter finds open tickets of the same reporter, then those of the category
// about people of the same region; newest first, as far as the actor may see
// them. Anonymous ones are left out: to propose one says who filed it.
func (d *Desk) sameMatter(ctx context.Context, actor access.Actor, m matter) ([]TicketRow, error) {
	var list []flatTicket
	reporter := "ticket.contact_id = nullif(?, '')::uuid OR ticket.participant_id = nullif(?, '')::uuid"
	contact, participant := string(m.contact), m.participant
	err := selectTickets(d.db, &list).
		Where(`ticket.id IN (
				(SELECT id FROM tickets WHERE contact_id = nullif(?0, '')::uuid AND state IN `+mergeable+` ORDER BY registered_at DESC LIMIT ?3)
				UNION (SELECT id FROM tickets WHERE participant_id = nullif(?1, '')::uuid AND state IN `+mergeable+` ORDER BY registered_at DESC LIMIT ?3)
				UNION (SELECT t.id FROM tickets t JOIN participants p ON p.id = t.participant_id
					WHERE t.category = ?2 AND t.state IN `+mergeable+` AND p.region_code = (SELECT region_code FROM participants WHERE id = nullif(?1, '')::uuid)
					ORDER BY t.registered_at DESC LIMIT ?3))`, contact, participant, m.category, duplicateBatch).
		Where("NOT ticket.anonymous AND ticket.id::text <> ?", string(m.ticket)).
		OrderExpr("("+reporter+") IS TRUE DESC, ticket.registered_at DESC", contact, participant).Limit(duplicateBatch).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("find duplicates: %w", err)
	}
	found := d.visible(actor, list)
	return found[:min(len(found), maxDuplicates)], nil
}

// duplicatesOf proposes with what a ticket could be merged; none for one that is
// past merging, or whose reporter is hidden.
func (d *Desk) duplicatesOf(ctx context.Context, actor access.Actor, t Ticket) ([]TicketRow, error) {
	if _, ok := ticketRowFor(ActMerge, t.State); !ok || t.Anonymous {
		return nil, nil
	}
	return d.sameMatter(ctx, actor, matter{ticket: t.ID, contact: ContactID(t.Contact), participant: t.Participant, category: t.Category})
}

// mergedInto reads the ticket in which another goes on, nil when there is none
// that the actor may see.
func (d *Desk) mergedInto(ctx context.Context, actor access.Actor, t Ticket) (*TicketRow, error) {
	if t.MergedInto == "" {
		return nil, nil
	}
	var list []flatTicket
	if err := selectTickets(d.db, &list).Where("ticket.id = ?", t.MergedInto).Scan(ctx); err != nil {
		return nil, fmt.Errorf("target of ticket %s: %w", t.ID, err)
	}
	rows := d.visible(actor, list)
	if len(rows) == 0 {
		return nil, nil
	}
	return &rows[0], nil
}

// followTarget takes the conversations of a merged ticket along: whoever works on
// the target answers its reporter too. An anonymous one's stay behind.
func (w *work) followTarget(ctx context.Context, from, to *Ticket) error {
	if from.Anonymous || to.Anonymous {
		return nil
	}
	_, err := w.NewRaw(`INSERT INTO ticket_conversations (ticket_id, conversation_id)
		SELECT ?, conversation_id FROM ticket_conversations WHERE ticket_id = ? ON CONFLICT DO NOTHING`, to.ID, from.ID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("take conversations along to ticket %s: %w", to.ID, err)
	}
	return nil
}
