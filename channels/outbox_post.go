package channels

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels/bus"
	"sapa/channels/seal"
	"sapa/channels/words"
)

// otpLife is how long a one-time password is worth sending: as long as it is
// valid.
const otpLife = 5 * time.Minute

// OutboxOptions are what an Outbox needs; all are required but Log.
type OutboxOptions struct {
	DB       *bun.DB // for what happens outside the callers' transactions
	Inboxes  *InboxCache
	Registry Registry
	Seal     *seal.Box
	Words    *words.Catalogue // every catalogue whose keys drafts may name, joined
	Queue    *Queue
	Bus      *bus.Bus
	Now      func() time.Time
	Log      *slog.Logger
}

// Outbox owns what goes out: the gate, the row, its state. Safe for concurrent
// use.
type Outbox struct {
	db       *bun.DB
	inboxes  *InboxCache
	registry Registry
	seal     *seal.Box
	words    *words.Catalogue
	queue    *Queue
	bus      *bus.Bus
	now      func() time.Time
	log      *slog.Logger
}

// NewOutbox panics when a need is missing, since that is a fault of the wiring.
func NewOutbox(o OutboxOptions) *Outbox {
	if o.DB == nil || o.Inboxes == nil || o.Registry == nil || o.Seal == nil || o.Words == nil ||
		o.Queue == nil || o.Bus == nil || o.Now == nil {
		panic("channels: OutboxOptions needs everything but Log")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Outbox{
		db: o.DB, inboxes: o.Inboxes, registry: o.Registry, seal: o.Seal, words: o.Words,
		queue: o.Queue, bus: o.Bus, now: o.Now, log: o.Log,
	}
}

// Post passes the draft through the gate and writes its row through db, usually
// the transaction that also stores the message. Nothing is sent before Wake. It
// fails with *Blocked when the message may not be sent, and with
// words.ErrUnknownKey or a parameter's name when Key cannot be said.
func (o *Outbox) Post(ctx context.Context, db bun.IDB, draft Draft) (OutboxID, error) {
	row, limits, err := o.judged(ctx, db, draft)
	if err != nil {
		return "", err
	}
	if now := row.CreatedAt; limits.Local && !row.DueAt.After(now) {
		row.State, row.SentAt = StateSent, now
	}
	if _, err := db.NewInsert().Model(&row).Exec(ctx); err != nil {
		return "", fmt.Errorf("post to outbox: %w", err)
	}
	return row.ID, nil
}

// Check passes the draft through the gate, as it will stand at the draft's time,
// and tells what its channel carries; nothing is written. It fails as Post does.
func (o *Outbox) Check(ctx context.Context, db bun.IDB, draft Draft) (Limits, error) {
	_, limits, err := o.judged(ctx, db, draft)
	return limits, err
}

// judged makes the row of a draft that the gate lets pass.
func (o *Outbox) judged(ctx context.Context, db bun.IDB, draft Draft) (outboxRow, Limits, error) {
	inbox, adapter, err := o.carrier(ctx, db, draft.InboxID)
	if err != nil {
		return outboxRow{}, Limits{}, err
	}
	row, err := o.newRow(draft, inbox, o.now())
	if err != nil {
		return outboxRow{}, Limits{}, err
	}
	text, err := o.render(row, strings.Repeat("0", len(draft.Secret)))
	if err != nil {
		return outboxRow{}, Limits{}, err
	}
	check := gate{draft: draft, inbox: inbox, limits: adapter.Limits(), text: text, now: row.DueAt}
	return row, check.limits, check.pass(ctx, db)
}

// carrier finds the inbox and its adapter; a lack of either is the gate's NoInbox.
func (o *Outbox) carrier(ctx context.Context, db bun.IDB, id InboxID) (Inbox, Adapter, error) {
	inbox, err := o.inboxes.ByID(ctx, db, id)
	if err != nil {
		return Inbox{}, nil, blockedIfAbsent(err)
	}
	adapter, err := o.registry.Of(inbox.Kind)
	if err != nil {
		return Inbox{}, nil, blockedIfAbsent(err)
	}
	return inbox, adapter, nil
}

func (o *Outbox) newRow(draft Draft, inbox Inbox, now time.Time) (outboxRow, error) {
	row := outboxRow{
		ID: OutboxID(newID()), InboxID: inbox.ID, Address: draft.To, Purpose: draft.Purpose,
		ConversationID: draft.ConversationID, MessageID: draft.MessageID, MessageSeq: draft.MessageSeq,
		Text: draft.Text, Key: draft.Key, Language: draft.Language, Buttons: draft.Buttons, Template: draft.Template,
		State: StateQueued, DueAt: draft.At, ExpiresAt: draft.ExpiresAt, CreatedAt: now, UpdatedAt: now,
		Attachments: []string{}, FormerIDs: []string{},
	}
	for _, id := range draft.Attachments {
		row.Attachments = append(row.Attachments, string(id))
	}
	if row.Buttons == nil {
		row.Buttons = []Button{}
	}
	if row.Language == "" {
		row.Language = inbox.Language
	}
	if row.DueAt.IsZero() {
		row.DueAt = now
	}
	if row.ExpiresAt.IsZero() && draft.Purpose == PurposeOTP {
		row.ExpiresAt = row.DueAt.Add(otpLife)
	}
	params := draft.Params
	if params == nil {
		params = map[string]any{}
	}
	var err error
	if row.Params, err = json.Marshal(params); err != nil {
		return row, fmt.Errorf("parameters of %s: %w", draft.Key, err)
	}
	if draft.Secret != "" {
		row.Secret, err = o.seal.Seal([]byte(draft.Secret), row.secretContext())
	}
	return row, err
}

// render says the row's text; secret stands in for parameter Code.
func (o *Outbox) render(row outboxRow, secret string) (string, error) {
	if row.Key == "" {
		return row.Text, nil
	}
	params, err := row.params()
	if err != nil {
		return "", err
	}
	return o.words.Render(row.Language, row.Key, withCode(params, secret))
}

func withCode(params map[string]any, secret string) map[string]any {
	if secret == "" {
		return params
	}
	params = maps.Clone(params)
	params["Code"] = secret
	return params
}

// Wake hands posted rows to the queue after the commit, and tells the hub of
// what awaits a visitor. It never fails and hardly waits: the sweeper finds what
// it could not hand over.
func (o *Outbox) Wake(ctx context.Context, ids ...OutboxID) {
	if len(ids) == 0 {
		return
	}
	var rows []outboxRow
	err := o.db.NewSelect().Model(&rows).Column("id", "conversation_id", "message_seq", "state", "attempts", "due_at").
		Where("id IN (?)", bun.List(ids)).Order("message_seq", "id").Scan(ctx)
	if err != nil {
		o.log.Warn("outbox rows not read before waking", "error", err)
		o.queue.Wake(ctx, ids...)
		return
	}
	var signals []bus.Signal
	var due []wake
	for _, row := range rows {
		switch {
		case row.State == StateQueued:
			due = append(due, wake{row.ID, row.Attempts, row.DueAt.Sub(o.now())})
		case row.ConversationID != "" && row.State == StateSent:
			signals = append(signals, bus.Signal{Topic: bus.Chat, ID: row.ConversationID, Seq: row.MessageSeq})
		}
	}
	o.queue.send(ctx, due)
	_ = o.bus.Publish(ctx, signals...)
}

// Announce tells every screen of changed deliveries. Call it after the commit.
func (o *Outbox) Announce(ctx context.Context, changes ...Delivery) {
	signals := make([]bus.Signal, 0, len(changes))
	for _, change := range changes {
		signals = append(signals, bus.Signal{
			Topic: bus.Outbox, ID: change.ConversationID, Seq: change.MessageSeq,
			Data: map[string]string{"outbox": string(change.ID), "state": string(change.State), "error": change.ErrorKey},
		})
	}
	_ = o.bus.Publish(ctx, signals...)
}
