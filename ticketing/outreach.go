package ticketing

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sapa/channels"
	"sapa/program/access"
	"sapa/ticketing/team"
)

// Bounds of what the desk begins by itself. Twenty in an hour is one each three
// minutes, more than one person writes by hand; a day is how long an answer to a
// message on a phone is waited for. Both ours.
const (
	outreachMost  = 20
	outreachHour  = time.Hour
	outreachAwait = 24 * time.Hour
)

// Outreach is a conversation that somebody of the desk begins: with a known
// address, or a typed number. Template is for WhatsApp outside its window.
type Outreach struct {
	Echo        string
	Point       PointID
	Phone       string
	Participant string // whom it is about, "" for nobody known
	Text        string
	Template    *Templated
}

// Begun is where an outreach led: a new conversation, or the one that was open.
type Begun struct {
	Conversation ConversationID
	Open         bool // it was there already; nothing was sent
}

// ReachOut begins a conversation, held by whoever begins it and put aside until the
// citizen answers. Where one with that address is open already, nothing is sent.
// Errors: ErrForbidden, Invalid, *channels.Blocked, ErrNotYours when the open one
// is not for the actor's eyes.
func (d *Desk) ReachOut(ctx context.Context, actor access.Actor, inbox channels.Inbox, o Outreach) (Begun, error) {
	if !actor.May(access.ConversationStart) || o.Point == "" && !actor.May(access.ConversationDial) {
		return Begun{}, ErrForbidden
	}
	var begun Begun
	err := d.do(ctx, actor, func(ctx context.Context, w *work) error {
		begun = Begun{}
		point, err := w.outreachPoint(ctx, o)
		if err != nil {
			return err
		}
		if begun, err = w.already(ctx, inbox, point, o.Echo); begun.Conversation != "" || err != nil {
			return err
		}
		if !Begins(inbox) {
			return &Invalid{Field: "inbox_id", Rule: "no_session"} // a chat window that nobody has open
		}
		if point.Kind != string(channels.AddressPhone) {
			return &Invalid{Field: "point_id", Rule: "unknown"}
		}
		if err := w.mayBegin(ctx); err != nil {
			return err
		}
		begun.Conversation, err = w.reachOut(ctx, inbox, point, o)
		return err
	})
	return begun, err
}

// Begins tells whether the desk may write first on an inbox: a chat window is there
// only while the citizen has it open.
func Begins(inbox channels.Inbox) bool {
	return inbox.Status == channels.InboxActive && (inbox.Kind == channels.WhatsApp || inbox.Kind == channels.SMS)
}

// outreachPoint holds the address that is written to.
func (w *work) outreachPoint(ctx context.Context, o Outreach) (Point, error) {
	if o.Point != "" {
		return w.holdPoint(ctx, o.Point)
	}
	phone, err := channels.ParsePhone(o.Phone)
	if err != nil || phone.Class != channels.PhoneMobile {
		return Point{}, &Invalid{Field: "phone", Rule: "phone_mobile"}
	}
	return w.point(ctx, channels.Address{Kind: channels.AddressPhone, Value: phone.E164})
}

// already finds the open conversation with an address; the actor's own, begun under
// the same echo, is theirs still.
func (w *work) already(ctx context.Context, inbox channels.Inbox, point Point, echo string) (Begun, error) {
	c, err := w.current(ctx, inbox.ID, point.ID)
	if c == nil || err != nil {
		return Begun{}, err
	}
	if err := w.maySee(ctx, c); err != nil {
		return Begun{}, ErrNotYours
	}
	sent, err := w.byEcho(ctx, c, FromAgent, w.actor.ID, echo)
	return Begun{Conversation: c.ID, Open: sent == nil}, err
}

// mayBegin bounds what one person begins.
func (w *work) mayBegin(ctx context.Context) error {
	var n int
	err := w.NewRaw("SELECT count(*) FROM conversations WHERE started_by = ? AND opened_at > ?", w.actor.ID, w.at.Add(-outreachHour)).Scan(ctx, &n)
	if err != nil {
		return fmt.Errorf("count what was begun: %w", err)
	}
	if n >= outreachMost {
		return &Invalid{Field: "phone", Rule: "outreach_cap"}
	}
	return nil
}

// reachOut opens the conversation and says the first line. It is a notice to the gate:
// nobody asked for it, so who wants no messages gets none, and an approved message
// needs recorded consent.
func (w *work) reachOut(ctx context.Context, inbox channels.Inbox, point Point, o Outreach) (ConversationID, error) {
	if err := w.knownParticipant(ctx, o.Participant); err != nil {
		return "", err
	}
	line, err := w.outreachLine(ctx, o)
	if err != nil {
		return "", err
	}
	c, err := w.open(ctx, inbox, point, inbox.Language)
	if err != nil {
		return "", err
	}
	if o.Participant != "" {
		c.Participant, c.SubjectBy, c.SubjectConfidence = o.Participant, w.actor.ID, Claimed
	}
	if err := w.defaultQueue(ctx, c); err != nil {
		return "", err
	}
	at := w.at
	c.StartedBy, c.Assignee = team.StaffID(w.actor.ID), team.StaffID(w.actor.ID)
	c.State, c.QueuedAt, c.AssignedAt, c.SilenceDue = StateSnoozed, &at, &at, later(w.at, outreachAwait)
	if err := w.tell(ctx, c, "line.begun", map[string]any{"Name": w.actor.Name}); err != nil {
		return "", err
	}
	sent, err := w.send(ctx, c, line, channels.PurposeNotice)
	if err != nil {
		return "", err
	}
	c.AgentReadSeq = sent.Seq
	return c.ID, w.save(ctx, c)
}

// outreachLine is the first line: an approved message or free text.
func (w *work) outreachLine(ctx context.Context, o Outreach) (Message, error) {
	line := Message{Text: clean(o.Text)}
	if o.Template != nil {
		var err error
		if line, err = w.approved(ctx, *o.Template); err != nil {
			return Message{}, err
		}
	}
	if line.Text == "" {
		return Message{}, &Invalid{Field: "text", Rule: "required"}
	}
	line.Author, line.AuthorID, line.AuthorName, line.Echo = FromAgent, w.actor.ID, w.actor.Name, o.Echo
	return line, nil
}

// unheard: the desk began it and the citizen has never written in it.
func (c *Conversation) unheard() bool { return c.StartedBy != "" && c.InboundAt == nil }

// Reach is what may be said to an address now.
type Reach struct {
	Open     ConversationID // the conversation that is open with it
	FreeText bool
	ClosesAt *time.Time // of the window
	OptedIn  bool
	OptedOut bool
}

// ReachOf looks what may be said to a known address. Errors: ErrForbidden, ErrNotFound.
func (d *Desk) ReachOf(ctx context.Context, actor access.Actor, inbox channels.Inbox, id PointID) (Reach, error) {
	if !actor.May(access.ConversationStart) {
		return Reach{}, ErrForbidden
	}
	point, err := pointByID(ctx, d.db, id)
	if err != nil {
		return Reach{}, err
	}
	window, err := d.outbox.WindowOf(ctx, d.db, inbox.ID, point.Value)
	if err != nil {
		return Reach{}, err
	}
	reach := Reach{ClosesAt: window.ClosesAt, OptedIn: window.OptedInAt != nil, OptedOut: window.OptedOut()}
	reach.FreeText = inbox.Kind == channels.SMS || window.ClosesAt != nil && d.now().Before(*window.ClosesAt)
	err = d.db.NewRaw("SELECT id FROM conversations WHERE inbox_id = ? AND point_id = ? AND ended_at IS NULL", inbox.ID, id).Scan(ctx, &reach.Open)
	if noRows(err) {
		err = nil
	}
	return reach, err
}

// Address is a contact point as staff see it.
type Address struct {
	ID         PointID
	Masked     string
	Confidence Confidence
	SeenAt     time.Time
}

// PhonesOf lists the phones that somebody writes from or was proved to write from:
// a contact's, a participant's, or both. Error: ErrForbidden.
func (d *Desk) PhonesOf(ctx context.Context, actor access.Actor, contact ContactID, participant string) ([]Address, error) {
	if !actor.May(access.ConversationStart) {
		return nil, ErrForbidden
	}
	var points []Point
	err := d.db.NewRaw(`(SELECT * FROM contact_points WHERE contact_id = nullif(?0, '')::uuid AND kind = ?2 ORDER BY seen_at DESC LIMIT ?3)
		UNION (SELECT * FROM contact_points WHERE participant_id = nullif(?1, '')::uuid AND kind = ?2 ORDER BY seen_at DESC LIMIT ?3)`,
		contact, participant, channels.AddressPhone, outreachMost).Scan(ctx, &points)
	if err != nil {
		return nil, fmt.Errorf("phones of somebody: %w", err)
	}
	slices.SortFunc(points, func(a, b Point) int { return b.SeenAt.Compare(a.SeenAt) })
	list := make([]Address, len(points))
	for i, p := range points {
		list[i] = Address{ID: p.ID, Masked: channels.MaskPhone(p.Value), Confidence: p.Confidence, SeenAt: p.SeenAt}
	}
	return list, nil
}
