package ticketing

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"sapa/channels"
	"sapa/program"
	"sapa/program/access"
	"sapa/ticketing/category"
	"sapa/ticketing/team"
)

// Priorities, 1 the most urgent.
const (
	PriorityUrgent = 1
	PriorityHigh   = 2
	PriorityNormal = 3
	PriorityLow    = 4
)

// Handover is what the bot gives to the person who takes over, so that the
// citizen repeats nothing. Queue is a slug; empty means the one of the intent.
// Lines are the bot's last words before it falls silent.
type Handover struct {
	Upto     int64
	Intent   string
	Language string
	Summary  string
	Facts    []program.Fact
	Queue    string
	Priority int
	Lines    []BotLine
	Heard    []Heard
}

// HandOver opens the conversation to people: it goes into a queue, the citizen
// is told the place and the expected wait, a complaint becomes a ticket. Errors:
// ErrHeld when people have it already or the lease was lost.
func (d *Desk) HandOver(ctx context.Context, id ConversationID, owner string, h Handover) error {
	return d.withLease(ctx, id, owner, func(ctx context.Context, w *work, c *Conversation) error {
		c.Language, c.Intent = orElse(h.Language, c.Language), orElse(h.Intent, c.Intent)
		c.Summary = channels.MaskIdentity(clean(h.Summary))
		if h.Facts != nil {
			c.Facts = h.Facts
		}
		if err := w.understood(ctx, c, h.Heard); err != nil {
			return err
		}
		for _, line := range h.Lines {
			m := Message{Author: FromBot, AuthorName: "bot", Text: line.Text, Language: c.Language, Buttons: line.Buttons}
			if _, err := w.send(ctx, c, m, channels.PurposeBot); err != nil {
				return err
			}
		}
		c.BotSeq, c.Unread = max(c.BotSeq, h.Upto), max(c.Unread, 1)
		if err := w.toPeople(ctx, c, h.Queue, h.Priority, "line.handed_over"); err != nil {
			return err
		}
		return w.ticketFromComplaint(ctx, c)
	})
}

// openToPeople takes the conversation from a bot that does not answer.
func (w *work) openToPeople(ctx context.Context, c *Conversation, line string) error {
	return w.toPeople(ctx, c, "", 0, line)
}

// toPeople queues a conversation under the rules of its intent and tells both
// sides.
func (w *work) toPeople(ctx context.Context, c *Conversation, slug string, priority int, line string) error {
	leaf, err := category.ForIntent(ctx, w, c.Intent)
	if err != nil {
		return err
	}
	queue, err := w.queueOr(ctx, slug, leaf.Queue)
	if err != nil {
		return err
	}
	if priority < PriorityUrgent || priority > PriorityLow {
		priority = leaf.Priority
	}
	c.Priority = priority
	if err := w.toQueue(ctx, c, queue.ID); err != nil {
		return err
	}
	if err := w.tell(ctx, c, line, map[string]any{"Queue": queue.Name}); err != nil {
		return err
	}
	if err := w.event(ctx, c, "handed_over", map[string]string{"queue": string(queue.ID), "intent": c.Intent, "cause": line}); err != nil {
		return err
	}
	if err := w.save(ctx, c); err != nil { // the place is counted among the stored
		return err
	}
	return w.tellPlace(ctx, c)
}

// queueOr finds the first of these queues that is active, else the general one.
func (w *work) queueOr(ctx context.Context, slugs ...string) (team.Queue, error) {
	for _, slug := range append(slices.Clone(slugs), team.GeneralQueue) {
		if slug == "" {
			continue
		}
		queue, err := team.QueueBySlug(ctx, w, slug)
		if err == nil && queue.Status == "active" {
			return queue, nil
		}
		if err != nil && !errors.Is(err, team.ErrNotFound) {
			return team.Queue{}, err
		}
	}
	return team.Queue{}, &Invalid{Field: "queue_id", Rule: "unknown"}
}

// defaultQueue gives a conversation that was never queued the queue of its
// intent.
func (w *work) defaultQueue(ctx context.Context, c *Conversation) error {
	if c.Queue != "" {
		return nil
	}
	leaf, err := category.ForIntent(ctx, w, c.Intent)
	if err != nil {
		return err
	}
	queue, err := w.queueOr(ctx, leaf.Queue)
	c.Queue = queue.ID
	return err
}

// tellPlace tells the citizen where they stand, or when the desk opens. Somebody
// who works on after hours counts as an open desk.
func (w *work) tellPlace(ctx context.Context, c *Conversation) error {
	hours, err := w.serviceHours(ctx)
	if err != nil {
		return err
	}
	opens, err := hours.NextOpen(w.at)
	if err != nil {
		return err
	}
	if opens.After(w.at) {
		staffed, err := staffedNow(ctx, w, c.Queue, w.at.Add(-w.desk.pace.HeartbeatLost))
		if err != nil {
			return err
		}
		if staffed {
			return w.tellWait(ctx, c)
		}
		text := w.desk.Opening(c.Language, w.at, opens)
		return w.notify(ctx, c, channels.PurposeSystem, Notice{Key: "notice.handover.closed", Params: map[string]any{"Opens": text}})
	}
	return w.tellWait(ctx, c)
}

func (w *work) tellWait(ctx context.Context, c *Conversation) error {
	wait, err := waitOf(ctx, w, c, w.at.Add(-w.desk.pace.HeartbeatLost))
	if err != nil {
		return err
	}
	notice := Notice{Key: "notice.handover.queued", Params: map[string]any{"Place": wait.Place}}
	if wait.Known() {
		notice = Notice{Key: "notice.handover.queued_wait", Params: map[string]any{
			"Place": wait.Place, "From": minutes(wait.From), "To": minutes(wait.To)}}
	}
	return w.notify(ctx, c, channels.PurposeSystem, notice)
}

func minutes(d time.Duration) int { return int((d + time.Minute - 1) / time.Minute) }

// SetSubject says whom the conversation is about, or that it is about nobody
// known when participant is empty. Staff give a reason; the link can be undone.
// Errors: Invalid for a participant who does not exist.
func (d *Desk) SetSubject(ctx context.Context, actor access.Actor, id ConversationID, participant, reason string) error {
	if actor.Kind == access.Staff && clean(reason) == "" {
		return &Invalid{Field: "reason", Rule: "required"}
	}
	need := access.ConversationSubject
	if actor.Kind == access.Bot {
		need = access.ConversationReply
	}
	return d.onLocked(ctx, actor, id, need, (*work).lockWithPoint, func(ctx context.Context, w *work, c *Conversation) error {
		if err := w.knownParticipant(ctx, participant); err != nil {
			return err
		}
		c.Participant, c.SubjectBy, c.SubjectConfidence, c.Assurance = participant, actorLabel(actor), Claimed, AssuranceNone
		if participant == "" {
			c.SubjectBy, c.SubjectConfidence = "", ""
			if err := w.link(ctx, c.Point, "", actor); err != nil {
				return err
			}
		}
		if err := w.tell(ctx, c, "line.subject", nil); err != nil {
			return err
		}
		return w.event(ctx, c, "subject", map[string]string{"participant": participant, "reason": clean(reason)})
	})
}

// knownParticipant refuses somebody who does not exist; nobody is fine.
func (w *work) knownParticipant(ctx context.Context, id string) error {
	if id == "" {
		return nil
	}
	unknown := &Invalid{Field: "participant_id", Rule: "unknown"}
	if uuid.Validate(id) != nil {
		return unknown
	}
	found, err := w.desk.program.Summaries(ctx, w, program.ParticipantID(id))
	if err == nil && len(found) == 0 {
		return unknown
	}
	return err
}

// Verified records that the citizen proved to be a participant: by a one-time
// password, or by that and one fact of the record. The address is linked to the
// participant, without merging contacts.
func (d *Desk) Verified(ctx context.Context, actor access.Actor, id ConversationID, participant string, assurance Assurance) error {
	if participant == "" || !assurance.Covers(AssuranceOTP) {
		return &Invalid{Field: "assurance", Rule: "required"}
	}
	return d.do(ctx, actor, func(ctx context.Context, w *work) error {
		c, err := w.lockWithPoint(ctx, id)
		if err != nil {
			return err
		}
		if !c.State.Open() {
			return ErrEnded
		}
		c.Participant, c.SubjectBy, c.SubjectConfidence, c.Assurance = participant, actorLabel(actor), ProvedOTP, assurance
		if err := w.link(ctx, c.Point, participant, actor); err != nil {
			return err
		}
		if err := w.tell(ctx, c, "line.verified", nil); err != nil {
			return err
		}
		if err := w.event(ctx, c, "verified", map[string]string{"participant": participant, "assurance": string(assurance)}); err != nil {
			return err
		}
		return w.save(ctx, c)
	})
}
