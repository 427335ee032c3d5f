package ticketing_test

import (
	"context"
	"testing"

	"github.com/uptrace/bun"

	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
)

// While versions change, this one works on beside a schema of the next: columns
// that a migration has added to what is read and sent break nothing.
func TestColumnsOfTheNextVersionBreakNothing(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	citizen, agent := w.Citizen(), w.Agent()
	for _, table := range []string{"conversations", "messages", "contacts", "contact_points", "tickets", "staff", "queues", "teams", "outbox"} {
		if _, err := w.DB.NewRaw("ALTER TABLE ? ADD COLUMN of_the_next_version text NOT NULL DEFAULT 'x'", bun.Ident(table)).Exec(ctx); err != nil {
			t.Fatal(err)
		}
	}
	id := citizen.Waiting()
	if _, err := w.Desk.Reply(ctx, agent.Actor(), id, ticketing.Reply{Echo: "e1", Text: "Halo"}); err != nil {
		t.Fatal(err)
	}
	w.SendAll()
	r := reader(t, w, w.Staff(access.Supervisor))
	page, err := w.Desk.Conversations(ctx, r, ticketing.ListAll, ticketing.Filter{}, "", 5)
	if err != nil || len(page.Items) != 1 || page.Items[0].ID != id {
		t.Errorf("list: %+v, %v", page.Items, err)
	}
	rows, err := w.Desk.RowsByID(ctx, id)
	if err != nil || len(rows) != 1 || rows[0].Assignee != agent.ID {
		t.Errorf("row: %+v, %v", rows, err)
	}
	chat, err := w.Desk.Chat(ctx, w.Chat.ID, citizen.Point)
	if err != nil || chat.Conversation != id || chat.State != "agent" {
		t.Errorf("chat: %+v, %v", chat, err)
	}
	lines, err := w.Desk.ChatMessages(ctx, w.Chat.ID, citizen.Point, 0, 50)
	if err != nil || len(lines) == 0 {
		t.Errorf("lines: %d, %v", len(lines), err)
	}
}
