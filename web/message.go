package web

import (
	"context"

	"sapa/ticketing"
	"sapa/ticketing/team"
	"sapa/web/wire"
)

// visible is a conversation's row, if whoever asked may see it.
func (s *Server) visible(ctx context.Context, id ticketing.ConversationID) (ticketing.Row, error) {
	reader, err := s.options.Desk.Reader(ctx, actor(ctx))
	if err != nil {
		return ticketing.Row{}, err
	}
	rows, err := s.options.Desk.RowsByID(ctx, id)
	if err != nil {
		return ticketing.Row{}, err
	}
	if len(rows) == 0 || !reader.Sees(rows[0].Conversation) {
		return ticketing.Row{}, ticketing.ErrNotFound
	}
	return rows[0], nil
}

type threadInput struct {
	ByID
	After  int64 `query:"after" minimum:"0"`
	Before int64 `query:"before" minimum:"0"`
	Limit  int   `query:"limit" minimum:"0" maximum:"200"`
}

// readMessages is a stretch of a thread, ascending: after a sequence number,
// before one, or its end.
func (s *Server) readMessages(ctx context.Context, in *threadInput) (wire.Messages, error) {
	row, err := s.visible(ctx, in.conversation())
	if err != nil {
		return wire.Messages{}, err
	}
	list, err := ticketing.Messages(ctx, s.options.DB, row.ID, ticketing.Page{After: in.After, Before: in.Before, Limit: in.Limit})
	if err != nil {
		return wire.Messages{}, err
	}
	items, err := s.lines(ctx, list)
	return wire.Messages{Items: items, LastSeq: row.LastSeq}, err
}

// lines shapes lines with their files.
func (s *Server) lines(ctx context.Context, list []ticketing.Message) ([]wire.Message, error) {
	files, err := s.files(ctx, wire.AttachmentIDs(list))
	if err != nil {
		return nil, err
	}
	voice := s.speak(ctx)
	return wire.Each(list, func(m ticketing.Message) wire.Message { return voice.Message(m, files) }), nil
}

type writeInput struct {
	ByID
	Body struct {
		Echo        string     `json:"echo" minLength:"1" maxLength:"64"`
		Kind        string     `json:"kind" enum:"reply,note"`
		Text        string     `json:"text" maxLength:"20000"`
		Attachments []string   `json:"attachments,omitempty" maxItems:"10" nullable:"false"`
		SeenSeq     *int64     `json:"seen_seq,omitempty" minimum:"0"`
		Template    *templated `json:"template,omitempty"`
		Mentions    []string   `json:"mentions,omitempty" maxItems:"10" format:"uuid" nullable:"false" doc:"Whom a note calls"`
	}
}

// write sends a reply to the citizen, or notes something for colleagues.
func (s *Server) write(ctx context.Context, in *writeInput) (wire.Message, error) {
	reply := ticketing.Reply{Echo: in.Body.Echo, Text: in.Body.Text, Attachments: in.Body.Attachments, SeenSeq: in.Body.SeenSeq,
		Template: in.Body.Template.said(), Mentions: wire.Each(in.Body.Mentions, func(id string) team.StaffID { return team.StaffID(id) })}
	do := s.options.Desk.Reply
	if in.Body.Kind == "note" {
		do = s.options.Desk.Note
	}
	if err := s.usable(ctx, in.conversation(), reply.Attachments); err != nil {
		return wire.Message{}, err
	}
	message, err := do(ctx, actor(ctx), in.conversation(), reply)
	if err != nil {
		return wire.Message{}, err
	}
	if message.OutboxID != "" && message.Delivery == nil { // just written: its delivery is on another row
		if message, err = ticketing.MessageBySeq(ctx, s.options.DB, in.conversation(), message.Seq); err != nil {
			return wire.Message{}, err
		}
	}
	lines, err := s.lines(ctx, []ticketing.Message{message})
	if err != nil {
		return wire.Message{}, err
	}
	return lines[0], nil
}
