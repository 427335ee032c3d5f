package web

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"sapa/program"
	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/category"
	"sapa/web/wire"
)

type ticketsInput struct {
	List   string `query:"list" enum:"mine,team,open,at_risk,breached,all,closed" default:"mine"`
	Q      string `query:"q" maxLength:"120"`
	Tag    string `query:"tag" format:"uuid"`
	Cursor string `query:"cursor" maxLength:"200"`
	Limit  int    `query:"limit" minimum:"0" maximum:"100"`
}

func (s *Server) listTickets(ctx context.Context, in *ticketsInput) (wire.Page[wire.TicketRow], error) {
	page, err := s.options.Desk.Tickets(ctx, actor(ctx), in.List, in.Q, ticketing.TagID(in.Tag), in.Cursor, in.Limit)
	return wire.PageOf(page.Items, page.Next, s.speak(ctx).TicketRow), err
}

// ByNumber is the place of a ticket in an address: its id or its number.
type ByNumber struct {
	ID string `path:"id" maxLength:"40" pattern:"^[A-Za-z0-9-]+$"`
}

func (s *Server) readTicket(ctx context.Context, in *ByNumber) (wire.Ticket, error) {
	return s.ticket(ctx, in.ID)
}

// ticket is a ticket's page with the corrections made for it and, for those who
// may search people, whom it is about.
func (s *Server) ticket(ctx context.Context, id string) (wire.Ticket, error) {
	view, err := s.options.Desk.Ticket(ctx, actor(ctx), id)
	if err != nil {
		return wire.Ticket{}, err
	}
	categories, err := category.All(ctx, s.options.DB)
	if err != nil {
		return wire.Ticket{}, err
	}
	voice := s.speak(ctx)
	shaped := voice.Ticket(view, categories)
	if view.Anonymous || view.Participant == "" || !actor(ctx).May(access.PeopleSearch) {
		return shaped, nil
	}
	changes, papers, err := s.correctionsOf(ctx, view)
	shaped.Changes = wire.Each(changes, func(c program.Change) wire.Change { return voice.Change(c, papers) })
	for _, summary := range papers.People {
		row := wire.Participant(summary)
		shaped.Participant = &row
	}
	return shaped, err
}

// correctionsOf reads what was corrected for a ticket and whom it is about.
func (s *Server) correctionsOf(ctx context.Context, t ticketing.TicketView) ([]program.Change, wire.Papers, error) {
	changes, err := s.options.Program.Changes(ctx, s.options.DB, program.ChangeFilter{TicketID: string(t.ID)})
	if err != nil {
		return nil, wire.Papers{}, err
	}
	papers, err := s.papers(ctx, changes, nil)
	if err != nil {
		return nil, wire.Papers{}, err
	}
	found, err := s.options.Program.Summaries(ctx, s.options.DB, program.ParticipantID(t.Participant))
	for _, one := range found {
		papers.People[one.ID] = one
	}
	return changes, papers, err
}

type registerInput struct {
	Body struct {
		Key            string `json:"key" minLength:"8" maxLength:"100"`
		ConversationID string `json:"conversation_id,omitempty" format:"uuid"`
		Category       string `json:"category" maxLength:"60"`
		Class          string `json:"class" enum:"complaint,aspiration,information_request,integrity"`
		Oversight      *bool  `json:"oversight,omitempty"`
		Priority       int    `json:"priority" minimum:"1" maximum:"4"`
		Subject        string `json:"subject" maxLength:"200"`
		Text           string `json:"text" maxLength:"20000"`
	}
}

// registerTicket makes a ticket; its number goes to the reporter on the channel
// they wrote from.
func (s *Server) registerTicket(ctx context.Context, in *registerInput) (wire.Ticket, error) {
	made, err := s.options.Desk.Register(ctx, actor(ctx), ticketing.Registration{
		Key: in.Body.Key, Conversation: ticketing.ConversationID(in.Body.ConversationID), Category: in.Body.Category,
		Class: ticketing.TicketClass(in.Body.Class), Oversight: in.Body.Oversight, Priority: in.Body.Priority,
		Subject: in.Body.Subject, Text: in.Body.Text,
	})
	if err != nil {
		return wire.Ticket{}, err
	}
	return s.ticket(ctx, string(made.Ticket.ID))
}

type actInput struct {
	ByNumber
	Body struct {
		Event   string            `json:"event" maxLength:"40"`
		Version int64             `json:"version" minimum:"0"`
		Key     string            `json:"key,omitempty" maxLength:"100"`
		Fields  map[string]string `json:"fields,omitempty"`
	}
}

// actOnTicket does one of the acts that the ticket's page offered.
func (s *Server) actOnTicket(ctx context.Context, in *actInput) (*wire.Ticket, error) {
	view, err := s.options.Desk.Ticket(ctx, actor(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	if err := s.numberOf(ctx, in.Body.Fields); err != nil {
		return nil, err
	}
	_, err = s.options.Desk.Act(ctx, actor(ctx), ticketing.TicketRequest{
		Ticket: view.ID, Act: ticketing.TicketAct(in.Body.Event), Version: in.Body.Version, Key: in.Body.Key, Fields: in.Body.Fields})
	if err != nil {
		return nil, err
	}
	shaped, err := s.ticket(ctx, string(view.ID))
	if errors.Is(err, ticketing.ErrNotFound) { // it went where whoever acted cannot see it
		return nil, nil
	}
	return &shaped, err
}

// numberOf lets forms name the other ticket of a merge by id.
func (s *Server) numberOf(ctx context.Context, fields map[string]string) error {
	if uuid.Validate(fields["merge"]) != nil {
		return nil
	}
	other, err := s.options.Desk.Ticket(ctx, actor(ctx), fields["merge"])
	if errors.Is(err, ticketing.ErrNotFound) {
		return &ticketing.Invalid{Field: "merge", Rule: "unknown"}
	}
	fields["merge"] = other.Number
	return err
}

func (s *Server) listCategories(ctx context.Context, _ *struct{}) (wire.Items[wire.Category], error) {
	list, err := category.All(ctx, s.options.DB)
	return wire.ItemsOf(list, s.speak(ctx).Category), err
}

func (s *Server) listCodes(ctx context.Context, _ *struct{}) (wire.Codes, error) {
	return s.speak(ctx).Codes(), nil
}
