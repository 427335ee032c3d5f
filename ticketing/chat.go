package ticketing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"sapa/channels"
	"sapa/channels/bus"
	"sapa/program/access"
)

// Visitor is somebody who opened the live chat: Key is the id that package web
// gave the browser, secret enough never to be guessed.
type Visitor struct {
	Inbox    channels.Inbox
	Key      string
	Name     string
	Language string
}

// ChatState is what a visitor is told about their chat: state is bot, queued,
// agent or closed; Seq the newest line of all their conversations here; Agent
// the first name of whom they talk with.
type ChatState struct {
	Conversation ConversationID
	Seq          int64
	State        string
	Agent        string
	Wait         Wait
	// Read is the newest line that an agent has read.
	Read int64
	// Asked is the question about satisfaction that waits for an answer, in the
	// conversation's language, or empty.
	Asked string
}

// VisitorMessage is what a visitor sends. Echo is the browser's own id for it:
// the same echo twice is one message and the same answer. Network is where it comes
// from, as far as limits go.
type VisitorMessage struct {
	Echo        string
	Text        string
	Button      string
	Attachments []string
	Language    string
	Network     string
}

// maxVisitorRunes is the longest chat message: what WhatsApp allows too.
const maxVisitorRunes = 4096

// OpenChat finds or makes the contact behind a chat session. It opens no
// conversation: that begins with the first message.
func (d *Desk) OpenChat(ctx context.Context, v Visitor) (PointID, error) {
	var id PointID
	err := d.do(ctx, access.Actor{Kind: access.Reporter}, func(ctx context.Context, w *work) error {
		point, err := w.point(ctx, channels.Address{Kind: channels.AddressVisitor, Value: v.Key, Name: v.Name})
		id = point.ID
		return err
	})
	return id, err
}

// VisitorMessage stores a chat message and returns it as stored; a repeated echo
// returns the first. Errors: Invalid, *channels.Blocked in a closed inbox.
func (d *Desk) VisitorMessage(ctx context.Context, inbox channels.Inbox, point PointID, v VisitorMessage) (Message, error) {
	if err := v.check(); err != nil {
		return Message{}, err
	}
	var stored Message
	err := d.do(ctx, access.Actor{Kind: access.Reporter}, func(ctx context.Context, w *work) error {
		held, err := w.holdPoint(ctx, point)
		if err != nil {
			return err
		}
		known, err := w.visitorEcho(ctx, point, v.Echo)
		if known != nil || err != nil {
			stored = orZero(known)
			return err
		}
		if inbox.Closed() {
			return &channels.Blocked{Reason: channels.InboxShut}
		}
		stored, err = w.take(ctx, inbox, held, inbound{
			text: v.Text, button: v.Button, echo: v.Echo, language: v.Language, attachments: v.Attachments,
			network: v.Network,
		})
		return err
	})
	return stored, err
}

func (v VisitorMessage) check() error {
	switch {
	case v.Echo == "" || len(v.Echo) > 64:
		return &Invalid{Field: "echo", Rule: "required"}
	case clean(v.Text) == "" && v.Button == "" && len(v.Attachments) == 0:
		return &Invalid{Field: "text", Rule: "required"}
	case len([]rune(v.Text)) > maxVisitorRunes:
		return &Invalid{Field: "text", Rule: "too_long"}
	case len(v.Attachments) > 5: // GRIEVANCE test 16
		return &Invalid{Field: "attachments", Rule: "too_many"}
	}
	return nil
}

// visitorEcho looks for the echo in the last conversations of the point: one
// sent before an end may be repeated after it.
func (w *work) visitorEcho(ctx context.Context, point PointID, echo string) (*Message, error) {
	m := new(Message)
	err := w.NewSelect().Model(m).
		Where("m.conversation_id IN (SELECT id FROM conversations WHERE point_id = ? ORDER BY opened_at DESC LIMIT 5)", point).
		Where("m.author = 'citizen' AND m.author_id = '' AND m.echo = ?", echo).Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find echo: %w", err)
	}
	return m, nil
}

// Chat tells a visitor where they stand.
func (d *Desk) Chat(ctx context.Context, inbox channels.InboxID, point PointID) (ChatState, error) {
	var row struct {
		Conversation
		AgentName string
		Question  map[string]string
	}
	err := d.db.NewRaw(`SELECT c.*, coalesce(s.name, '') AS agent_name,
			(SELECT o.texts FROM csat r JOIN csat_questions o ON o.version = r.question
				WHERE r.conversation_id = c.id AND r.ticket_id IS NULL AND r.rated_at IS NULL AND r.asked_at > ?) AS question
		FROM conversations c LEFT JOIN staff s ON s.id = c.assignee_id
		WHERE c.point_id = ? AND c.inbox_id = ? ORDER BY c.opened_at DESC LIMIT 1`, d.now().Add(-csatRest), point, inbox).Scan(ctx, &row)
	if errors.Is(err, sql.ErrNoRows) {
		return ChatState{State: string(StateBot)}, nil
	}
	if err != nil {
		return ChatState{}, fmt.Errorf("chat of %s: %w", point, err)
	}
	c := row.Conversation
	chat := ChatState{Conversation: c.ID, Seq: c.LastSeq, State: visitorState(c.State), Read: c.AgentReadSeq, Asked: CSATQuestion{Texts: row.Question}.In(c.Language)}
	if c.State == StateAgent || c.State == StateSnoozed {
		chat.Agent = firstName(row.AgentName)
	}
	if chat.State == string(StateQueued) {
		chat.Wait, err = waitOf(ctx, d.db, &c, d.now().Add(-d.pace.HeartbeatLost))
	}
	return chat, err
}

func visitorState(s State) string {
	switch s {
	case StateBot, StateAgent:
		return string(s)
	case StateSnoozed: // the agent still has it, and a message brings them back
		return string(StateAgent)
	case StateQueued, StateRinging:
		return string(StateQueued)
	default:
		return "closed"
	}
}

// ChatMessages reads what a visitor may see after a sequence number, ascending,
// across all their conversations of the inbox. At most limit lines.
func (d *Desk) ChatMessages(ctx context.Context, inbox channels.InboxID, point PointID, after int64, limit int) ([]Message, error) {
	var list []Message
	err := d.db.NewSelect().Model(&list).
		Join("JOIN conversations AS c ON c.id = m.conversation_id").
		Where("c.point_id = ? AND c.inbox_id = ? AND c.last_seq > ?", point, inbox, after).
		Where("m.seq > ? AND m.kind = 'message'", after).OrderExpr("m.seq").Limit(int64(limit)).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("chat messages: %w", err)
	}
	if err := d.reveal(ctx, list); err != nil {
		return nil, err
	}
	return list, deliveries(ctx, d.db, list)
}

// reveal says the lines that carry a tracking code in full: a visitor's window
// reads the thread, where staff see a stand-in.
func (d *Desk) reveal(ctx context.Context, list []Message) error {
	var sealed []channels.OutboxID
	for _, m := range list {
		if m.OutboxID != "" && m.Phrase().Params["Code"] != nil {
			sealed = append(sealed, m.OutboxID)
		}
	}
	full, err := d.outbox.Reveal(ctx, d.db, sealed...)
	if err != nil {
		return err
	}
	for i, m := range list {
		if text := full[m.OutboxID]; text != "" {
			list[i].Text = text
		}
	}
	return nil
}

// VisitorTyping passes on that a visitor is typing; nothing is stored.
func (d *Desk) VisitorTyping(ctx context.Context, id ConversationID, on bool) {
	d.typing(ctx, id, map[string]string{"who": string(FromCitizen), "on": onOff(on)})
}

// Typing passes on that the actor is typing a reply.
func (d *Desk) Typing(ctx context.Context, actor access.Actor, id ConversationID, on bool) {
	d.typing(ctx, id, map[string]string{"who": string(FromAgent), "staff": actor.ID, "on": onOff(on)})
}

// Noting passes on that the actor is typing a note, of which the citizen learns
// nothing.
func (d *Desk) Noting(ctx context.Context, actor access.Actor, id ConversationID, on bool) {
	d.typing(ctx, id, map[string]string{"who": string(LineNote), "staff": actor.ID, "on": onOff(on)})
}

func (d *Desk) typing(ctx context.Context, id ConversationID, data map[string]string) {
	if d.bus == nil || id == "" {
		return
	}
	_ = d.bus.Publish(ctx, bus.Signal{Topic: bus.Typing, ID: string(id), Data: data}) // a lost one is not missed
}

func onOff(on bool) string {
	if on {
		return "1"
	}
	return "0"
}

// VisitorEnd is the citizen's end of the open conversation; none is fine.
func (d *Desk) VisitorEnd(ctx context.Context, inbox channels.InboxID, point PointID) error {
	return d.do(ctx, access.Actor{Kind: access.Reporter}, func(ctx context.Context, w *work) error {
		if _, err := w.holdPoint(ctx, point); err != nil {
			return err
		}
		c, err := w.current(ctx, inbox, point)
		if c == nil || err != nil {
			return err
		}
		if err := w.end(ctx, c, ByCitizen, EndCitizenEnded); err != nil {
			return err
		}
		return w.save(ctx, c)
	})
}

// firstName is what citizens are told of an agent.
func firstName(name string) string {
	for i, r := range name {
		if r == ' ' && i > 0 {
			return name[:i]
		}
	}
	return name
}
