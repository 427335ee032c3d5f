package ticketing

import (
	"errors"
	"testing"
	"time"

	"sapa/program/access"
	"sapa/program/calendar"
	"sapa/ticketing/sla"
)

// A guard refuses with the name of the field, or with ErrRole.
func TestGuards(t *testing.T) {
	t.Parallel()
	const hour, day = time.Hour, 24 * time.Hour
	type facts = func(*TicketFacts)
	tests := []struct {
		name  string
		state TicketState
		prior func(*history)
		wait  time.Duration
		act   TicketAct
		actor access.Actor
		edit  facts
		want  any // *Invalid, an error to be matched, or nil
	}{
		{name: "register without contact", act: ActRegister, actor: robot, edit: func(f *TicketFacts) { f.Contact = "" }, want: &Invalid{"contact", "required"}},
		{name: "register anonymously", act: ActRegister, actor: citizen, edit: func(f *TicketFacts) { f.Contact, f.Anonymous = "", true }},
		{name: "register without text", act: ActRegister, actor: citizen, edit: func(f *TicketFacts) { f.Text = " \n" }, want: &Invalid{"text", "required"}},
		{name: "register a picture alone", act: ActRegister, actor: citizen, edit: func(f *TicketFacts) { f.Text, f.HasAttachment = "", true }},
		{name: "register without number", act: ActRegister, actor: citizen, edit: func(f *TicketFacts) { f.Number = "" }, want: &Invalid{"number", "required"}},

		{name: "verify without the mark", state: TicketNew, prior: unmarked, act: ActVerify, actor: verifier, edit: func(f *TicketFacts) { f.Oversight = nil }, want: &Invalid{"oversight", "required"}},
		{name: "verify a question without the mark", state: TicketNew, prior: unmarked, act: ActVerify, actor: verifier, edit: func(f *TicketFacts) { f.Oversight, f.Class = nil, ClassInformation }},
		{name: "verify without queue", state: TicketNew, prior: unmarked, act: ActVerify, actor: verifier, edit: func(f *TicketFacts) { f.Queue = "" }, want: &Invalid{"queue", "required"}},
		{name: "verify with priority 5", state: TicketNew, act: ActVerify, actor: verifier, edit: func(f *TicketFacts) { f.Priority = 5 }, want: &Invalid{"priority", "between_1_and_4"}},
		{name: "verify with unknown class", state: TicketNew, act: ActVerify, actor: verifier, edit: func(f *TicketFacts) { f.Class = "gossip" }, want: &Invalid{"class", "unknown"}},
		{name: "agent verifies another's ticket", state: TicketNew, act: ActVerify, actor: agent, edit: func(f *TicketFacts) { f.HoldsConversation = false }, want: ErrRole},
		{name: "agent verifies what needs an inquiry", state: TicketNew, act: ActVerify, actor: agent, edit: func(f *TicketFacts) { f.Oversight = yes() }, want: ErrRole},
		{name: "agent verifies an integrity report", state: TicketNew, act: ActVerify, actor: agent, edit: func(f *TicketFacts) { f.Class = ClassIntegrity }, want: ErrRole},

		{name: "ask without a question", state: TicketNew, act: ActAskReporter, actor: agent, edit: func(f *TicketFacts) { f.QuestionSent = false }, want: &Invalid{"question_sent", "required"}},
		{name: "time out in the window", state: TicketPending, wait: 30 * day, act: ActReporterTimeout, actor: timer, want: &Invalid{"at", "too_early"}},
		{name: "time out after one reminder", state: TicketPending, wait: 31 * day, act: ActReporterTimeout, actor: timer, edit: func(f *TicketFacts) { f.Reminders = 1 }, want: &Invalid{"reminders", "too_few"}},
		{name: "time out", state: TicketPending, wait: 31 * day, act: ActReporterTimeout, actor: timer},

		{name: "reject as not ours", state: TicketNew, act: ActReject, actor: verifier, edit: func(f *TicketFacts) { f.Rejection = "not_ours" }, want: &Invalid{"rejection", "transfer_or_refer"}},
		{name: "reject for lack of facts, unasked", state: TicketNew, act: ActReject, actor: verifier, edit: func(f *TicketFacts) { f.Rejection = RejectionFactsMissing }, want: &Invalid{"rejection", "ask_first"}},
		{name: "reject for lack of facts, asked", state: TicketPending, prior: answered, act: ActReject, actor: verifier, edit: func(f *TicketFacts) { f.Rejection = RejectionFactsMissing }},
		{name: "reject without a sentence", state: TicketNew, act: ActReject, actor: verifier, edit: func(f *TicketFacts) { f.PublicAnswer = "" }, want: &Invalid{"public_answer", "required"}},
		{name: "verifier rejects priority 1", state: TicketOpen, prior: urgent, act: ActReject, actor: verifier, want: ErrRole},
		{name: "supervisor rejects priority 1", state: TicketOpen, prior: urgent, act: ActReject, actor: supervisor},

		{name: "merge with itself", state: TicketOpen, act: ActMerge, actor: verifier, edit: func(f *TicketFacts) { f.Merge.ID = "ticket" }, want: &Invalid{"merge", "itself"}},
		{name: "merge into a closed one", state: TicketOpen, act: ActMerge, actor: verifier, edit: func(f *TicketFacts) { f.Merge.State = TicketClosed }, want: &Invalid{"merge", "closed"}},
		{name: "merge strangers", state: TicketOpen, act: ActMerge, actor: verifier, edit: func(f *TicketFacts) { f.Merge.SameReporter = false }, want: &Invalid{"merge", "unrelated"}},
		{name: "merge integrity into a normal one", state: TicketOpen, prior: integrity, act: ActMerge, actor: verifier, want: &Invalid{"merge", "integrity"}},
		{name: "merge into nothing", state: TicketOpen, act: ActMerge, actor: verifier, edit: func(f *TicketFacts) { f.Merge = nil }, want: &Invalid{"merge", "required"}},
		{name: "absorb what was not merged here", state: TicketOpen, act: ActAbsorb, actor: timer, edit: func(f *TicketFacts) { f.Merge.MergedInto = "third" }, want: &Invalid{"merge", "not_merged_here"}},

		{name: "accept by the one complained about", state: TicketOpen, prior: func(h *history) { h.ticket.AboutStaff = officer.ID }, act: ActAccept, actor: officer, want: &Invalid{"owner", "subject_of_complaint"}},
		{name: "assign to the unit complained about", state: TicketOpen, prior: func(h *history) { h.ticket.AboutUnit = "finance" }, act: ActAssign, actor: supervisor, edit: func(f *TicketFacts) { f.Unit = "finance" }, want: &Invalid{"owner", "subject_of_complaint"}},
		{name: "assign to somebody away", state: TicketOpen, act: ActAssign, actor: supervisor, edit: func(f *TicketFacts) { f.OwnerActive = false }, want: &Invalid{"owner", "inactive"}},
		{name: "assign to somebody unskilled", state: TicketOpen, act: ActAssign, actor: timer, edit: func(f *TicketFacts) { f.OwnerSkilled = false }, want: &Invalid{"owner", "unskilled"}},
		{name: "officer of another unit", state: TicketOpen, act: ActAccept, actor: officer, edit: func(f *TicketFacts) { f.InUnit = false }, want: ErrRole},

		{name: "transfer to the same unit", state: TicketOpen, prior: func(h *history) { h.ticket.Unit = "u" }, act: ActTransfer, actor: verifier, edit: func(f *TicketFacts) { f.Unit = "u" }, want: &Invalid{"unit", "same"}},
		{name: "fourth transfer by a verifier", state: TicketOpen, prior: func(h *history) { h.ticket.Hops = 3 }, act: ActTransfer, actor: verifier, want: ErrRole},
		{name: "fourth transfer by a supervisor", state: TicketOpen, prior: func(h *history) { h.ticket.Hops = 3 }, act: ActTransfer, actor: supervisor},
		{name: "return without reason", state: TicketInProgress, act: ActReturn, actor: officer, edit: func(f *TicketFacts) { f.Reason = "" }, want: &Invalid{"reason", "required"}},
		{name: "refer to nobody", state: TicketOpen, act: ActReferOut, actor: supervisor, edit: func(f *TicketFacts) { f.Body = "" }, want: &Invalid{"body", "required"}},
		{name: "refer without proof", state: TicketOpen, act: ActReferOut, actor: supervisor, edit: func(f *TicketFacts) { f.Reference = "" }, want: &Invalid{"reference", "required"}},
		{name: "refer personal data without consent", state: TicketOpen, act: ActReferOut, actor: supervisor, edit: func(f *TicketFacts) { f.PersonalData = true }, want: &Invalid{"consent", "required"}},

		{name: "hold for 15 working days", state: TicketInProgress, act: ActHold, actor: officer, edit: expected(day0().Add(22 * day)), want: &Invalid{"expected_at", "too_late"}},
		{name: "hold for 14 working days", state: TicketInProgress, act: ActHold, actor: officer, edit: expected(day0().Add(21*day + 13*hour))},
		{name: "hold into the past", state: TicketInProgress, act: ActHold, actor: officer, edit: expected(day0()), want: &Invalid{"expected_at", "in_the_past"}},
		{name: "hold with one's own approval", state: TicketInProgress, act: ActHold, actor: officer, edit: func(f *TicketFacts) { f.PauseApprover = officer.ID }, want: &Invalid{"pause_approver", "same_person"}},
		{name: "timer resumes early", state: TicketOnHold, wait: hour, act: ActResume, actor: timer, want: &Invalid{"at", "too_early"}},

		{name: "resolve without outcome", state: TicketInProgress, act: ActResolve, actor: officer, edit: func(f *TicketFacts) { f.Outcome = "" }, want: &Invalid{"outcome", "required"}},
		{name: "resolve with unknown cause", state: TicketInProgress, act: ActResolve, actor: officer, edit: func(f *TicketFacts) { f.RootCause = "stars" }, want: &Invalid{"root_cause", "unknown"}},
		{name: "resolve without answer", state: TicketInProgress, act: ActResolve, actor: officer, edit: func(f *TicketFacts) { f.PublicAnswer = "  " }, want: &Invalid{"public_answer", "required"}},
		{name: "correct money alone", state: TicketInProgress, act: ActResolve, actor: officer, edit: func(f *TicketFacts) { f.MoneyCorrection, f.CoSigner = true, "" }, want: &Invalid{"co_signer", "required"}},
		{name: "co-sign for oneself", state: TicketInProgress, act: ActResolve, actor: officer, edit: func(f *TicketFacts) { f.MoneyCorrection, f.CoSigner = true, officer.ID }, want: &Invalid{"co_signer", "same_person"}},
		{name: "resolve an inquiry alone", state: TicketInProgress, prior: func(h *history) { h.ticket.Oversight = yes() }, act: ActResolve, actor: officer, edit: func(f *TicketFacts) { f.CoSigner = "" }, want: &Invalid{"co_signer", "required"}},
		{name: "agent resolves his own", state: TicketOpen, prior: func(h *history) { h.do(ActAccept, agent) }, act: ActResolve, actor: agent, edit: func(f *TicketFacts) { f.CoSigner = "" }},
		{name: "agent resolves his own inquiry", state: TicketOpen, prior: func(h *history) { h.ticket.Oversight = yes(); h.do(ActAccept, agent) }, act: ActResolve, actor: agent, want: ErrRole},
		{name: "supervisor resolves what he owns", state: TicketOpen, prior: func(h *history) { h.do(ActAssign, supervisor, func(f *TicketFacts) { f.Owner = supervisor.ID }) }, act: ActResolve, actor: supervisor},

		{name: "uncontested too early", state: TicketResolved, wait: 10 * day, act: ActContestTimeout, actor: timer, want: &Invalid{"at", "too_early"}},
		{name: "uncontested", state: TicketResolved, wait: 17 * day, act: ActContestTimeout, actor: timer},
		{name: "somebody wrote since", state: TicketResolved, wait: 17 * day, act: ActContestTimeout, actor: timer, edit: wrote(day0().Add(5 * day)), want: &Invalid{"at", "too_early"}},
		{name: "reopen in the window", state: TicketResolved, wait: 15*day + 13*hour, act: ActReopen, actor: citizen},
		{name: "reopen after it", state: TicketResolved, wait: 15*day + 14*hour, act: ActReopen, actor: citizen, want: &Invalid{"at", "too_late"}},
		{name: "a comment does not stretch the window", state: TicketResolved, wait: 15*day + 14*hour, act: ActReopen, actor: citizen, edit: wrote(day0().Add(14 * day)), want: &Invalid{"at", "too_late"}},
		{name: "agent reopens on his own", state: TicketResolved, act: ActReopen, actor: agent, edit: func(f *TicketFacts) { f.ForReporter = false }, want: &Invalid{"for_reporter", "required"}},
		{name: "a stranger reopens", state: TicketResolved, act: ActReopen, actor: citizen, edit: func(f *TicketFacts) { f.IsReporter = false }, want: ErrRole},
		{name: "rejected, nothing new", state: TicketRejected, act: ActReopen, actor: citizen, edit: func(f *TicketFacts) { f.NewFacts = false }, want: &Invalid{"new_facts", "required"}},

		{name: "appeal on the 30th day", state: TicketResolved, wait: 30 * day, act: ActAppeal, actor: citizen},
		{name: "appeal on the 31st day", state: TicketResolved, wait: 31 * day, act: ActAppeal, actor: citizen, want: &Invalid{"at", "too_late"}},
		{name: "second appeal", state: TicketAppealed, prior: overturned, act: ActAppeal, actor: citizen, want: &Invalid{"appeal", "once"}},
		{name: "appeal a withdrawn ticket", state: TicketOpen, prior: func(h *history) { h.do(ActWithdraw, citizen) }, act: ActAppeal, actor: citizen, want: ErrTransition},
		{name: "appellate had a hand in it", state: TicketAppealed, prior: func(h *history) { h.ticket.Handlers = append(h.ticket.Handlers, appellate.ID) }, act: ActUphold, actor: appellate, want: &Invalid{"actor", "in_history"}},
		{name: "overturn without a new target", state: TicketAppealed, act: ActOverturn, actor: appellate, edit: func(f *TicketFacts) { f.Target = sla.Amount{} }, want: &Invalid{"target", "required"}},

		{name: "withdraw an integrity report", state: TicketOpen, prior: integrity, act: ActWithdraw, actor: citizen, want: &Invalid{"class", "integrity"}},
		{name: "escalate above the top", state: TicketOpen, prior: func(h *history) { h.ticket.Level = 3 }, act: ActEscalate, actor: timer, want: &Invalid{"act", "highest_level"}},
		{name: "escalate downwards", state: TicketOpen, prior: func(h *history) { h.ticket.Level = 2 }, act: ActEscalate, actor: timer, edit: func(f *TicketFacts) { f.Level = 1 }, want: &Invalid{"level", "lower"}},
		{name: "verifier puts the promise off", state: TicketOpen, act: ActReclassify, actor: verifier, edit: func(f *TicketFacts) { f.Oversight = yes() }, want: ErrRole},
		{name: "supervisor puts the promise off", state: TicketOpen, act: ActReclassify, actor: supervisor, edit: func(f *TicketFacts) { f.Oversight = yes() }},
		{name: "verifier shortens the promise", state: TicketOpen, act: ActReclassify, actor: verifier, edit: func(f *TicketFacts) { f.Class = ClassInformation }},
		{name: "verifier lifts the restriction", state: TicketOpen, prior: integrity, act: ActReclassify, actor: verifier, edit: func(f *TicketFacts) { f.Class = ClassInformation }, want: ErrRole},
		{name: "erase under legal hold", state: TicketClosed, prior: func(h *history) { h.ticket.LegalHold = true }, act: ActDelete, actor: timer, want: &Invalid{"legal_hold", "held"}},
		{name: "erase before its time", state: TicketClosed, act: ActAnonymise, actor: timer, edit: func(f *TicketFacts) { f.RetentionOver = false }, want: &Invalid{"retention_over", "required"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := reach(t, tt.state)
			if tt.prior != nil {
				tt.prior(h)
			}
			h.wait(tt.wait)
			c := h.command(tt.act, tt.actor)
			if tt.edit != nil {
				tt.edit(&c.Facts)
			}
			checkRefusal(t, h.try(c), tt.want)
		})
	}
}

// checkRefusal compares an error with nil, a sentinel or an Invalid.
func checkRefusal(t *testing.T, got error, want any) {
	t.Helper()
	switch want := want.(type) {
	case nil:
		if got != nil {
			t.Errorf("got %v, want success", got)
		}
	case *Invalid:
		var invalid *Invalid
		if !errors.As(got, &invalid) || *invalid != *want {
			t.Errorf("got %v, want %v", got, want)
		}
	case error:
		if !errors.Is(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}

// Ways to prepare a ticket.

func unmarked(h *history) { h.ticket.Oversight, h.ticket.Queue = nil, "" }

func urgent(h *history) { h.ticket.Priority = 1 }

func integrity(h *history) {
	h.ticket.Class, h.ticket.Oversight = ClassIntegrity, nil
	h.ticket.TargetN = 60
}

func answered(h *history) {
	h.do(ActReporterReply, citizen)
	h.do(ActReturn, officer)
}

func overturned(h *history) {
	h.do(ActOverturn, appellate)
	h.do(ActResolve, officer)
}

func expected(at time.Time) func(*TicketFacts) {
	return func(f *TicketFacts) { f.ExpectedAt = &at }
}

func wrote(at time.Time) func(*TicketFacts) {
	return func(f *TicketFacts) { f.LastMessageAt = &at }
}

// A missing year is our fault: it closes no window on the citizen, and makes no
// timer fire.
func TestMissingYearSparesTheCitizen(t *testing.T) {
	t.Parallel()
	h := reach(t, TicketResolved)
	h.m = NewTicketMachine(sla.DefaultTargets(), calendar.New(calendar.Options{}))
	h.wait(60 * 24 * time.Hour)
	checkRefusal(t, h.try(h.command(ActContestTimeout, timer)), calendar.ErrYearMissing)
	checkRefusal(t, h.try(h.command(ActReopen, citizen)), nil)
}

func TestCommandIsChecked(t *testing.T) {
	t.Parallel()
	h := reach(t, TicketOpen)
	stale := h.command(ActAssign, supervisor)
	stale.Version--
	checkRefusal(t, h.try(stale), ErrStale)
	nameless := h.command(ActAssign, supervisor)
	nameless.ID = ""
	checkRefusal(t, h.try(nameless), &Invalid{"id", "required"})
	timeless := h.command(ActAssign, supervisor)
	timeless.At = time.Time{}
	checkRefusal(t, h.try(timeless), &Invalid{"at", "required"})
	ghost := h.command(ActAssign, access.Actor{Kind: access.Staff, Role: access.Supervisor})
	checkRefusal(t, h.try(ghost), ErrRole)
}
