package ticketing

import (
	"context"

	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/program/access"
	"sapa/ticketing/team"
)

func templateSetting(id channels.TemplateID) setting {
	return setting{"template", string(id), func(ctx context.Context, db bun.IDB) (any, error) { return channels.TemplateByID(ctx, db, id) }}
}

// CreateTemplate adds an approved message. Errors: ErrForbidden, *channels.Invalid.
func (d *Desk) CreateTemplate(ctx context.Context, actor access.Actor, t channels.Template) error {
	t.ID = channels.TemplateID(team.NewID())
	return d.changeSetting(ctx, actor, templateSetting(t.ID), "create", func(ctx context.Context, w *work) error {
		return channels.CreateTemplate(ctx, w, t)
	})
}

// SaveTemplate changes one as it stood at t.Version. Errors: ErrForbidden,
// channels.ErrNotFound, channels.ErrStale, *channels.Invalid.
func (d *Desk) SaveTemplate(ctx context.Context, actor access.Actor, t channels.Template) error {
	return d.changeSetting(ctx, actor, templateSetting(t.ID), "change", func(ctx context.Context, w *work) error {
		return channels.SaveTemplate(ctx, w, t)
	})
}

// Templated is what is said by an approved message instead of free text.
type Templated struct {
	ID     channels.TemplateID
	Values []string
}

// approved makes the line of an approved message. Errors: Invalid, also for one
// that is closed.
func (w *work) approved(ctx context.Context, t Templated) (Message, error) {
	one, err := channels.TemplateByID(ctx, w, t.ID)
	if err != nil {
		return Message{}, err
	}
	if one.Status != channels.TemplateActive {
		return Message{}, &Invalid{Field: "template_id", Rule: "template_closed"}
	}
	text, variables, err := one.Fill(t.Values)
	if err != nil {
		return Message{}, err
	}
	return Message{Text: text, template: one.Ref, variables: variables, marketing: one.Category == "marketing"}, nil
}
