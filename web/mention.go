package web

import (
	"context"

	"sapa/web/wire"
)

func (s *Server) listColleagues(ctx context.Context, in *ByID) (wire.Items[wire.Named], error) {
	list, err := s.options.Desk.Colleagues(ctx, actor(ctx), in.conversation())
	return wire.ItemsOf(list, wire.Colleague), err
}

type pageInput struct {
	Cursor string `query:"cursor" maxLength:"200"`
	Limit  int    `query:"limit" minimum:"0" maximum:"100"`
}

func (s *Server) listMentions(ctx context.Context, in *pageInput) (wire.Page[wire.Mention], error) {
	page, err := s.options.Desk.MyMentions(ctx, actor(ctx), in.Cursor, in.Limit)
	return wire.PageOf(page.Items, page.Next, wire.MentionOf), err
}

func (s *Server) countMentions(ctx context.Context, _ *struct{}) (wire.Unread, error) {
	n, err := s.options.Desk.UnreadMentions(ctx, actor(ctx))
	return wire.Unread{Count: n}, err
}

func (s *Server) readMentions(ctx context.Context, in *ByID) (none, error) {
	return none{}, s.options.Desk.ReadMentions(ctx, actor(ctx), in.conversation())
}
