package web

import (
	"context"
	"strings"

	"sapa/kb"
	"sapa/program/intent"
	"sapa/ticketing"
	"sapa/web/wire"
)

type macrosInput struct {
	ConversationID string `query:"conversation_id" format:"uuid"`
	Q              string `query:"q" maxLength:"80"`
}

// listMacros are the canned replies for what was typed; with a conversation they
// speak its language and are filled in for it.
func (s *Server) listMacros(ctx context.Context, in *macrosInput) (wire.Items[wire.Macro], error) {
	if in.ConversationID == "" {
		list, err := kb.Macros(ctx, s.options.DB, in.Q, languageIn(ctx), "")
		return wire.ItemsOf(list, func(m kb.Macro) wire.Macro { return wire.MacroOf(m, nil) }), err
	}
	row, err := s.visible(ctx, ticketing.ConversationID(in.ConversationID))
	if err != nil {
		return wire.Items[wire.Macro]{}, err
	}
	list, err := kb.Macros(ctx, s.options.DB, in.Q, row.Language, intent.Code(row.Intent))
	return wire.ItemsOf(list, func(m kb.Macro) wire.Macro { return wire.MacroOf(m, places(ctx, row)) }), err
}

// places are what a macro's text may name.
func places(ctx context.Context, row ticketing.Row) map[string]string {
	values := map[string]string{"name": row.Person.Name, "agent": strings.Split(actor(ctx).Name, " ")[0]}
	if p := row.Person.Participant; p != nil && values["name"] == "" {
		values["name"] = p.Name
	}
	if n := len(row.TicketNumbers); n > 0 {
		values["ticket"] = row.TicketNumbers[n-1]
	}
	return values
}

// suggestions are what may help with a conversation.
type suggestions struct {
	Articles []wire.ArticleHit `json:"articles" nullable:"false"`
	Macros   []wire.Macro      `json:"macros" nullable:"false"`
}

// mostSuggestions fit beside a thread without scrolling.
const mostSuggestions = 5

func (s *Server) suggest(ctx context.Context, in *ByID) (suggestions, error) {
	row, err := s.visible(ctx, in.conversation())
	if err != nil {
		return suggestions{}, err
	}
	hits, err := kb.Suggest(ctx, s.options.DB, intent.Code(row.Intent), row.Preview, row.Language, mostSuggestions)
	if err != nil {
		return suggestions{}, err
	}
	macros, err := kb.Macros(ctx, s.options.DB, "", row.Language, intent.Code(row.Intent))
	if len(macros) > mostSuggestions {
		macros = macros[:mostSuggestions]
	}
	fill := func(m kb.Macro) wire.Macro { return wire.MacroOf(m, places(ctx, row)) }
	return suggestions{Articles: wire.Each(hits, wire.Hit), Macros: wire.Each(macros, fill)}, err
}
