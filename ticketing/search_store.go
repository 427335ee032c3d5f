package ticketing

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"sapa/channels"
)

// A word is looked for twice. First among the newest, newest first, so that one
// which everybody uses is found at once and no further. Only when that finds too
// few is the index asked for all of them: the word is then so rare that all of
// them are few. indexedMost bounds the odd case of a word that is rare where the
// reader may look and common elsewhere.
const (
	newestTickets       = 1000
	newestConversations = 3000 // of each, open and ended, that are looked through for those the reader sees
	newestSeen          = 300  // of which the lines are read
	indexedMost         = 5000
	// namesMost bounds how many contacts of a common name are looked at, as the
	// search for people does.
	namesMost = 400
)

// byIndex runs a query that must not read a table from end to end: PostgreSQL
// takes a LIMIT for a promise that it will soon have enough.
func (s *search) byIndex(ctx context.Context, query func(context.Context, bun.IDB) error) error {
	return s.desk.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.ExecContext(ctx, "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off"); err != nil {
			return fmt.Errorf("search by index: %w", err)
		}
		return query(ctx, tx)
	})
}

// tickets by number, else by words of the subject, one more than is shown.
func (s *search) tickets(ctx context.Context) ([]TicketRow, error) {
	var list []flatTicket
	read := func(db bun.IDB, condition string, arguments ...any) error {
		list = nil
		err := mayList(selectTickets(db, &list), s.actor).Where(condition, arguments...).
			OrderExpr("ticket.registered_at DESC, ticket.id DESC").Limit(MostFound + 1).Scan(ctx)
		if err != nil {
			return fmt.Errorf("search tickets: %w", err)
		}
		return nil
	}
	var err error
	terms := pgdialect.Array(s.terms)
	switch {
	case s.number != "":
		err = read(s.desk.db, "ticket.number = ?", s.number)
	case len(s.terms) > 0:
		err = read(s.desk.db, `ticket.id IN (SELECT id FROM tickets ORDER BY registered_at DESC, id DESC LIMIT ?)
			AND line_words(ticket.subject) @@ line_query(?::text[])`, newestTickets, terms)
		if err == nil && len(list) <= MostFound {
			err = s.byIndex(ctx, func(ctx context.Context, tx bun.IDB) error {
				return read(tx, `ticket.id IN (SELECT id FROM tickets WHERE line_words(subject) @@ line_query(?::text[]) LIMIT ?)`, terms, indexedMost)
			})
		}
	}
	return ticketRows(list, s.desk.now()), err
}

// spot is a conversation that was found, and the line by which it was; Seq is 0
// when it was by the person.
type spot struct {
	Conversation ConversationID
	LastAt       time.Time
	Seq          int64
}

// spots runs a query whose places ?0 to ?2 are the reader's.
func (s *search) spots(ctx context.Context, db bun.IDB, query string, arguments ...any) ([]spot, error) {
	bound, own := listing{where: query}.bind(s.reader)
	var list []spot
	if err := db.NewRaw(bound, append(own, arguments...)...).Scan(ctx, &list); err != nil {
		return nil, fmt.Errorf("search conversations: %w", err)
	}
	return list, nil
}

// withPersonSQL takes each way to a person by its own index.
const withPersonSQL = `SELECT id AS conversation, last_at FROM (
	(SELECT c.id, c.last_at FROM conversations c WHERE c.point_id IN (SELECT id FROM contact_points WHERE kind = ?3 AND value = ?4)
		AND ` + seen + ` ORDER BY c.last_at DESC, c.id DESC LIMIT ?7)
	UNION
	(SELECT c.id, c.last_at FROM conversations c WHERE c.contact_id IN (SELECT id FROM contacts WHERE ?5 <> '' AND name ILIKE ?5 LIMIT ?8)
		AND ` + seen + ` ORDER BY c.last_at DESC, c.id DESC LIMIT ?7)
	UNION
	(SELECT c.id, c.last_at FROM conversations c WHERE c.participant_id IS NOT NULL AND c.participant_id = ANY(?6::uuid[])
		AND ` + seen + ` ORDER BY c.last_at DESC, c.id DESC LIMIT ?7)
) AS found ORDER BY last_at DESC, id DESC LIMIT ?7`

// withPerson finds conversations by the address or the name of whom they are
// with, and those about the people found.
func (s *search) withPerson(ctx context.Context) ([]spot, error) {
	about := []string{}
	for _, one := range s.people {
		about = append(about, string(one.ID))
	}
	address := s.address()
	if address == nil {
		address = &channels.Address{}
	}
	if address.Value == "" && len(about) == 0 && s.nameLike() == "" {
		return nil, nil
	}
	return s.spots(ctx, s.desk.db, withPersonSQL, address.Kind, address.Value, s.nameLike(), pgdialect.Array(about), MostFound+1, namesMost)
}

// spoken are the lines that index messages_words holds, worded as it is.
const spoken = "m.kind = 'message' AND m.author <> 'system'"

// newestLinesSQL reads the lines of the newest conversations one conversation
// after the other and stops when enough have the words. The condition is worded
// unlike the index on purpose: asking that for each conversation costs more than
// reading its dozen lines.
const newestLinesSQL = `SELECT s.id AS conversation, s.last_at, l.seq FROM (
	SELECT c.id, c.last_at FROM (
		(SELECT id, last_at, queue_id, assignee_id FROM conversations WHERE ended_at IS NULL ORDER BY last_at DESC, id DESC LIMIT ?5)
		UNION ALL
		(SELECT id, last_at, queue_id, assignee_id FROM conversations WHERE state = 'ended' ORDER BY last_at DESC, id DESC LIMIT ?5)
	) AS c WHERE ` + seen + ` ORDER BY c.last_at DESC, c.id DESC LIMIT ?6
) AS s CROSS JOIN LATERAL (
	SELECT m.seq FROM messages m WHERE m.conversation_id = s.id AND ` + spoken + ` AND line_words(m.text || '') @@ line_query(?3::text[])
	ORDER BY m.seq DESC LIMIT 1
) AS l ORDER BY s.last_at DESC, s.id DESC LIMIT ?4`

const indexedLinesSQL = `SELECT n.id AS conversation, c.last_at, n.seq FROM (
	SELECT f.conversation_id AS id, max(f.seq) AS seq FROM (
		SELECT m.conversation_id, m.seq FROM messages m WHERE ` + spoken + ` AND line_words(m.text) @@ line_query(?3::text[]) LIMIT ?5
	) AS f GROUP BY 1
) AS n JOIN conversations c ON c.id = n.id WHERE ` + seen + ` ORDER BY c.last_at DESC, c.id DESC LIMIT ?4`

// lines finds the newest conversations in which somebody said the words, each by
// its newest such line.
func (s *search) lines(ctx context.Context) ([]spot, error) {
	if len(s.terms) == 0 {
		return nil, nil
	}
	terms := pgdialect.Array(s.terms)
	list, err := s.spots(ctx, s.desk.db, newestLinesSQL, terms, MostFound+1, newestConversations, newestSeen)
	if err != nil || len(list) > MostFound {
		return list, err
	}
	err = s.byIndex(ctx, func(ctx context.Context, tx bun.IDB) (err error) {
		list, err = s.spots(ctx, tx, indexedLinesSQL, terms, MostFound+1, indexedMost)
		return err
	})
	return list, err
}
