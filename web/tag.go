package web

import (
	"context"

	"sapa/ticketing"
	"sapa/web/wire"
)

func (s *Server) listTags(ctx context.Context, _ *struct{}) (wire.Items[wire.Tag], error) {
	list, err := ticketing.Tags(ctx, s.options.DB)
	return wire.ItemsOf(list, wire.TagOf), err
}

// TagChange is what is put on a case and what is taken off.
type TagChange struct {
	Add    []string `json:"add,omitempty" maxItems:"10" format:"uuid"`
	Remove []string `json:"remove,omitempty" maxItems:"10" format:"uuid"`
}

func (c TagChange) change() ticketing.TagChange {
	id := func(one string) ticketing.TagID { return ticketing.TagID(one) }
	return ticketing.TagChange{Add: wire.Each(c.Add, id), Remove: wire.Each(c.Remove, id)}
}

type tagInput struct {
	ByID
	Body TagChange
}

func (s *Server) tagConversation(ctx context.Context, in *tagInput) (*wire.Conversation, error) {
	return s.after(ctx, &in.ByID, s.options.Desk.TagConversation(ctx, actor(ctx), in.conversation(), in.Body.change()))
}

func (s *Server) tagTicket(ctx context.Context, in *tagInput) (wire.Ticket, error) {
	if err := s.options.Desk.TagTicket(ctx, actor(ctx), ticketing.TicketID(in.ID), in.Body.change()); err != nil {
		return wire.Ticket{}, err
	}
	return s.ticket(ctx, in.ID)
}

func (s *Server) listTagSettings(ctx context.Context, _ *struct{}) (wire.Items[wire.TagSetting], error) {
	list, err := ticketing.TagStandings(ctx, s.options.DB)
	return wire.ItemsOf(list, wire.TagSettingOf), err
}

type createTagInput struct {
	Body struct {
		Name string `json:"name" maxLength:"200"`
		Tone string `json:"tone" maxLength:"20"`
	}
}

func (s *Server) createTag(ctx context.Context, in *createTagInput) (wire.Items[wire.TagSetting], error) {
	return s.afterTag(ctx, s.options.Desk.CreateTag(ctx, actor(ctx), ticketing.Tag{Name: in.Body.Name, Tone: in.Body.Tone}))
}

// afterTag is the vocabulary as it stands after a change of it.
func (s *Server) afterTag(ctx context.Context, err error) (wire.Items[wire.TagSetting], error) {
	if err != nil {
		return wire.Items[wire.TagSetting]{}, err
	}
	return s.listTagSettings(ctx, nil)
}

type saveTagInput struct {
	ByID
	Body struct {
		Version int64  `json:"version"`
		Name    string `json:"name" maxLength:"200"`
		Tone    string `json:"tone" maxLength:"20"`
		Status  string `json:"status" enum:"active,closed"`
	}
}

func (s *Server) saveTag(ctx context.Context, in *saveTagInput) (wire.Items[wire.TagSetting], error) {
	return s.afterTag(ctx, s.options.Desk.SaveTag(ctx, actor(ctx), ticketing.Tag{ID: ticketing.TagID(in.ID), Name: in.Body.Name,
		Tone: in.Body.Tone, Status: in.Body.Status, Version: in.Body.Version}))
}

type mergeTagInput struct {
	ByID
	Body struct {
		Version int64  `json:"version"`
		Into    string `json:"into" format:"uuid"`
	}
}

func (s *Server) mergeTag(ctx context.Context, in *mergeTagInput) (wire.Items[wire.TagSetting], error) {
	return s.afterTag(ctx, s.options.Desk.MergeTag(ctx, actor(ctx), ticketing.TagID(in.ID), in.Body.Version, ticketing.TagID(in.Body.Into)))
}
