package wire

import (
	"time"

	"sapa/channels"
	"sapa/ticketing"
)

// Template is an approved message as its sender chooses it.
type Template struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Language string `json:"language"`
	Body     string `json:"body"`
	Places   int    `json:"places" doc:"How many values it wants, for {{1}}, {{2}} ..."`
}

// TemplateOf shapes it.
func TemplateOf(t channels.Template) Template {
	return Template{ID: string(t.ID), Name: t.Name, Language: t.Language, Body: t.Body, Places: t.Places()}
}

// TemplateSetting is an approved message as administrators keep it.
type TemplateSetting struct {
	ID       string `json:"id,omitempty" format:"uuid" readOnly:"true"`
	Version  int64  `json:"version"`
	Name     string `json:"name" maxLength:"80"`
	Language string `json:"language" maxLength:"3"`
	Category string `json:"category" enum:"utility,marketing"`
	Ref      string `json:"ref" maxLength:"64" doc:"The provider's id of it"`
	Body     string `json:"body" maxLength:"1024"`
	Status   string `json:"status" enum:"active,closed"`
}

// TemplateSettingOf shapes it.
func TemplateSettingOf(t channels.Template) TemplateSetting {
	return TemplateSetting{ID: string(t.ID), Version: t.Version, Name: t.Name, Language: t.Language, Category: t.Category,
		Ref: t.Ref, Body: t.Body, Status: t.Status}
}

// Template is what was typed, without an id.
func (t TemplateSetting) Template() channels.Template {
	return channels.Template{Version: t.Version, Name: t.Name, Language: t.Language, Category: t.Category, Ref: t.Ref, Body: t.Body, Status: t.Status}
}

// InboxChoice is a channel that a conversation can be begun on.
type InboxChoice struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	Name string `json:"name"`
}

// InboxChoiceOf shapes it.
func InboxChoiceOf(i channels.Inbox) InboxChoice {
	return InboxChoice{ID: string(i.ID), Kind: string(i.Kind), Name: i.Name}
}

// Phone is a number that somebody writes from, masked.
type Phone struct {
	PointID    string    `json:"point_id"`
	Masked     string    `json:"masked"`
	Confidence string    `json:"confidence"`
	SeenAt     time.Time `json:"seen_at"`
}

// PhoneOf shapes it.
func PhoneOf(a ticketing.Address) Phone {
	return Phone{PointID: string(a.ID), Masked: a.Masked, Confidence: string(a.Confidence), SeenAt: a.SeenAt.UTC()}
}

// Reach is what may be said to an address now.
type Reach struct {
	ConversationID string     `json:"conversation_id,omitempty" doc:"The one that is open with it"`
	FreeText       bool       `json:"free_text" doc:"Otherwise only an approved message"`
	WindowClosesAt *time.Time `json:"window_closes_at"`
	OptedIn        bool       `json:"opted_in"`
	OptedOut       bool       `json:"opted_out"`
}

// ReachOf shapes it.
func ReachOf(r ticketing.Reach) Reach {
	return Reach{ConversationID: string(r.Open), FreeText: r.FreeText, WindowClosesAt: utc(r.ClosesAt), OptedIn: r.OptedIn, OptedOut: r.OptedOut}
}

// Begun is where writing first led.
type Begun struct {
	ConversationID string `json:"conversation_id"`
	Open           bool   `json:"open" doc:"It was open already; nothing was sent"`
}
