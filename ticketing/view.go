package ticketing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sapa/channels"
	"sapa/channels/bus"
	"sapa/program/access"
	"sapa/ticketing/team"
)

// View is a conversation as an opened thread shows it.
type View struct {
	Row
	Tickets []TicketRow
	CSAT    *CSAT
	// Drafts are the reader's own, the one worked on last first.
	Drafts []Draft
	// Held are the replies that wait for their time, or were stopped at it.
	Held []HeldReply
	// WindowClosesAt is until when free text may be sent, nil where the channel
	// has no window.
	WindowClosesAt *time.Time
	// OptedOutAt is since when the citizen does not want to be written to on this
	// channel, except in answer; nil when nothing was said or it was taken back.
	OptedOutAt *time.Time
	// Can names what the reader may do now: reply, note, claim, accept, assign,
	// snooze, wake, end, ticket, remedy, subject, csat, begin.
	Can []string
}

// View reads one conversation for a reader, in a fixed number of queries.
// Errors: ErrNotFound, also when the reader may not see it.
func (d *Desk) View(ctx context.Context, actor access.Actor, id ConversationID) (View, error) {
	reader, err := d.Reader(ctx, actor)
	if err != nil {
		return View{}, err
	}
	list, err := d.RowsByID(ctx, id)
	if err != nil {
		return View{}, err
	}
	if len(list) == 0 || !reader.Sees(list[0].Conversation) {
		return View{}, fmt.Errorf("conversation %s: %w", id, ErrNotFound)
	}
	view := View{Row: list[0], Can: can(actor, list[0].Conversation)}
	if view.Tickets, err = d.TicketsOfConversation(ctx, actor, id); err != nil {
		return View{}, err
	}
	if view.CSAT, err = csatOf(ctx, d.db, id); err != nil {
		return View{}, err
	}
	if view.Drafts, err = draftsOf(ctx, d.db, id, team.StaffID(actor.ID)); err != nil {
		return View{}, err
	}
	if view.Held, err = heldReplies(ctx, d.db, id); err != nil {
		return View{}, err
	}
	window, err := d.windowOf(ctx, view.Conversation)
	if window.OptedOut() {
		view.OptedOutAt = window.OptedOutAt
	}
	view.WindowClosesAt = window.ClosesAt
	return view, err
}

// can lists what an actor may do with a conversation as it stands.
func can(actor access.Actor, c Conversation) []string {
	mine := c.Assignee != "" && c.Assignee == team.StaffID(actor.ID)
	acts := []string{}
	add := func(act string, need access.Permission, possible bool) {
		if possible && actor.May(need) {
			acts = append(acts, act)
		}
	}
	take := actor.May(access.ConversationTake)
	add("reply", access.ConversationReply, mine && (c.State == StateAgent || c.State == StateSnoozed))
	add("note", access.ConversationNote, true)
	add("claim", access.ConversationClaim, c.State == StateBot || c.State == StateQueued)
	add("accept", access.ConversationClaim, mine && c.State == StateRinging)
	add("assign", access.ConversationAssign, c.State.Open() && (mine || take || !c.State.Owned()))
	add("snooze", access.ConversationReply, (mine || take) && (c.State == StateAgent || c.State == StateSnoozed))
	add("wake", access.ConversationReply, (mine || take) && c.State == StateSnoozed)
	add("end", access.ConversationEnd, c.State.Open() && c.State != StateBot && c.Assignee != "" && (mine || take))
	add("wrap_up", access.ConversationEnd, mine && c.State == StateWrapUp)
	add("ticket", access.TicketRegister, true)
	add("remedy", access.RemedyRun, c.Participant != "" && (mine || take))
	add("subject", access.ConversationSubject, c.State.Open())
	add("csat", access.CSATAsk, !c.State.Open())
	add("begin", access.ConversationStart, !c.State.Open())
	return acts
}

// MarkRead says that the holder has read up to seq; anybody else's reading
// leaves the mark alone.
func (d *Desk) MarkRead(ctx context.Context, actor access.Actor, id ConversationID, seq int64) error {
	return d.do(ctx, actor, func(ctx context.Context, w *work) error {
		var moved int64
		err := w.NewRaw(`UPDATE conversations c SET agent_read_seq = least(?1, c.last_seq),
				unread = (SELECT count(*) FROM messages m WHERE m.conversation_id = c.id AND m.seq > ?1 AND m.author = 'citizen')
			WHERE c.id = ?0 AND c.assignee_id = ?2 AND c.agent_read_seq < least(?1, c.last_seq) RETURNING c.last_seq`,
			id, seq, actor.ID).Scan(ctx, &moved)
		if noRows(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("mark read: %w", err)
		}
		w.signal(bus.Conversation, string(id), moved)
		w.signal(bus.Chat, string(id), moved)
		return nil
	})
}

// VisitorRead says that the visitor has read up to seq, which the agent is shown.
func (d *Desk) VisitorRead(ctx context.Context, inbox channels.InboxID, point PointID, seq int64) error {
	return d.do(ctx, access.Actor{Kind: access.Reporter}, func(ctx context.Context, w *work) error {
		var ids []ConversationID
		err := w.NewRaw(`UPDATE conversations SET visitor_read_seq = least(?2, last_seq)
			WHERE point_id = ?0 AND inbox_id = ?1 AND visitor_read_seq < least(?2, last_seq) RETURNING id`, point, inbox, seq).Scan(ctx, &ids)
		if err != nil {
			return fmt.Errorf("mark read by visitor: %w", err)
		}
		for _, id := range ids {
			changes, err := d.outbox.MarkRead(ctx, w, string(id), seq)
			if err != nil {
				return err
			}
			w.changes = append(w.changes, changes...)
			w.signal(bus.Conversation, string(id), seq)
		}
		return nil
	})
}

// VisitorDelivered says that the visitor's window has been given everything up
// to seq.
func (d *Desk) VisitorDelivered(ctx context.Context, id ConversationID, seq int64) error {
	return d.do(ctx, access.Timer(), func(ctx context.Context, w *work) error {
		changes, err := d.outbox.MarkDelivered(ctx, w, string(id), seq)
		w.changes = append(w.changes, changes...)
		return err
	})
}

// windowOf is what the channel allows towards the citizen now.
func (d *Desk) windowOf(ctx context.Context, c Conversation) (channels.Window, error) {
	point, err := pointByID(ctx, d.db, c.Point)
	if err != nil {
		return channels.Window{}, err
	}
	window, err := d.outbox.WindowOf(ctx, d.db, c.InboxID, point.Value)
	var blocked *channels.Blocked
	if errors.As(err, &blocked) {
		return channels.Window{}, nil // an inbox that is gone has nothing to count down
	}
	return window, err
}

// History reads the earlier conversations of the same contact and, where the
// subject is known, of the participant, as far as the reader may open them;
// newest first, best 20.
func (d *Desk) History(ctx context.Context, actor access.Actor, id ConversationID) ([]Row, error) {
	reader, err := d.Reader(ctx, actor)
	if err != nil {
		return nil, err
	}
	c, err := conversationByID(ctx, d.db, id)
	if err != nil {
		return nil, err
	}
	if !reader.Sees(*c) {
		return nil, ErrNotFound
	}
	var flat []flatRow
	sees, arguments := listing{where: seen}.bind(reader)
	err = d.db.NewRaw("SELECT "+rowColumns+` FROM (
			(SELECT * FROM conversations c WHERE contact_id = ?3 AND id <> ?4 AND `+sees+` ORDER BY opened_at DESC LIMIT 20)
			UNION (SELECT * FROM conversations c WHERE participant_id = nullif(?5, '')::uuid AND id <> ?4
				AND subject_confidence <> 'claimed' AND `+sees+` ORDER BY opened_at DESC LIMIT 20)
		) c `+rowJoins+" ORDER BY c.opened_at DESC LIMIT 20", append(arguments, c.Contact, id, c.Participant)...).Scan(ctx, &flat)
	if err != nil {
		return nil, fmt.Errorf("history of %s: %w", id, err)
	}
	return rows(ctx, d.db, flat, d.now())
}
