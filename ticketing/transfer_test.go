package ticketing_test

import (
	"context"
	"errors"
	"testing"

	"sapa/ticketing"
	"sapa/ticketing/fix"
	"sapa/ticketing/team"
)

// PEERS 60: a department whose hands are full queues the case, and whoever passed
// it on is free for the next at once.
func TestFullDepartmentQueuesAndFreesTheSender(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	payment, complaint := teamOf(t, w, "pembayaran"), teamOf(t, w, "pengaduan")
	sender := w.Agent(func(s *team.Staff) { s.Capacity, s.Teams = 1, []team.Team{payment} })
	full := w.Agent(func(s *team.Staff) { s.Capacity, s.Teams = 1, []team.Team{complaint} })
	busy := w.Citizen().Waiting(func(h *ticketing.Handover) { h.Queue = "pengaduan" })
	first, second := w.Citizen().Waiting(), w.Citizen().Waiting()
	if err := w.Desk.Assign(ctx, sender.Actor(), first, ticketing.Assignment{Unit: complaint.ID, Note: "Warga sudah lama menunggu"}); err != nil {
		t.Fatal(err)
	}
	if state, owner := stateOf(t, w, first); state != ticketing.StateQueued || owner != "" {
		t.Errorf("passed on: %s of %q, want queued", state, owner)
	}
	if _, owner := stateOf(t, w, second); owner != sender.ID {
		t.Errorf("the next one is with %q, want the sender", owner)
	}
	finish(t, w, full, busy)
	if _, owner := stateOf(t, w, first); owner != full.ID {
		t.Errorf("with %q, want whoever got free", owner)
	}
}

func teamOf(t *testing.T, w *fix.World, slug string) team.Team {
	t.Helper()
	for _, one := range w.Teams {
		if one.Slug == slug {
			return one
		}
	}
	t.Fatalf("no team %s", slug)
	return team.Team{}
}

// The note is a line that only staff see, hides identity numbers, and stays on
// the row until the receiver has answered.
func TestPassedNoteReachesTheReceiver(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	sender := w.Agent()
	id := w.Citizen().Waiting()
	receiver := w.Agent()
	to := ticketing.Assignment{Staff: receiver.ID, Note: "NIK 3204110609970001 sudah dicek"}
	if err := w.Desk.Assign(ctx, sender.Actor(), id, to); err != nil {
		t.Fatal(err)
	}
	row := func() ticketing.Row {
		list, err := w.Desk.RowsByID(ctx, id)
		if err != nil || len(list) != 1 {
			t.Fatalf("rows %v, %v", list, err)
		}
		return list[0]
	}
	got := row()
	if got.Assignee != receiver.ID || got.PassedBy != sender.Name || got.PassedNote == "" || got.PassedNote == to.Note {
		t.Errorf("row %q by %q of %q", got.PassedNote, got.PassedBy, got.Assignee)
	}
	public, err := ticketing.Messages(ctx, w.DB, id, ticketing.Page{FromStart: true, Public: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range public {
		if m.Text == got.PassedNote {
			t.Error("the citizen sees the note")
		}
	}
	if n := count(t, w, "SELECT count(*) FROM messages WHERE kind = 'note' AND author = 'agent' AND text NOT LIKE '%3204110609970001%'"); n != 1 {
		t.Errorf("%d notes, want 1 without the number", n)
	}
	if _, err := w.Desk.Reply(ctx, receiver.Actor(), id, ticketing.Reply{Echo: "a", Text: "Saya lanjutkan."}); err != nil {
		t.Fatal(err)
	}
	if got := row(); got.PassedNote != "" || got.PassedBy != "" {
		t.Errorf("after the answer: %q by %q", got.PassedNote, got.PassedBy)
	}
}

// PEERS 61: what was being written stays when a colleague takes the case over.
func TestDraftOutlivesTheOwner(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	writer := w.Agent()
	id := w.Citizen().Waiting()
	draft := ticketing.Draft{Conversation: id, Kind: "reply", Text: "Bapak, uangnya akan"}
	if err := w.Desk.SaveDraft(ctx, writer.Actor(), draft); err != nil {
		t.Fatal(err)
	}
	other := w.Agent()
	if err := w.Desk.Assign(ctx, writer.Actor(), id, ticketing.Assignment{Staff: other.ID}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Desk.Reply(ctx, writer.Actor(), id, ticketing.Reply{Echo: "x", Text: draft.Text}); !errors.Is(err, ticketing.ErrNotYours) {
		t.Errorf("reply of who no longer has it: %v", err)
	}
	if _, err := w.Desk.Reply(ctx, other.Actor(), id, ticketing.Reply{Echo: "y", Text: "Selamat pagi"}); err != nil {
		t.Fatal(err)
	}
	view, err := w.Desk.View(ctx, writer.Actor(), id)
	if err != nil || len(view.Drafts) != 1 || view.Drafts[0].Text != draft.Text {
		t.Errorf("drafts %+v, %v", view.Drafts, err)
	}
}

func TestAssignmentNamesOnePlace(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	agent := w.Agent()
	id := w.Citizen().Waiting()
	queue, unit := w.Queues["pengaduan"].ID, w.Teams[0].ID
	for name, to := range map[string]ticketing.Assignment{
		"nowhere":        {},
		"two places":     {Queue: queue, Unit: unit},
		"an unknown one": {Unit: team.TeamID(team.NewID())},
	} {
		var invalid *ticketing.Invalid
		if err := w.Desk.Assign(context.Background(), agent.Actor(), id, to); !errors.As(err, &invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	wantState(t, w, id, ticketing.StateAgent)
}
