package web

import (
	"context"
	"slices"

	"sapa/channels"
	"sapa/web/wire"
)

// listTemplates are the approved messages that may be sent.
func (s *Server) listTemplates(ctx context.Context, _ *struct{}) (wire.Items[wire.Template], error) {
	list, err := channels.Templates(ctx, s.options.DB)
	list = slices.DeleteFunc(list, func(t channels.Template) bool { return t.Status != channels.TemplateActive })
	return wire.ItemsOf(list, wire.TemplateOf), err
}

func (s *Server) listTemplateSettings(ctx context.Context, _ *struct{}) (wire.Items[wire.TemplateSetting], error) {
	list, err := channels.Templates(ctx, s.options.DB)
	return wire.ItemsOf(list, wire.TemplateSettingOf), err
}

type createTemplateInput struct{ Body wire.TemplateSetting }

func (s *Server) createTemplate(ctx context.Context, in *createTemplateInput) (wire.Items[wire.TemplateSetting], error) {
	if err := s.options.Desk.CreateTemplate(ctx, actor(ctx), in.Body.Template()); err != nil {
		return wire.Items[wire.TemplateSetting]{}, err
	}
	return s.listTemplateSettings(ctx, nil)
}

type saveTemplateInput struct {
	ByID
	Body wire.TemplateSetting
}

func (s *Server) saveTemplate(ctx context.Context, in *saveTemplateInput) (wire.Items[wire.TemplateSetting], error) {
	template := in.Body.Template()
	template.ID = channels.TemplateID(in.ID)
	if err := s.options.Desk.SaveTemplate(ctx, actor(ctx), template); err != nil {
		return wire.Items[wire.TemplateSetting]{}, err
	}
	return s.listTemplateSettings(ctx, nil)
}
