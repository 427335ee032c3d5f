package ticketing

import (
	"sapa/ticketing/sla"
)

// TicketNotice is a text that an act sends, by the meaning of its key in the
// catalogue. Every notice that closes a ticket names the outside remedies and
// asks nobody to waive them.
type TicketNotice string

// The notices, with whom they go to.
const (
	NoticeRegistered       TicketNotice = "registered"        // reporter: number, class, promised date, how to track
	NoticeReporterReplied  TicketNotice = "reporter_replied"  // owner
	NoticeNoResponse       TicketNotice = "no_response"       // reporter: closed, write again to go on
	NoticeRejected         TicketNotice = "rejected"          // reporter: reason, how to contest and appeal
	NoticeMerged           TicketNotice = "merged"            // reporter: goes on under the other number
	NoticeReferred         TicketNotice = "referred"          // reporter: the body and its contact
	NoticeInterim          TicketNotice = "interim"           // reporter: whom we wait for, new date
	NoticeResolved         TicketNotice = "resolved"          // reporter: answer, how to contest
	NoticeRate             TicketNotice = "rate"              // reporter: satisfaction; low ratings offer the appeal
	NoticeReopened         TicketNotice = "reopened"          // owner
	NoticeAppealReceived   TicketNotice = "appeal_received"   // reporter
	NoticeAppealUpheld     TicketNotice = "appeal_upheld"     // reporter: reasons, outside remedies
	NoticeAppealOverturned TicketNotice = "appeal_overturned" // reporter
	NoticeInstruction      TicketNotice = "instruction"       // owner: what the appellate officer asks for
	NoticeWithdrawn        TicketNotice = "withdrawn"         // reporter
	NoticeEscalated        TicketNotice = "escalated"         // the level that the ticket is now on
	NoticeLaterDue         TicketNotice = "later_due"         // reporter: the promise was put off, and why
	NoticeClosed           TicketNotice = "closed"            // reporter: nobody contested it; outside remedies
	NoticeExtended         TicketNotice = "extended"          // reporter: the second promise, and why
)

// TicketAudience is whom a notice goes to.
type TicketAudience string

// The audiences. For a ticket without owner the owner's notices go to the
// supervisor of its queue.
const (
	ToReporter TicketAudience = "reporter"
	ToOwner    TicketAudience = "owner"
	ToLevel    TicketAudience = "level"
)

// TicketEffectKind tells the effects apart.
type TicketEffectKind string

// The kinds, with the fields of [TicketEffect] that they fill.
const (
	EffectClock    TicketEffectKind = "clock"     // Timer, Mark: append the mark
	EffectNotice   TicketEffectKind = "notice"    // Notice, To: send it
	EffectAbsorb   TicketEffectKind = "absorb"    // Other: apply ActAbsorb to it
	EffectFollowUp TicketEffectKind = "follow_up" // register a new ticket that follows this one
	EffectErase    TicketEffectKind = "erase"     // rewrite the events as Erased, drop messages and files
)

// TicketEffect is one consequence of an act, to be carried out in the same
// transaction.
type TicketEffect struct {
	Kind   TicketEffectKind
	Timer  sla.Timer
	Mark   sla.Mark
	Notice TicketNotice
	To     TicketAudience
	Other  TicketID
}

// ticketFollow collects the effects of one act.
type ticketFollow struct {
	step    ticketStep
	after   Ticket
	effects []TicketEffect
}

func (s ticketStep) effects(after Ticket) []TicketEffect {
	f := ticketFollow{step: s, after: after}
	if s.row.follows != nil {
		s.row.follows(&f)
	}
	return f.effects
}

// workTimers are the clocks that run while we owe the reporter something and
// pause while we wait for the reporter.
func workTimers() []sla.Timer {
	return []sla.Timer{sla.TimerVerify, sla.TimerFollowUp, sla.TimerResolve, sla.TimerState}
}

func (f *ticketFollow) mark(kind sla.MarkKind, amount sla.Amount, timers ...sla.Timer) {
	for _, timer := range timers {
		f.effects = append(f.effects, TicketEffect{
			Kind: EffectClock, Timer: timer,
			Mark: sla.Mark{Kind: kind, At: f.step.at, Cause: string(f.step.row.act), Amount: amount},
		})
	}
}

func (f *ticketFollow) stop(timers ...sla.Timer) { f.mark(sla.MarkStop, sla.Amount{}, timers...) }

func (f *ticketFollow) notify(to TicketAudience, notices ...TicketNotice) {
	for _, notice := range notices {
		f.effects = append(f.effects, TicketEffect{Kind: EffectNotice, Notice: notice, To: to})
	}
}

// restartState begins a new stay in a state or on a level. On the highest level
// there is nowhere to climb, so nothing is timed.
func (f *ticketFollow) restartState() {
	amount := f.step.m.targets.StateAt(f.after.Level)
	if amount.IsZero() {
		f.stop(sla.TimerState)
		return
	}
	f.mark(sla.MarkRestart, amount, sla.TimerState)
}

func followRegister(f *ticketFollow) {
	targets := f.step.m.targets
	f.mark(sla.MarkStart, targets.Ack, sla.TimerAck)
	f.mark(sla.MarkStart, targets.Verify, sla.TimerVerify)
	f.mark(sla.MarkStart, f.after.Target(), sla.TimerResolve)
	f.mark(sla.MarkStart, targets.StateAt(f.after.Level), sla.TimerState)
	f.mark(sla.MarkStart, sla.Amount{}, sla.TimerAge)
	f.notify(ToReporter, NoticeRegistered)
}

func followVerify(f *ticketFollow) {
	f.stop(sla.TimerVerify)
	f.mark(sla.MarkStart, f.step.m.targets.FollowUp, sla.TimerFollowUp)
	f.mark(sla.MarkRetarget, f.after.Target(), sla.TimerResolve)
	f.restartState()
}

func followAsk(f *ticketFollow) {
	f.mark(sla.MarkPause, sla.Amount{}, workTimers()...)
	f.mark(sla.MarkStart, f.step.m.targets.Reporter, sla.TimerReporter)
}

func followReply(f *ticketFollow) {
	f.stop(sla.TimerReporter)
	f.mark(sla.MarkResume, sla.Amount{}, sla.TimerVerify, sla.TimerFollowUp, sla.TimerResolve)
	f.restartState()
	f.notify(ToOwner, NoticeReporterReplied)
}

// followMove is for acts that change hands: only the state clock begins anew
//
func followMove(f *ticketFollow) { f.restartState() }

func followHold(f *ticketFollow) {
	if f.step.f.PauseApprover != "" {
		f.mark(sla.MarkPause, sla.Amount{}, sla.TimerResolve)
	}
	f.stop(sla.TimerFollowUp) // the interim reply is the follow-up
	f.restartState()
	f.notify(ToReporter, NoticeInterim)
}

func followResume(f *ticketFollow) {
	f.mark(sla.MarkResume, sla.Amount{}, sla.TimerResolve)
	f.restartState()
}

// followDecide stops every clock of ours, also when the reporter had the last
// word, and gives the reporter time to contest.
func followDecide(notice TicketNotice) func(*ticketFollow) {
	return func(f *ticketFollow) {
		f.stop(workTimers()...)
		f.mark(sla.MarkStart, f.step.m.targets.Contest, sla.TimerContest)
		f.notify(ToReporter, notice, NoticeRate)
	}
}

// followClose stops every promise that may still run. The reporter clock is
// none and stops for nothing.
func followClose(notice TicketNotice) func(*ticketFollow) {
	return func(f *ticketFollow) {
		f.stop(workTimers()...)
		f.stop(sla.TimerReporter, sla.TimerContest, sla.TimerAppeal)
		f.notify(ToReporter, notice)
	}
}

func followMerge(f *ticketFollow) {
	followClose(NoticeMerged)(f)
	f.effects = append(f.effects, TicketEffect{Kind: EffectAbsorb, Other: f.after.MergedInto})
}

// followAbsorb counts from the earliest registration of the two.
func followAbsorb(f *ticketFollow) {
	if !f.after.RegisteredAt.Before(f.step.t.RegisteredAt) {
		return
	}
	f.mark(sla.MarkRetarget, sla.Amount{}, sla.TimerResolve, sla.TimerAge)
	for i := range f.effects {
		f.effects[i].Mark.From = f.after.RegisteredAt
	}
}

func followReopen(f *ticketFollow) {
	f.stop(sla.TimerContest)
	f.mark(sla.MarkReopen, sla.InWorkingDays(minReopenDays), sla.TimerResolve)
	f.restartState()
	f.notify(ToOwner, NoticeReopened)
}

func followAppeal(f *ticketFollow) {
	f.stop(sla.TimerContest)
	f.mark(sla.MarkStart, f.step.m.targets.Appeal, sla.TimerAppeal)
	f.notify(ToReporter, NoticeAppealReceived)
}

func followOverturn(f *ticketFollow) {
	f.stop(sla.TimerAppeal)
	f.mark(sla.MarkReopen, sla.Amount{}, sla.TimerResolve)
	f.mark(sla.MarkGrant, f.step.f.Target, sla.TimerResolve)
	f.restartState()
	f.notify(ToReporter, NoticeAppealOverturned)
	f.notify(ToOwner, NoticeInstruction)
}

// followEscalate times the new level where the ticket is being worked on; while
// it waits for the reporter or is decided the state clock stays as it is.
func followEscalate(f *ticketFollow) {
	switch f.after.State {
	case TicketNew, TicketOpen, TicketInProgress, TicketOnHold:
		f.restartState()
	}
	f.notify(ToLevel, NoticeEscalated)
}

func followReclassify(f *ticketFollow) {
	before, now := f.step.t.Target(), f.after.Target()
	if before == now {
		return
	}
	f.mark(sla.MarkRetarget, now, sla.TimerResolve)
	if now.Longer(before) {
		f.notify(ToReporter, NoticeLaterDue)
	}
}

func followWrite(f *ticketFollow) { f.notify(ToOwner, NoticeReporterReplied) }

// followExtend adds the second promise. The first one runs on and decides
// whether it was kept.
func followExtend(f *ticketFollow) {
	f.mark(sla.MarkExtend, sla.InWorkingDays(int64(f.after.ExtensionDays)), sla.TimerResolve)
	f.notify(ToReporter, NoticeExtended)
}

func followInbound(f *ticketFollow) {
	f.effects = append(f.effects, TicketEffect{Kind: EffectFollowUp})
}

func followErase(f *ticketFollow) {
	f.effects = append(f.effects, TicketEffect{Kind: EffectErase})
}
