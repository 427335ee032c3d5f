package wire

import (
	"strconv"

	"sapa/program"
	"sapa/ticketing"
	"sapa/ticketing/category"
)

// Field is one blank of a form that the server describes.
type Field struct {
	Name     string   `json:"name"`
	Label    string   `json:"label"`
	Kind     string   `json:"kind" enum:"text,textarea,select,date,number,staff,queue,ticket"`
	Required bool     `json:"required"`
	Options  []Option `json:"options,omitempty"`
	Help     string   `json:"help,omitempty"`
}

// ticketField describes a fact that an actor fills in; ok is false for one that
// the desk finds out by itself.
func (v Voice) ticketField(fact string, required bool, categories []category.Category) (field Field, ok bool) {
	field = Field{Name: fact, Required: required, Kind: "text"}
	switch fact {
	case "reason", "told_reason", "cause", "public_answer", "new_facts":
		field.Kind = "textarea"
	case "question_sent":
		field.Name, field.Kind = "question", "textarea"
	case "owner", "co_signer", "pause_approver":
		field.Kind = "staff"
	case "unit", "queue":
		field.Name, field.Kind = "queue", "queue"
	case "merge":
		field.Kind = "ticket"
	case "expected_at":
		field.Kind = "date"
	case "target", "extension":
		field.Kind = "number"
	case "third_party", "body", "reference":
	default:
		field.Kind = "select"
		field.Options = v.ticketOptions(fact, categories)
		if field.Options == nil {
			return Field{}, false
		}
	}
	field.Label = v.Label("ticket.field.", field.Name)
	return field, true
}

// ticketOptions are the choices of a fact from a closed list, nil for others.
func (v Voice) ticketOptions(fact string, categories []category.Category) []Option {
	switch fact {
	case "class":
		return options(v, "ticket.class.", ticketing.TicketClasses())
	case "outcome":
		return options(v, "ticket.outcome.", ticketing.TicketOutcomes())
	case "root_cause":
		return options(v, "ticket.cause.", ticketing.RootCauses())
	case "rejection":
		return options(v, "ticket.rejection.", ticketing.Rejections())
	case "category":
		return Each(categories, func(c category.Category) Option { return Option{Value: c.Code, Label: v.Label("category.", c.Code)} })
	case "priority":
		return options(v, "ticket.priority.", []string{"1", "2", "3", "4"})
	case "level":
		return Each([]int{1, 2, 3}, func(n int) Option { return Option{Value: strconv.Itoa(n), Label: strconv.Itoa(n)} })
	case "oversight", "personal_data", "consent":
		return []Option{{Value: "true", Label: v.Say("desk.yes", nil)}, {Value: "false", Label: v.Say("desk.no", nil)}}
	default:
		return nil
	}
}

// remedyField describes a blank of a remedy's form.
func (v Voice) remedyField(f program.Field) Field {
	field := Field{Name: f.Name, Label: v.Texts.FieldLabel(v.Language, f.Name), Kind: f.Kind, Required: f.Required, Help: v.Texts.FieldHelp(v.Language, f.Name)}
	for _, o := range f.Options {
		field.Options = append(field.Options, Option{Value: o.Value, Label: v.Texts.Option(v.Language, o)})
	}
	return field
}
