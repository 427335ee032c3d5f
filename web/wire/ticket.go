package wire

import (
	"slices"
	"strconv"
	"time"

	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/category"
	"sapa/ticketing/sla"
)

// TicketRow is a ticket in a list.
type TicketRow struct {
	ID            string     `json:"id"`
	Number        string     `json:"number"`
	Subject       string     `json:"subject"`
	State         string     `json:"state"`
	ClosedReason  string     `json:"closed_reason,omitempty"`
	Class         string     `json:"class"`
	Oversight     *bool      `json:"oversight"`
	Category      string     `json:"category"`
	CategoryLabel string     `json:"category_label"`
	Priority      int        `json:"priority"`
	Level         int        `json:"level"`
	Owner         *Named     `json:"owner,omitempty"`
	Queue         *Named     `json:"queue,omitempty"`
	Person        string     `json:"person"`
	RegisteredAt  time.Time  `json:"registered_at"`
	DueAt         *time.Time `json:"due_at"`
	SLA           SLA        `json:"sla"`
	Version       int64      `json:"version"`
	Tags          []Tag      `json:"tags" nullable:"false"`
}

// TicketRow shapes a ticket for a list.
func (v Voice) TicketRow(r ticketing.TicketRow) TicketRow {
	return TicketRow{
		ID: string(r.ID), Number: r.Number, Subject: r.Subject, State: string(r.State), ClosedReason: string(r.ClosedReason), Class: string(r.Class),
		Oversight: r.Oversight, Category: r.Category, CategoryLabel: v.Label("category.", r.Category), Priority: r.Priority, Level: r.Level,
		Owner: named(r.Owner, r.OwnerName), Queue: named(r.Queue, r.QueueName), Person: r.PersonName, RegisteredAt: r.RegisteredAt.UTC(),
		DueAt: utc(r.DueAt), SLA: promise(r.Promise), Version: r.Version, Tags: Each(r.Tags, tag),
	}
}

// Ticket is a ticket on its own page.
type Ticket struct {
	TicketRow
	Text         string `json:"text"`
	Outcome      string `json:"outcome,omitempty"`
	RootCause    string `json:"root_cause,omitempty"`
	PublicAnswer string `json:"public_answer,omitempty"`
	// ExtendedDueAt is the second promise; due_at stays the one that counts.
	ExtendedDueAt   *time.Time        `json:"extended_due_at,omitempty"`
	ExtensionReason string            `json:"extension_reason,omitempty"`
	Clocks          []TicketClock     `json:"clocks" nullable:"false"`
	Allowed         []AllowedEvent    `json:"allowed" nullable:"false"`
	History         []TicketLine      `json:"history" nullable:"false"`
	Conversations   []ConversationRow `json:"conversations" nullable:"false"`
	// Duplicates are proposals for a merge; MergedInto is where a merged one goes on.
	Duplicates  []TicketRow     `json:"duplicates" nullable:"false"`
	MergedInto  *TicketRow      `json:"merged_into,omitempty"`
	Participant *ParticipantRow `json:"participant,omitempty"`
	Changes     []Change        `json:"changes" nullable:"false"`
}

// TicketClock is one clock and the stretches that explain it.
type TicketClock struct {
	Name        string     `json:"name"`
	StartedAt   time.Time  `json:"started_at"`
	DueAt       *time.Time `json:"due_at"`
	UsedSeconds int64      `json:"used_seconds"`
	State       string     `json:"state"`
	Intervals   []Interval `json:"intervals" nullable:"false"`
}

// Interval is a stretch of time that counted, or not, and why.
type Interval struct {
	From    time.Time  `json:"from"`
	To      *time.Time `json:"to"`
	Counted bool       `json:"counted"`
	Rule    string     `json:"rule"`
}

// AllowedEvent is something the reader may do with the ticket now.
type AllowedEvent struct {
	Event  string  `json:"event"`
	Label  string  `json:"label"`
	Fields []Field `json:"fields" nullable:"false"`
}

// TicketLine is one line of a ticket's history.
type TicketLine struct {
	At     time.Time         `json:"at"`
	Event  string            `json:"event"`
	Label  string            `json:"label"`
	Actor  string            `json:"actor"`
	Role   string            `json:"role"`
	From   string            `json:"from,omitempty"`
	To     string            `json:"to,omitempty"`
	Fields map[string]string `json:"fields"`
	Reason string            `json:"reason,omitempty"`
}

// Ticket shapes a ticket's page, but for participant and changes.
func (v Voice) Ticket(t ticketing.TicketView, categories []category.Category) Ticket {
	shaped := Ticket{
		Duplicates: Each(t.Duplicates, v.TicketRow),
		TicketRow:  v.TicketRow(t.TicketRow), Text: t.Text, Outcome: v.Label("ticket.outcome.", string(t.Outcome)),
		RootCause: v.Label("ticket.cause.", string(t.RootCause)), PublicAnswer: t.PublicAnswer,
		ExtendedDueAt: utc(t.ExtendedDueAt), ExtensionReason: t.ExtensionReason, Clocks: Each(t.Clocks, clock),
		Allowed:       Each(t.Offers, func(o ticketing.TicketOffer) AllowedEvent { return v.offer(o, categories) }),
		History:       v.ticketHistory(t),
		Conversations: Each(t.Conversations, Row), Changes: []Change{},
	}
	if t.MergedInto != nil {
		target := v.TicketRow(*t.MergedInto)
		shaped.MergedInto = &target
	}
	return shaped
}

func clock(c ticketing.ClockView) TicketClock {
	state := string(c.Reading.Phase)
	switch {
	case c.Reading.Status == sla.Breached:
		state = "breached"
	case c.Reading.Phase == sla.Running && c.Reading.Status == sla.AtRisk:
		state = "at_risk"
	case c.Reading.Phase == sla.Stopped && !c.Reading.Due.IsZero():
		state = "met"
	}
	return TicketClock{Name: string(c.Timer), StartedAt: c.StartedAt.UTC(), DueAt: instant(c.Reading.Due),
		UsedSeconds: int64(c.Reading.Used.Seconds()), State: state, Intervals: Each(c.Intervals, interval)}
}

func interval(i sla.Interval) Interval {
	return Interval{From: i.From.UTC(), To: instant(i.To), Counted: i.Counted, Rule: string(i.Rule)}
}

func (v Voice) ticketLine(e ticketing.TicketEvent) TicketLine {
	line := TicketLine{At: e.At.UTC(), Event: string(e.Act), Label: v.Label("ticket.act.", string(e.Act)), Role: v.Label("ticket.role.", string(e.Role)),
		Actor: v.Actor(actorOf(e)), Fields: v.filledIn(e.Facts), Reason: e.Facts.Reason}
	if e.Act != ticketing.ActRegister && e.Facts.Text != "" { // a ticket's first words stand above its history
		line.Fields[v.Label("ticket.field.", "text")] = e.Facts.Text
	}
	if e.FromState != e.ToState {
		line.From, line.To = string(e.FromState), string(e.ToState)
	}
	return line
}

func actorOf(e ticketing.TicketEvent) access.Actor {
	return access.Actor{Kind: e.ActorKind, ID: e.ActorID, Name: e.ActorName}
}

// filledIn says what was filled in with an act, by label.
func (v Voice) filledIn(f ticketing.TicketFacts) map[string]string {
	fields := map[string]string{}
	if f.Extension != 0 {
		fields[v.Label("ticket.field.", "extension")] = strconv.Itoa(f.Extension)
	}
	for name, value := range map[string]string{
		"class": v.Label("ticket.class.", string(f.Class)), "category": v.Label("category.", f.Category),
		"outcome": v.Label("ticket.outcome.", string(f.Outcome)), "root_cause": v.Label("ticket.cause.", string(f.RootCause)),
		"rejection": v.Label("ticket.rejection.", string(f.Rejection)), "public_answer": f.PublicAnswer, "cause": f.Cause,
		"third_party": f.ThirdParty, "question": f.Question, "body": f.Body, "reference": f.Reference,
	} {
		if value != "" {
			fields[v.Label("ticket.field.", name)] = value
		}
	}
	return fields
}

// Category is a leaf of what tickets are about.
type Category struct {
	Code         string `json:"code"`
	Label        string `json:"label"`
	Group        string `json:"group"`
	GroupLabel   string `json:"group_label"`
	ClassDefault string `json:"class_default"`
	TargetHours  int    `json:"target_hours"`
	Queue        string `json:"queue"`
}

// Category shapes a leaf.
func (v Voice) Category(c category.Category) Category {
	return Category{Code: c.Code, Label: v.Label("category.", c.Code), Group: c.Group, GroupLabel: v.Label("category.group.", c.Group),
		ClassDefault: c.Class, TargetHours: c.TargetHours, Queue: c.Queue}
}

// Codes are the closed lists of tickets.
type Codes struct {
	Outcomes   []Option `json:"outcomes" nullable:"false"`
	RootCauses []Option `json:"root_causes" nullable:"false"`
	Rejections []Option `json:"rejections" nullable:"false"`
	Closings   []Option `json:"closings" nullable:"false"`
}

// Codes says the closed lists of tickets.
func (v Voice) Codes() Codes {
	return Codes{
		Outcomes: options(v, "ticket.outcome.", ticketing.TicketOutcomes()), RootCauses: options(v, "ticket.cause.", ticketing.RootCauses()),
		Rejections: options(v, "ticket.rejection.", ticketing.Rejections()), Closings: options(v, "ticket.closed.", ticketing.ClosedReasons()),
	}
}

func options[C ~string](v Voice, prefix string, codes []C) []Option {
	return Each(codes, func(code C) Option { return Option{Value: string(code), Label: v.Label(prefix, string(code))} })
}

// offer shapes an act with its form. A unit is chosen by its queue.
func (v Voice) offer(o ticketing.TicketOffer, categories []category.Category) AllowedEvent {
	event := AllowedEvent{Event: string(o.Act), Label: v.Label("ticket.act.", string(o.Act)), Fields: []Field{}}
	add := func(names []string, required bool) {
		for _, name := range names {
			field, ok := v.ticketField(name, required, categories)
			known := slices.ContainsFunc(event.Fields, func(f Field) bool { return f.Name == field.Name })
			if ok && !known {
				event.Fields = append(event.Fields, field)
			}
		}
	}
	add(o.Needs, true)
	add(o.Optional, false)
	return event
}
