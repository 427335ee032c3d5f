package ticketing

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"sapa/program/access"
)

// readersOf lists by name everybody who may open a conversation: Reader.Sees the
// other way round.
func readersOf(ctx context.Context, db bun.IDB, c *Conversation) ([]Mentioned, error) {
	var some, all []string
	for _, role := range access.Roles() {
		switch {
		case seesAll(role) && access.Allows(role, access.ConversationRead):
			all = append(all, string(role))
		case access.Allows(role, access.ConversationRead):
			some = append(some, string(role))
		}
	}
	list := []Mentioned{}
	err := db.NewRaw(`SELECT s.id, s.name FROM staff s WHERE s.status = 'active' AND (s.role = ANY(?0::text[]) OR s.role = ANY(?1::text[])
			AND (nullif(?2, '') IS NULL OR s.id = nullif(?3, '')::uuid
				OR EXISTS (SELECT FROM queue_staff q WHERE q.queue_id = nullif(?2, '')::uuid AND q.staff_id = s.id)))
		ORDER BY lower(s.name), s.id`, pgdialect.Array(all), pgdialect.Array(some), string(c.Queue), string(c.Assignee)).Scan(ctx, &list)
	if err != nil {
		return nil, fmt.Errorf("read who may open %s: %w", c.ID, err)
	}
	return list, nil
}

// mentionsOf reads the notes that call a reader. Several in one conversation at
// one instant cannot be: each is a transaction of its own.
func mentionsOf(ctx context.Context, db bun.IDB, r Reader, cursor string, limit int) ([]Mention, error) {
	condition, arguments := listing{where: "x.staff_id = ?staff AND " + seen}.bind(r)
	if cursor != "" {
		at, id, err := parseCursor(cursor)
		if err != nil {
			return nil, err
		}
		condition += " AND (x.at, x.conversation_id) < (?3, ?4::uuid)"
		arguments = append(arguments, at, id)
	}
	var list []Mention
	err := db.NewRaw(fmt.Sprintf(`SELECT x.conversation_id AS conversation, x.seq, x.at, x.read_at, m.author_name AS by, m.text, n.name AS person_name
		FROM mentions x JOIN conversations c ON c.id = x.conversation_id JOIN contacts n ON n.id = c.contact_id
			JOIN messages m ON m.conversation_id = x.conversation_id AND m.seq = x.seq
		WHERE %s ORDER BY x.at DESC, x.conversation_id DESC, x.seq DESC LIMIT %d`, condition, limit), arguments...).Scan(ctx, &list)
	if err != nil {
		return nil, fmt.Errorf("list mentions: %w", err)
	}
	for i := range list {
		list[i].Text = preview(Message{Text: list[i].Text})
	}
	return list, nil
}

func unreadMentions(ctx context.Context, db bun.IDB, r Reader) (int, error) {
	condition, arguments := listing{where: "x.staff_id = ?staff AND x.read_at IS NULL AND " + seen}.bind(r)
	var n int
	err := db.NewRaw(fmt.Sprintf("SELECT count(*) FROM (SELECT FROM mentions x JOIN conversations c ON c.id = x.conversation_id WHERE %s LIMIT %d) AS counted",
		condition, CountCap), arguments...).Scan(ctx, &n)
	if err != nil {
		return 0, fmt.Errorf("count mentions: %w", err)
	}
	return n, nil
}
