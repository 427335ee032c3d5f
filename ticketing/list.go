package ticketing

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun/dialect/pgdialect"
)

// The lists of the console.
const (
	ListMine       = "mine"
	ListTeam       = "team"
	ListUnassigned = "unassigned"
	ListWaiting    = "waiting"
	ListSnoozed    = "snoozed"
	ListAll        = "all"
	ListEnded      = "ended"
	ListMentioned  = "mentioned"
)

// CountedLists are the lists whose size the console shows.
func CountedLists() []string {
	return []string{ListMine, ListTeam, ListUnassigned, ListWaiting, ListSnoozed, ListAll}
}

// listing is how one list is read: its condition, the index it follows and its
// order. Keyset pages continue after (key, id).
type listing struct {
	where string
	key   string
	desc  bool
}

func listings(name string) (listing, bool) {
	l, ok := map[string]listing{
		ListMine:       {"c.state IN ('ringing','agent','wrap_up') AND c.assignee_id = ?staff", "c.last_at", true},
		ListTeam:       {"c.ended_at IS NULL AND c.queue_id = ANY(?queues::uuid[])", "c.last_at", true},
		ListUnassigned: {"c.state = 'queued' AND (?all OR c.queue_id = ANY(?queues::uuid[]))", "c.queued_at", false},
		ListWaiting:    {"c.waiting_since IS NOT NULL AND c.state IN ('queued','ringing','agent') AND " + seen, "c.waiting_since", false},
		ListSnoozed:    {"c.state = 'snoozed' AND c.assignee_id = ?staff", "c.last_at", true},
		ListAll:        {"c.ended_at IS NULL AND " + seen, "c.last_at", true},
		ListEnded:      {"c.state = 'ended' AND " + seen, "c.last_at", true},
		ListMentioned:  {"c.id IN (SELECT conversation_id FROM mentions WHERE staff_id = ?staff) AND " + seen, "c.last_at", true},
	}[name]
	return l, ok
}

// seen is Reader.Sees in SQL.
const seen = "(?all OR c.queue_id IS NULL OR c.assignee_id = ?staff OR c.queue_id = ANY(?queues::uuid[]))"

// order is the list's ORDER BY, as its index has it.
func (l listing) order() string {
	if l.desc {
		return l.key + " DESC, c.id DESC"
	}
	return l.key + ", c.id"
}

// bind fills the named places of a listing's condition.
func (l listing) bind(r Reader) (string, []any) {
	condition := strings.NewReplacer("?all", "?0", "?staff", "?1::uuid", "?queues", "?2").Replace(l.where)
	return condition, []any{r.Everything, r.Staff, pgdialect.Array(queueIDs(r.Queues))}
}

// PageOf is one page of a list and where the next one begins, "" at the end.
type PageOf[T any] struct {
	Items []T
	Next  string
}

// Conversations reads a page of one of the lists, narrowed by a filter, in a fixed
// number of queries. Unassigned and waiting come oldest first, the others by their
// last message. Errors: Invalid.
func (d *Desk) Conversations(ctx context.Context, r Reader, list string, filter Filter, cursor string, limit int) (PageOf[Row], error) {
	l, ok := listings(list)
	if !ok {
		return PageOf[Row]{}, &Invalid{Field: "list", Rule: "unknown"}
	}
	if err := filter.check(); err != nil {
		return PageOf[Row]{}, err
	}
	limit = pageLimit(limit)
	condition, arguments := l.bind(r)
	condition, arguments = filter.narrow(r, condition, arguments)
	beyond := ">"
	if l.desc {
		beyond = "<"
	}
	if cursor != "" {
		at, id, err := parseCursor(cursor)
		if err != nil {
			return PageOf[Row]{}, err
		}
		condition += fmt.Sprintf(" AND (%s, c.id) %s (?%d, ?%d::uuid)", l.key, beyond, len(arguments), len(arguments)+1)
		arguments = append(arguments, at, id)
	}
	var flat []flatRow
	query := fmt.Sprintf("SELECT %s FROM conversations c %s WHERE %s ORDER BY %s LIMIT %d",
		rowColumns, rowJoins, condition, l.order(), limit+1)
	if err := d.db.NewRaw(query, arguments...).Scan(ctx, &flat); err != nil {
		return PageOf[Row]{}, fmt.Errorf("list %s: %w", list, err)
	}
	next := ""
	if len(flat) > limit {
		flat = flat[:limit]
		next = makeCursor(flat[limit-1].keyOf(l.key), string(flat[limit-1].ID))
	}
	items, err := rows(ctx, d.db, flat, d.now())
	return PageOf[Row]{Items: items, Next: next}, err
}

func (f flatRow) keyOf(column string) time.Time {
	switch {
	case column == "c.queued_at" && f.QueuedAt != nil:
		return *f.QueuedAt
	case column == "c.waiting_since" && f.WaitingSince != nil:
		return *f.WaitingSince
	default:
		return f.LastAt
	}
}

// CountCap is the largest size that a list's count shows: counting stops there,
// so that it costs the same however many are open.
const CountCap = 1000

// Counts reads the sizes of the lists, each at most CountCap, in one query over
// partial indexes.
func (d *Desk) Counts(ctx context.Context, r Reader) (map[string]int, error) {
	parts := make([]string, 0, len(CountedLists()))
	var arguments []any
	for _, name := range CountedLists() {
		l, _ := listings(name)
		var condition string
		condition, arguments = l.bind(r)
		// The order keeps the planner on the list's own index: without one it may
		// read the archive to find the few that are open.
		parts = append(parts, fmt.Sprintf("SELECT '%s' AS list, (SELECT count(*) FROM (SELECT FROM conversations c WHERE %s ORDER BY %s LIMIT %d) AS counted) AS n",
			name, condition, l.order(), CountCap))
	}
	var found []struct {
		List string
		N    int
	}
	if err := d.db.NewRaw(strings.Join(parts, " UNION ALL "), arguments...).Scan(ctx, &found); err != nil {
		return nil, fmt.Errorf("count lists: %w", err)
	}
	counts := make(map[string]int, len(found))
	for _, f := range found {
		counts[f.List] = f.N
	}
	return counts, nil
}

func pageLimit(limit int) int {
	if limit <= 0 {
		return 50
	}
	return min(limit, 100)
}

func makeCursor(at time.Time, id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(at.UTC().Format(time.RFC3339Nano) + " " + id))
}

func parseCursor(cursor string) (time.Time, string, error) {
	invalid := &Invalid{Field: "cursor", Rule: "format"}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return time.Time{}, "", invalid
	}
	text, id, found := strings.Cut(string(raw), " ")
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil || !found || len(id) != 36 {
		return time.Time{}, "", invalid
	}
	return at, id, nil
}
