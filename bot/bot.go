// Package bot answers citizens where it can and hands over where it cannot. It
// works in turns: take the conversation's lease, read what the citizen wrote
// since the last turn, understand, decide, and answer once. It may read the
// verified person's own record and nothing else; it changes nothing in it.
package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/hibiken/asynq"
	"github.com/uptrace/bun"

	"sapa/bot/nlu"
	"sapa/bot/phrase"
	"sapa/channels"
	"sapa/channels/words"
	"sapa/program"
	"sapa/program/account"
	"sapa/ticketing"
)

// leaseFor is how long one worker may take for a turn: well above the slowest
// measured, well below the desk's patience with the bot of 45 s.
const leaseFor = 20 * time.Second

// Options are what the bot needs. All but Log are required.
type Options struct {
	DB      *bun.DB
	Desk    *ticketing.Desk
	Program *program.Core
	Texts   *program.Texts
	Proofs  *account.Desk
	Outbox  *channels.Outbox
	Inboxes *channels.InboxCache
	Notices *words.Catalogue
	Model   *nlu.Model
	// CodeInbox is the slug of the SMS inbox that carries one-time codes.
	CodeInbox string
	// Owner names this process in leases.
	Owner string
	Now   func() time.Time
	Log   *slog.Logger
}

// Bot takes turns. Safe for concurrent use.
type Bot struct {
	o     Options
	words *words.Catalogue
}

// New checks the options and loads the phrases.
func New(o Options) (*Bot, error) {
	if o.DB == nil || o.Desk == nil || o.Program == nil || o.Texts == nil || o.Proofs == nil || o.Outbox == nil ||
		o.Inboxes == nil || o.Notices == nil || o.Model == nil || o.Now == nil || o.CodeInbox == "" || o.Owner == "" {
		return nil, errors.New("bot: every option but Log is required")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	phrases, err := phrase.Load()
	if err != nil {
		return nil, err
	}
	said, err := words.Join(o.Notices, phrases)
	if err != nil {
		return nil, err
	}
	return &Bot{o: o, words: said}, nil
}

// Handle is the task bot:turn.
func (b *Bot) Handle(ctx context.Context, task *asynq.Task) error {
	var payload ticketing.TaskPayload
	if err := json.Unmarshal(task.Payload(), &payload); err != nil {
		return fmt.Errorf("%w: payload: %w", asynq.SkipRetry, err)
	}
	return b.Turn(ctx, ticketing.ConversationID(payload.ID))
}

// Turn answers what the citizen wrote since the last turn. It may run twice or
// beside itself: the lease lets one in, the watermark makes it speak once. A
// failure is counted by the desk, which opens the conversation to people when
// failures repeat.
func (b *Bot) Turn(ctx context.Context, id ticketing.ConversationID) error {
	owner := b.o.Owner + "/" + uuid.NewString() // turns of one process exclude each other too
	read, err := b.o.Desk.TakeLease(ctx, id, owner, leaseFor)
	if errors.Is(err, ticketing.ErrHeld) || errors.Is(err, ticketing.ErrNotFound) {
		return nil // people have it, or it is over
	}
	if errors.Is(err, ticketing.ErrBusy) {
		return nil // the turn under way asks for another one if this message came too late for it
	}
	if err != nil {
		return fmt.Errorf("bot turn %s: %w", id, err)
	}
	err = b.take(ctx, read)
	if err == nil || errors.Is(err, ticketing.ErrHeld) {
		return nil
	}
	b.o.Log.ErrorContext(ctx, "bot turn failed", "conversation", id, "error", err)
	return errors.Join(err, b.o.Desk.BotFailed(context.WithoutCancel(ctx), id, owner))
}

// take speaks what was decided before, when that was not spoken yet, else
// decides anew.
func (b *Bot) take(ctx context.Context, read ticketing.Turn) error {
	kept, err := loadDialogue(ctx, b.o.DB, read.Conversation.ID)
	if err != nil {
		return err
	}
	if kept.Decided > read.Conversation.BotSeq {
		return b.speak(ctx, read.Conversation, kept.Answer)
	}
	decided, err := b.decide(ctx, read, kept.Memory)
	if err != nil {
		return err
	}
	return b.speak(ctx, read.Conversation, decided)
}

// decide understands and chooses, in one transaction with everything that the
// choice itself changes: tries of a code, access rows, the memory.
func (b *Bot) decide(ctx context.Context, read ticketing.Turn, memory memory) (answer, error) {
	t := b.newTurn(read, memory)
	if len(read.News) == 0 {
		return t.answer, nil
	}
	err := b.o.DB.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		t.reset(memory)
		t.tx = tx
		if err := t.choose(ctx); err != nil {
			return err
		}
		return saveDialogue(ctx, tx, dialogue{
			Conversation: read.Conversation.ID, Decided: t.answer.Upto, Memory: t.memory, Answer: t.answer, UpdatedAt: b.o.Now(),
		})
	})
	if err == nil {
		b.o.Outbox.Wake(ctx, t.codes...)
	}
	return t.answer, err
}

// speak carries an answer out under the lease of the conversation as it was read.
// Each step may be repeated.
func (b *Bot) speak(ctx context.Context, c ticketing.Conversation, a answer) error {
	id, owner := c.ID, c.BotOwner
	if a.Proved != nil {
		err := b.o.Desk.Verified(ctx, robot, id, a.Proved.Participant, a.Proved.Assurance)
		if err != nil && !errors.Is(err, ticketing.ErrEnded) {
			return err
		}
	}
	if a.Handover != nil {
		return b.o.Desk.HandOver(ctx, id, owner, *a.Handover)
	}
	err := b.o.Desk.BotReply(ctx, id, owner, ticketing.BotAnswer{
		Upto: a.Upto, Lines: a.Lines, Heard: a.Heard, Language: a.Language, Intent: a.Intent,
	})
	if err != nil || !a.End {
		return err
	}
	if _, err := b.o.Desk.TakeLease(ctx, id, owner, leaseFor); err != nil {
		return err
	}
	return b.o.Desk.BotEnd(ctx, id, owner)
}
