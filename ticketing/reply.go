package ticketing

import (
	"context"
	"encoding/json"
	"fmt"

	"sapa/channels"
	"sapa/channels/bus"
	"sapa/program/access"
	"sapa/ticketing/team"
)

// Reply is what an agent sends or notes. Echo is the client's own id for it: the
// same echo twice is one message and the same answer. SeenSeq, when set, is the
// newest line the agent had on screen.
type Reply struct {
	Echo        string
	Text        string
	Attachments []string
	SeenSeq     *int64
	// Template is an approved message instead of Text, for a closed window.
	Template *Templated
	// Mentions are those whom a note calls.
	Mentions []team.StaffID
}

// Reply sends a message to the citizen. Only the holder may. Errors: ErrNotYours,
// ErrEnded, *News when the citizen wrote meanwhile, Invalid, *channels.Blocked.
func (d *Desk) Reply(ctx context.Context, actor access.Actor, id ConversationID, r Reply) (Message, error) {
	if !actor.May(access.ConversationReply) {
		return Message{}, ErrForbidden
	}
	var sent Message
	err := d.do(ctx, actor, func(ctx context.Context, w *work) error {
		c, err := w.lock(ctx, id)
		if err != nil {
			return err
		}
		if known, err := w.byEcho(ctx, c, FromAgent, actor.ID, r.Echo); known != nil || err != nil {
			sent = orZero(known)
			return err
		}
		if err := w.mayReply(ctx, c, r); err != nil {
			return err
		}
		if err := w.apart(ctx, c.ID, DraftReply, r.Attachments); err != nil {
			return err
		}
		line, err := w.replyLine(ctx, c, r)
		if err != nil {
			return err
		}
		purpose := channels.PurposeReply
		if line.marketing {
			purpose = channels.PurposeNotice
		}
		if sent, err = w.send(ctx, c, line, purpose); err != nil {
			return err
		}
		if err := w.takeUp(ctx, c); err != nil {
			return err
		}
		if err := w.answered(ctx, c, sent); err != nil {
			return err
		}
		if err := w.dropDraft(ctx, c.ID, DraftReply); err != nil {
			return err
		}
		return w.save(ctx, c)
	})
	return sent, err
}

// replyLine is what the citizen is going to read.
func (w *work) replyLine(ctx context.Context, c *Conversation, r Reply) (Message, error) {
	line := Message{Text: clean(r.Text), Attachments: r.Attachments}
	if r.Template != nil {
		var err error
		if line, err = w.approved(ctx, *r.Template); err != nil {
			return Message{}, err
		}
	}
	line.Author, line.AuthorID, line.AuthorName, line.Language, line.Echo = FromAgent, w.actor.ID, w.actor.Name, c.Language, r.Echo
	return line, nil
}

// mayReply checks hands, content and freshness.
func (w *work) mayReply(ctx context.Context, c *Conversation, r Reply) error {
	switch {
	case !c.State.Open():
		return ErrEnded
	case c.Assignee == "" || c.Assignee != team.StaffID(w.actor.ID):
		return ErrNotYours
	case clean(r.Text) == "" && len(r.Attachments) == 0 && r.Template == nil:
		return &Invalid{Field: "text", Rule: "required"}
	case r.SeenSeq != nil && *r.SeenSeq < c.CitizenSeq:
		return w.news(ctx, c, *r.SeenSeq)
	}
	return nil
}

// news collects what the citizen wrote after seen.
func (w *work) news(ctx context.Context, c *Conversation, seen int64) error {
	messages, err := Messages(ctx, w, c.ID, Page{After: seen, FromStart: true, Limit: 50})
	if err != nil {
		return err
	}
	return &News{Messages: messages}
}

// takeUp puts what was offered or put aside into the hands of whoever answers it.
func (w *work) takeUp(ctx context.Context, c *Conversation) error {
	if c.State != StateRinging && c.State != StateSnoozed {
		return nil
	}
	return w.give(ctx, c, c.Assignee)
}

// answered moves the clocks that a person's message stops: the queue wait, the
// promise, the citizen's wait; and starts the one of silence.
func (w *work) answered(ctx context.Context, c *Conversation, m Message) error {
	at := w.at
	if c.AnsweredAt == nil && !c.unheard() {
		c.AnsweredAt = &at
	}
	c.WaitingSince, c.Unread, c.AgentReadSeq = nil, 0, m.Seq
	c.WarnedAt, c.SilenceDue = nil, later(w.at, w.desk.pace.SilenceWarn)
	if c.unheard() {
		c.SilenceDue = later(w.at, outreachAwait)
	}
	c.PassedNote, c.PassedBy = "", ""
	if err := w.leave(ctx, c, stayAnswered, c.Assignee); err != nil {
		return err
	}
	if _, err := w.NewRaw("UPDATE handlings SET answered = true WHERE conversation_id = ? AND wrap_to IS NULL AND NOT answered", c.ID).Exec(ctx); err != nil {
		return fmt.Errorf("mark answered: %w", err)
	}
	w.signal(bus.Queue, string(c.Queue), 0)
	return w.ticketsAnswered(ctx, c)
}

// Note writes a line that only staff see. Whoever may see the conversation may,
// also after its end. Error: Invalid, also when it calls somebody who may not
// open the conversation.
func (d *Desk) Note(ctx context.Context, actor access.Actor, id ConversationID, r Reply) (Message, error) {
	if !actor.May(access.ConversationNote) {
		return Message{}, ErrForbidden
	}
	if clean(r.Text) == "" && len(r.Attachments) == 0 {
		return Message{}, &Invalid{Field: "text", Rule: "required"}
	}
	var note Message
	err := d.do(ctx, actor, func(ctx context.Context, w *work) error {
		c, err := w.lock(ctx, id)
		if err != nil {
			return err
		}
		if known, err := w.byEcho(ctx, c, FromAgent, actor.ID, r.Echo); known != nil || err != nil {
			note = orZero(known)
			return err
		}
		if err := w.maySee(ctx, c); err != nil {
			return err
		}
		if err := w.bind(ctx, c, r.Attachments); err != nil {
			return err
		}
		if note, err = w.note(ctx, c, r); err != nil {
			return err
		}
		if err := w.dropDraft(ctx, c.ID, DraftNote); err != nil {
			return err
		}
		return w.save(ctx, c)
	})
	return note, err
}

// note appends the line and calls those whom it names.
func (w *work) note(ctx context.Context, c *Conversation, r Reply) (Message, error) {
	m := Message{
		Author: FromAgent, Kind: LineNote, AuthorID: w.actor.ID, AuthorName: w.actor.Name,
		Text: channels.MaskIdentity(clean(r.Text)), Attachments: r.Attachments, Echo: r.Echo,
	}
	called, err := w.mentioned(ctx, c, r.Mentions)
	if err != nil {
		return Message{}, err
	}
	if len(called) > 0 {
		if m.Data, err = json.Marshal(map[string]any{"mentions": called}); err != nil {
			return Message{}, fmt.Errorf("note: %w", err)
		}
	}
	if m, err = w.append(ctx, c, m); err != nil {
		return Message{}, err
	}
	return m, w.call(ctx, m)
}

func orZero(m *Message) Message {
	if m == nil {
		return Message{}
	}
	return *m
}
