package ticketing

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"sapa/channels"
	"sapa/ticketing/sla"
	"sapa/ticketing/team"
)

// Row is a conversation as a list shows it: everything a row needs, nothing that
// would cost a query of its own.
type Row struct {
	Conversation
	Inbox         string
	Person        Person
	AssigneeName  string
	QueueName     string
	TicketNumbers []string
	Tags          []CaseTag
	// Failed is set while a message of the conversation could not be delivered.
	Failed bool
	SLA    SLA
}

// SLA is the promise of the first human reply, or of a ticket's end.
type SLA struct {
	StartedAt *time.Time
	DueAt     *time.Time
	State     string // on_track, at_risk, breached, met, none
	Rule      string
}

// States of a promise.
const (
	SLANone     = "none"
	SLAOnTrack  = "on_track"
	SLAAtRisk   = "at_risk"
	SLABreached = "breached"
	SLAMet      = "met"
)

// atRiskFrom is the used share of a promise from which it is at risk.
const atRiskFrom = 0.8

// promise reads the state of a promise that was kept at kept, or not yet.
func promise(from, due, kept *time.Time, now time.Time, rule string) SLA {
	if due == nil || from == nil {
		return SLA{State: SLANone, Rule: rule}
	}
	s := SLA{StartedAt: from, DueAt: due, Rule: rule}
	at := now
	if kept != nil {
		at = *kept
	}
	switch used := at.Sub(*from).Seconds(); {
	case at.After(*due):
		s.State = SLABreached
	case kept != nil:
		s.State = SLAMet
	case used >= atRiskFrom*due.Sub(*from).Seconds():
		s.State = SLAAtRisk
	default:
		s.State = SLAOnTrack
	}
	return s
}

// sla of a conversation: the first human reply after the hand-over.
func (c Conversation) sla(now time.Time) SLA {
	kept := c.AnsweredAt
	if kept == nil {
		kept = c.EndedAt
	}
	return promise(c.SLAFrom, c.SLADue, kept, now, string(sla.TimerLive))
}

// rowColumns and rowJoins are what every list of conversations selects.
const rowColumns = `c.*, i.name AS inbox, n.name AS contact_name, p.kind AS point_kind, p.value AS point_value, p.confidence AS point_confidence,
	coalesce(s.name, '') AS assignee_name, coalesce(q.name, '') AS queue_name, coalesce(h.name, '') AS participant_name,
	` + conversationTags

const rowJoins = `JOIN contacts n ON n.id = c.contact_id JOIN contact_points p ON p.id = c.point_id
	JOIN inboxes i ON i.id = c.inbox_id LEFT JOIN staff s ON s.id = c.assignee_id LEFT JOIN queues q ON q.id = c.queue_id
	LEFT JOIN participants h ON h.id = c.participant_id`

type flatRow struct {
	Conversation
	Inbox           string
	ContactName     string
	PointKind       string
	PointValue      string
	PointConfidence Confidence
	AssigneeName    string
	QueueName       string
	ParticipantName string
	Tags            []CaseTag `bun:"tags,type:jsonb"`
}

func (f flatRow) row(now time.Time) Row {
	row := Row{Conversation: f.Conversation, Inbox: f.Inbox, AssigneeName: f.AssigneeName, QueueName: f.QueueName,
		TicketNumbers: []string{}, Tags: f.Tags, SLA: f.Conversation.sla(now)}
	row.Person = Person{Contact: f.Contact, Name: f.ContactName, Confidence: f.PointConfidence,
		AddressMasked: Point{Kind: f.PointKind, Value: f.PointValue}.masked()}
	if f.Participant != "" {
		row.Person.Participant = &Subject{ID: f.Participant, Name: f.ParticipantName, Confidence: f.SubjectConfidence}
	}
	return row
}

// rows finishes a list: ticket numbers and failed sends in two queries more,
// however long it is.
func rows(ctx context.Context, db bun.IDB, flat []flatRow, now time.Time) ([]Row, error) {
	list := make([]Row, len(flat))
	ids := make([]string, len(flat))
	place := make(map[ConversationID]*Row, len(flat))
	for i, f := range flat {
		list[i] = f.row(now)
		ids[i] = string(f.ID)
		place[f.ID] = &list[i]
	}
	if len(list) == 0 {
		return list, nil
	}
	if err := numbersOf(ctx, db, ids, place); err != nil {
		return nil, err
	}
	return list, failuresOf(ctx, db, ids, place)
}

func numbersOf(ctx context.Context, db bun.IDB, ids []string, place map[ConversationID]*Row) error {
	var found []struct {
		ID     ConversationID
		Number string
	}
	// A row names the person: who filed what nobody may know is not told by it.
	err := db.NewRaw(`SELECT l.conversation_id AS id, t.number FROM ticket_conversations l JOIN tickets t ON t.id = l.ticket_id
		WHERE l.conversation_id = ANY(?::uuid[]) AND NOT t.anonymous AND NOT t.confidential AND t.class <> 'integrity'
		ORDER BY t.registered_at`, pgdialect.Array(ids)).Scan(ctx, &found)
	if err != nil {
		return fmt.Errorf("read ticket numbers: %w", err)
	}
	for _, f := range found {
		place[f.ID].TicketNumbers = append(place[f.ID].TicketNumbers, f.Number)
	}
	return nil
}

func failuresOf(ctx context.Context, db bun.IDB, ids []string, place map[ConversationID]*Row) error {
	var failed []ConversationID
	err := db.NewRaw(`SELECT DISTINCT conversation_id FROM outbox WHERE conversation_id = ANY(?::uuid[]) AND state IN (?, ?)`,
		pgdialect.Array(ids), channels.StateFailed, channels.StateUnknown).Scan(ctx, &failed)
	if err != nil {
		return fmt.Errorf("read failed sends: %w", err)
	}
	for _, id := range failed {
		place[id].Failed = true
	}
	return nil
}

// RowsByID reads the rows of these conversations, in any order: what a hub sends
// after a signal.
func (d *Desk) RowsByID(ctx context.Context, ids ...ConversationID) ([]Row, error) {
	plain := make([]string, len(ids))
	for i, id := range ids {
		plain[i] = string(id)
	}
	var flat []flatRow
	err := d.db.NewRaw("SELECT "+rowColumns+" FROM conversations c "+rowJoins+" WHERE c.id = ANY(?::uuid[])", pgdialect.Array(plain)).Scan(ctx, &flat)
	if err != nil {
		return nil, fmt.Errorf("read rows: %w", err)
	}
	return rows(ctx, d.db, flat, d.now())
}

// masked is the address as staff see it without asking for more.
func (p Point) masked() string {
	switch channels.AddressKind(p.Kind) {
	case channels.AddressPhone:
		return channels.MaskPhone(p.Value)
	case channels.AddressEmail:
		return channels.MaskEmail(p.Value)
	default:
		return ""
	}
}

func (p Point) address() channels.Address {
	return channels.Address{Kind: channels.AddressKind(p.Kind), Value: p.Value, Verified: p.Confidence == ProvedProvider}
}

// queueIDs as plain strings, for arrays in queries.
func queueIDs(list []team.QueueID) []string {
	plain := make([]string, len(list))
	for i, id := range list {
		plain[i] = string(id)
	}
	return plain
}
