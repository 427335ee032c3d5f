package ticketing

import (
	"context"
	"errors"

	"sapa/channels"
	"sapa/program/access"
	"sapa/ticketing/category"
	"sapa/ticketing/team"
)

// Assignment says into whose hands, into which queue or to which unit; one of
// the three. A unit takes it in the queue of the matter, if that is one of its
// own, else in its first.
type Assignment struct {
	Staff team.StaffID
	Queue team.QueueID
	Unit  team.TeamID
	Note  string
}

// targets counts what the assignment names.
func (a Assignment) targets() int {
	n := 0
	for _, named := range []bool{a.Staff != "", a.Queue != "", a.Unit != ""} {
		if named {
			n++
		}
	}
	return n
}

// Assign moves a conversation to a colleague, a queue or a unit, with an optional
// note for whoever gets it: a line of the thread that only staff see, and on the
// row until they have answered. Whoever holds it may; out of a colleague's hands
// only a supervisor may. Errors: Invalid, ErrNotYours, ErrEnded.
func (d *Desk) Assign(ctx context.Context, actor access.Actor, id ConversationID, to Assignment) error {
	if to.targets() != 1 {
		return &Invalid{Field: "staff_id", Rule: "one_of"}
	}
	return d.onConversation(ctx, actor, id, access.ConversationAssign, func(ctx context.Context, w *work, c *Conversation) error {
		if c.State.Owned() && c.Assignee != team.StaffID(actor.ID) && !actor.May(access.ConversationTake) {
			return ErrNotYours
		}
		if err := w.flushHeld(ctx, c); err != nil {
			return err
		}
		if err := w.passNote(ctx, c, to.Note); err != nil {
			return err
		}
		if to.Staff != "" {
			return w.assignStaff(ctx, c, to.Staff)
		}
		queue := to.Queue
		if to.Unit != "" {
			var err error
			if queue, err = w.queueOfUnit(ctx, c, to.Unit); err != nil {
				return err
			}
		}
		return w.assignQueue(ctx, c, queue)
	})
}

// passNote writes what the receiver is to know.
func (w *work) passNote(ctx context.Context, c *Conversation, text string) error {
	note := channels.MaskIdentity(clean(text))
	c.PassedNote, c.PassedBy = "", ""
	if note == "" {
		return nil
	}
	m := Message{Author: FromAgent, Kind: LineNote, AuthorID: w.actor.ID, AuthorName: w.actor.Name, Text: note}
	c.PassedNote, c.PassedBy = preview(m), w.actor.Name
	_, err := w.append(ctx, c, m)
	return err
}

// queueOfUnit chooses among the queues of a unit.
func (w *work) queueOfUnit(ctx context.Context, c *Conversation, unit team.TeamID) (team.QueueID, error) {
	queues, err := team.QueuesIn(ctx, w, unit)
	if err != nil {
		return "", err
	}
	if len(queues) == 0 {
		return "", &Invalid{Field: "unit_id", Rule: "unknown"}
	}
	leaf, err := category.ForIntent(ctx, w, c.Intent)
	if err != nil {
		return "", err
	}
	for _, queue := range queues {
		if queue.Slug == leaf.Queue {
			return queue.ID, nil
		}
	}
	return queues[0].ID, nil
}

func (w *work) assignStaff(ctx context.Context, c *Conversation, id team.StaffID) error {
	staff, err := team.ByID(ctx, w, id)
	if errors.Is(err, team.ErrNotFound) || err == nil && (staff.Status != team.StatusActive || !staff.Actor().May(access.ConversationReply)) {
		return &Invalid{Field: "staff_id", Rule: "unknown"}
	}
	if err != nil {
		return err
	}
	chosen, err := chosenOf(ctx, w, id)
	if err != nil {
		return err
	}
	if chosen == ChosenOffline { // nobody would ever answer
		return &Invalid{Field: "staff_id", Rule: "offline"}
	}
	if c.State == StateAgent && c.Assignee == id {
		return nil
	}
	if err := w.defaultQueue(ctx, c); err != nil {
		return err
	}
	w.agreeing = append(w.agreeing, id)
	return w.handTo(ctx, c, id, staff.Name, "assigned")
}

func (w *work) assignQueue(ctx context.Context, c *Conversation, id team.QueueID) error {
	queue, err := team.QueueByID(ctx, w, id)
	if errors.Is(err, team.ErrNotFound) || err == nil && queue.Status != "active" {
		return &Invalid{Field: "queue_id", Rule: "unknown"}
	}
	if err != nil {
		return err
	}
	declined := c.Declined.add(c.Assignee, w.at) // who sends it away does not get it back at once
	if err := w.toQueue(ctx, c, id); err != nil {
		return err
	}
	c.Declined = declined
	if err := w.tell(ctx, c, "line.queued", map[string]any{"Queue": queue.Name}); err != nil {
		return err
	}
	moved := Notice{Key: "notice.handover.transferred", Params: map[string]any{"Queue": queue.Name}}
	if err := w.notify(ctx, c, channels.PurposeSystem, moved); err != nil {
		return err
	}
	return w.event(ctx, c, "queued", map[string]string{"queue": string(id)})
}
