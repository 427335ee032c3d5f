package ticketing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/program/access"
	"sapa/ticketing/team"
)

// CSAT is one question about satisfaction and, once given, its answer.
type CSAT struct {
	bun.BaseModel `bun:"table:csat,alias:r"`

	ID           string         `bun:"id,pk,type:uuid"`
	Conversation ConversationID `bun:"conversation_id,type:uuid,nullzero"`
	Ticket       TicketID       `bun:"ticket_id,type:uuid,nullzero"`
	Contact      ContactID      `bun:"contact_id,type:uuid,nullzero"`
	Participant  string         `bun:"participant_id,type:uuid,nullzero"`
	Point        PointID        `bun:"point_id,type:uuid,nullzero"`
	Kind         channels.Kind  `bun:"kind"`
	Queue        team.QueueID   `bun:"queue_id,type:uuid,nullzero"`
	Staff        team.StaffID   `bun:"staff_id,type:uuid,nullzero"`
	AskedAt      time.Time      `bun:"asked_at"`
	Score        int            `bun:"score,nullzero"`
	Comment      string         `bun:"comment"`
	RatedAt      *time.Time     `bun:"rated_at"`
	// Question is the version that was asked, 0 for a rating nobody asked for.
	Question int64 `bun:"question,nullzero"`
}

// CSATScale is the best score; 1 is the worst.
const CSATScale = 5

// CSATLow is the best of the scores with which an appeal is offered.
const CSATLow = 2

// csatRest is the time within which nobody is asked twice, and for which
// a bare number is taken as the answer.
const csatRest = 24 * time.Hour

// csatPrefix begins the ids of the buttons under the question.
const csatPrefix = "csat:"

// CSATButtons are the answers under the question, worst first.
func CSATButtons() []channels.Button {
	buttons := make([]channels.Button, 0, CSATScale)
	for score := 1; score <= CSATScale; score++ {
		text := fmt.Sprint(score)
		buttons = append(buttons, channels.Button{ID: csatPrefix + text, Label: text})
	}
	return buttons
}

// scoreOf reads a score from a pressed button or a bare number, 0 for none.
func scoreOf(button, text string) int {
	answer, pressed := strings.CutPrefix(button, csatPrefix)
	if !pressed {
		answer = strings.Trim(strings.TrimSpace(text), ".!⭐★ \ufe0f")
	}
	if len(answer) == 1 && answer[0] >= '1' && answer[0] <= '0'+CSATScale {
		return int(answer[0] - '0')
	}
	return 0
}

// closing says goodbye and asks for the rating, unless the person was asked in
// the last 24 hours or nobody ever answered them. Who was written to and never
// answered hears neither.
func (w *work) closing(ctx context.Context, c *Conversation, by Party, outcome string) error {
	if outcome == EndSpam || c.unheard() {
		return nil
	}
	goodbye := "notice.interaction.ended"
	if by == BySilence {
		goodbye = "notice.silence.ended"
	}
	if err := w.notify(ctx, c, channels.PurposeSystem, Notice{Key: goodbye}); err != nil {
		return err
	}
	ask, err := w.mayAsk(ctx, c)
	if err != nil || !ask {
		return err
	}
	return w.ask(ctx, c)
}

// mayAsk: somebody answered, this interaction was not asked about, and nobody
// asked this person within the rest.
func (w *work) mayAsk(ctx context.Context, c *Conversation) (bool, error) {
	var may bool
	err := w.NewRaw(`SELECT EXISTS (SELECT FROM messages WHERE conversation_id = ?0 AND author IN ('bot','agent') AND kind = 'message')
		AND NOT EXISTS (SELECT FROM csat WHERE conversation_id = ?0 AND ticket_id IS NULL)
		AND NOT EXISTS (SELECT FROM csat WHERE contact_id = ?1 AND asked_at > ?2)
		AND NOT EXISTS (SELECT FROM csat WHERE participant_id = nullif(?3, '')::uuid AND asked_at > ?2)`,
		c.ID, c.Contact, w.at.Add(-csatRest), c.Participant).Scan(ctx, &may)
	if err != nil {
		return false, fmt.Errorf("look for csat: %w", err)
	}
	return may, nil
}

// ask sends the question and remembers that it was asked, unless the inbox asks
// nobody. It goes into the newest conversation with the address, since only there
// the sequence goes on.
func (w *work) ask(ctx context.Context, c *Conversation) error {
	question, off, err := w.csatQuestion(ctx, c)
	if err != nil || off {
		return err
	}
	thread, err := w.reporterThread(ctx, string(c.ID))
	if err != nil {
		return err
	}
	row := CSAT{Conversation: c.ID, Contact: c.Contact, Participant: c.Participant, Point: c.Point, Kind: c.Kind, Queue: c.Queue, Staff: c.Assignee}
	if err := w.sendQuestion(ctx, thread, row, question); err != nil || thread == c {
		return err
	}
	return w.save(ctx, thread)
}

// AskCSAT asks again by hand where it was not asked. Errors: Invalid when the
// conversation is open, or the person was asked within 24 hours.
func (d *Desk) AskCSAT(ctx context.Context, actor access.Actor, id ConversationID) error {
	if !actor.May(access.CSATAsk) {
		return ErrForbidden
	}
	return d.do(ctx, actor, func(ctx context.Context, w *work) error {
		c, err := w.lock(ctx, id)
		if err != nil {
			return err
		}
		if c.State.Open() {
			return &Invalid{Field: "conversation", Rule: "open"}
		}
		if may, err := w.mayAsk(ctx, c); err != nil || !may {
			return errors.Join(err, &Invalid{Field: "csat", Rule: "asked"})
		}
		if _, off, err := w.csatQuestion(ctx, c); err != nil || off {
			return errors.Join(err, &Invalid{Field: "csat", Rule: "csat_off"})
		}
		if err := w.ask(ctx, c); err != nil {
			return err
		}
		return w.save(ctx, c)
	})
}

// Rate records the answer to the question of a conversation. Errors: Invalid,
// ErrRated, ErrNotFound when it was never asked.
func (d *Desk) Rate(ctx context.Context, id ConversationID, score int, comment string) error {
	if score < 1 || score > CSATScale {
		return &Invalid{Field: "score", Rule: "between_1_and_5"}
	}
	return d.do(ctx, access.Actor{Kind: access.Reporter}, func(ctx context.Context, w *work) error {
		c, err := w.lock(ctx, id)
		if err != nil {
			return err
		}
		var row CSAT
		err = w.NewSelect().Model(&row).Where("r.conversation_id = ? AND r.ticket_id IS NULL", id).Scan(ctx)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNotFound
		}
		if err != nil {
			return fmt.Errorf("read csat: %w", err)
		}
		if err := w.rate(ctx, c, row, score, comment); err != nil {
			return err
		}
		return w.save(ctx, c)
	})
}

// rate writes the score, guarded: the first answer counts, a comment may follow.
func (w *work) rate(ctx context.Context, c *Conversation, row CSAT, score int, comment string) error {
	comment = channels.MaskIdentity(clean(comment))
	if row.RatedAt != nil && (row.Comment != "" || comment == "" || row.Score != score) {
		return ErrRated
	}
	result, err := w.NewRaw(`UPDATE csat SET score = ?, comment = ?, rated_at = ? WHERE id = ? AND (rated_at IS NULL OR comment = '')`,
		score, comment, w.at, row.ID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("rate: %w", err)
	}
	if n, _ := result.RowsAffected(); n == 0 {
		return ErrRated
	}
	if row.RatedAt != nil {
		return nil
	}
	if err := w.tell(ctx, c, "line.rated", map[string]any{"Score": score}); err != nil {
		return err
	}
	if err := w.event(ctx, c, "rated", map[string]int{"score": score}); err != nil {
		return err
	}
	w.signal("wallboard", "", 0)
	return w.notify(ctx, c, channels.PurposeSystem, Notice{Key: "notice.csat.thanks"})
}

// ratingIn takes a citizen's message as the rating of the interaction that has
// just ended: a pressed button, or a bare number while nothing new is open.
// handled says that the message needs no conversation.
func (w *work) ratingIn(ctx context.Context, open *Conversation, point Point, in inbound) (handled bool, m Message, err error) {
	score := scoreOf(in.button, in.text)
	pressed := strings.HasPrefix(in.button, csatPrefix)
	if score == 0 || open != nil && !pressed {
		return false, Message{}, nil
	}
	var row CSAT
	err = w.NewSelect().Model(&row).Where("r.point_id = ? AND r.asked_at > ?", point.ID, w.at.Add(-csatRest)).
		OrderExpr("r.asked_at DESC").Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return false, Message{}, nil
	}
	if err != nil {
		return false, Message{}, fmt.Errorf("read csat: %w", err)
	}
	if row.RatedAt != nil && !pressed {
		return false, Message{}, nil
	}
	m, err = w.ratedIn(ctx, open, row, score, in)
	return err == nil, m, err
}

// ratedIn writes the answer into the talk that is newest: the open conversation,
// or the last one where the question was asked.
func (w *work) ratedIn(ctx context.Context, c *Conversation, row CSAT, score int, in inbound) (Message, error) {
	if c == nil {
		var err error
		if c, err = w.reporterThread(ctx, string(row.Conversation)); err != nil {
			return Message{}, err
		}
	}
	m, err := w.append(ctx, c, Message{Author: FromCitizen, Kind: LineMessage, Text: in.text, Button: in.button, Echo: in.echo, ProviderID: in.providerID})
	if err != nil {
		return Message{}, err
	}
	if err := w.rate(ctx, c, row, score, ""); err != nil && !errors.Is(err, ErrRated) {
		return Message{}, err
	}
	return m, w.save(ctx, c)
}

// csatOf reads the rating of a conversation, nil when none was given.
func csatOf(ctx context.Context, db bun.IDB, id ConversationID) (*CSAT, error) {
	row := new(CSAT)
	err := db.NewSelect().Model(row).Where("r.conversation_id = ? AND r.ticket_id IS NULL AND r.rated_at IS NOT NULL", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read csat: %w", err)
	}
	return row, nil
}
