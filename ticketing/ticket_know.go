package ticketing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"sapa/program/access"
	"sapa/program/calendar"
	"sapa/ticketing/category"
	"sapa/ticketing/sla"
	"sapa/ticketing/team"
)

// factsOf reads what an actor filled in. Names are those of offers; unknown ones
// are refused, so that a typo is not lost in silence.
func (w *work) factsOf(ctx context.Context, t Ticket, r TicketRequest) (TicketFacts, error) {
	var f TicketFacts
	for name, value := range r.Fields {
		value = clean(value)
		if value == "" {
			continue
		}
		if err := w.setFact(ctx, &f, name, value); err != nil {
			return TicketFacts{}, err
		}
	}
	if f.Category != "" && f.Queue == "" && r.Act != ActTransfer {
		if err := w.routeByCategory(ctx, &f); err != nil {
			return TicketFacts{}, err
		}
	}
	if f.Merge != nil {
		return f, w.mergeFacts(ctx, t, &f)
	}
	return f, nil
}

func (w *work) setFact(ctx context.Context, f *TicketFacts, name, value string) (err error) {
	if field := f.word(name); field != nil {
		*field = value
		return nil
	}
	switch name {
	case "oversight":
		f.Oversight, err = boolFact(name, value)
	case "personal_data":
		f.PersonalData, err = yesFact(name, value)
	case "consent":
		f.Consent, err = yesFact(name, value)
	case "for_reporter":
		f.ForReporter, err = yesFact(name, value)
	case "priority":
		f.Priority, err = intFact(name, value)
	case "level":
		f.Level, err = intFact(name, value)
	case "extension":
		f.Extension, err = intFact(name, value)
	case "target":
		var days int
		days, err = intFact(name, value)
		f.Target = sla.InWorkingDays(int64(days))
	case "expected_at":
		f.ExpectedAt, err = dateFact(name, value)
	case "queue":
		f.Queue = value
		return w.unitOfQueue(ctx, f)
	case "question":
		f.QuestionSent, f.Question, w.question = true, value, value // it is sent with the act, or the act fails
	case "new_facts":
		f.NewFacts = true
		f.Reason = orElse(f.Reason, value)
	case "merge":
		return w.mergeWith(ctx, f, value)
	default:
		return &Invalid{Field: name, Rule: "unknown"}
	}
	return err
}

// word is the field of the facts that a plain text goes into, nil for none.
func (f *TicketFacts) word(name string) *string {
	switch name {
	case "class":
		return (*string)(&f.Class)
	case "category":
		return &f.Category
	case "unit":
		return &f.Unit
	case "owner":
		return &f.Owner
	case "reason", "instruction", "told_reason":
		return &f.Reason
	case "cause":
		return &f.Cause
	case "rejection":
		return (*string)(&f.Rejection)
	case "public_answer":
		return &f.PublicAnswer
	case "outcome":
		return (*string)(&f.Outcome)
	case "root_cause":
		return (*string)(&f.RootCause)
	case "co_signer":
		return &f.CoSigner
	case "third_party":
		return &f.ThirdParty
	case "pause_approver":
		return &f.PauseApprover
	case "body":
		return &f.Body
	case "reference":
		return &f.Reference
	}
	return nil
}

func (w *work) mergeWith(ctx context.Context, f *TicketFacts, number string) error {
	into, err := TicketByNumber(ctx, w, number)
	if err != nil {
		return &Invalid{Field: "merge", Rule: "unknown"}
	}
	f.Merge = &TicketMerge{ID: into.ID}
	return nil
}

func boolFact(name, value string) (*bool, error) {
	yes, err := strconv.ParseBool(value)
	if err != nil {
		return nil, &Invalid{Field: name, Rule: "format"}
	}
	return &yes, nil
}

func yesFact(name, value string) (bool, error) {
	yes, err := boolFact(name, value)
	return yes != nil && *yes, err
}

func intFact(name, value string) (int, error) {
	n, err := strconv.Atoi(value)
	if err != nil {
		return 0, &Invalid{Field: name, Rule: "format"}
	}
	return n, nil
}

// dateFact reads a day as its last second in WIB, or an instant.
func dateFact(name, value string) (*time.Time, error) {
	if at, err := time.Parse(time.RFC3339, value); err == nil {
		at = at.UTC()
		return &at, nil
	}
	date, err := calendar.ParseDate(value)
	if err != nil {
		return nil, &Invalid{Field: name, Rule: "format"}
	}
	at := date.End(calendar.WIB).UTC()
	return &at, nil
}

func (w *work) routeByCategory(ctx context.Context, f *TicketFacts) error {
	leaf, err := category.ByCode(ctx, w, f.Category)
	if errors.Is(err, category.ErrNotFound) {
		return &Invalid{Field: "category", Rule: "unknown"}
	}
	if err != nil {
		return err
	}
	queue, err := w.queueOr(ctx, leaf.Queue)
	f.Queue, f.Unit = string(queue.ID), string(queue.TeamID)
	return err
}

func (w *work) unitOfQueue(ctx context.Context, f *TicketFacts) error {
	queue, err := team.QueueByID(ctx, w, team.QueueID(f.Queue))
	if err != nil {
		return &Invalid{Field: "queue", Rule: "unknown"}
	}
	f.Unit = orElse(f.Unit, string(queue.TeamID))
	return nil
}

// mergeFacts looks the other ticket up. Tickets of one reporter, or of one
// category about the same unit, are taken for the same matter.
func (w *work) mergeFacts(ctx context.Context, t Ticket, f *TicketFacts) error {
	into, err := w.lockTicket(ctx, f.Merge.ID)
	if err != nil {
		return &Invalid{Field: "merge", Rule: "unknown"}
	}
	f.Merge = &TicketMerge{
		ID: into.ID, State: into.State, Class: into.Class, MergedInto: TicketID(into.MergedInto), RegisteredAt: into.RegisteredAt,
		SameReporter: t.Contact != "" && t.Contact == into.Contact || t.Participant != "" && t.Participant == into.Participant,
		SameIncident: t.Category != "" && t.Category == into.Category,
	}
	return nil
}

// know adds what other rows say and no actor may claim.
func (w *work) know(ctx context.Context, t Ticket, command *TicketCommand) error {
	f := &command.Facts
	if w.actor.Kind == access.Staff {
		if err := w.knowStaff(ctx, t, f); err != nil {
			return err
		}
	}
	switch command.Act {
	case ActAccept:
		return w.knowOwner(ctx, t, f, w.actor.ID)
	case ActAssign, ActOverturn:
		return w.knowOwner(ctx, t, f, f.Owner)
	case ActReporterTimeout:
		n, err := w.reminders(ctx, &t)
		f.Reminders = n
		return err
	case ActContestTimeout:
		return w.knowLastMessage(ctx, t, f)
	case ActExtend:
		return w.knowExtension(ctx, t, f.Extension)
	case ActHold:
		return w.knowSecond(ctx, t, "pause_approver", f.PauseApprover)
	case ActResolve:
		if err := w.knowSecond(ctx, t, "co_signer", f.CoSigner); err != nil {
			return err
		}
		return w.knowMoney(ctx, t, f)
	}
	return nil
}

// knowStaff: whether the actor has the ticket's conversation, and serves its unit.
func (w *work) knowStaff(ctx context.Context, t Ticket, f *TicketFacts) error {
	err := w.NewRaw(`SELECT EXISTS (SELECT FROM conversations WHERE id = nullif(?0, '')::uuid AND assignee_id = ?2),
			EXISTS (SELECT FROM team_members WHERE team_id = nullif(?1, '')::uuid AND staff_id = ?2)`,
		t.Conversation, t.Unit, w.actor.ID).Scan(ctx, &f.HoldsConversation, &f.InUnit)
	if err != nil {
		return fmt.Errorf("part of %s in ticket %s: %w", w.actor.ID, t.ID, err)
	}
	return nil
}

// knowSecond proves a second pair of eyes that an actor names: somebody who may
// co-sign and has had this ticket in hand. A name alone is no signature.
func (w *work) knowSecond(ctx context.Context, t Ticket, field, id string) error {
	if id == "" {
		return nil
	}
	staff, err := team.ByID(ctx, w, team.StaffID(id))
	if errors.Is(err, team.ErrNotFound) {
		return &Invalid{Field: field, Rule: "unknown"}
	}
	if err != nil {
		return err
	}
	if staff.Status != team.StatusActive || !staff.Actor().May(access.TicketCosign) || !slices.Contains(t.Handlers, id) {
		return &Invalid{Field: field, Rule: "not_signed"}
	}
	return nil
}

// knowOwner: an owner is active, and skilled when a member of the unit.
func (w *work) knowOwner(ctx context.Context, t Ticket, f *TicketFacts, owner string) error {
	if owner == "" {
		return nil
	}
	unit := orElse(f.Unit, t.Unit)
	err := w.NewRaw(`SELECT s.status = 'active', ?1 = '' OR EXISTS (SELECT FROM team_members m WHERE m.staff_id = s.id AND m.team_id::text = ?1)
		FROM staff s WHERE s.id::text = ?0`, owner, unit).Scan(ctx, &f.OwnerActive, &f.OwnerSkilled)
	if noRows(err) {
		return &Invalid{Field: "owner", Rule: "unknown"}
	}
	if err != nil {
		return fmt.Errorf("look for owner %s: %w", owner, err)
	}
	return nil
}

// knowLastMessage: when reporter or staff last wrote in a conversation of the
// ticket since the decision.
func (w *work) knowLastMessage(ctx context.Context, t Ticket, f *TicketFacts) error {
	var at *time.Time
	err := w.NewRaw(`SELECT greatest((SELECT max(m.at) FROM ticket_conversations l JOIN messages m ON m.conversation_id = l.conversation_id
			WHERE l.ticket_id = ?0 AND m.at > ?1 AND m.author IN ('citizen','agent') AND m.kind = 'message'),
		(SELECT max(e.at) FROM ticket_events e WHERE e.ticket_id = ?0 AND e.at > ?1 AND e.act = ?2))`, t.ID, t.DecidedAt, ActWrite).Scan(ctx, &at)
	if err != nil {
		return fmt.Errorf("last message of ticket %s: %w", t.ID, err)
	}
	f.LastMessageAt = at
	return nil
}

// answerQuestion sends the question of ask_reporter: the act stands only when it
// went out.
func (w *work) answerQuestion(ctx context.Context, t *Ticket, command TicketCommand) error {
	if command.Act != ActAskReporter || w.question == "" {
		return nil
	}
	notice := Notice{Key: "notice.ticket.need_info", Params: map[string]any{"Number": t.Number, "Question": w.question}}
	w.question = ""
	sent, err := w.sayToReporter(ctx, t, TicketNotice(ActAskReporter), func(*Conversation) Notice { return notice })
	if err == nil && !sent && t.Conversation != "" { // without one the tracking page asks
		return &Invalid{Field: "question", Rule: "no_channel"}
	}
	return err
}
