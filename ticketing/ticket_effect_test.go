package ticketing

import (
	"slices"
	"testing"
	"time"

	"sapa/program/access"
	"sapa/ticketing/sla"
)

// said writes an effect the way the table below does.
func said(e TicketEffect) string {
	switch e.Kind {
	case EffectClock:
		text := string(e.Mark.Kind) + " " + string(e.Timer)
		if !e.Mark.Amount.IsZero() {
			text += " " + e.Mark.Amount.String()
		}
		return text
	case EffectNotice:
		return "tell " + string(e.To) + " " + string(e.Notice)
	default:
		return string(e.Kind)
	}
}

// What follows from each act: the clocks it moves and the people it tells.
func TestEffects(t *testing.T) {
	t.Parallel()
	stopWork := []string{"stop verify", "stop follow_up", "stop resolve", "stop state"}
	stopAll := append(slices.Clone(stopWork), "stop reporter", "stop contest", "stop appeal")
	move := []string{"restart state 1 working_days"}
	tests := []struct {
		name  string
		state TicketState
		act   TicketAct
		actor access.Actor
		edit  func(*TicketFacts)
		prior func(*history)
		want  []string
	}{
		{name: "register", act: ActRegister, actor: citizen, want: []string{
			"start ack 1m0s elapsed", "start verify 3 working_days", "start resolve 14 working_days",
			"start state 1 working_days", "start age", "tell reporter registered",
		}},
		{name: "verify", state: TicketNew, act: ActVerify, actor: verifier, want: []string{
			"stop verify", "start follow_up 5 working_days", "retarget resolve 14 working_days", "restart state 1 working_days",
		}},
		{name: "ask", state: TicketInProgress, act: ActAskReporter, actor: officer, want: []string{
			"pause verify", "pause follow_up", "pause resolve", "pause state", "start reporter 30 calendar_days",
		}},
		{name: "reply", state: TicketPending, act: ActReporterReply, actor: citizen, want: []string{
			"stop reporter", "resume verify", "resume follow_up", "resume resolve", "restart state 1 working_days", "tell owner reporter_replied",
		}},
		{name: "reject", state: TicketNew, act: ActReject, actor: verifier, want: append(slices.Clone(stopWork),
			"start contest 10 working_days", "tell reporter rejected", "tell reporter rate")},
		{name: "merge", state: TicketOpen, act: ActMerge, actor: verifier, want: append(slices.Clone(stopAll), "tell reporter merged", "absorb")},
		{name: "absorb an older one", state: TicketOpen, act: ActAbsorb, actor: timer, want: []string{"retarget resolve", "retarget age"}},
		{name: "absorb a younger one", state: TicketOpen, act: ActAbsorb, actor: timer, edit: func(f *TicketFacts) { f.Merge.RegisteredAt = day0().Add(time.Hour) }},
		{name: "accept", state: TicketOpen, act: ActAccept, actor: agent, want: move},
		{name: "return", state: TicketInProgress, act: ActReturn, actor: officer, want: move},
		{name: "owner left", state: TicketInProgress, act: ActRelease, actor: timer, want: move},
		{name: "owner left, waiting for others", state: TicketOnHold, act: ActRelease, actor: timer, want: []string{"resume resolve", "restart state 1 working_days"}},
		{name: "owner left, waiting for the reporter", state: TicketPending, act: ActRelease, actor: timer},
		{name: "transfer", state: TicketInProgress, act: ActTransfer, actor: officer, want: move},
		{name: "refer", state: TicketOpen, act: ActReferOut, actor: supervisor, want: append(slices.Clone(stopAll), "tell reporter referred")},
		{name: "hold", state: TicketInProgress, act: ActHold, actor: officer, want: []string{"stop follow_up", "restart state 1 working_days", "tell reporter interim"}},
		{name: "hold, pause approved", state: TicketInProgress, act: ActHold, actor: officer, edit: func(f *TicketFacts) { f.PauseApprover = supervisor.ID }, want: []string{
			"pause resolve", "stop follow_up", "restart state 1 working_days", "tell reporter interim",
		}},
		{name: "resume", state: TicketOnHold, act: ActResume, actor: officer, want: []string{"resume resolve", "restart state 1 working_days"}},
		{name: "resolve", state: TicketOnHold, act: ActResolve, actor: officer, want: append(slices.Clone(stopWork),
			"start contest 10 working_days", "tell reporter resolved", "tell reporter rate")},
		{name: "confirm", state: TicketResolved, act: ActConfirm, actor: citizen, want: append(slices.Clone(stopAll), "tell reporter closed")},
		{name: "reopen", state: TicketResolved, act: ActReopen, actor: citizen, want: []string{
			"stop contest", "reopen resolve 3 working_days", "restart state 1 working_days", "tell owner reopened",
		}},
		{name: "appeal", state: TicketResolved, act: ActAppeal, actor: citizen, want: []string{
			"stop contest", "start appeal 30 calendar_days", "tell reporter appeal_received",
		}},
		{name: "uphold", state: TicketAppealed, act: ActUphold, actor: appellate, want: append(slices.Clone(stopAll), "tell reporter appeal_upheld")},
		{name: "overturn", state: TicketAppealed, act: ActOverturn, actor: appellate, want: []string{
			"stop appeal", "reopen resolve", "grant resolve 7 working_days", "restart state 1 working_days",
			"tell reporter appeal_overturned", "tell owner instruction",
		}},
		{name: "withdraw", state: TicketOnHold, act: ActWithdraw, actor: citizen, want: append(slices.Clone(stopAll), "tell reporter withdrawn")},
		{name: "escalate", state: TicketOpen, act: ActEscalate, actor: timer, want: []string{"restart state 2 working_days", "tell level escalated"}},
		{name: "escalate to the top", state: TicketOpen, act: ActEscalate, actor: timer, edit: func(f *TicketFacts) { f.Level = 3 }, want: []string{"stop state", "tell level escalated"}},
		{name: "escalate while the reporter is waited for", state: TicketPending, act: ActEscalate, actor: timer, want: []string{"tell level escalated"}},
		{name: "extend", state: TicketInProgress, act: ActExtend, actor: supervisor, want: []string{"extend resolve 5 working_days", "tell reporter extended"}},
		{name: "reclassify within the class", state: TicketOpen, act: ActReclassify, actor: verifier},
		{name: "reclassify to a shorter promise", state: TicketOpen, act: ActReclassify, actor: verifier, edit: func(f *TicketFacts) { f.Class = ClassInformation }, want: []string{"retarget resolve 5 working_days"}},
		{name: "reclassify to a longer promise", state: TicketOpen, act: ActReclassify, actor: supervisor, edit: func(f *TicketFacts) { f.Oversight = yes() }, want: []string{
			"retarget resolve 60 working_days", "tell reporter later_due",
		}},
		{name: "one more message", state: TicketAppealed, act: ActWrite, actor: citizen, want: []string{"tell owner reporter_replied"}},
		{name: "message to a closed ticket", state: TicketClosed, act: ActInbound, actor: timer, want: []string{"follow_up"}},
		{name: "anonymise", state: TicketClosed, act: ActAnonymise, actor: timer, want: []string{"erase"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := reach(t, tt.state)
			h.do(tt.act, tt.actor, func(f *TicketFacts) {
				if tt.edit != nil {
					tt.edit(f)
				}
			})
			var got []string
			for _, e := range h.last.Effects {
				got = append(got, said(e))
				if e.Kind == EffectClock && (!e.Mark.At.Equal(h.now) || e.Mark.Cause != string(tt.act)) {
					t.Errorf("%s at %v because of %q", said(e), e.Mark.At, e.Mark.Cause)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// business plays all marks of a history on the business clock.
func (h *history) business() sla.Reading {
	h.t.Helper()
	m := testMachine()
	clock := sla.Clock{Timer: sla.TimerResolve}
	var ticket Ticket
	for _, event := range h.events {
		result, err := m.Apply(ticket, TicketCommand{
			ID: event.ID, Ticket: event.Ticket, Act: event.Act, At: event.At, Version: ticket.Version, Facts: event.Facts,
			Actor: access.Actor{Kind: event.ActorKind, ID: event.ActorID, Role: roleOf(event.ActorID)},
		})
		if err != nil {
			h.t.Fatal(err)
		}
		ticket = result.Ticket
		for _, e := range result.Effects {
			if e.Timer == sla.TimerResolve {
				if clock, err = clock.Append(e.Mark); err != nil {
					h.t.Fatal(err)
				}
			}
		}
	}
	reading, err := clock.Read(sla.Calendars{Days: testDays()}, h.now)
	if err != nil {
		h.t.Fatal(err)
	}
	return reading
}

func roleOf(id string) access.Role {
	for _, actor := range ticketCast() {
		if actor.ID == id {
			return actor.Role
		}
	}
	return ""
}

// The promise through the life of a ticket, in days of the calendar.
func TestBusinessClockThroughALife(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	h := reach(t, TicketInProgress) // Tuesday 2 June; 14 working days end on the 23rd
	steps := []struct {
		after  time.Duration
		act    TicketAct
		actor  access.Actor
		due    string
		status sla.Status
	}{
		{3 * day, ActAskReporter, officer, "2026-06-23", sla.OnTrack}, // Friday 5 June, 10:00
		{5 * day, ActReporterReply, citizen, "2026-06-26", sla.OnTrack},
		{7 * day, ActTransfer, officer, "2026-06-26", sla.OnTrack}, // Wednesday 17 June
		{0, ActAssign, supervisor, "2026-06-26", sla.OnTrack},
		{8 * day, ActResolve, officer, "2026-06-26", sla.AtRisk},     // Thursday 25 June
		{5 * day, ActReopen, citizen, "2026-07-03", sla.OnTrack},     // Tuesday 30 June: three working days
		{4 * day, ActEscalate, timer, "2026-07-03", sla.Breached},    // Saturday 4 July
		{day, ActResolve, officer, "2026-07-03", sla.Breached},       // Sunday: late stays late
		{day, ActAppeal, citizen, "2026-07-03", sla.Breached},        // Monday 6 July
		{3 * day, ActOverturn, appellate, "2026-07-20", sla.OnTrack}, // Thursday 9 July: seven working days
	}
	for _, step := range steps {
		h.wait(step.after)
		h.do(step.act, step.actor)
		got := h.business()
		due := got.Due.In(time.FixedZone("WIB", 7*60*60)).Format("2006-01-02 15:04:05")
		if due != step.due+" 23:59:59" || got.Status != step.status {
			t.Errorf("after %s on %s: due %s, %s, want %s, %s", step.act, h.now.Format(time.DateOnly), due, got.Status, step.due, step.status)
		}
	}
}
