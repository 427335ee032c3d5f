package ticketing

import (
	"errors"
	"slices"
	"testing"
	"time"

	"sapa/program/access"
	"sapa/program/calendar"
	"sapa/ticketing/sla"
)

// The cast of the tests. Every staff member is one of a kind.
var (
	citizen    = access.Actor{Kind: access.Reporter}
	robot      = access.Robot()
	timer      = access.Timer()
	agent      = access.Actor{Kind: access.Staff, ID: "agent", Role: access.Agent}
	officer    = access.Actor{Kind: access.Staff, ID: "officer", Role: access.UnitOfficer}
	verifier   = access.Actor{Kind: access.Staff, ID: "verifier", Role: access.Verifier}
	supervisor = access.Actor{Kind: access.Staff, ID: "supervisor", Role: access.Supervisor}
	appellate  = access.Actor{Kind: access.Staff, ID: "appellate", Role: access.Appellate}
	admin      = access.Actor{Kind: access.Staff, ID: "admin", Role: access.Admin}
	approver   = access.Actor{Kind: access.Staff, ID: "approver", Role: access.Approver}
	partner    = access.Actor{Kind: access.Provider, ID: "partner"}
)

func ticketCast() []access.Actor {
	return []access.Actor{citizen, robot, timer, agent, officer, verifier, supervisor, appellate, admin, approver, partner}
}

// testDays knows 2026 and, as if decreed without a day off, the two years around.
func testDays() *calendar.Calendar {
	return calendar.New(calendar.Options{Years: []int{2025, 2026, 2027, 2028}, Holidays: calendar.Decreed(2026)})
}

func testMachine() *TicketMachine { return NewTicketMachine(sla.DefaultTargets(), testDays()) }

// day0 is Tuesday 2 June 2026, 10:00 WIB.
func day0() time.Time { return time.Date(2026, time.June, 2, 3, 0, 0, 0, time.UTC) }

func yes() *bool { v := true; return &v }

func no() *bool { v := false; return &v }

// goodFacts let every act pass its guard, if state and actor allow it.
func goodFacts(act TicketAct, at time.Time) TicketFacts {
	f := TicketFacts{
		IsReporter: true, ForReporter: true, InUnit: true, OwnerActive: true, OwnerSkilled: true, HoldsConversation: true,
		Number: "SP-0000-0001-5", Contact: "contact", Text: "insentif belum cair", Channel: "webchat",
		QuestionSent: true, Reminders: 2, Reason: "because", Cause: "state", NewFacts: true, RetentionOver: true,
		Rejection: RejectionSpam, Outcome: OutcomePaid, RootCause: CauseAccountMismatch, PublicAnswer: "Sudah dibayar.",
		Extension: 5, Body: "Dukcapil", Reference: "D-1", CoSigner: "cosigner",
		Merge: &TicketMerge{ID: "other", State: TicketOpen, Class: ClassComplaint, SameReporter: true},
	}
	switch act {
	case ActRegister, ActVerify:
		f.Class, f.Oversight, f.Category, f.Priority, f.Queue = ClassComplaint, no(), "incentive.status", 3, "queue"
	case ActAssign, ActOverturn:
		f.Owner = officer.ID
	case ActTransfer:
		f.Unit = "unit-" + at.Format("150405")
	case ActHold:
		soon := at.Add(48 * time.Hour)
		f.ThirdParty, f.ExpectedAt = "bank", &soon
	case ActAbsorb:
		f.Merge = &TicketMerge{ID: "other", MergedInto: "ticket", RegisteredAt: at.Add(-72 * time.Hour)}
	}
	if act == ActOverturn {
		f.Target = sla.InWorkingDays(7)
	}
	return f
}

// history is a ticket under test with all that happened to it.
type history struct {
	t      *testing.T
	m      *TicketMachine
	ticket Ticket
	events []TicketEvent
	now    time.Time
	last   TicketResult
}

// command is a well-formed command for an act at the present moment.
func (h *history) command(act TicketAct, actor access.Actor) TicketCommand {
	return TicketCommand{
		ID: NewTicketEventID(), Ticket: "ticket", Act: act, Actor: actor, At: h.now,
		Version: h.ticket.Version, Facts: goodFacts(act, h.now),
	}
}

// try applies a command and keeps the outcome if it succeeds.
func (h *history) try(c TicketCommand) error {
	result, err := h.m.Apply(h.ticket, c)
	if err == nil {
		h.ticket, h.last = result.Ticket, result
		h.events = append(h.events, result.Event)
	}
	return err
}

// do applies an act that must succeed, after changes to its facts.
func (h *history) do(act TicketAct, actor access.Actor, change ...func(*TicketFacts)) {
	h.t.Helper()
	c := h.command(act, actor)
	for _, edit := range change {
		edit(&c.Facts)
	}
	if err := h.try(c); err != nil {
		h.t.Fatal(err)
	}
}

func (h *history) wait(d time.Duration) { h.now = h.now.Add(d) }

// reach brings a new ticket into a state by the shortest way, owned by the
// officer where a state has an owner.
func reach(t *testing.T, state TicketState) *history {
	t.Helper()
	h := &history{t: t, m: testMachine(), now: day0()}
	if state == "" {
		return h
	}
	h.do(ActRegister, citizen)
	way := map[TicketState][]TicketAct{
		TicketNew:        {},
		TicketOpen:       {ActVerify},
		TicketInProgress: {ActVerify, ActAssign},
		TicketPending:    {ActVerify, ActAssign, ActAskReporter},
		TicketOnHold:     {ActVerify, ActAssign, ActHold},
		TicketResolved:   {ActVerify, ActAssign, ActResolve},
		TicketRejected:   {ActVerify, ActReject},
		TicketAppealed:   {ActVerify, ActAssign, ActResolve, ActAppeal},
		TicketClosed:     {ActVerify, ActAssign, ActResolve, ActConfirm},
	}[state]
	by := map[TicketAct]access.Actor{
		ActVerify: verifier, ActAssign: supervisor, ActAskReporter: officer, ActHold: officer,
		ActResolve: officer, ActReject: verifier, ActAppeal: citizen, ActConfirm: citizen,
	}
	for _, act := range way {
		h.do(act, by[act])
	}
	return h
}

// published is the table of transitions as it was agreed on, written down a
// second time: act, from, to, and who may.
func published() []struct {
	act  TicketAct
	from []TicketState
	to   TicketState
	who  []access.Actor
} {
	type states = []TicketState
	type who = []access.Actor
	working := states{TicketNew, TicketOpen, TicketInProgress}
	return []struct {
		act  TicketAct
		from []TicketState
		to   TicketState
		who  []access.Actor
	}{
		{ActRegister, states{""}, TicketNew, who{citizen, agent, officer, verifier, supervisor, timer, robot}},
		{ActVerify, states{TicketNew}, TicketOpen, who{verifier, supervisor, agent}},
		{ActAskReporter, working, TicketPending, who{verifier, officer, agent}},
		{ActReporterReply, states{TicketPending}, TicketInProgress, who{citizen, timer, robot}},
		{ActReporterTimeout, states{TicketPending}, TicketClosed, who{timer}},
		{ActReject, states{TicketNew, TicketOpen}, TicketRejected, who{verifier, supervisor}},
		{ActMerge, append(states{TicketPending}, working...), TicketClosed, who{verifier, officer}},
		{ActAbsorb, unclosed(), sameTicketState, who{timer}},
		{ActAccept, states{TicketOpen}, TicketInProgress, who{agent, officer}},
		{ActAssign, states{TicketOpen}, TicketInProgress, who{supervisor, timer}},
		{ActReturn, states{TicketInProgress}, TicketOpen, who{officer, supervisor}},
		{ActRelease, states{TicketPending}, sameTicketState, who{timer}},
		{ActRelease, states{TicketInProgress, TicketOnHold}, TicketOpen, who{timer}},
		{ActTransfer, states{TicketOpen, TicketInProgress}, TicketOpen, who{officer, verifier, supervisor}},
		{ActReferOut, states{TicketOpen, TicketInProgress}, TicketClosed, who{supervisor}},
		{ActHold, states{TicketInProgress}, TicketOnHold, who{officer}},
		{ActResume, states{TicketOnHold}, TicketInProgress, who{officer, timer}},
		{ActResolve, states{TicketInProgress, TicketOnHold}, TicketResolved, who{officer}},
		{ActConfirm, states{TicketResolved}, TicketClosed, who{citizen}},
		{ActContestTimeout, states{TicketResolved, TicketRejected}, TicketClosed, who{timer}},
		{ActReopen, states{TicketResolved}, TicketInProgress, who{citizen, agent}},
		{ActReopen, states{TicketRejected}, TicketOpen, who{citizen, agent}},
		{ActAppeal, states{TicketResolved, TicketRejected, TicketClosed}, TicketAppealed, who{citizen}},
		{ActUphold, states{TicketAppealed}, TicketClosed, who{appellate}},
		{ActOverturn, states{TicketAppealed}, TicketInProgress, who{appellate}},
		{ActWithdraw, append(states{TicketPending, TicketOnHold}, working...), TicketClosed, who{citizen}},
		{ActEscalate, unclosed(), sameTicketState, who{timer, officer, supervisor}},
		{ActReclassify, unclosed(), sameTicketState, who{verifier, supervisor}},
		{ActWrite, append(states{TicketOnHold, TicketResolved, TicketRejected, TicketAppealed}, working...), sameTicketState, who{citizen}},
		{ActExtend, append(states{TicketPending, TicketOnHold}, working...), sameTicketState, who{supervisor}},
		{ActInbound, states{TicketClosed}, sameTicketState, who{timer, robot}},
		{ActAnonymise, states{TicketClosed}, sameTicketState, who{timer}},
		{ActDelete, states{TicketClosed}, sameTicketState, who{timer}},
	}
}

// allowed looks an act up in the published table.
func allowed(act TicketAct, from TicketState, who access.Actor) (to TicketState, inState, forActor bool) {
	for _, row := range published() {
		if row.act == act && slices.Contains(row.from, from) {
			return row.to, true, slices.ContainsFunc(row.who, who.Same)
		}
	}
	return "", false, false
}

func ticketActs() []TicketAct {
	var acts []TicketAct
	for _, row := range published() {
		if !slices.Contains(acts, row.act) {
			acts = append(acts, row.act)
		}
	}
	return acts
}

// Every act in every state by every actor, with all facts in order: what the
// table lists happens, everything else is refused for the right reason.
func TestTransitionsAreThePublishedOnes(t *testing.T) {
	t.Parallel()
	for _, from := range append(unclosed(), TicketClosed, "") {
		for _, act := range ticketActs() {
			for _, actor := range ticketCast() {
				name := string(from) + "/" + string(act) + "/" + string(actor.Kind) + " " + string(actor.Role)
				h := reach(t, from)
				switch act {
				case ActReporterTimeout, ActContestTimeout, ActResume:
					h.wait(60 * 24 * time.Hour)
				default:
					h.wait(time.Hour)
				}
				err := h.try(h.command(act, actor))
				to, inState, forActor := allowed(act, from, actor)
				if to == sameTicketState {
					to = from
				}
				switch {
				case !inState && !errors.Is(err, ErrTransition):
					t.Errorf("%s: got %v, want ErrTransition", name, err)
				case inState && !forActor && !errors.Is(err, ErrRole):
					t.Errorf("%s: got %v, want ErrRole", name, err)
				case inState && forActor && err != nil:
					t.Errorf("%s: %v", name, err)
				case inState && forActor && h.ticket.State != to:
					t.Errorf("%s: now %s, want %s", name, h.ticket.State, to)
				}
			}
		}
	}
}

// Offers are the acts that would succeed once the form is filled in.
func TestOffers(t *testing.T) {
	t.Parallel()
	own := TicketFacts{IsReporter: true, InUnit: true, OwnerActive: true, OwnerSkilled: true}
	tests := []struct {
		name  string
		state TicketState
		actor access.Actor
		facts TicketFacts
		want  []TicketAct
	}{
		{"agent, new ticket of others", TicketNew, agent, TicketFacts{}, []TicketAct{ActAskReporter}},
		{"agent, own ticket", TicketNew, agent, TicketFacts{HoldsConversation: true}, []TicketAct{ActVerify, ActAskReporter}},
		{"officer at work", TicketInProgress, officer, own, []TicketAct{ActAskReporter, ActMerge, ActReturn, ActTransfer, ActHold, ActResolve, ActEscalate}},
		{"officer of another unit", TicketOpen, officer, TicketFacts{}, nil},
		{"reporter, resolved", TicketResolved, citizen, own, []TicketAct{ActConfirm, ActReopen, ActAppeal, ActWrite}},
		{"anybody else, resolved", TicketResolved, citizen, TicketFacts{}, nil},
		{"appellate", TicketAppealed, appellate, TicketFacts{}, []TicketAct{ActUphold, ActOverturn}},
		{"admin", TicketInProgress, admin, own, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := reach(t, tt.state)
			var got []TicketAct
			for _, offer := range h.m.Offers(h.ticket, tt.actor, tt.facts, h.now.Add(time.Hour)) {
				got = append(got, offer.Act)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// What a message of the reporter does to a ticket, whatever the channel.
func TestInboundAct(t *testing.T) {
	t.Parallel()
	for _, state := range append(unclosed(), TicketClosed) {
		act, ok := InboundAct(state)
		want := map[TicketState]TicketAct{TicketPending: ActReporterReply, TicketClosed: ActInbound}[state]
		if act != want || ok != (want != "") {
			t.Errorf("%s: got %q, want %q", state, act, want)
		}
	}
}
