package ticketing

import (
	"context"
	"encoding/json"

	"github.com/uptrace/bun"

	"sapa/ticketing/webhook"
)

// tellEvent puts what other systems may know of a conversation's event among the
// rows of the transaction: ids and codes.
func (w *work) tellEvent(c *Conversation, name string, data json.RawMessage) {
	kind, ok := map[string]string{"opened": webhook.ConversationOpened, "ended": webhook.ConversationEnded, "rated": webhook.CSATAnswered}[name]
	if !ok {
		return
	}
	told := map[string]any{}
	_ = json.Unmarshal(data, &told) // just made of a map of codes and numbers
	told["conversation_id"], told["channel"], told["queue_id"] = c.ID, c.Kind, c.Queue
	w.told = append(w.told, webhook.Event{Kind: kind, Object: string(c.ID), Data: told})
}

// tellMessage tells of a line that somebody said, not what.
func (w *work) tellMessage(c *Conversation, m Message) {
	kind := webhook.MessageSent
	switch m.Author {
	case FromCitizen:
		kind = webhook.MessageReceived
	case FromSystem:
		return
	}
	w.told = append(w.told, webhook.Event{Kind: kind, Object: string(c.ID), Data: map[string]any{
		"conversation_id": c.ID, "message_id": m.ID, "seq": m.Seq, "channel": c.Kind, "author": m.Author, "attachments": len(m.Attachments)}})
}

// tellTicket tells of a ticket's birth and of every change of its state. Integrity
// and confidential tickets stay among people.
func (w *work) tellTicket(t *Ticket, e TicketEvent) {
	if t.Class == ClassIntegrity || t.Confidential {
		return
	}
	tell := func(kind string) {
		w.told = append(w.told, webhook.Event{Kind: kind, Object: string(t.ID), Data: map[string]any{
			"ticket_id": t.ID, "number": t.Number, "version": e.Version, "act": e.Act, "from": e.FromState, "to": e.ToState,
			"category": t.Category, "class": t.Class, "priority": t.Priority}})
	}
	switch {
	case e.Version == 1:
		tell(webhook.TicketCreated)
	case e.FromState != e.ToState:
		tell(webhook.TicketStateChanged)
	}
	if e.Act == ActResolve {
		tell(webhook.TicketResolved)
	}
}

// WebhookText is what a line said, for endpoints that may know it.
func WebhookText(db bun.IDB) func(context.Context, string, int64) (string, error) {
	return func(ctx context.Context, conversation string, seq int64) (string, error) {
		m, err := MessageBySeq(ctx, db, ConversationID(conversation), seq)
		return m.Text, err
	}
}
