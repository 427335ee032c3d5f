package ticketing

import "slices"

// ticketRow is one line of the table of transitions. What is in no row cannot
// happen.
type ticketRow struct {
	number   int // in the published table, for reading the two side by side
	act      TicketAct
	from     []TicketState
	to       TicketState
	closed   ClosedReason // when to is closed
	roles    []TicketRole
	needs    []string // facts that must be there
	optional []string // facts that an actor may fill in
	guard    func(ticketStep) error
	follows  func(*ticketFollow) // clocks and notices
}

// Stand-ins for a state in the column to.
const (
	sameTicketState  TicketState = "="
	priorTicketState TicketState = "<" // the one before pending
)

// ticketRowFor finds the row of an act in a state.
func ticketRowFor(act TicketAct, from TicketState) (ticketRow, bool) {
	for _, row := range ticketTable {
		if row.act == act && slices.Contains(row.from, from) {
			return row, true
		}
	}
	return ticketRow{}, false
}

// ticketClassification names the facts that sort a ticket.
func ticketClassification() []string {
	return []string{"class", "oversight", "category", "priority", "queue"}
}

// ticketTable is the state machine: every transition there is, one row each. It
// is read only.
var ticketTable = [...]ticketRow{
	{
		number: 1, act: ActRegister, from: []TicketState{""}, to: TicketNew, roles: []TicketRole{RoleReporter, RoleAgent, RoleSystem, RoleBot},
		needs: []string{"number"}, guard: guardRegister, follows: followRegister,
	},
	{
		number: 2, act: ActVerify, from: []TicketState{TicketNew}, to: TicketOpen, roles: []TicketRole{RoleVerifier, RoleSupervisor, RoleAgent},
		optional: ticketClassification(), guard: guardVerify, follows: followVerify,
	},
	{
		number: 3, act: ActAskReporter, from: []TicketState{TicketNew, TicketOpen, TicketInProgress}, to: TicketPending,
		roles: []TicketRole{RoleVerifier, RoleOwner, RoleAgent}, needs: []string{"question_sent"}, follows: followAsk,
	},
	{
		number: 4, act: ActReporterReply, from: []TicketState{TicketPending}, to: priorTicketState,
		roles: []TicketRole{RoleReporter, RoleSystem, RoleBot}, follows: followReply,
	},
	{
		number: 5, act: ActReporterTimeout, from: []TicketState{TicketPending}, to: TicketClosed, closed: ClosedNoResponse,
		roles: []TicketRole{RoleSystem}, guard: guardReporterTimeout, follows: followClose(NoticeNoResponse),
	},
	{
		number: 6, act: ActReject, from: []TicketState{TicketNew, TicketOpen}, to: TicketRejected, roles: []TicketRole{RoleVerifier, RoleSupervisor},
		needs: []string{"rejection", "public_answer"}, guard: guardReject, follows: followDecide(NoticeRejected),
	},
	{
		number: 7, act: ActMerge, from: []TicketState{TicketNew, TicketOpen, TicketInProgress, TicketPending}, to: TicketClosed, closed: ClosedMerged,
		roles: []TicketRole{RoleVerifier, RoleOwner}, needs: []string{"merge"}, guard: guardMerge, follows: followMerge,
	},
	{ // the other half of row 7, done with it
		number: 7, act: ActAbsorb, from: unclosed(), to: sameTicketState, roles: []TicketRole{RoleSystem},
		needs: []string{"merge"}, guard: guardAbsorb, follows: followAbsorb,
	},
	{
		number: 8, act: ActAccept, from: []TicketState{TicketOpen}, to: TicketInProgress, roles: []TicketRole{RoleAgent, RoleOwner},
		guard: guardOwner, follows: followMove,
	},
	{
		number: 8, act: ActAssign, from: []TicketState{TicketOpen}, to: TicketInProgress, roles: []TicketRole{RoleSupervisor, RoleSystem},
		needs: []string{"owner"}, optional: []string{"unit"}, guard: guardOwner, follows: followMove,
	},
	{
		number: 9, act: ActReturn, from: []TicketState{TicketInProgress}, to: TicketOpen, roles: []TicketRole{RoleOwner, RoleSupervisor},
		needs: []string{"reason"}, follows: followMove,
	},
	{ // the owner has left the desk: whatever was waited for finds the ticket with the unit
		number: 9, act: ActRelease, from: []TicketState{TicketPending}, to: sameTicketState, roles: []TicketRole{RoleSystem},
		needs: []string{"cause"}, guard: guardRelease,
	},
	{
		number: 9, act: ActRelease, from: []TicketState{TicketInProgress}, to: TicketOpen, roles: []TicketRole{RoleSystem},
		needs: []string{"cause"}, guard: guardRelease, follows: followMove,
	},
	{
		number: 9, act: ActRelease, from: []TicketState{TicketOnHold}, to: TicketOpen, roles: []TicketRole{RoleSystem},
		needs: []string{"cause"}, guard: guardRelease, follows: followResume,
	},
	{
		number: 10, act: ActTransfer, from: []TicketState{TicketOpen, TicketInProgress}, to: TicketOpen,
		roles: []TicketRole{RoleOwner, RoleVerifier, RoleSupervisor},
		needs: []string{"unit"}, optional: []string{"queue", "reason"}, guard: guardTransfer, follows: followMove,
	},
	{
		number: 11, act: ActReferOut, from: []TicketState{TicketOpen, TicketInProgress}, to: TicketClosed, closed: ClosedReferred,
		roles: []TicketRole{RoleSupervisor}, needs: []string{"body", "reference"}, optional: []string{"personal_data", "consent"},
		guard: guardReferOut, follows: followClose(NoticeReferred),
	},
	{
		number: 12, act: ActHold, from: []TicketState{TicketInProgress}, to: TicketOnHold, roles: []TicketRole{RoleOwner},
		needs: []string{"third_party", "expected_at"}, optional: []string{"pause_approver"}, guard: guardHold, follows: followHold,
	},
	{
		number: 13, act: ActResume, from: []TicketState{TicketOnHold}, to: TicketInProgress, roles: []TicketRole{RoleOwner, RoleSystem},
		guard: guardResume, follows: followResume,
	},
	{
		number: 14, act: ActResolve, from: []TicketState{TicketInProgress, TicketOnHold}, to: TicketResolved, roles: []TicketRole{RoleOwner},
		needs: []string{"outcome", "root_cause", "public_answer"}, optional: []string{"co_signer"},
		guard: guardResolve, follows: followDecide(NoticeResolved),
	},
	{
		number: 15, act: ActConfirm, from: []TicketState{TicketResolved}, to: TicketClosed, closed: ClosedConfirmed,
		roles: []TicketRole{RoleReporter}, follows: followClose(NoticeClosed),
	},
	{
		number: 16, act: ActContestTimeout, from: []TicketState{TicketResolved}, to: TicketClosed, closed: ClosedAutoNoReply,
		roles: []TicketRole{RoleSystem}, guard: guardContestTimeout, follows: followClose(NoticeClosed),
	},
	{
		number: 16, act: ActContestTimeout, from: []TicketState{TicketRejected}, to: TicketClosed, closed: ClosedRejectedFinal,
		roles: []TicketRole{RoleSystem}, guard: guardContestTimeout, follows: followClose(NoticeClosed),
	},
	{
		number: 17, act: ActReopen, from: []TicketState{TicketResolved}, to: TicketInProgress, roles: []TicketRole{RoleReporter, RoleAgent},
		optional: []string{"reason", "for_reporter"}, guard: guardReopen, follows: followReopen,
	},
	{
		number: 18, act: ActReopen, from: []TicketState{TicketRejected}, to: TicketOpen, roles: []TicketRole{RoleReporter, RoleAgent},
		optional: []string{"reason", "for_reporter", "new_facts"}, guard: guardReopen, follows: followReopen,
	},
	{
		number: 19, act: ActAppeal, from: []TicketState{TicketResolved, TicketRejected, TicketClosed}, to: TicketAppealed,
		roles: []TicketRole{RoleReporter}, optional: []string{"reason"}, guard: guardAppeal, follows: followAppeal,
	},
	{
		number: 20, act: ActUphold, from: []TicketState{TicketAppealed}, to: TicketClosed, closed: ClosedAppealDecided,
		roles: []TicketRole{RoleAppellate}, needs: []string{"reason"}, guard: guardAppellate, follows: followClose(NoticeAppealUpheld),
	},
	{
		number: 21, act: ActOverturn, from: []TicketState{TicketAppealed}, to: TicketInProgress, roles: []TicketRole{RoleAppellate},
		needs: []string{"reason", "target"}, optional: []string{"owner"}, guard: guardOverturn, follows: followOverturn,
	},
	{
		number: 22, act: ActWithdraw, from: []TicketState{TicketNew, TicketOpen, TicketInProgress, TicketPending, TicketOnHold},
		to: TicketClosed, closed: ClosedWithdrawn, roles: []TicketRole{RoleReporter}, guard: guardWithdraw, follows: followClose(NoticeWithdrawn),
	},
	{
		number: 23, act: ActEscalate, from: unclosed(), to: sameTicketState, roles: []TicketRole{RoleSystem, RoleOwner, RoleSupervisor},
		needs: []string{"cause"}, optional: []string{"level"}, guard: guardEscalate, follows: followEscalate,
	},
	{
		number: 24, act: ActReclassify, from: unclosed(), to: sameTicketState, roles: []TicketRole{RoleVerifier, RoleSupervisor},
		optional: ticketClassification(), guard: guardReclassify, follows: followReclassify,
	},
	{ // beside the published table, as it changes nothing but the history
		act: ActWrite, from: slices.DeleteFunc(unclosed(), func(s TicketState) bool { return s == TicketPending }), to: sameTicketState,
		roles: []TicketRole{RoleReporter}, needs: []string{"text"}, follows: followWrite,
	},
	{ // in no row of the published table, which has R-31 beside it
		act: ActExtend, from: []TicketState{TicketNew, TicketOpen, TicketInProgress, TicketPending, TicketOnHold}, to: sameTicketState,
		roles: []TicketRole{RoleSupervisor}, needs: []string{"extension", "told_reason"}, guard: guardExtend, follows: followExtend,
	},
	{
		number: 25, act: ActInbound, from: []TicketState{TicketClosed}, to: sameTicketState, roles: []TicketRole{RoleSystem, RoleBot}, follows: followInbound,
	},
	{
		number: 26, act: ActAnonymise, from: []TicketState{TicketClosed}, to: sameTicketState, roles: []TicketRole{RoleSystem},
		needs: []string{"retention_over"}, guard: guardErase, follows: followErase,
	},
	{
		number: 26, act: ActDelete, from: []TicketState{TicketClosed}, to: sameTicketState, roles: []TicketRole{RoleSystem},
		needs: []string{"retention_over"}, guard: guardErase, follows: followErase,
	},
}

// unclosed is every state but closed.
func unclosed() []TicketState {
	return []TicketState{
		TicketNew, TicketOpen, TicketInProgress, TicketPending, TicketOnHold, TicketResolved, TicketRejected, TicketAppealed,
	}
}
