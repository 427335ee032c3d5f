package ticketing

import (
	"context"
	"fmt"

	"sapa/channels"
	"sapa/channels/bus"
	"sapa/program/access"
	"sapa/ticketing/team"
)

// toQueue puts a conversation where any agent of the queue may get it. In the
// same queue it keeps its old place; another queue counts from now.
func (w *work) toQueue(ctx context.Context, c *Conversation, queue team.QueueID) error {
	if c.QueuedAt == nil || c.Queue != queue {
		at := w.at
		c.QueuedAt, c.Declined = &at, Declines{}
	}
	if err := w.letGo(ctx, c); err != nil {
		return err
	}
	c.State, c.Queue, c.SnoozedUntil = StateQueued, queue, nil
	c.BotOwner, c.BotUntil, c.BotDue = "", nil, nil
	c.SilenceDue, c.WarnedAt = nil, nil
	if c.WaitingSince == nil {
		at := w.at
		c.WaitingSince = &at
	}
	w.route = true
	w.signal(bus.Queue, string(queue), 0)
	return w.enter(ctx, c, queue)
}

// letGo takes the conversation out of its holder's hands.
func (w *work) letGo(ctx context.Context, c *Conversation) error {
	if c.Assignee == "" {
		return nil
	}
	w.touch(c.Assignee)
	c.Assignee, c.AssignedAt, c.RingUntil, c.WrapUntil = "", nil, nil, nil
	return w.talked(ctx, c, false)
}

// give puts a conversation into somebody's hands at once.
func (w *work) give(ctx context.Context, c *Conversation, staff team.StaffID) error {
	if c.Assignee != staff {
		if err := w.letGo(ctx, c); err != nil {
			return err
		}
	}
	if c.QueuedAt == nil { // taken straight from the bot: it was offered and taken in one
		at := w.at
		c.QueuedAt = &at
		if err := w.enter(ctx, c, c.Queue); err != nil {
			return err
		}
	}
	at := w.at
	c.State, c.Assignee, c.AssignedAt, c.RingUntil, c.SnoozedUntil = StateAgent, staff, &at, nil, nil
	c.BotOwner, c.BotUntil, c.BotDue = "", nil, nil
	if c.WaitingSince == nil {
		c.SilenceDue = later(w.at, w.desk.pace.SilenceWarn)
	}
	w.touch(staff)
	w.signal(bus.Queue, string(c.Queue), 0)
	return w.begin(ctx, c)
}

// ring offers a conversation to somebody who has to accept it.
func (w *work) ring(c *Conversation, staff team.StaffID, queue team.Queue) {
	c.State, c.Assignee, c.RingUntil = StateRinging, staff, later(w.at, queue.Ring())
	w.touch(staff)
	w.signal(bus.Queue, string(c.Queue), 0)
}

// Claim takes a conversation that nobody holds. Claiming one's own is nothing.
// Errors: ErrTaken, ErrEnded, ErrForbidden, ErrNotFound.
func (d *Desk) Claim(ctx context.Context, actor access.Actor, id ConversationID) error {
	return d.onConversation(ctx, actor, id, access.ConversationClaim, func(ctx context.Context, w *work, c *Conversation) error {
		mine := c.Assignee == team.StaffID(actor.ID)
		switch {
		case c.State == StateAgent && mine:
			return nil
		case c.State == StateSnoozed && mine:
			return w.resume(ctx, c, wokeByStaff)
		case c.State.Owned() && !mine:
			return ErrTaken
		}
		if err := w.defaultQueue(ctx, c); err != nil {
			return err
		}
		return w.handTo(ctx, c, team.StaffID(actor.ID), actor.Name, "claimed")
	})
}

// Accept takes the conversation that rings at the actor.
func (d *Desk) Accept(ctx context.Context, actor access.Actor, id ConversationID) error {
	return d.onConversation(ctx, actor, id, access.ConversationClaim, func(ctx context.Context, w *work, c *Conversation) error {
		if c.Assignee != team.StaffID(actor.ID) {
			return ErrTaken
		}
		if c.State == StateAgent {
			return nil
		}
		return w.handTo(ctx, c, c.Assignee, actor.Name, "accepted")
	})
}

// Decline sends the ringing conversation back to its place; it is not offered to
// the same person again for Pace.DeclineRest.
func (d *Desk) Decline(ctx context.Context, actor access.Actor, id ConversationID) error {
	return d.onConversation(ctx, actor, id, access.ConversationClaim, func(ctx context.Context, w *work, c *Conversation) error {
		if c.State != StateRinging || c.Assignee != team.StaffID(actor.ID) {
			return ErrTaken
		}
		return w.back(ctx, c, "declined")
	})
}

// back returns a conversation to its old place because its holder did not
// answer, declined or went away.
func (w *work) back(ctx context.Context, c *Conversation, cause string) error {
	holder := string(c.Assignee)
	if cause == "declined" || cause == "missed" {
		c.Declined = c.Declined.add(c.Assignee, w.at)
	}
	answered := c.State == StateAgent
	if err := w.defaultQueue(ctx, c); err != nil {
		return err
	}
	if err := w.toQueue(ctx, c, c.Queue); err != nil {
		return err
	}
	if answered {
		if err := w.tell(ctx, c, "line.returned."+cause, nil); err != nil {
			return err
		}
		if err := w.notify(ctx, c, channels.PurposeSystem, Notice{Key: "notice.handover.requeued"}); err != nil {
			return err
		}
	}
	return w.event(ctx, c, cause, map[string]string{"staff": holder})
}

func (w *work) handTo(ctx context.Context, c *Conversation, staff team.StaffID, name, how string) error {
	if err := w.give(ctx, c, staff); err != nil {
		return err
	}
	if err := w.tell(ctx, c, "line.assigned", map[string]any{"Name": name}); err != nil {
		return err
	}
	joined := Notice{Key: "notice.handover.joined", Params: map[string]any{"Name": firstName(name)}}
	if err := w.notify(ctx, c, channels.PurposeSystem, joined); err != nil {
		return err
	}
	return w.event(ctx, c, how, map[string]string{"staff": string(staff), "name": name})
}

// onConversation runs a use-case on one open conversation that the actor may see
// and saves it.
func (d *Desk) onConversation(ctx context.Context, actor access.Actor, id ConversationID, need access.Permission,
	use func(context.Context, *work, *Conversation) error,
) error {
	return d.onLocked(ctx, actor, id, need, (*work).lock, use)
}

// onLocked is onConversation with another way to hold the conversation.
func (d *Desk) onLocked(ctx context.Context, actor access.Actor, id ConversationID, need access.Permission,
	lock func(*work, context.Context, ConversationID) (*Conversation, error), use func(context.Context, *work, *Conversation) error,
) error {
	if !actor.May(need) {
		return fmt.Errorf("%s: %w", need, ErrForbidden)
	}
	return d.do(ctx, actor, func(ctx context.Context, w *work) error {
		c, err := lock(w, ctx, id)
		if err != nil {
			return err
		}
		if err := w.maySee(ctx, c); err != nil {
			return err
		}
		if !c.State.Open() {
			return ErrEnded
		}
		if err := use(ctx, w, c); err != nil {
			return err
		}
		return w.save(ctx, c)
	})
}
