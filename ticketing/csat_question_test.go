package ticketing_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"sapa/channels"
	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
)

// The question that was asked stays with its answer when another is written; in an
// inbox that is turned off nobody is asked.
func TestCSATQuestionIsKeptWithItsAnswer(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	admin := w.Staff(access.Admin)
	agent := w.Agent()
	end := func() ticketing.ConversationID {
		id := w.Citizen().Waiting()
		if _, err := reply(w, agent, id, ticketing.Reply{Echo: "a", Text: "Halo"}); err != nil {
			t.Fatal(err)
		}
		if err := w.Desk.End(ctx, agent.Actor(), id, ticketing.EndSolved); err != nil {
			t.Fatal(err)
		}
		return id
	}
	first := end()
	if err := w.Desk.Rate(ctx, first, 5, ""); err != nil {
		t.Fatal(err)
	}
	now, err := ticketing.CSATQuestionNow(ctx, w.DB)
	if err != nil {
		t.Fatal(err)
	}
	again := ticketing.CSATQuestion{Version: now.Version, Texts: map[string]string{"ind": " Apakah masalah Anda selesai? ", "eng": "Is it solved?", "sun": " "}}
	if err := w.Desk.SaveCSATQuestion(ctx, w.Staff(access.Supervisor).Actor(), again); !errors.Is(err, ticketing.ErrForbidden) {
		t.Errorf("a supervisor: %v", err)
	}
	if err := w.Desk.SaveCSATQuestion(ctx, admin.Actor(), again); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.SaveCSATQuestion(ctx, admin.Actor(), again); !errors.Is(err, ticketing.ErrStale) {
		t.Errorf("an older version: %v", err)
	}
	var invalid *ticketing.Invalid
	lacking := ticketing.CSATQuestion{Version: now.Version + 1, Texts: map[string]string{"ind": "Apa?"}}
	if err := w.Desk.SaveCSATQuestion(ctx, admin.Actor(), lacking); !errors.As(err, &invalid) || invalid.Field != "eng" {
		t.Errorf("without English: %v", err)
	}

	second := end()
	if said := notices(t, w, second); !strings.Contains(said, "Apakah masalah Anda selesai? Beri nilai") {
		t.Errorf("asked %q", said)
	}
	list, err := ticketing.CSATQuestions(ctx, w.DB, w.Clock.Now())
	if err != nil || len(list) != 2 || list[0].Asked != 1 || list[0].Answered != 0 || list[1].Asked != 1 || list[1].Good != 1 {
		t.Errorf("versions %+v, %v", list, err)
	}

	again.Version, again.Off = now.Version+1, []channels.InboxID{w.Chat.ID}
	if err := w.Desk.SaveCSATQuestion(ctx, admin.Actor(), again); err != nil {
		t.Fatal(err)
	}
	third := end()
	if said := notices(t, w, third); strings.Contains(said, "Apakah masalah") {
		t.Errorf("asked in an inbox that is turned off: %q", said)
	}
	if err := w.Desk.AskCSAT(ctx, w.Staff(access.Supervisor).Actor(), third); !errors.As(err, &invalid) || invalid.Rule != "csat_off" {
		t.Errorf("asked by hand: %v", err)
	}
}
