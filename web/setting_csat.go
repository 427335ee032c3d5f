package web

import (
	"context"

	"sapa/channels"
	"sapa/ticketing"
	"sapa/web/wire"
)

func (s *Server) readCSAT(ctx context.Context, _ *struct{}) (wire.CSATSetting, error) {
	list, err := ticketing.CSATQuestions(ctx, s.options.DB, s.options.Now())
	if err != nil {
		return wire.CSATSetting{}, err
	}
	inboxes, err := s.options.Inboxes.All(ctx)
	return wire.CSATSettingOf(list, inboxes), err
}

type csatInput struct {
	Body struct {
		Version int64             `json:"version"`
		Texts   map[string]string `json:"texts" maxProperties:"20"`
		Off     []string          `json:"off" nullable:"false" maxItems:"200"`
	}
}

func (s *Server) saveCSAT(ctx context.Context, in *csatInput) (wire.CSATSetting, error) {
	question := ticketing.CSATQuestion{Version: in.Body.Version, Texts: in.Body.Texts,
		Off: wire.Each(in.Body.Off, func(id string) channels.InboxID { return channels.InboxID(id) })}
	if err := s.options.Desk.SaveCSATQuestion(ctx, actor(ctx), question); err != nil {
		return wire.CSATSetting{}, err
	}
	return s.readCSAT(ctx, nil)
}
