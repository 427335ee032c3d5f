package ticketing

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"sapa/channels/bus"
	"sapa/program/access"
	"sapa/ticketing/category"
	"sapa/ticketing/sla"
	"sapa/ticketing/team"
)

// Registration asks for a new ticket. Key makes it one ticket however often it
// is sent. Class, Priority and Queue left empty are the category's.
type Registration struct {
	Key          string
	Conversation ConversationID
	Contact      ContactID // only without a conversation
	Channel      string    // only without a conversation
	Participant  string
	Category     string
	Class        TicketClass
	Oversight    *bool
	Priority     int
	Subject      string
	Text         string
	Anonymous    bool
	Confidential bool
	FollowUpOf   TicketID
	AboutStaff   string
	AboutUnit    string
}

// Registered is a new ticket with the code that its reporter follows it by: the
// code is told once and kept only as a hash. Told says that it went out in the
// reporter's channel; nobody else is to see it then.
type Registered struct {
	Ticket Ticket
	Secret string
	Told   bool
}

// Register makes a ticket. Staff who register what they hold in conversation
// verify and take it with the same act, where no inquiry is needed. Errors:
// Invalid, ErrRole, ErrForbidden.
func (d *Desk) Register(ctx context.Context, actor access.Actor, r Registration) (Registered, error) {
	if (actor.Kind == access.Staff || actor.Kind == access.Machine) && !actor.May(access.TicketRegister) {
		return Registered{}, ErrForbidden
	}
	var made Registered
	err := d.do(ctx, actor, func(ctx context.Context, w *work) error {
		if known, err := w.byKey(ctx, r.Key); known != nil || err != nil {
			if known != nil {
				made = Registered{Ticket: *known}
			}
			return err
		}
		if r.Conversation != "" {
			c, err := w.lock(ctx, r.Conversation)
			if err != nil {
				return err
			}
			if err := w.maySee(ctx, c); err != nil {
				return err
			}
		}
		var err error
		made, err = w.register(ctx, r)
		return err
	})
	return made, err
}

// keySpace makes event ids of the keys that clients send.
var keySpace = uuid.MustParse("6f0c6f6a-5a1b-5d5e-9f43-5361706154aa")

func (w *work) eventID(key string) TicketEventID {
	if key == "" {
		return NewTicketEventID()
	}
	return TicketEventID(uuid.NewSHA1(keySpace, []byte(string(w.actor.Kind)+"|"+w.actor.ID+"|"+key)).String())
}

// byKey finds the ticket that an act with this key already changed, nil for none.
func (w *work) byKey(ctx context.Context, key string) (*Ticket, error) {
	if key == "" {
		return nil, nil
	}
	t := new(Ticket)
	err := w.NewSelect().Model(t).Where("id = (SELECT ticket_id FROM ticket_events WHERE id = ?)", w.eventID(key)).Scan(ctx)
	if noRows(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find act by key: %w", err)
	}
	return t, nil
}

// register makes the ticket, links it to its conversation and tells the
// reporter the number.
func (w *work) register(ctx context.Context, r Registration) (Registered, error) {
	facts, err := w.registrationFacts(ctx, r)
	if err != nil {
		return Registered{}, err
	}
	machine, err := w.machine(ctx)
	if err != nil {
		return Registered{}, err
	}
	result, err := machine.Apply(Ticket{}, TicketCommand{
		ID: w.eventID(r.Key), Ticket: NewTicketID(), Act: ActRegister, Actor: w.actor, At: w.at, Facts: facts,
	})
	if err != nil {
		return Registered{}, err
	}
	t := result.Ticket
	secret := NewSecret()
	t.SecretHash = hashSecret(t.Number, secret)
	if err := w.storeTicket(ctx, &t, result.Event); err != nil {
		return Registered{}, err
	}
	if r.Conversation != "" {
		if err := w.linkConversation(ctx, t.ID, r.Conversation); err != nil {
			return Registered{}, err
		}
	}
	w.secret = secret
	if err := w.follow(ctx, &t, result); err != nil {
		return Registered{}, err
	}
	told := w.secret == ""
	w.secret = ""
	err = w.takeOwn(ctx, &t, r)
	return Registered{Ticket: t, Secret: secret, Told: told}, err
}

func (w *work) registrationFacts(ctx context.Context, r Registration) (TicketFacts, error) {
	leaf, err := category.ByCode(ctx, w, r.Category)
	if errors.Is(err, category.ErrNotFound) {
		return TicketFacts{}, &Invalid{Field: "category", Rule: "unknown"}
	}
	if err != nil {
		return TicketFacts{}, err
	}
	queue, err := w.queueOr(ctx, leaf.Queue)
	if err != nil {
		return TicketFacts{}, err
	}
	facts := TicketFacts{
		Channel: r.Channel, Contact: string(r.Contact), Participant: r.Participant, Conversation: string(r.Conversation),
		FollowUpOf: r.FollowUpOf, AboutStaff: r.AboutStaff, AboutUnit: r.AboutUnit, Anonymous: r.Anonymous, Confidential: r.Confidential,
		Subject: clip(clean(r.Subject), maxSubject), Text: clean(r.Text), Category: leaf.Code, Class: r.Class, Oversight: r.Oversight,
		Priority: r.Priority, Queue: string(queue.ID), Unit: string(queue.TeamID),
	}
	if facts.Class == "" {
		facts.Class = TicketClass(leaf.Class)
	}
	if facts.Priority == 0 {
		facts.Priority = leaf.Priority
	}
	if facts.Class == TicketClass(leaf.Class) && (facts.Oversight == nil || !*facts.Oversight) {
		facts.Target = sla.InWorkingDays(int64(leaf.TargetHours / 24))
	}
	if err := w.fromConversation(ctx, &facts, r); err != nil {
		return TicketFacts{}, err
	}
	facts.Number, err = w.nextNumber(ctx)
	return facts, err
}

// maxSubject keeps a list row to one line.
const maxSubject = 120

func clip(text string, longest int) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), longest)])
}

// fromConversation fills in who reports, through which channel and about whom.
func (w *work) fromConversation(ctx context.Context, facts *TicketFacts, r Registration) error {
	if r.Conversation == "" {
		return nil
	}
	c, err := w.lock(ctx, r.Conversation)
	if err != nil {
		return err
	}
	facts.Contact, facts.Channel = string(c.Contact), string(c.Kind)
	facts.Participant = orElse(facts.Participant, c.Participant)
	facts.HoldsConversation = c.Assignee != "" && c.Assignee == team.StaffID(w.actor.ID)
	facts.Text = orElse(facts.Text, c.Summary)
	facts.Text = orElse(facts.Text, c.Preview)
	facts.Subject = orElse(facts.Subject, clip(facts.Text, maxSubject))
	return nil
}

func (w *work) nextNumber(ctx context.Context) (string, error) {
	var serial int64
	if err := w.NewRaw("SELECT nextval('ticket_serial')").Scan(ctx, &serial); err != nil {
		return "", fmt.Errorf("next ticket number: %w", err)
	}
	return FormatNumber(serial), nil
}

// takeOwn verifies and accepts for the agent who registered what they have in
// conversation. What an inquiry or another team needs is left to others.
func (w *work) takeOwn(ctx context.Context, t *Ticket, r Registration) error {
	if w.actor.Kind != access.Staff || r.Conversation == "" || t.guarded() || t.Class == ClassComplaint && t.Oversight == nil {
		return nil
	}
	for _, act := range []TicketAct{ActVerify, ActAccept} {
		err := w.act(ctx, t, act, TicketFacts{})
		var invalid *Invalid
		if errors.Is(err, ErrRole) || errors.Is(err, ErrTransition) || errors.As(err, &invalid) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *work) linkConversation(ctx context.Context, t TicketID, c ConversationID) error {
	_, err := w.NewRaw("INSERT INTO ticket_conversations (ticket_id, conversation_id) VALUES (?, ?) ON CONFLICT DO NOTHING", t, c).Exec(ctx)
	if err != nil {
		return fmt.Errorf("link ticket: %w", err)
	}
	return nil
}

// TicketRequest asks for an act on a ticket. Version is the one the actor saw;
// Fields are what they filled in, by the names that offers give.
type TicketRequest struct {
	Ticket  TicketID
	Act     TicketAct
	Version int64
	Key     string
	Fields  map[string]string
}

// Act does one act on a ticket. Errors: ErrStale, ErrTransition, ErrRole,
// Invalid, ErrNotFound.
func (d *Desk) Act(ctx context.Context, actor access.Actor, r TicketRequest) (Ticket, error) {
	if slices.Contains([]TicketAct{ActRegister, ActAbsorb, ActInbound, ActAnonymise, ActDelete, ActContestTimeout, ActReporterTimeout}, r.Act) {
		return Ticket{}, ErrRole
	}
	var t Ticket
	err := d.do(ctx, actor, func(ctx context.Context, w *work) error {
		known, err := w.byKey(ctx, r.Key)
		if err != nil {
			return err
		}
		if err := w.lockOther(ctx, r); err != nil {
			return err
		}
		if t, err = w.lockCase(ctx, r.Ticket); err != nil || known != nil {
			return err
		}
		if !maySeeTicket(actor, t) {
			return ErrNotFound
		}
		facts, err := w.factsOf(ctx, t, r)
		if err != nil {
			return err
		}
		return w.actAs(ctx, &t, TicketCommand{ID: w.eventID(r.Key), Act: r.Act, Version: r.Version, Facts: facts})
	})
	return t, err
}

// lockOther holds the other ticket of a merge first where its id is the smaller:
// two merges into each other wait in one order.
func (w *work) lockOther(ctx context.Context, r TicketRequest) error {
	number := clean(r.Fields["merge"])
	if r.Act != ActMerge || number == "" {
		return nil
	}
	other, err := TicketByNumber(ctx, w, number)
	if err != nil || other.ID >= r.Ticket {
		return nil // an unknown number is refused where the fields are read
	}
	_, err = w.lockCase(ctx, other.ID)
	return err
}

// act does an act on the ticket as it stands, by the use-case's actor.
func (w *work) act(ctx context.Context, t *Ticket, act TicketAct, facts TicketFacts) error {
	return w.actAs(ctx, t, TicketCommand{ID: NewTicketEventID(), Act: act, Version: t.Version, Facts: facts})
}

// actAs adds what the desk knows to the facts, lets the machine decide, stores
// and follows up. t becomes the ticket after the act.
func (w *work) actAs(ctx context.Context, t *Ticket, command TicketCommand) error {
	machine, err := w.machine(ctx)
	if err != nil {
		return err
	}
	if command.Version != t.Version {
		return fmt.Errorf("ticket %s: %w", t.ID, ErrStale)
	}
	command.Actor, command.At = w.actor, w.at
	if err := w.know(ctx, *t, &command); err != nil {
		return err
	}
	result, err := machine.Apply(*t, command)
	if err != nil {
		return err
	}
	after := result.Ticket
	if err := w.storeTicket(ctx, &after, result.Event); err != nil {
		return err
	}
	*t = after
	if err := w.answerQuestion(ctx, t, command); err != nil {
		return err
	}
	if err := w.follow(ctx, t, result); err != nil || command.Act != ActReopen && command.Act != ActOverturn {
		return err
	}
	return w.releaseIfLeft(ctx, t)
}

// follow carries out what an act leads to: marks on clocks, notices, the other
// half of a merge, a follow-up ticket.
func (w *work) follow(ctx context.Context, t *Ticket, result TicketResult) error {
	all, err := ticketClocks(ctx, w, t.ID)
	if err != nil {
		return err
	}
	for _, effect := range result.Effects {
		if effect.Kind == EffectClock {
			if err := w.addMark(ctx, all, t.ID, effect.Timer, effect.Mark); err != nil {
				return err
			}
		}
	}
	if err := w.readClocks(ctx, t, all); err != nil {
		return err
	}
	for _, effect := range result.Effects {
		if err := w.carryOut(ctx, t, all, effect); err != nil {
			return err
		}
	}
	w.signal(bus.Ticket, string(t.ID), t.Version)
	return nil
}

func (w *work) carryOut(ctx context.Context, t *Ticket, all clocks, effect TicketEffect) error {
	switch effect.Kind {
	case EffectNotice:
		return w.notice(ctx, t, all, effect)
	case EffectAbsorb:
		other, err := w.lockTicket(ctx, effect.Other)
		if err != nil {
			return err
		}
		if err := w.followTarget(ctx, t, &other); err != nil {
			return err
		}
		return w.bySystem(func() error {
			return w.act(ctx, &other, ActAbsorb, TicketFacts{Merge: &TicketMerge{
				ID: t.ID, State: t.State, Class: t.Class, MergedInto: other.ID, RegisteredAt: t.RegisteredAt}})
		})
	case EffectErase:
		return w.eraseHistory(ctx, t)
	}
	return nil // a clock was marked; a follow-up is made by whoever has the message
}

// bySystem does something in the name of the system within somebody's use-case.
func (w *work) bySystem(do func() error) error {
	actor := w.actor
	w.actor = access.Timer()
	defer func() { w.actor = actor }()
	return do()
}

// eraseHistory rewrites the events of an erased ticket without what was said.
func (w *work) eraseHistory(ctx context.Context, t *Ticket) error {
	events, err := ticketEvents(ctx, w, t.ID)
	if err != nil {
		return err
	}
	for _, event := range events {
		event = event.Erased()
		_, err := w.NewUpdate().Model(&event).Column("facts", "actor_id", "actor_name").Where("id = ?", event.ID).Exec(ctx)
		if err != nil {
			return fmt.Errorf("erase history of ticket %s: %w", t.ID, err)
		}
	}
	return nil
}
