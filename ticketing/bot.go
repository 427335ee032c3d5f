package ticketing

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun/dialect/pgdialect"

	"sapa/channels"
	"sapa/program/access"
)

// Turn is what the bot reads when it takes a conversation's lease: the citizen's
// lines past its watermark, oldest first, and the lines before them. No News
// means that nothing is left to do.
type Turn struct {
	Conversation Conversation
	Address      channels.Address
	News         []Message
	Earlier      []Message
}

// earlierLines is how much of the talk before the news the bot is given.
const earlierLines = 20

// TakeLease gives one worker the right to answer for the bot until ttl is over;
// the same owner may take it again. Errors: ErrHeld when people have the
// conversation or it has ended (the turn is to be skipped), ErrBusy when another
// worker has it, ErrNotFound.
func (d *Desk) TakeLease(ctx context.Context, id ConversationID, owner string, ttl time.Duration) (Turn, error) {
	var turn Turn
	err := d.do(ctx, access.Robot(), func(ctx context.Context, w *work) error {
		c, err := w.lock(ctx, id)
		if err != nil {
			return err
		}
		if c.State != StateBot {
			return ErrHeld
		}
		if c.BotOwner != "" && c.BotOwner != owner && c.BotUntil.After(w.at) {
			return ErrBusy
		}
		until := w.at.Add(ttl)
		_, err = w.NewRaw("UPDATE conversations SET bot_owner = ?, bot_until = ? WHERE id = ?", owner, until, id).Exec(ctx)
		if err != nil {
			return fmt.Errorf("take lease: %w", err)
		}
		c.BotOwner, c.BotUntil = owner, &until
		turn, err = w.turn(ctx, c)
		return err
	})
	return turn, err
}

func (w *work) turn(ctx context.Context, c *Conversation) (Turn, error) {
	point, err := pointByID(ctx, w, c.Point)
	if err != nil {
		return Turn{}, err
	}
	turn := Turn{Conversation: *c, Address: point.address()}
	lines, err := Messages(ctx, w, c.ID, Page{After: c.BotSeq, FromStart: true, Limit: 200, Public: true})
	if err != nil {
		return Turn{}, err
	}
	for _, m := range lines {
		if m.Author == FromCitizen {
			turn.News = append(turn.News, m)
		}
	}
	before := c.LastSeq + 1
	if len(turn.News) > 0 {
		before = turn.News[0].Seq
	}
	turn.Earlier, err = Messages(ctx, w, c.ID, Page{Before: before, Limit: earlierLines, Public: true})
	return turn, err
}

// BotLine is one message of the bot.
type BotLine struct {
	Text        string
	Buttons     []channels.Button
	Attachments []string
}

// Heard is what the bot understood of one of the citizen's lines.
type Heard struct {
	Seq      int64
	Language string
	Intent   string
}

// BotAnswer is the outcome of one turn: the lines to say (none is fine), what
// was understood, and Upto, the newest line that was read. Empty Language and
// Intent leave the conversation's as they are.
type BotAnswer struct {
	Upto     int64
	Lines    []BotLine
	Heard    []Heard
	Language string
	Intent   string
}

// BotReply writes the bot's answer and moves its watermark in one transaction,
// so that a turn done twice speaks once. Errors: ErrHeld when people took over
// meanwhile or the lease was lost: the answer is then dropped.
func (d *Desk) BotReply(ctx context.Context, id ConversationID, owner string, a BotAnswer) error {
	return d.withLease(ctx, id, owner, func(ctx context.Context, w *work, c *Conversation) error {
		if a.Upto <= c.BotSeq && len(a.Lines) > 0 {
			return ErrHeld // this turn was answered already
		}
		c.Language, c.Intent = orElse(a.Language, c.Language), orElse(a.Intent, c.Intent)
		if err := w.understood(ctx, c, a.Heard); err != nil {
			return err
		}
		if len(a.Lines) > 0 {
			if err := w.tellOutages(ctx, c); err != nil {
				return err
			}
		}
		for _, line := range a.Lines {
			m := Message{Author: FromBot, AuthorName: "bot", Text: line.Text, Language: c.Language, Buttons: line.Buttons, Attachments: line.Attachments}
			if _, err := w.send(ctx, c, m, channels.PurposeBot); err != nil {
				return err
			}
		}
		w.botDone(c, a)
		return nil
	})
}

// botDone moves the watermark and hands the turn on when more came in meanwhile.
func (w *work) botDone(c *Conversation, a BotAnswer) {
	c.BotSeq, c.BotFailures = max(c.BotSeq, a.Upto), 0
	c.BotOwner, c.BotUntil, c.BotDue = "", nil, nil
	if len(a.Lines) > 0 {
		c.WarnedAt, c.SilenceDue = nil, later(w.at, w.desk.pace.SilenceWarn)
	}
	if c.CitizenSeq > c.BotSeq {
		w.nextTurn(c)
		return
	}
	c.WaitingSince, c.Unread = nil, 0
}

// nextTurn lets go of the lease for what came in during a turn. The task has an
// id of its own, since the message's may still be running into the lease.
func (w *work) nextTurn(c *Conversation) {
	c.BotOwner, c.BotUntil, c.BotDue = "", nil, later(w.at, w.desk.pace.BotPatience)
	w.tasks = append(w.tasks, task{name: TaskBotTurn, id: string(c.ID), at: w.at})
}

// understood notes language and intent beside the citizen's lines.
func (w *work) understood(ctx context.Context, c *Conversation, heard []Heard) error {
	if len(heard) == 0 {
		return nil
	}
	seqs, languages, intents := make([]int64, len(heard)), make([]string, len(heard)), make([]string, len(heard))
	for i, h := range heard {
		seqs[i], languages[i], intents[i] = h.Seq, h.Language, h.Intent
	}
	_, err := w.NewRaw(`UPDATE messages m SET language = h.language, intent = h.intent
		FROM unnest(?::bigint[], ?::text[], ?::text[]) AS h(seq, language, intent)
		WHERE m.conversation_id = ? AND m.seq = h.seq AND m.author = 'citizen'`,
		pgdialect.Array(seqs), pgdialect.Array(languages), pgdialect.Array(intents), c.ID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("note what was understood: %w", err)
	}
	return nil
}

// BotFailed says that a turn failed. After Pace.BotFailures in a row people take
// over, with a line that says so.
func (d *Desk) BotFailed(ctx context.Context, id ConversationID, owner string) error {
	return d.withLease(ctx, id, owner, func(ctx context.Context, w *work, c *Conversation) error {
		c.BotFailures++
		c.BotOwner, c.BotUntil = "", nil
		if c.BotFailures < d.pace.BotFailures {
			w.tasks = append(w.tasks, task{name: TaskBotTurn, id: string(c.ID), at: w.at.Add(2 * time.Second)})
			return nil
		}
		return w.openToPeople(ctx, c, "line.bot_failed")
	})
}

// BotEnd ends the conversation for the bot: the citizen said that all is well.
// One who has written more since gets another turn instead.
func (d *Desk) BotEnd(ctx context.Context, id ConversationID, owner string) error {
	return d.withLease(ctx, id, owner, func(ctx context.Context, w *work, c *Conversation) error {
		if c.CitizenSeq > c.BotSeq {
			w.nextTurn(c)
			return nil
		}
		return w.end(ctx, c, ByBot, EndBotSolved)
	})
}

// withLease runs what the bot does under its lease.
func (d *Desk) withLease(ctx context.Context, id ConversationID, owner string, use func(context.Context, *work, *Conversation) error) error {
	return d.do(ctx, access.Robot(), func(ctx context.Context, w *work) error {
		c, err := w.lock(ctx, id)
		if err != nil {
			return err
		}
		if c.State != StateBot || c.BotOwner != owner {
			return ErrHeld
		}
		if err := use(ctx, w, c); err != nil {
			return err
		}
		return w.save(ctx, c)
	})
}
