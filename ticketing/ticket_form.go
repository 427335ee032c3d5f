package ticketing

// FormField is one blank of the form with which an actor does an act. Its label
// is said by the key "ticket.field."+Name.
type FormField struct {
	Name     string
	Kind     string // text, textarea, select, date, number, staff, queue, unit, ticket, bool
	Required bool
	// Options are the codes of a select; their labels are said by the keys
	// OptionPrefix+code.
	Options      []string
	OptionPrefix string
}

// OfferFields lists the blanks of an act's form: what the machine needs, by the
// names that Desk.Act reads.
func OfferFields(offer TicketOffer) []FormField {
	fields := make([]FormField, 0, len(offer.Needs)+len(offer.Optional))
	for _, name := range offer.Needs {
		fields = append(fields, formField(name, true))
	}
	for _, name := range offer.Optional {
		fields = append(fields, formField(name, false))
	}
	return fields
}

func formField(name string, required bool) FormField {
	f := FormField{Name: name, Kind: "text", Required: required}
	switch name {
	case "question_sent":
		f.Name, f.Kind = "question", "textarea"
	case "public_answer", "reason", "new_facts":
		f.Kind = "textarea"
	case "class":
		f.choose("ticket.class.", codes(TicketClasses()))
	case "outcome":
		f.choose("ticket.outcome.", codes(TicketOutcomes()))
	case "root_cause":
		f.choose("ticket.cause.", codes(RootCauses()))
	case "rejection":
		f.choose("ticket.rejection.", codes(Rejections()))
	case "priority":
		f.choose("ticket.priority.", []string{"1", "2", "3", "4"})
	case "category":
		f.Kind, f.OptionPrefix = "select", "category." // options: category.All
	case "oversight", "personal_data", "consent", "for_reporter":
		f.Kind = "bool"
	case "expected_at":
		f.Kind = "date"
	case "level", "target":
		f.Kind = "number"
	case "owner", "co_signer", "pause_approver":
		f.Kind = "staff"
	case "queue":
		f.Kind = "queue"
	case "unit":
		f.Kind = "unit"
	case "merge":
		f.Kind = "ticket"
	}
	return f
}

func (f *FormField) choose(prefix string, options []string) {
	f.Kind, f.Options, f.OptionPrefix = "select", options, prefix
}

func codes[C ~string](list []C) []string {
	plain := make([]string, len(list))
	for i, code := range list {
		plain[i] = string(code)
	}
	return plain
}
