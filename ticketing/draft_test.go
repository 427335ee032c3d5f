package ticketing_test

import (
	"context"
	"errors"
	"testing"

	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
	"sapa/ticketing/team"
)

func saveDraft(w *fix.World, who team.Staff, id ticketing.ConversationID, kind, text string, files ...string) error {
	return w.Desk.SaveDraft(context.Background(), who.Actor(), ticketing.Draft{Conversation: id, Kind: kind, Text: text, Attachments: files})
}

func wantDrafts(t *testing.T, w *fix.World, who team.Staff, id ticketing.ConversationID, want map[string]string) {
	t.Helper()
	got := view(t, w, who, id).Drafts
	if len(got) != len(want) {
		t.Errorf("got %d drafts, want %d", len(got), len(want))
	}
	for _, draft := range got {
		if draft.Text != want[draft.Kind] {
			t.Errorf("%s: got %q, want %q", draft.Kind, draft.Text, want[draft.Kind])
		}
	}
}

// PEERS 62: drafts are kept on the server, a reply and a note apart, and each
// goes with what it became.
func TestDraftsOutliveTheTabAndGoWithWhatTheyBecame(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	agent, other := w.Agent(), w.Staff(access.Agent)
	id := w.Citizen().Waiting()
	for _, err := range []error{
		saveDraft(w, agent, id, "reply", "Baik, say"), saveDraft(w, agent, id, "note", "Cek rekenin"), saveDraft(w, other, id, "note", "catatan lain"),
		saveDraft(w, agent, id, "note", "Cek rekening"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	wantDrafts(t, w, agent, id, map[string]string{"reply": "Baik, say", "note": "Cek rekening"})
	if _, err := reply(w, agent, id, ticketing.Reply{Echo: "a", Text: "Baik, saya periksa"}); err != nil {
		t.Fatal(err)
	}
	wantDrafts(t, w, agent, id, map[string]string{"note": "Cek rekening"})
	if err := saveDraft(w, agent, id, "reply", "Ada lagi"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Desk.Note(ctx, agent.Actor(), id, ticketing.Reply{Echo: "b", Text: "Cek rekening penerima"}); err != nil {
		t.Fatal(err)
	}
	wantDrafts(t, w, agent, id, map[string]string{"reply": "Ada lagi"})
	if err := saveDraft(w, agent, id, "reply", ""); err != nil {
		t.Fatal(err)
	}
	wantDrafts(t, w, agent, id, nil)
	wantDrafts(t, w, other, id, map[string]string{"note": "catatan lain"})
}

// PEERS 45: what was attached to a note begun never goes out with the reply.
func TestFilesOfANoteNeverReachTheReply(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	agent := w.Agent()
	id := w.Citizen().Waiting()
	file := team.NewID()
	if err := saveDraft(w, agent, id, "note", "bukti untuk tim", file); err != nil {
		t.Fatal(err)
	}
	_, sent := reply(w, agent, id, ticketing.Reply{Echo: "a", Text: "Baik", Attachments: []string{file}})
	for what, err := range map[string]error{"draft": saveDraft(w, agent, id, "reply", "Baik", file), "message": sent} {
		var invalid *ticketing.Invalid
		if !errors.As(err, &invalid) || invalid.Rule != "other_draft" {
			t.Errorf("%s: got %v, want other_draft", what, err)
		}
	}
	wantDrafts(t, w, agent, id, map[string]string{"note": "bukti untuk tim"})
}
