package ticketing

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/channels/bus"
	"sapa/program/access"
)

// ordinary tells by the event alone whether it may be stored together with
// others: a line of text, nothing pressed, nothing to fetch, to hide or to
// consent to.
func ordinary(event channels.Event) bool {
	return event.Kind == channels.EventMessage && event.ProviderID != "" && len(event.Media) == 0 && event.Consent == "" &&
		!event.Masked && channels.MaskIdentity(event.Text) == event.Text && event.Button == ""
}

// receiveTogether stores the messages of a batch that belong to a conversation
// that is open, in one transaction and a fixed number of statements, and marks
// them. The others (first messages, answers that a ticket waits for) are left for
// transactions of their own.
//
// Locks are taken in the order in which receiveOne takes them, receipts before
// conversations, each sorted, so that two processes never wait for each other. It
// takes no lock on the contact point: that one is for opening a conversation, and
// who ends one holds the conversation too.
func (d *Desk) receiveTogether(ctx context.Context, batch []*arrival) error {
	open, err := d.openTalks(ctx, batch)
	if err != nil || len(open) == 0 {
		return err
	}
	return d.do(ctx, access.Actor{Kind: access.Reporter}, func(ctx context.Context, w *work) error {
		return w.takeTogether(ctx, batch, open)
	})
}

// talk is where an arrival belongs.
type talk struct {
	Conversation ConversationID
	Inbox        channels.InboxID
	Point        PointID
	Kind, Value  string
	Confidence   Confidence
	SeenAt       time.Time
}

// origin names a person at an inbox.
type origin struct {
	inbox       channels.InboxID
	kind, value string
}

func (a *arrival) origin() origin {
	return origin{a.inbox, string(a.event.From.Kind), a.event.From.Value}
}

// openTalks finds the open conversations of a batch without holding them; a message
// that wakes one put aside goes alone.
func (d *Desk) openTalks(ctx context.Context, batch []*arrival) (map[origin]talk, error) {
	points, inboxes := make([]any, 0, len(batch)), map[channels.InboxID]bool{}
	for _, a := range batch {
		from := a.origin()
		points, inboxes[from.inbox] = append(points, bun.Tuple([]string{from.kind, from.value})), true
	}
	var found []talk
	err := d.db.NewRaw(`SELECT c.id AS conversation, c.inbox_id AS inbox, p.id AS point, p.kind, p.value, p.confidence, p.seen_at
		FROM contact_points p JOIN conversations c ON c.point_id = p.id AND c.ended_at IS NULL AND c.state <> 'snoozed'
		WHERE (p.kind, p.value) IN (?) AND c.inbox_id IN (?) AND NOT `+movesTicket,
		bun.List(points), bun.List(slices.Collect(maps.Keys(inboxes)))).Scan(ctx, &found)
	if err != nil {
		return nil, fmt.Errorf("open conversations of a batch: %w", err)
	}
	talks := make(map[origin]talk, len(found))
	for _, t := range found {
		talks[origin{t.Inbox, t.Kind, t.Value}] = t
	}
	return talks, nil
}

// fits: an address that the provider vouches for only now changes its point.
func (t talk) fits(a *arrival) bool {
	return t.Conversation != "" && (t.Confidence != Claimed || !a.event.From.Verified)
}

func (w *work) takeTogether(ctx context.Context, batch []*arrival, open map[origin]talk) error {
	batch = slices.DeleteFunc(slices.Clone(batch), func(a *arrival) bool { return !open[a.origin()].fits(a) })
	fresh, err := w.claimTogether(ctx, batch)
	if err != nil {
		return err
	}
	held, err := w.lockTogether(ctx, fresh, open)
	if err != nil {
		return err
	}
	var lines []Message
	for _, a := range fresh {
		c := held[open[a.origin()].Conversation]
		in := inboundOf(a.event)
		in.text = clean(in.text)
		m := w.next(c, in.line())
		w.heard(c, m.Seq)
		lines = append(lines, m)
	}
	if err := w.saveTogether(ctx, lines, held); err != nil {
		return err
	}
	if err := w.touchTogether(ctx, fresh, open); err != nil {
		return err
	}
	for _, a := range batch { // those that were here before, too
		a.stored = true
	}
	return nil
}

// claimTogether returns the arrivals that are here for the first time, also
// within the batch.
func (w *work) claimTogether(ctx context.Context, batch []*arrival) ([]*arrival, error) {
	if len(batch) == 0 {
		return nil, nil
	}
	receipts := make([]channels.Receipt, 0, len(batch))
	for _, a := range batch {
		receipts = append(receipts, channels.Receipt{Inbox: a.inbox, ProviderID: a.event.ProviderID})
	}
	claimed, err := channels.ClaimReceipts(ctx, w, w.at, receipts...)
	if err != nil {
		return nil, err
	}
	var fresh []*arrival
	for _, a := range batch {
		receipt := channels.Receipt{Inbox: a.inbox, ProviderID: a.event.ProviderID}
		if claimed[receipt] {
			fresh = append(fresh, a)
			delete(claimed, receipt) // a twin in the same batch is not fresh
		}
	}
	return fresh, nil
}

// errMixed gives up a batch in which a conversation ended or was put aside between
// the look and the lock: each message goes alone. A ticket that begins to wait for
// its reporter in those milliseconds was asked about after the message was sent.
var errMixed = errors.New("ticketing: not ordinary any more")

// lockTogether holds the conversations of arrivals and makes sure that they still
// are what they were.
func (w *work) lockTogether(ctx context.Context, fresh []*arrival, open map[origin]talk) (map[ConversationID]*Conversation, error) {
	if len(fresh) == 0 {
		return nil, nil
	}
	wanted := map[ConversationID]bool{}
	for _, a := range fresh {
		wanted[open[a.origin()].Conversation] = true
	}
	var list []*Conversation
	err := w.NewSelect().Model(&list).Where("c.id IN (?)", bun.List(slices.Collect(maps.Keys(wanted)))).
		Where("c.ended_at IS NULL AND c.state <> 'snoozed'").
		OrderExpr("c.id").For("UPDATE").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("lock the conversations of a batch: %w", err)
	}
	held := make(map[ConversationID]*Conversation, len(list))
	for _, c := range list {
		held[c.ID] = w.hold(c)
	}
	if len(held) < len(wanted) {
		return nil, errMixed
	}
	return held, nil
}

// heardColumns are what a message of the citizen changes of its conversation.
var heardColumns = []string{"last_seq", "citizen_seq", "last_at", "inbound_at", "waiting_since", "preview", "preview_from", "unread", "warned_at",
	"silence_due", "bot_due"}

func (w *work) saveTogether(ctx context.Context, lines []Message, held map[ConversationID]*Conversation) error {
	if len(lines) == 0 {
		return nil
	}
	if _, err := w.NewInsert().Model(&lines).Exec(ctx); err != nil {
		return fmt.Errorf("store a batch of messages: %w", err)
	}
	list := slices.Collect(maps.Values(held))
	if _, err := w.NewUpdate().Model(&list).Column(heardColumns...).Bulk().Exec(ctx); err != nil {
		return fmt.Errorf("save the conversations of a batch: %w", err)
	}
	for _, c := range list {
		w.signal(bus.Conversation, string(c.ID), c.LastSeq)
		w.schedule(c)
	}
	return nil
}

// seenEvery is how exactly it is kept when an address was last seen.
const seenEvery = time.Minute

// touchTogether restarts the windows of the arrivals' addresses and notes when
// they were seen; a point that somebody else holds is left to them.
func (w *work) touchTogether(ctx context.Context, fresh []*arrival, open map[origin]talk) error {
	if len(fresh) == 0 {
		return nil
	}
	heard, seen := map[origin]channels.Heard{}, []PointID{}
	for _, a := range fresh {
		from := a.origin()
		if before, twice := heard[from]; !twice || a.event.At.After(before.At) {
			heard[from] = channels.Heard{Inbox: a.inbox, Address: a.event.From.Value, At: a.event.At}
		}
		if t := open[from]; w.at.Sub(t.SeenAt) >= seenEvery {
			seen = append(seen, t.Point)
		}
	}
	if err := channels.TouchWindows(ctx, w, slices.Collect(maps.Values(heard))...); err != nil || len(seen) == 0 {
		return err
	}
	_, err := w.NewRaw(`UPDATE contact_points SET seen_at = ? WHERE id IN
		(SELECT id FROM contact_points WHERE id IN (?) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)`, w.at, bun.List(seen)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("note when addresses were seen: %w", err)
	}
	return nil
}
