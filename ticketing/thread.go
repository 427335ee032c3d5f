package ticketing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"sapa/channels"
	"sapa/channels/bus"
	"sapa/ticketing/team"
)

// previewRunes is how much of a message a list row shows: one line of 340 px.
const previewRunes = 140

// append writes a line at the end of a conversation that the transaction holds
// and moves the conversation's head; the caller saves the conversation.
func (w *work) append(ctx context.Context, c *Conversation, m Message) (Message, error) {
	m = w.next(c, m)
	if _, err := w.NewInsert().Model(&m).Exec(ctx); err != nil {
		return Message{}, fmt.Errorf("append to %s: %w", c.ID, err)
	}
	return m, nil
}

// next gives a line its place at the end of a conversation and moves the
// conversation's head; it stores neither.
func (w *work) next(c *Conversation, m Message) Message {
	c.LastSeq++
	m.Conversation, m.Seq, m.At = c.ID, c.LastSeq, w.at
	if m.ID == "" {
		m.ID = MessageID(team.NewID())
	}
	if m.Buttons == nil {
		m.Buttons = []channels.Button{}
	}
	if m.Attachments == nil {
		m.Attachments = []string{}
	}
	if m.Public() {
		c.LastAt = w.at
		if m.Author != FromSystem { // a row shows what people say
			c.Preview, c.PreviewFrom = preview(m), m.Author
		}
		w.signal(bus.Chat, string(c.ID), m.Seq)
		w.tellMessage(c, m)
	}
	return m
}

func preview(m Message) string {
	text := strings.Join(strings.Fields(m.Text), " ")
	if utf8.RuneCountInString(text) > previewRunes {
		text = string([]rune(text)[:previewRunes-1]) + "…"
	}
	return text
}

// tell writes a system line that only staff see: key is said by the catalogue of
// this package in the reader's language.
func (w *work) tell(ctx context.Context, c *Conversation, key string, params map[string]any) error {
	data, err := json.Marshal(Phrase{Key: key, Params: params})
	if err != nil {
		return fmt.Errorf("line %s: %w", key, err)
	}
	_, err = w.append(ctx, c, Message{Author: FromSystem, Kind: LineSystem, Data: data})
	return err
}

// send writes a message to the citizen and its outbox row, in one transaction.
// The channel's gate may refuse it with *channels.Blocked; the caller's
// transaction must then roll back or have used notify.
func (w *work) send(ctx context.Context, c *Conversation, m Message, purpose channels.Purpose) (Message, error) {
	return w.sendSecret(ctx, c, m, purpose, "")
}

// sendSecret is send with a secret that only the outbox row holds, sealed.
func (w *work) sendSecret(ctx context.Context, c *Conversation, m Message, purpose channels.Purpose, secret string) (Message, error) {
	if err := w.bind(ctx, c, m.Attachments); err != nil {
		return Message{}, err
	}
	m.ID, m.Kind = MessageID(team.NewID()), LineMessage
	draft, err := w.draft(ctx, c, m, purpose)
	if err != nil {
		return Message{}, err
	}
	draft.Secret = secret
	if m.OutboxID, err = w.desk.outbox.Post(ctx, w, draft); err != nil {
		return Message{}, err
	}
	w.outbox = append(w.outbox, m.OutboxID)
	return w.append(ctx, c, m)
}

// draft is a message as the next line that goes out.
func (w *work) draft(ctx context.Context, c *Conversation, m Message, purpose channels.Purpose) (channels.Draft, error) {
	point, err := pointByID(ctx, w, c.Point)
	if err != nil {
		return channels.Draft{}, err
	}
	draft := channels.Draft{
		InboxID: c.InboxID, To: point.Value, ConversationID: string(c.ID), MessageID: string(m.ID), MessageSeq: c.LastSeq + 1,
		Purpose: purpose, Text: m.Text, Language: c.Language, Buttons: m.Buttons, Attachments: attachmentIDs(m.Attachments), At: w.at,
	}
	if m.template != "" {
		draft.Template, draft.Params = m.template, m.variables
	}
	if phrase := m.Phrase(); phrase.Key != "" {
		draft.Text, draft.Key, draft.Params = "", phrase.Key, phrase.Params
	}
	return draft, nil
}

// notify sends a notice of the catalogue to the citizen in their language. When
// the channel's gate refuses it, staff see that it was not sent, and nothing
// fails: a notice never stops the work it reports.
func (w *work) notify(ctx context.Context, c *Conversation, purpose channels.Purpose, notice Notice) error {
	_, err := w.tryNotify(ctx, c, purpose, notice)
	return err
}

// tryNotify is notify that tells whether the notice went out.
func (w *work) tryNotify(ctx context.Context, c *Conversation, purpose channels.Purpose, notice Notice) (sent bool, err error) {
	data, err := json.Marshal(Phrase{Key: notice.Key, Params: notice.Params})
	if err != nil {
		return false, fmt.Errorf("notice %s: %w", notice.Key, err)
	}
	text, err := w.desk.notices.Render(c.Language, notice.Key, notice.Params)
	if err != nil {
		return false, err
	}
	m := Message{Author: FromSystem, Text: text, Language: c.Language, Buttons: notice.Buttons, Data: data}
	_, err = w.sendSecret(ctx, c, m, purpose, notice.Secret)
	var blocked *channels.Blocked
	if errors.As(err, &blocked) {
		return false, w.tell(ctx, c, "line.notice_blocked", map[string]any{"Reason": string(blocked.Reason)})
	}
	return err == nil, err
}

// Notice is a text of the notices' catalogue with the buttons under it. Secret is
// what the citizen reads in place of parameter Code; it is sealed with the message
// that goes out, and the thread keeps the stand-in that Params hold.
type Notice struct {
	Key     string
	Params  map[string]any
	Buttons []channels.Button
	Secret  string
}
