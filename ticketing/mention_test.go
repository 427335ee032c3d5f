package ticketing_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
	"sapa/ticketing/team"
)

// A note calls those who may open the conversation, by id; they find it, once,
// until they have read it; the citizen learns of neither note nor name.
func TestNoteCallsColleagues(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	citizen, id, writer := answeredChat(t, w)
	called, other := w.Staff(access.Agent), w.Staff(access.Supervisor)
	outsider := w.Staff(access.Agent, func(s *team.Staff) { s.Teams = nil })

	offered, err := w.Desk.Colleagues(ctx, writer.Actor(), id)
	has := func(one team.Staff) bool {
		return slices.ContainsFunc(offered, func(m ticketing.Mentioned) bool { return m.ID == one.ID })
	}
	if err != nil || !has(called) || !has(other) || has(outsider) || has(writer) {
		t.Fatalf("offered %v, %v: want %s and %s, not %s nor %s", offered, err, called.ID, other.ID, outsider.ID, writer.ID)
	}
	var invalid *ticketing.Invalid
	_, err = w.Desk.Note(ctx, writer.Actor(), id, ticketing.Reply{Echo: "n0", Text: "@" + outsider.Name, Mentions: []team.StaffID{called.ID, outsider.ID}})
	if !errors.As(err, &invalid) || invalid.Rule != "cannot_open" {
		t.Errorf("calling somebody who may not open it: %v", err)
	}

	note := ticketing.Reply{Echo: "n1", Text: "@" + called.Name + " tolong cek rekeningnya", Mentions: []team.StaffID{called.ID, called.ID}}
	for range 2 {
		m, err := w.Desk.Note(ctx, writer.Actor(), id, note)
		if err != nil || len(m.Mentions()) != 1 || m.Mentions()[0] != (ticketing.Mentioned{ID: called.ID, Name: called.Name}) {
			t.Fatalf("note calls %+v, %v", m.Mentions(), err)
		}
	}
	unread := func(who team.Staff) int {
		n, err := w.Desk.UnreadMentions(ctx, who.Actor())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if unread(called) != 1 || unread(other) != 0 {
		t.Errorf("unread %d and %d, want 1 and 0", unread(called), unread(other))
	}
	page, err := w.Desk.MyMentions(ctx, called.Actor(), "", 10)
	if err != nil || len(page.Items) != 1 || page.Items[0].Conversation != id || page.Items[0].By != writer.Name || page.Items[0].ReadAt != nil {
		t.Errorf("mentions %+v, %v", page.Items, err)
	}
	list, err := w.Desk.Conversations(ctx, reader(t, w, called), ticketing.ListMentioned, ticketing.Filter{}, "", 10)
	if err != nil || len(list.Items) != 1 || list.Items[0].ID != id {
		t.Errorf("list of mentions: %+v, %v", list.Items, err)
	}
	if err := w.Desk.ReadMentions(ctx, called.Actor(), id); err != nil || unread(called) != 0 {
		t.Errorf("after reading %d unread, %v", unread(called), err)
	}

	seen, err := w.Desk.ChatMessages(ctx, w.Chat.ID, citizen.Point, 0, 100)
	if err != nil || slices.ContainsFunc(seen, func(m ticketing.Message) bool { return m.Kind == ticketing.LineNote || len(m.Mentions()) > 0 }) {
		t.Errorf("the citizen reads %+v, %v", seen, err)
	}
	for _, out := range w.Provider.Sent() {
		if out.Text == note.Text {
			t.Error("a note went out")
		}
	}

	// Whoever may open it no longer is not reminded of it.
	if _, err := w.DB.ExecContext(ctx, "DELETE FROM team_members WHERE staff_id = ?", called.ID); err != nil {
		t.Fatal(err)
	}
	if page, err = w.Desk.MyMentions(ctx, called.Actor(), "", 10); err != nil || len(page.Items) != 0 {
		t.Errorf("mentions of somebody who left the team: %+v, %v", page.Items, err)
	}
}
