package wire

import (
	"time"

	"sapa/channels"
	"sapa/ticketing"
)

// Attachment is a file of a message. URL is set while the file can be opened and
// dies after five minutes.
type Attachment struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Mime   string `json:"mime"`
	Bytes  int64  `json:"bytes"`
	State  string `json:"state" enum:"fetching,ready,missing,refused"`
	Again  bool   `json:"again,omitempty" doc:"A missing file that may be asked for once more"`
	URL    string `json:"url,omitempty"`
	Width  int    `json:"width,omitempty"`
	Height int    `json:"height,omitempty"`
}

// pick finds files by id; one that is gone shows as missing.
func pick(files map[string]Attachment, ids []string) []Attachment {
	return Each(ids, func(id string) Attachment {
		if file, ok := files[id]; ok {
			return file
		}
		return Attachment{ID: id, State: "missing"}
	})
}

// Message is one line of a thread.
type Message struct {
	ID          string       `json:"id"`
	Seq         int64        `json:"seq"`
	From        string       `json:"from" enum:"citizen,bot,agent,system"`
	Kind        string       `json:"kind" enum:"message,note,system"`
	Author      *Named       `json:"author,omitempty"`
	Text        string       `json:"text"`
	Language    string       `json:"language,omitempty"`
	Intent      string       `json:"intent,omitempty"`
	Buttons     []Button     `json:"buttons" nullable:"false"`
	Attachments []Attachment `json:"attachments" nullable:"false"`
	At          time.Time    `json:"at"`
	Echo        string       `json:"echo,omitempty"`
	Delivery    *Delivery    `json:"delivery,omitempty"`
	Mentions    []Named      `json:"mentions,omitempty" doc:"Whom a note calls"`
}

// Button is a quick reply under a message.
type Button struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

// Delivery is how far a message came.
type Delivery struct {
	OutboxID  string `json:"outbox_id"`
	State     string `json:"state" enum:"queued,sending,sent,delivered,read,failed,unknown"`
	Error     string `json:"error,omitempty"`
	Retryable bool   `json:"retryable"`
}

// Message shapes a line; files holds its attachments by id.
func (v Voice) Message(m ticketing.Message, files map[string]Attachment) Message {
	message := Message{
		ID: string(m.ID), Seq: m.Seq, From: string(m.Author), Kind: string(m.Kind), Author: named(m.AuthorID, m.AuthorName),
		Text: v.text(m), Language: m.Language, Intent: m.Intent, At: m.At.UTC(), Echo: m.Echo, Attachments: pick(files, m.Attachments),
		Mentions: Each(m.Mentions(), Colleague),
		Buttons:  Each(m.Buttons, func(b channels.Button) Button { return Button{ID: b.ID, Label: b.Label} }),
	}
	if d := m.Delivery; d != nil {
		message.Delivery = &Delivery{OutboxID: string(d.ID), State: string(d.State), Error: v.DeliveryError(d.ErrorKey), Retryable: d.Retryable}
	}
	return message
}

// text of a line: its own, or for what the desk says to staff its phrase.
func (v Voice) text(m ticketing.Message) string {
	phrase := m.Phrase()
	if m.Text != "" || phrase.Key == "" {
		return m.Text
	}
	return v.Say(phrase.Key, phrase.Params)
}

// DeliveryError says why a message did not arrive, "" for no error.
func (v Voice) DeliveryError(key string) string {
	if key == "" {
		return ""
	}
	return v.Say(key, nil)
}

// Messages is a stretch of a thread, ascending.
type Messages struct {
	Items   []Message `json:"items" nullable:"false"`
	LastSeq int64     `json:"last_seq"`
}

// AttachmentIDs lists the files that lines carry.
func AttachmentIDs(list []ticketing.Message) []string {
	var ids []string
	for _, m := range list {
		ids = append(ids, m.Attachments...)
	}
	return ids
}

// FailedMessage is a message that did not arrive.
type FailedMessage struct {
	ID             string    `json:"id"`
	ConversationID string    `json:"conversation_id"`
	Person         Person    `json:"person"`
	Text           string    `json:"text"`
	Error          string    `json:"error"`
	Attempts       int       `json:"attempts"`
	At             time.Time `json:"at"`
}
