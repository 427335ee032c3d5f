package ticketing_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"sapa/channels"
	"sapa/program/access"
	"sapa/ticketing"
	"sapa/ticketing/fix"
	"sapa/ticketing/team"
)

func board(t *testing.T, w *fix.World, who team.Staff) ticketing.Wallboard {
	t.Helper()
	b, err := w.Desk.Wallboard(context.Background(), who.Actor())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func valueOf(f ticketing.Figure) float64 {
	if f.Value == nil {
		return -1
	}
	return *f.Value
}

// A quiet desk has no data, never 0 or 100 %.
func TestQuietBoardHasNoData(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	h := board(t, w, w.Staff(access.Supervisor)).Headline
	for name, f := range map[string]ticketing.Figure{"service level": h.ServiceLevel, "abandoned": h.Abandoned, "csat": h.CSAT, "longest wait": h.LongestWait} {
		if f.Value != nil || f.State != ticketing.FigureNoData {
			t.Errorf("%s: %v %s", name, valueOf(f), f.State)
		}
	}
	if valueOf(h.Waiting) != 0 || len(h.Waiting.Trend) != 60 {
		t.Errorf("waiting %v, %d points", valueOf(h.Waiting), len(h.Waiting.Trend))
	}
}

// One answered in 30 s, one in 90 s, one gone after 10 s, one still waiting:
// SL-offered 1/3, abandoned 1/4, ASA 60 s, AHT talk plus wrap-up.
func TestBoardCountsWhatHappened(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	supervisor := w.Staff(access.Supervisor)
	agent := w.Agent(func(s *team.Staff) { s.Capacity = 2 })
	quick := w.Citizen()
	first := quick.Waiting()
	second := w.Citizen().Waiting()
	w.Clock.Add(10 * time.Second)
	gone := w.Citizen()
	gone.Waiting()
	w.Clock.Add(10 * time.Second)
	if err := w.Desk.VisitorEnd(ctx, w.Chat.ID, gone.Point); err != nil {
		t.Fatal(err)
	}
	w.Clock.Add(10 * time.Second)
	answer := func(id ticketing.ConversationID) {
		if _, err := reply(w, agent, id, ticketing.Reply{Echo: string(id), Text: "halo"}); err != nil {
			t.Fatal(err)
		}
	}
	answer(first)
	w.Clock.Add(time.Minute)
	answer(second)
	w.Clock.Add(30 * time.Second)
	if err := w.Desk.End(ctx, agent.Actor(), first, ticketing.EndSolved); err != nil {
		t.Fatal(err)
	}
	w.Clock.Add(30 * time.Second)
	if err := w.Desk.WrapUpDone(ctx, agent.Actor(), first); err != nil {
		t.Fatal(err)
	}
	quick.Writes("5")
	if _, err := w.Desk.SetPresence(ctx, agent.Actor(), ticketing.ChosenBreak, "meal"); err != nil {
		t.Fatal(err)
	}
	w.Citizen().Waiting()
	w.Clock.Add(130 * time.Second)

	b := board(t, w, supervisor)
	h := b.Headline
	for _, tt := range []struct {
		name  string
		f     ticketing.Figure
		want  float64
		state string
		n     int64
	}{
		{"waiting", h.Waiting, 1, ticketing.FigureOK, 0},
		{"longest wait", h.LongestWait, 130, ticketing.FigureAlarm, 0},
		{"service level", h.ServiceLevel, 0.3333, ticketing.FigureAlarm, 3},
		{"abandoned", h.Abandoned, 0.3333, ticketing.FigureWarn, 3},
		{"agents", h.AgentsAvailable, 0, ticketing.FigureAlarm, 0},
		{"csat", h.CSAT, 1, ticketing.FigureOK, 1},
	} {
		if valueOf(tt.f) != tt.want || tt.f.State != tt.state || tt.f.N != tt.n {
			t.Errorf("%s: %v %s n=%d, want %v %s n=%d", tt.name, valueOf(tt.f), tt.f.State, tt.f.N, tt.want, tt.state, tt.n)
		}
	}
	if len(b.Rows) != 1 {
		t.Fatalf("%d rows, want 1", len(b.Rows))
	}
	row := b.Rows[0]
	if row.Kind != channels.Webchat || row.Offered != 4 || row.Answered != 2 || row.Abandoned != 1 || row.Waiting != 1 || row.WithAgent != 1 {
		t.Errorf("got %+v", row)
	}
	if row.ASA == nil || *row.ASA != 60 || row.AHT == nil || *row.AHT != 150 {
		t.Errorf("ASA %v, AHT %v, want 60 and 150", row.ASA, row.AHT)
	}
	codes := map[string]bool{}
	for _, alarm := range b.Alarms {
		codes[alarm.Code] = true
		if text := ticketing.Texts().Say("eng", "wallboard.alarm."+alarm.Code, alarm.Params); text == "wallboard.alarm."+alarm.Code {
			t.Errorf("alarm %s cannot be said", alarm.Code)
		}
	}
	for _, code := range []string{"longest_wait", "service_level", "no_agents"} {
		if !codes[code] {
			t.Errorf("no alarm %s in %v", code, b.Alarms)
		}
	}
	if b.AgentCounts[ticketing.PresenceOnContact] != 1 {
		t.Errorf("agents %v", b.AgentCounts)
	}
}

// today begins at 00:00 WIB; what waits from yesterday still waits.
func TestTodayBeginsAtMidnightWIB(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	supervisor := w.Staff(access.Supervisor)
	w.Clock.Set(time.Date(2026, 11, 23, 12, 30, 0, 0, time.UTC)) // 19:30 WIB
	w.Citizen().Waiting()
	w.Clock.Set(time.Date(2026, 11, 23, 16, 59, 59, 0, time.UTC))
	if row := board(t, w, supervisor).Rows[0]; row.Offered != 1 {
		t.Errorf("a second before midnight: offered %d", row.Offered)
	}
	w.Clock.Set(time.Date(2026, 11, 24, 1, 30, 0, 0, time.UTC)) // 08:30 WIB
	b := board(t, w, supervisor)
	if row := b.Rows[0]; row.Offered != 0 || row.Waiting != 1 || row.LongestWait == nil || *row.LongestWait != 3600 {
		t.Errorf("next morning: %+v, longest %v", row, row.LongestWait)
	}
	if want := time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC); !b.TodayFrom.Equal(want) {
		t.Errorf("today from %v, want %v", b.TodayFrom, want)
	}
}

// a wallboard reader sees sums, no names or ids.
func TestWallboardReaderSeesNoNames(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	w.Agent()
	b := board(t, w, w.Staff(access.WallboardReader))
	if len(b.Agents) != 1 || b.Agents[0].Name != "" || b.Agents[0].Staff != "" {
		t.Errorf("got %+v", b.Agents)
	}
	if _, err := w.Desk.Wallboard(context.Background(), w.Staff(access.Approver).Actor()); !errors.Is(err, ticketing.ErrForbidden) {
		t.Errorf("approver: got %v", err)
	}
}

func TestTrendHoldsTheLastHour(t *testing.T) {
	t.Parallel()
	w := fix.New(t)
	ctx := context.Background()
	supervisor := w.Staff(access.Supervisor)
	for range 3 {
		w.Citizen().Waiting()
		for range 2 { // twice in a minute is once
			if err := w.Desk.Sweep(ctx); err != nil {
				t.Fatal(err)
			}
		}
		w.Clock.Add(time.Minute)
	}
	trend := board(t, w, supervisor).Headline.Waiting.Trend
	for i, want := range map[int]float64{56: 1, 57: 2, 58: 3} {
		if trend[i] == nil || *trend[i] != want {
			t.Errorf("minute %d: %v, want %v", i, trend[i], want)
		}
	}
	if trend[0] != nil || trend[59] != nil {
		t.Errorf("unrecorded minutes: %v, %v", trend[0], trend[59])
	}
}
