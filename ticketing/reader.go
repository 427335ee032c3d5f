package ticketing

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"sapa/program/access"
	"sapa/ticketing/team"
)

// Reader is what one member of staff may see: the conversations of their queues
// and in their hands; supervisors and reviewers see all. It may be kept for the
// length of a socket and read anew when the role changes.
type Reader struct {
	Staff      team.StaffID
	Queues     []team.QueueID
	Everything bool
}

// Reader reads what an actor may see; a machine serves no queue, so its key opens
// all or none. Error: ErrForbidden.
func (d *Desk) Reader(ctx context.Context, actor access.Actor) (Reader, error) {
	if actor.Kind == access.Machine && actor.May(access.ConversationRead) {
		return Reader{Staff: team.StaffID(actor.ID), Everything: true}, nil // no staff has the id of a key
	}
	if actor.Kind != access.Staff || !actor.May(access.ConversationRead) {
		return Reader{}, ErrForbidden
	}
	queues, err := team.QueuesOf(ctx, d.db, team.StaffID(actor.ID))
	if err != nil {
		return Reader{}, err
	}
	return Reader{Staff: team.StaffID(actor.ID), Queues: queues, Everything: seesAll(actor.Role)}, nil
}

// seesAll: whoever oversees the work of all queues.
func seesAll(role access.Role) bool {
	return slices.Contains([]access.Role{access.Supervisor, access.QualityReviewer, access.Approver, access.Appellate}, role)
}

// Sees tells whether the conversation is one the reader may open. A conversation
// that the bot still has belongs to no queue and is open to all agents.
func (r Reader) Sees(c Conversation) bool {
	return r.Everything || c.Queue == "" || c.Assignee != "" && c.Assignee == r.Staff || slices.Contains(r.Queues, c.Queue)
}

// Lists tells to which of the console's lists the conversation belongs, for this
// reader.
func (r Reader) Lists(c Conversation) []string {
	if !r.Sees(c) {
		return []string{}
	}
	lists := []string{}
	add := func(list string, belongs bool) {
		if belongs {
			lists = append(lists, list)
		}
	}
	add(ListMine, c.State.Held() && c.Assignee == r.Staff)
	add(ListTeam, c.EndedAt == nil && slices.Contains(r.Queues, c.Queue))
	add(ListUnassigned, c.State == StateQueued)
	add(ListWaiting, c.WaitingSince != nil && slices.Contains([]State{StateQueued, StateRinging, StateAgent}, c.State))
	add(ListSnoozed, c.State == StateSnoozed && c.Assignee == r.Staff)
	add(ListAll, c.EndedAt == nil)
	add(ListEnded, c.State == StateEnded)
	return lists
}

// maySee refuses a conversation of a queue that the acting staff does not serve.
func (w *work) maySee(ctx context.Context, c *Conversation) error {
	if w.actor.Kind != access.Staff && w.actor.Kind != access.Machine {
		return nil
	}
	if !w.actor.May(access.ConversationRead) {
		return ErrForbidden
	}
	if c.Queue == "" || w.actor.Kind == access.Machine || seesAll(w.actor.Role) || c.Assignee == team.StaffID(w.actor.ID) {
		return nil
	}
	queues, err := team.QueuesOf(ctx, w, team.StaffID(w.actor.ID))
	if err != nil {
		return err
	}
	if slices.Contains(queues, c.Queue) {
		return nil
	}
	return fmt.Errorf("conversation %s: %w", c.ID, errors.Join(ErrForbidden, ErrNotFound))
}
