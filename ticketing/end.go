package ticketing

import (
	"context"
	"slices"

	"sapa/channels/bus"
	"sapa/program/access"
	"sapa/ticketing/team"
)

// Outcomes with which a conversation ends, said by the keys "outcome."+code.
const (
	EndSolved       = "solved"        // settled in this conversation
	EndAnswered     = "answered"      // information given
	EndTicket       = "ticket"        // goes on as a ticket
	EndUnsolved     = "unsolved"      // not settled: a ticket is made of it
	EndReferred     = "referred"      // belongs to another body, which was named
	EndNoReply      = "no_reply"      // the citizen fell silent
	EndCitizenEnded = "citizen_ended" // the citizen closed the chat
	EndBotSolved    = "bot_solved"    // settled by the bot
	EndSpam         = "spam"
)

// AgentOutcomes lists what an agent can choose from, as the console shows it.
func AgentOutcomes() []string {
	return []string{EndSolved, EndAnswered, EndTicket, EndUnsolved, EndReferred, EndNoReply, EndSpam}
}

// End is the agent's end of a conversation. An unsolved one becomes a ticket.
// Errors: Invalid, ErrNotYours, ErrEnded.
func (d *Desk) End(ctx context.Context, actor access.Actor, id ConversationID, outcome string) error {
	if !slices.Contains(AgentOutcomes(), outcome) {
		return &Invalid{Field: "outcome", Rule: "unknown"}
	}
	return d.onConversation(ctx, actor, id, access.ConversationEnd, func(ctx context.Context, w *work, c *Conversation) error {
		if c.Assignee != team.StaffID(actor.ID) && !actor.May(access.ConversationTake) {
			return ErrNotYours
		}
		if c.State == StateRinging {
			if err := w.give(ctx, c, c.Assignee); err != nil {
				return err
			}
		}
		if err := w.noneScheduled(ctx, c); err != nil {
			return err
		}
		if err := w.flushHeld(ctx, c); err != nil {
			return err
		}
		return w.end(ctx, c, ByAgent, outcome)
	})
}

// end closes the citizen's part: the clocks stop, the question of satisfaction
// goes out, the holder has time to write up.
func (w *work) end(ctx context.Context, c *Conversation, by Party, outcome string) error {
	if outcome == EndUnsolved {
		if err := w.ticketFromUnsolved(ctx, c); err != nil {
			return err
		}
	}
	if err := w.closing(ctx, c, by, outcome); err != nil {
		return err
	}
	at := w.at
	c.EndedAt, c.EndedBy, c.Outcome = &at, by, outcome
	c.BotOwner, c.BotUntil, c.BotDue, c.RingUntil = "", nil, nil, nil
	c.SilenceDue, c.WarnedAt, c.WaitingSince, c.Unread = nil, nil, nil, 0
	c.PassedNote, c.PassedBy, c.SnoozedUntil, c.Network = "", "", nil, ""
	if err := w.leave(ctx, c, leftHow(c, by), c.Assignee); err != nil {
		return err
	}
	if err := w.event(ctx, c, "ended", map[string]string{"by": string(by), "outcome": outcome}); err != nil {
		return err
	}
	w.signal(bus.Queue, string(c.Queue), 0)
	return w.wrapUp(ctx, c)
}

// leftHow says how a stay ended with the conversation: the citizen who leaves
// before a person wrote has abandoned it.
func leftHow(c *Conversation, by Party) string {
	if by == ByAgent {
		return stayAnswered
	}
	return stayAbandoned
}

// wrapUp gives the holder the queue's time for after-contact work, or finishes
// at once.
func (w *work) wrapUp(ctx context.Context, c *Conversation) error {
	if c.Assignee == "" || c.State == StateRinging || c.State == StateSnoozed {
		return w.finish(ctx, c)
	}
	queue, err := team.QueueByID(ctx, w, c.Queue)
	if err != nil {
		return err
	}
	if queue.WrapUp() == 0 {
		return w.finish(ctx, c)
	}
	c.State, c.WrapUntil = StateWrapUp, later(w.at, queue.WrapUp())
	w.touch(c.Assignee)
	return w.talked(ctx, c, true)
}

// finish archives the conversation and frees its holder.
func (w *work) finish(ctx context.Context, c *Conversation) error {
	if c.Assignee != "" {
		w.touch(c.Assignee)
		w.route = true
	}
	held := c.State
	c.State, c.WrapUntil, c.RingUntil = StateEnded, nil, nil
	if held == StateWrapUp {
		return w.wrapped(ctx, c)
	}
	return w.talked(ctx, c, false)
}

// WrapUpDone says that the holder has written the contact up. A second time is
// nothing.
func (d *Desk) WrapUpDone(ctx context.Context, actor access.Actor, id ConversationID) error {
	return d.do(ctx, actor, func(ctx context.Context, w *work) error {
		c, err := w.lock(ctx, id)
		if err != nil {
			return err
		}
		if c.Assignee != team.StaffID(actor.ID) {
			return ErrNotYours
		}
		if c.State != StateWrapUp {
			return nil
		}
		if err := w.finish(ctx, c); err != nil {
			return err
		}
		return w.save(ctx, c)
	})
}
