package sla_test

import (
	"errors"
	"testing"
	"time"

	"sapa/program/calendar"
	"sapa/ticketing/sla"
)

func TestAppendRefuses(t *testing.T) {
	t.Parallel()
	start := step{sla.MarkStart, "2026-06-02 10:00", sla.InWorkingDays(5)}
	tests := []struct {
		name  string
		timer sla.Timer
		mark  step
		want  error
	}{
		{"nothing resets the business clock", sla.TimerResolve, step{sla.MarkRestart, "2026-06-03 10:00", sla.InWorkingDays(5)}, sla.ErrMarkKind},
		{"the reporter clock never pauses", sla.TimerAge, step{sla.MarkPause, "2026-06-03 10:00", sla.Amount{}}, sla.ErrMarkKind},
		{"nor does the reporter's time to answer", sla.TimerReporter, step{sla.MarkPause, "2026-06-03 10:00", sla.Amount{}}, sla.ErrMarkKind},
		{"the state clock is not extended", sla.TimerState, step{sla.MarkExtend, "2026-06-03 10:00", sla.InWorkingDays(5)}, sla.ErrMarkKind},
		{"unknown mark", sla.TimerResolve, step{"rewind", "2026-06-03 10:00", sla.Amount{}}, sla.ErrMarkKind},
		{"unknown timer", "tea", step{sla.MarkStart, "2026-06-03 10:00", sla.Amount{}}, sla.ErrMarkKind},
		{"earlier than the last", sla.TimerResolve, step{sla.MarkPause, "2026-06-02 09:59", sla.Amount{}}, sla.ErrMarkOrder},
		{"grant of nothing", sla.TimerResolve, step{sla.MarkGrant, "2026-06-03 10:00", sla.Amount{}}, sla.ErrMarkAmount},
		{"pause with an amount", sla.TimerResolve, step{sla.MarkPause, "2026-06-03 10:00", sla.InWorkingDays(1)}, sla.ErrMarkAmount},
		{"absurd amount", sla.TimerResolve, step{sla.MarkRetarget, "2026-06-03 10:00", sla.InWorkingDays(-4)}, sla.ErrAmount},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := sla.Clock{Timer: tt.timer, Marks: []sla.Mark{{Kind: start.kind, At: at(t, start.at)}}}
			_, err := c.Append(sla.Mark{Kind: tt.mark.kind, At: at(t, tt.mark.at), Amount: tt.mark.amount})
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// Two appends to one clock must not write into each other's list.
func TestAppendKeepsTheOldList(t *testing.T) {
	t.Parallel()
	base := clock(t, sla.TimerResolve, step{sla.MarkStart, "2026-06-02 10:00", sla.InWorkingDays(5)},
		step{sla.MarkPause, "2026-06-03 10:00", sla.Amount{}}, step{sla.MarkResume, "2026-06-04 10:00", sla.Amount{}})
	one, _ := base.Append(sla.Mark{Kind: sla.MarkStop, At: at(t, "2026-06-05 10:00")})
	two, _ := base.Append(sla.Mark{Kind: sla.MarkPause, At: at(t, "2026-06-05 10:00")})
	if one.Marks[3].Kind != sla.MarkStop || two.Marks[3].Kind != sla.MarkPause || len(base.Marks) != 3 {
		t.Error("appends share a list")
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	c := clock(t, sla.TimerResolve,
		step{sla.MarkStart, "2026-05-12 09:00", sla.InWorkingDays(14)},
		step{sla.MarkPause, "2026-05-18 12:00", sla.Amount{}},
		step{sla.MarkResume, "2026-05-19 06:00", sla.Amount{}},
		step{sla.MarkStop, "2026-05-20 12:00", sla.Amount{}})
	got, err := c.Explain(calendars(), at(t, "2026-05-21 00:00"))
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		from, to string
		counted  bool
		rule     calendar.Rule
		name     string
	}{
		{"2026-05-12 09:00", "2026-05-13 00:00", false, sla.RuleStartDay, ""},
		{"2026-05-13 00:00", "2026-05-14 00:00", true, calendar.RuleWorkingDay, ""},
		{"2026-05-14 00:00", "2026-05-15 00:00", false, calendar.RuleNational, "Kenaikan Yesus Kristus"},
		{"2026-05-15 00:00", "2026-05-16 00:00", false, calendar.RuleJointLeave, "Cuti bersama Kenaikan Yesus Kristus"},
		{"2026-05-16 00:00", "2026-05-18 00:00", false, calendar.RuleWeekend, ""},
		{"2026-05-18 00:00", "2026-05-18 12:00", true, calendar.RuleWorkingDay, ""},
		{"2026-05-18 12:00", "2026-05-19 06:00", false, sla.RulePaused, ""},
		{"2026-05-19 06:00", "2026-05-20 12:00", true, calendar.RuleWorkingDay, ""},
		{"2026-05-20 12:00", "2026-05-21 00:00", false, sla.RuleStopped, ""},
	}
	if len(got) != len(want) {
		t.Fatalf("got %d intervals, want %d: %+v", len(got), len(want), got)
	}
	var counted time.Duration
	for i, w := range want {
		g := got[i]
		if !g.From.Equal(at(t, w.from)) || !g.To.Equal(at(t, w.to)) || g.Counted != w.counted || g.Rule != w.rule || g.Name != w.name {
			t.Errorf("interval %d = %+v, want %+v", i, g, w)
		}
		if g.Counted {
			counted += g.To.Sub(g.From)
		}
	}
	if reading := read(t, c, "2026-05-21 00:00"); reading.Used != counted {
		t.Errorf("intervals count %s, clock used %s", counted, reading.Used)
	}
}

// A missing year is an error wherever a date would have to be known, and the
// stretches that lie in known years can still be read.
func TestMissingYear(t *testing.T) {
	t.Parallel()
	c := clock(t, sla.TimerResolve, step{sla.MarkStart, "2026-12-23 08:00", sla.InWorkingDays(14)})
	if _, err := c.Read(calendars(), at(t, "2026-12-28 08:00")); !errors.Is(err, calendar.ErrYearMissing) {
		t.Errorf("Read: %v, want ErrYearMissing", err)
	}
	if got, err := c.Explain(calendars(), at(t, "2026-12-28 08:00")); err != nil || len(got) == 0 {
		t.Errorf("Explain: %v, %v", got, err)
	}
}

func TestDefaultTargets(t *testing.T) {
	t.Parallel()
	targets := sla.DefaultTargets()
	tests := []struct {
		name      string
		got, want sla.Amount
	}{
		{"ack", targets.Ack, sla.InElapsed(60 * time.Second)},
		{"voice", targets.Live[sla.ChannelVoice], sla.InDeskHours(20 * time.Second)},
		{"chat", targets.Live[sla.ChannelWebchat], sla.InDeskHours(60 * time.Second)},
		{"WhatsApp", targets.Live[sla.ChannelWhatsApp], sla.InDeskHours(15 * time.Minute)},
		{"form", targets.Live[sla.ChannelForm], sla.InWorkingDays(1)},
		{"verify", targets.Verify, sla.InWorkingDays(3)},
		{"follow-up", targets.FollowUp, sla.InWorkingDays(5)},
		{"information", targets.Resolve[sla.WorkInformation], sla.InWorkingDays(5)},
		{"complaint", targets.Resolve[sla.WorkComplaint], sla.InWorkingDays(14)},
		{"oversight", targets.Resolve[sla.WorkOversight], sla.InWorkingDays(60)},
		{"aspiration", targets.Resolve[sla.WorkAspiration], sla.InWorkingDays(14)},
		{"level 0", targets.StateAt(0), sla.InWorkingDays(1)},
		{"level 2", targets.StateAt(2), sla.InWorkingDays(3)},
		{"level 3", targets.StateAt(3), sla.Amount{}},
		{"reporter", targets.Reporter, sla.InCalendarDays(30)},
		{"contest", targets.Contest, sla.InWorkingDays(10)},
		{"appeal", targets.Appeal, sla.InCalendarDays(30)},
		{"data subject", targets.DSR, sla.InElapsed(72 * time.Hour)},
		{"breach", targets.Breach, sla.InElapsed(72 * time.Hour)},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s = %s, want %s", tt.name, tt.got, tt.want)
		}
	}
	for _, rule := range sla.Rules() {
		if (rule.Kind == sla.Steady) != (len(rule.PausedIn) == 0) {
			t.Errorf("%s: a %s clock is paused in %v", rule.Timer, rule.Kind, rule.PausedIn)
		}
	}
}
