package ticketing_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/uptrace/bun"

	"sapa/program/access"
	"sapa/ticketing/fix"
)

// listener keeps the queries that were asked.
type listener struct {
	mu      sync.Mutex
	queries []string
}

func (l *listener) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context { return ctx }
func (l *listener) AfterQuery(_ context.Context, e *bun.QueryEvent) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.queries = append(l.queries, e.Query)
}

// What is asked of the archive goes through the indexes, whatever its size.
func TestSearchAsksTheIndexes(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	heard := &listener{}
	find(t, w.DeskOn(w.DB.WithQueryHook(heard)), w.Staff(access.Supervisor), "pengumuman")
	plans := map[string]string{}
	for _, query := range heard.queries {
		for _, known := range []string{"FROM messages m WHERE m.kind", "FROM tickets WHERE line_words(subject)", "FROM contacts WHERE"} {
			if strings.Contains(query, known) {
				plans[known] = planOf(t, w, query)
			}
		}
	}
	for query, index := range map[string]string{
		"FROM messages m WHERE m.kind":           "Bitmap Index Scan on messages_p0_line_words_idx",
		"FROM tickets WHERE line_words(subject)": "Bitmap Index Scan on tickets_words",
		"FROM contacts WHERE":                    "Bitmap Index Scan on contacts_name",
	} {
		if plan := plans[query]; !strings.Contains(plan, index) {
			t.Errorf("the plan of %q has no %s:\n%s", query, index, plan)
		}
	}
}

// planOf explains a query as search runs it: a table of a test is so small that
// PostgreSQL reads it whole unless told not to.
func planOf(t *testing.T, w *fix.World, query string) string {
	t.Helper()
	var lines []string
	err := w.DB.RunInTx(context.Background(), nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.ExecContext(ctx, "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off"); err != nil {
			return err
		}
		return tx.NewRaw("EXPLAIN "+query).Scan(ctx, &lines)
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}
