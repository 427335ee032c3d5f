package web

import (
	"context"

	"sapa/channels"
	"sapa/ticketing"
	"sapa/web/wire"
)

type phonesInput struct {
	ContactID     string `query:"contact_id" format:"uuid"`
	ParticipantID string `query:"participant_id" format:"uuid"`
}

// outreachOptions are the channels a conversation can be begun on, and the phones of
// whom it would be with.
type outreachOptions struct {
	Inboxes []wire.InboxChoice `json:"inboxes" nullable:"false"`
	Phones  []wire.Phone       `json:"phones" nullable:"false"`
}

func (s *Server) readOutreach(ctx context.Context, in *phonesInput) (outreachOptions, error) {
	phones, err := s.options.Desk.PhonesOf(ctx, actor(ctx), ticketing.ContactID(in.ContactID), in.ParticipantID)
	if err != nil {
		return outreachOptions{}, err
	}
	inboxes, err := s.options.Inboxes.All(ctx)
	var choices []channels.Inbox
	for _, inbox := range inboxes {
		if ticketing.Begins(inbox) {
			choices = append(choices, inbox)
		}
	}
	return outreachOptions{Inboxes: wire.Each(choices, wire.InboxChoiceOf), Phones: wire.Each(phones, wire.PhoneOf)}, err
}

type reachInput struct {
	InboxID string `query:"inbox_id" format:"uuid" required:"true"`
	PointID string `query:"point_id" format:"uuid" required:"true"`
}

// readReach is what may be said to an address now.
func (s *Server) readReach(ctx context.Context, in *reachInput) (wire.Reach, error) {
	inbox, err := s.options.Inboxes.ByID(ctx, s.options.DB, channels.InboxID(in.InboxID))
	if err != nil {
		return wire.Reach{}, err
	}
	reach, err := s.options.Desk.ReachOf(ctx, actor(ctx), inbox, ticketing.PointID(in.PointID))
	return wire.ReachOf(reach), err
}

// templated is an approved message with its values.
type templated struct {
	ID     string   `json:"id" format:"uuid"`
	Values []string `json:"values" maxItems:"9" nullable:"false"`
}

// said is the desk's shape of it; nil stays nil.
func (t *templated) said() *ticketing.Templated {
	if t == nil {
		return nil
	}
	return &ticketing.Templated{ID: channels.TemplateID(t.ID), Values: t.Values}
}

type beginInput struct {
	Body struct {
		Echo          string     `json:"echo" minLength:"1" maxLength:"64"`
		InboxID       string     `json:"inbox_id" format:"uuid"`
		PointID       string     `json:"point_id,omitempty" format:"uuid"`
		Phone         string     `json:"phone,omitempty" maxLength:"40"`
		ParticipantID string     `json:"participant_id,omitempty" format:"uuid"`
		Text          string     `json:"text,omitempty" maxLength:"20000"`
		Template      *templated `json:"template,omitempty"`
	}
}

// begin writes to somebody first, or shows the conversation that is open with them.
func (s *Server) begin(ctx context.Context, in *beginInput) (wire.Begun, error) {
	inbox, err := s.options.Inboxes.ByID(ctx, s.options.DB, channels.InboxID(in.Body.InboxID))
	if err != nil {
		return wire.Begun{}, err
	}
	begun, err := s.options.Desk.ReachOut(ctx, actor(ctx), inbox, ticketing.Outreach{
		Echo: in.Body.Echo, Point: ticketing.PointID(in.Body.PointID), Phone: in.Body.Phone, Participant: in.Body.ParticipantID,
		Text: in.Body.Text, Template: in.Body.Template.said(),
	})
	return wire.Begun{ConversationID: string(begun.Conversation), Open: begun.Open}, err
}
