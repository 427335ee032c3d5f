package ticketing

import (
	"context"
	"strings"
	"time"

	"sapa/channels"
	"sapa/channels/bus"
)

// inbound is a citizen's message on its way into a conversation, from whichever
// channel.
type inbound struct {
	text        string
	button      string
	echo        string
	providerID  string
	masked      bool // an identity number was hidden in the text
	language    string
	network     string
	attachments []string
	media       []channels.Media
}

// clean makes text storable: valid UTF-8 without the NUL that PostgreSQL refuses.
func clean(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", ""))
}

// take puts a citizen's message into the open conversation of a point, opening
// one when there is none, and starts the clocks that follow from it. The point's
// row is held. A rating given for the interaction that just ended is recorded
// instead of opening another.
func (w *work) take(ctx context.Context, inbox channels.Inbox, point Point, in inbound) (Message, error) {
	typed := clean(in.text)
	in.text = channels.MaskIdentity(typed)
	in.masked = in.masked || in.text != typed
	c, err := w.current(ctx, inbox.ID, point.ID)
	if err != nil {
		return Message{}, err
	}
	if rated, m, err := w.ratingIn(ctx, c, point, in); rated || err != nil {
		return m, err
	}
	if contested, m, err := w.contestIn(ctx, c, point, in); contested || err != nil {
		return m, err
	}
	begins := c == nil
	if begins {
		if c, err = w.open(ctx, inbox, point, orElse(in.language, inbox.Language)); err != nil {
			return Message{}, err
		}
		if err := w.recognise(ctx, c, point); err != nil {
			return Message{}, err
		}
	}
	c.Network = in.network
	expected, err := w.expect(ctx, c, in.media)
	if err != nil {
		return Message{}, err
	}
	in.attachments = append(in.attachments, expected...)
	m, err := w.hear(ctx, c, in)
	if err != nil {
		return Message{}, err
	}
	if err := w.reporterWrote(ctx, point, c); err != nil {
		return Message{}, err
	}
	if in.masked {
		if err := w.notify(ctx, c, channels.PurposeSystem, Notice{Key: "notice.message.identity_hidden"}); err != nil {
			return Message{}, err
		}
	}
	if begins && inbox.BotOff {
		return m, w.openToPeople(ctx, c, "line.bot_off")
	}
	return m, w.save(ctx, c)
}

// hear appends the message and moves the conversation's clocks.
func (w *work) hear(ctx context.Context, c *Conversation, in inbound) (Message, error) {
	if err := w.bind(ctx, c, in.attachments); err != nil {
		return Message{}, err
	}
	if err := w.proofOver(ctx, c); err != nil {
		return Message{}, err
	}
	m, err := w.append(ctx, c, in.line())
	if err != nil {
		return Message{}, err
	}
	w.heard(c, m.Seq)
	if c.State == StateSnoozed {
		return m, w.wake(ctx, c, wokeByReply)
	}
	return m, nil
}

// line is the message as a line of its conversation.
func (in inbound) line() Message {
	return Message{
		Author: FromCitizen, Kind: LineMessage, Text: in.text, Button: in.button, Echo: in.echo, ProviderID: in.providerID,
		Attachments: in.attachments,
	}
}

// heard moves the clocks of a conversation whose citizen wrote: somebody waits
// now, silence is over.
func (w *work) heard(c *Conversation, seq int64) {
	at := w.at
	c.CitizenSeq, c.InboundAt = seq, &at
	c.WarnedAt, c.SilenceDue = nil, nil
	c.Unread++
	if c.WaitingSince == nil {
		c.WaitingSince = &at
	}
	if c.State == StateBot {
		w.awaitBot(c, seq)
	}
	w.signal(bus.Queue, string(c.Queue), 0)
}

// awaitBot gives the bot its turn and a deadline after which people take over. A
// turn that is awaited already reads this message too, or hands on to the next.
func (w *work) awaitBot(c *Conversation, seq int64) {
	if c.BotDue != nil {
		return
	}
	c.BotDue = later(w.at, w.desk.pace.BotPatience)
	w.tasks = append(w.tasks, task{name: TaskBotTurn, id: string(c.ID), seq: seq})
}

func orElse(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

func later(at time.Time, d time.Duration) *time.Time {
	due := at.Add(d)
	return &due
}
