package web

import (
	"context"
	"slices"

	"sapa/ticketing"
	"sapa/web/wire"
)

// listOutages is what staff are told now and soon.
func (s *Server) listOutages(ctx context.Context, _ *struct{}) (wire.Items[wire.OutageNotice], error) {
	list, err := ticketing.OpenOutages(ctx, s.options.DB, s.options.Now())
	list = slices.DeleteFunc(list, func(o ticketing.Outage) bool { return !o.At(ticketing.OutageConsole, o.FromAt) })
	return wire.ItemsOf(list, wire.OutageNoticeOf), err
}

func (s *Server) listOutageSettings(ctx context.Context, _ *struct{}) (wire.Items[wire.OutageSetting], error) {
	list, err := ticketing.Outages(ctx, s.options.DB)
	return wire.ItemsOf(list, wire.OutageSettingOf), err
}

type createOutageInput struct{ Body wire.OutageSetting }

func (s *Server) createOutage(ctx context.Context, in *createOutageInput) (wire.Items[wire.OutageSetting], error) {
	if err := s.options.Desk.CreateOutage(ctx, actor(ctx), in.Body.Outage()); err != nil {
		return wire.Items[wire.OutageSetting]{}, err
	}
	return s.listOutageSettings(ctx, nil)
}

type saveOutageInput struct {
	ByID
	Body wire.OutageSetting
}

func (s *Server) saveOutage(ctx context.Context, in *saveOutageInput) (wire.Items[wire.OutageSetting], error) {
	outage := in.Body.Outage()
	outage.ID = in.ID
	if err := s.options.Desk.SaveOutage(ctx, actor(ctx), outage); err != nil {
		return wire.Items[wire.OutageSetting]{}, err
	}
	return s.listOutageSettings(ctx, nil)
}

func (s *Server) endOutage(ctx context.Context, in *versionedInput) (wire.Items[wire.OutageSetting], error) {
	if err := s.options.Desk.EndOutage(ctx, actor(ctx), in.ID, in.Body.Version); err != nil {
		return wire.Items[wire.OutageSetting]{}, err
	}
	return s.listOutageSettings(ctx, nil)
}
