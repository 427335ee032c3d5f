package web

import (
	"context"
	"errors"
	"time"

	"sapa/channels"
	"sapa/ticketing"
	"sapa/ticketing/team"
	"sapa/web/wire"
)

// ByID is the place of an id in an address. It is exported because huma fills
// embedded structs only then; so are the others like it.
type ByID struct {
	ID string `path:"id" format:"uuid"`
}

func (in ByID) conversation() ticketing.ConversationID { return ticketing.ConversationID(in.ID) }

type listInput struct {
	List string `query:"list" enum:"mine,team,unassigned,waiting,snoozed,all,ended,mentioned" default:"mine"`
	FilterInput
	Cursor string `query:"cursor" maxLength:"200"`
	Limit  int    `query:"limit" minimum:"0" maximum:"100"`
}

// FilterInput narrows a list: of each field, one of what it names.
type FilterInput struct {
	Kinds     []string `query:"kind" maxItems:"20"`
	Queues    []string `query:"queue" maxItems:"20"`
	Tags      []string `query:"tag" maxItems:"20"`
	Languages []string `query:"language" maxItems:"20"`
	Holder    string   `query:"holder" maxLength:"36" doc:"Whose hands: an id, me or none"`
}

func (in FilterInput) filter() ticketing.Filter {
	return ticketing.Filter{Kinds: in.Kinds, Queues: in.Queues, Tags: in.Tags, Languages: in.Languages, Holder: in.Holder}
}

func (s *Server) listConversations(ctx context.Context, in *listInput) (wire.Page[wire.ConversationRow], error) {
	reader, err := s.options.Desk.Reader(ctx, actor(ctx))
	if err != nil {
		return wire.Page[wire.ConversationRow]{}, err
	}
	page, err := s.options.Desk.Conversations(ctx, reader, in.List, in.filter(), in.Cursor, in.Limit)
	return wire.PageOf(page.Items, page.Next, wire.Row), err
}

func (s *Server) countConversations(ctx context.Context, _ *struct{}) (wire.Counts, error) {
	reader, err := s.options.Desk.Reader(ctx, actor(ctx))
	if err != nil {
		return wire.Counts{}, err
	}
	counts, err := s.options.Desk.Counts(ctx, reader)
	return wire.CountsOf(counts), err
}

func (s *Server) readConversation(ctx context.Context, in *ByID) (wire.Conversation, error) {
	return s.conversation(ctx, in.conversation())
}

// conversation is one conversation as whoever asked may see it.
func (s *Server) conversation(ctx context.Context, id ticketing.ConversationID) (wire.Conversation, error) {
	view, err := s.options.Desk.View(ctx, actor(ctx), id)
	if err != nil {
		return wire.Conversation{}, err
	}
	var begun []string
	for _, draft := range view.Drafts {
		begun = append(begun, draft.Attachments...)
	}
	for _, held := range view.Held {
		begun = append(begun, held.Attachments...)
	}
	files, err := s.files(ctx, begun)
	if err != nil {
		return wire.Conversation{}, err
	}
	return s.speak(ctx).Conversation(view, s.limits(view.Kind), files), nil
}

// limits of a kind of channel; the zero Limits where this process carries none.
func (s *Server) limits(kind channels.Kind) channels.Limits {
	adapter, err := s.options.Adapters.Of(kind)
	if err != nil {
		return channels.Limits{}
	}
	return adapter.Limits()
}

func (s *Server) claim(ctx context.Context, in *ByID) (*wire.Conversation, error) {
	return s.after(ctx, in, s.options.Desk.Claim(ctx, actor(ctx), in.conversation()))
}

func (s *Server) accept(ctx context.Context, in *ByID) (*wire.Conversation, error) {
	return s.after(ctx, in, s.options.Desk.Accept(ctx, actor(ctx), in.conversation()))
}

func (s *Server) decline(ctx context.Context, in *ByID) (*wire.Conversation, error) {
	return s.after(ctx, in, s.options.Desk.Decline(ctx, actor(ctx), in.conversation()))
}

// after is the conversation as it stands after an act on it, nil when it went
// where whoever acted cannot see it any more.
func (s *Server) after(ctx context.Context, in *ByID, err error) (*wire.Conversation, error) {
	if err != nil {
		return nil, err
	}
	c, err := s.conversation(ctx, in.conversation())
	if errors.Is(err, ticketing.ErrNotFound) {
		return nil, nil
	}
	return &c, err
}

type assignInput struct {
	ByID
	Body struct {
		StaffID string `json:"staff_id,omitempty" format:"uuid"`
		QueueID string `json:"queue_id,omitempty" format:"uuid"`
		UnitID  string `json:"unit_id,omitempty" format:"uuid"`
		Note    string `json:"note,omitempty" maxLength:"4096"`
	}
}

func (s *Server) assign(ctx context.Context, in *assignInput) (*wire.Conversation, error) {
	to := ticketing.Assignment{Staff: team.StaffID(in.Body.StaffID), Queue: team.QueueID(in.Body.QueueID),
		Unit: team.TeamID(in.Body.UnitID), Note: in.Body.Note}
	return s.after(ctx, &in.ByID, s.options.Desk.Assign(ctx, actor(ctx), in.conversation(), to))
}

type snoozeInput struct {
	ByID
	Body struct {
		Until *time.Time `json:"until" nullable:"true"`
	}
}

// snooze puts a conversation aside until an instant, or null for the citizen's
// next message.
func (s *Server) snooze(ctx context.Context, in *snoozeInput) (*wire.Conversation, error) {
	return s.after(ctx, &in.ByID, s.options.Desk.Snooze(ctx, actor(ctx), in.conversation(), in.Body.Until))
}

func (s *Server) wake(ctx context.Context, in *ByID) (*wire.Conversation, error) {
	return s.after(ctx, in, s.options.Desk.Wake(ctx, actor(ctx), in.conversation()))
}

func (s *Server) snoozeChoices(ctx context.Context, _ *struct{}) (wire.Items[wire.SnoozeChoice], error) {
	list, err := s.options.Desk.SnoozeChoices(ctx)
	return wire.ItemsOf(list, func(c ticketing.SnoozeChoice) wire.SnoozeChoice {
		return wire.SnoozeChoice{Code: c.Code, Until: c.Until}
	}), err
}

type endInput struct {
	ByID
	Body struct {
		Outcome string `json:"outcome" maxLength:"40"`
	}
}

func (s *Server) end(ctx context.Context, in *endInput) (*wire.Conversation, error) {
	return s.after(ctx, &in.ByID, s.options.Desk.End(ctx, actor(ctx), in.conversation(), in.Body.Outcome))
}

func (s *Server) wrapUpDone(ctx context.Context, in *ByID) (*wire.Conversation, error) {
	return s.after(ctx, in, s.options.Desk.WrapUpDone(ctx, actor(ctx), in.conversation()))
}

type seqInput struct {
	ByID
	Body struct {
		Seq int64 `json:"seq" minimum:"0"`
	}
}

func (s *Server) markRead(ctx context.Context, in *seqInput) (none, error) {
	return none{}, s.options.Desk.MarkRead(ctx, actor(ctx), in.conversation(), in.Body.Seq)
}

type subjectInput struct {
	ByID
	Body struct {
		ParticipantID *string `json:"participant_id" format:"uuid" nullable:"true"`
		Reason        string  `json:"reason" maxLength:"500"`
	}
}

// setSubject says whom a conversation is about, or null for nobody known.
func (s *Server) setSubject(ctx context.Context, in *subjectInput) (*wire.Conversation, error) {
	participant := ""
	if in.Body.ParticipantID != nil {
		participant = *in.Body.ParticipantID
	}
	return s.after(ctx, &in.ByID, s.options.Desk.SetSubject(ctx, actor(ctx), in.conversation(), participant, in.Body.Reason))
}

func (s *Server) askCSAT(ctx context.Context, in *ByID) (none, error) {
	return none{}, s.options.Desk.AskCSAT(ctx, actor(ctx), in.conversation())
}

// history is what happened with the same person before.
type history struct {
	Conversations []wire.ConversationRow `json:"conversations" nullable:"false"`
	Tickets       []wire.TicketRow       `json:"tickets" nullable:"false"`
}

type duplicatesInput struct {
	ByID
	Category string `query:"category" maxLength:"60"`
}

// listDuplicates proposes what a new ticket may already be.
func (s *Server) listDuplicates(ctx context.Context, in *duplicatesInput) (wire.Items[wire.TicketRow], error) {
	list, err := s.options.Desk.Duplicates(ctx, actor(ctx), in.conversation(), in.Category)
	return wire.ItemsOf(list, s.speak(ctx).TicketRow), err
}

func (s *Server) readHistory(ctx context.Context, in *ByID) (history, error) {
	view, err := s.options.Desk.View(ctx, actor(ctx), in.conversation())
	if err != nil {
		return history{}, err
	}
	rows, err := s.options.Desk.History(ctx, actor(ctx), in.conversation())
	if err != nil {
		return history{}, err
	}
	tickets, err := s.options.Desk.TicketsOfPerson(ctx, actor(ctx), view.Contact, view.Participant)
	return history{Conversations: wire.Each(rows, wire.Row), Tickets: wire.Each(tickets, s.speak(ctx).TicketRow)}, err
}
