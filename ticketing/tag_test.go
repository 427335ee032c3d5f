package ticketing_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
	"sapa/ticketing/team"
)

// makeTag adds a tag as an administrator does and returns it as stored.
func makeTag(t *testing.T, w *fix.World, admin team.Staff, name string) ticketing.Tag {
	t.Helper()
	ctx := context.Background()
	if err := w.Desk.CreateTag(ctx, admin.Actor(), ticketing.Tag{Name: name, Tone: "blue"}); err != nil {
		t.Fatal(err)
	}
	list, err := ticketing.Tags(ctx, w.DB)
	at := slices.IndexFunc(list, func(one ticketing.Tag) bool { return one.Name == name })
	if err != nil || at < 0 {
		t.Fatalf("tag %q not among %v, %v", name, list, err)
	}
	return list[at]
}

func tagNames(tags []ticketing.CaseTag) []string {
	names := []string{}
	for _, one := range tags {
		names = append(names, one.Name)
	}
	return names
}

func TestTagsOfConversations(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	admin, agent := w.Staff(access.Admin), w.Agent()
	bank, proof := makeTag(t, w, admin, "Rekening ditolak"), makeTag(t, w, admin, "bukti")
	citizen := w.Citizen()
	marked, other := citizen.Waiting(), w.Citizen().Waiting()
	put := func(change ticketing.TagChange) error {
		return w.Desk.TagConversation(ctx, agent.Actor(), marked, change)
	}
	both := ticketing.TagChange{Add: []ticketing.TagID{bank.ID, proof.ID}}
	for range 2 { // the same thing twice is that thing once
		if err := put(both); err != nil {
			t.Fatal(err)
		}
	}
	if err := put(ticketing.TagChange{Remove: []ticketing.TagID{proof.ID}}); err != nil {
		t.Fatal(err)
	}

	r := reader(t, w, agent)
	page, err := w.Desk.Conversations(ctx, r, ticketing.ListAll, ticketing.Filter{Tags: []string{string(bank.ID)}}, "", 10)
	if err != nil || len(page.Items) != 1 || page.Items[0].ID != marked {
		t.Fatalf("list by tag: %+v, %v", page.Items, err)
	}
	if got := tagNames(page.Items[0].Tags); !slices.Equal(got, []string{"Rekening ditolak"}) {
		t.Errorf("row carries %v", got)
	}
	if page, err = w.Desk.Conversations(ctx, r, ticketing.ListAll, ticketing.Filter{Tags: []string{string(proof.ID)}}, "", 10); err != nil || len(page.Items) != 0 {
		t.Errorf("%d rows by a tag that was taken off, %v; %s has none either", len(page.Items), err, other)
	}
	found, err := w.Desk.Search(ctx, agent.Actor(), "kening", ticketing.FindTags)
	if err != nil || len(found.Tags.Items) != 1 || found.Tags.Items[0].ID != bank.ID {
		t.Errorf("search found %+v, %v", found.Tags, err)
	}

	lines, err := ticketing.Messages(ctx, w.DB, marked, ticketing.Page{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, line := range lines {
		if key := line.Phrase().Key; key == "line.tagged" || key == "line.untagged" {
			told = append(told, fmt.Sprint(key, line.Phrase().Params["Tags"], line.Public()))
		}
	}
	if want := []string{"line.taggedbukti, Rekening ditolakfalse", "line.untaggedbuktifalse"}; !slices.Equal(told, want) {
		t.Errorf("thread tells %q, want %q", told, want)
	}
	seen, err := w.Desk.ChatMessages(ctx, w.Chat.ID, citizen.Point, 0, 50)
	if err != nil || slices.ContainsFunc(seen, func(m ticketing.Message) bool { return m.Kind != ticketing.LineMessage }) {
		t.Errorf("the citizen reads %+v, %v", seen, err)
	}
}

func TestTagsAreRefused(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	admin, agent := w.Staff(access.Admin), w.Agent()
	id := w.Citizen().Waiting()
	closed := makeTag(t, w, admin, "lama")
	closed.Status = team.StatusClosed
	if err := w.Desk.SaveTag(ctx, admin.Actor(), closed); err != nil {
		t.Fatal(err)
	}
	var many []ticketing.TagID
	for n := range 10 {
		many = append(many, makeTag(t, w, admin, fmt.Sprint("label ", n)).ID)
	}
	if err := w.Desk.TagConversation(ctx, agent.Actor(), id, ticketing.TagChange{Add: many}); err != nil {
		t.Fatal(err)
	}
	more := makeTag(t, w, admin, "satu lagi")
	stranger := w.Staff(access.Agent, func(s *team.Staff) { s.Teams = nil })
	var invalid *ticketing.Invalid
	for _, tt := range []struct {
		name string
		err  error
		want string
	}{
		{"closed", w.Desk.TagConversation(ctx, agent.Actor(), id, ticketing.TagChange{Add: []ticketing.TagID{closed.ID}}), "tags unknown"},
		{"unknown", w.Desk.TagConversation(ctx, agent.Actor(), id, ticketing.TagChange{Add: []ticketing.TagID{ticketing.TagID(team.NewID())}}), "tags unknown"},
		{"eleventh", w.Desk.TagConversation(ctx, agent.Actor(), id, ticketing.TagChange{Add: []ticketing.TagID{more.ID}}), "tags too_many"},
		{"name in use", w.Desk.CreateTag(ctx, admin.Actor(), ticketing.Tag{Name: "SATU lagi", Tone: "red"}), "name taken"},
		{"tone", w.Desk.CreateTag(ctx, admin.Actor(), ticketing.Tag{Name: "x", Tone: "#f00"}), "tone unknown"},
	} {
		if !errors.As(tt.err, &invalid) || invalid.Field+" "+invalid.Rule != tt.want {
			t.Errorf("%s: %v, want %s", tt.name, tt.err, tt.want)
		}
	}
	if err := w.Desk.TagConversation(ctx, stranger.Actor(), id, ticketing.TagChange{Remove: many}); !errors.Is(err, ticketing.ErrNotFound) {
		t.Errorf("somebody of no queue: %v", err)
	}
	if err := w.Desk.CreateTag(ctx, agent.Actor(), ticketing.Tag{Name: "punya saya", Tone: "red"}); !errors.Is(err, ticketing.ErrForbidden) {
		t.Errorf("an agent makes a tag: %v", err)
	}
	if err := w.Desk.SaveTag(ctx, admin.Actor(), closed); !errors.Is(err, ticketing.ErrStale) {
		t.Errorf("an old version: %v", err)
	}
}

// A merge leaves every case with the other tag, once, and the word closed for good.
func TestMergedTags(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	admin, agent := w.Staff(access.Admin), w.Agent()
	from, into := makeTag(t, w, admin, "rek"), makeTag(t, w, admin, "rekening")
	one, two := w.Citizen().Waiting(), w.Citizen().Waiting()
	ticket := register(t, w, access.Robot(), one).Ticket
	for id, tags := range map[ticketing.ConversationID][]ticketing.TagID{one: {from.ID}, two: {from.ID, into.ID}} {
		if err := w.Desk.TagConversation(ctx, agent.Actor(), id, ticketing.TagChange{Add: tags}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Desk.TagTicket(ctx, agent.Actor(), ticket.ID, ticketing.TagChange{Add: []ticketing.TagID{from.ID}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.MergeTag(ctx, admin.Actor(), from.ID, from.Version, into.ID); err != nil {
		t.Fatal(err)
	}
	rows, err := w.Desk.RowsByID(ctx, one, two)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if got := tagNames(row.Tags); !slices.Equal(got, []string{"rekening"}) {
			t.Errorf("%s carries %v", row.ID, got)
		}
	}
	view, err := w.Desk.Ticket(ctx, agent.Actor(), string(ticket.ID))
	if err != nil || !slices.Equal(tagNames(view.Tags), []string{"rekening"}) {
		t.Errorf("ticket carries %v, %v", view.Tags, err)
	}
	if len(view.TagHistory) != 1 || !slices.Equal(view.TagHistory[0].Added, []string{"rek"}) || view.TagHistory[0].ActorID != string(agent.ID) {
		t.Errorf("ticket's history %+v", view.TagHistory)
	}
	page, err := w.Desk.Tickets(ctx, agent.Actor(), ticketing.ListAll, "", into.ID, "", 10)
	if err != nil || len(page.Items) != 1 {
		t.Errorf("tickets by tag: %+v, %v", page.Items, err)
	}
	from.Version++
	if err := w.Desk.SaveTag(ctx, admin.Actor(), from); err == nil {
		t.Error("a merged tag was opened again")
	}
}
